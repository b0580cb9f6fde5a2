"""Tells what an unknown heading stands for, by its words and by what stands under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from hsgraph.curate.sheet.amounts import find_sums, header_currency, read_number
from hsgraph.curate.sheet.dates import find_dates
from hsgraph.curate.words import either, plain, words

_MONEY: Final = ("contribution", "cofunding", "budget")
_DATES: Final = ("approved", "end", "start")
_NAMES: Final = ("title", "lead", "un", "partners", "agencies", "keywords", "country", "place")
_TEXTS: Final = ("objectives", "beneficiaries", "background", "activities", "results")
_LONGEST_VALUE: Final = 60
_LONGEST_SENTENCE: Final = 12
_PAGE: Final = re.compile(rf"(?:{either('page')}) \d", re.I)
_WHOLE: Final = 4
"""Words of hints shorter than this are no beginnings of others."""


def guess_fact(heading: str, value: str, *, alone: bool = False) -> str | None:
    """The code of a fact: its value tells the kind, the words of its heading the rest.

    `alone` says that the value stands on a line of its own, so that any line could be a heading.
    """
    listed = value.split()
    if _PAGE.match(value) or (value.endswith(".") and len(listed) > _LONGEST_SENTENCE):
        return None
    if find_sums(value) or (header_currency(heading) and read_number(value) is not None):
        return next(_told(heading, _MONEY), "amount")
    if dates := only_dates(value):
        if dates == 1:
            return next(_told(heading, _DATES), None)
        return "duration" if ";" not in value else None
    if value.endswith(".") or len(listed) > _LONGEST_VALUE:
        return None
    if not value[:1].isupper():
        return next(_told(heading, ("keywords",)), None)
    code = next(_told(heading, _NAMES), None)
    if code == "un":
        return None if alone and not any(_told(heading, ("agencies",))) else "agencies"
    return code


def guess_text(heading: str) -> str | None:
    """The code of paragraphs: that which most words of the heading speak for; none for a title."""
    long = [word for word in heading.split() if len(word) > _WHOLE]
    if len(long) > _WHOLE and all(word[0].isupper() for word in long):
        return None
    counts = {code: len(_hints(code).findall(plain(heading))) for code in _TEXTS}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else None


def tells_of(text: str, code: str) -> bool:
    """Whether words beside a sum tell of all of the money, or of what the Fund or others give."""
    return bool(_hints(code).search(plain(text)))


def _told(heading: str, codes: tuple[str, ...]) -> Iterator[str]:
    key = plain(heading)
    return (code for code in codes if _hints(code).search(key))


def only_dates(value: str) -> int:
    """How many dates a value has, where it has hardly anything else."""
    dates = find_dates(value)
    rest = value
    for each in reversed(dates):
        rest = rest[: each.start] + rest[each.end :]
    rest = re.sub(rf"\b\w*\s*(?:{either('length')})\b|{either('range')}", "", rest, flags=re.I)
    return len(dates) if len(re.sub(r"\W", "", rest)) <= 12 else 0


@cache
def _hints(code: str) -> re.Pattern[str]:
    listed = [plain(phrase) for phrase in words().phrases[f"hint-{code}"]]
    parts = (re.escape(each) + (r"\b" if len(each) < _WHOLE else "") for each in listed)
    return re.compile(rf"\b(?:{'|'.join(parts)})")
