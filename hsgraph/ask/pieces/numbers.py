"""The numbers of a question: years and periods, sums of money, counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from hsgraph.ask.pieces.chunk import Chunk
from hsgraph.ask.reading import Length, Period, Sum

_FIRST_YEAR: Final = 1945
_LAST_YEAR: Final = 2099
_LEAST_MONEY: Final = 5000
_MOST_LONG: Final = 100
"""Years or months up to which a number says how long something lasts."""
_DAY: Final = timedelta(days=1)
_GROUPS: Final = re.compile(r"\d{1,3}([.,\s]\d{3})+")
_COMPARED: Final = ("more-than", "at-least", "less-than", "at-most", "exactly", "about-number")
_TIMED: Final = ("before", "after", "since", "between", "to", "during", "running")
_JOINING: Final = {"between", "to", "", "since", "during", "at-most"}
_DATES: Final = {
    "started": ("startDate",),
    "ended": ("endDate",),
    "approved": ("approvedDate",),
    "announced": ("announcedDate",),
}
Role = Literal["year", "money", "count", "length"]


@dataclass(frozen=True)
class Number:
    """A number with what it counts, how it compares, and the pieces that say it."""

    value: Decimal
    role: Role
    how: str
    start: int
    end: int
    decade: bool = False
    month: int = 0


def date_kinds(chunks: Sequence[Chunk]) -> tuple[str, ...]:
    """Which dates the words speak of."""
    said = [c for at, c in enumerate(chunks) if not _compares(chunks, at)]
    found = [kinds for code, kinds in _DATES.items() if any(c.cue(code) for c in said)]
    if len(found) > 1 and any(c.cue("or") for c in chunks):
        return tuple(kind for kinds in found for kind in kinds)
    return found[0] if found else ()


def comparative(chunks: Sequence[Chunk]) -> Literal["most", "least"] | None:
    """The end asked for where "more than" compares things, not numbers: "plus de projets que"."""
    for at, chunk in enumerate(chunks):
        if _compares(chunks, at) or chunk.meaning is None:
            continue
        if chunk.meaning.value in ("more-than", "less-than"):
            return "most" if chunk.meaning.value == "more-than" else "least"
    return None


def _compares(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether a piece such as "over" belongs to the number that follows it."""
    after = chunks[at + 1] if at + 1 < len(chunks) else None
    return chunks[at].cue(*_COMPARED) and after is not None and _value(after) is not None


def numbers(chunks: Sequence[Chunk], money: bool) -> list[Number]:
    """The numbers of a question; `money` says that it speaks of money."""
    found: list[Number] = []
    at = 0
    while at < len(chunks):
        value = _value(chunks[at])
        if value is None:
            at += 1
            continue
        last, raw = at, chunks[at].tokens[0].text
        named = chunks[at].kind("number")
        raw = named.value if named is not None else raw
        while last + 1 < len(chunks) and (times := _times(chunks[last + 1])):
            value, last = value * times, last + 1
        month, start = _month_before(chunks, _sign_before(chunks, at))
        how, start = _comparison(chunks, start)
        after = next((c for c in chunks[last + 1 : last + 3] if not _is_link(c)), None)
        is_sum = start < at and any(c.tokens[0].is_sign for c in chunks[start:at])
        is_sum = is_sum or (after is not None and after.cue("money"))
        role: Role = _role(value, raw, last > at, is_sum, money, how, after)
        directly = chunks[last + 1] if last + 1 < len(chunks) else None
        if role == "count" and value < _MOST_LONG and directly and directly.cue("year", "month"):
            value, role = value * (12 if directly.cue("year") else 1), "length"
        decade = role == "year" and _is_decade(value, chunks, at, directly)
        closing = chunks[last + 2] if last + 2 < len(chunks) else None
        if after is not None and after.kind("class") and closing is not None:
            after = closing
        if after is not None and after.cue("at-least", "at-most") and not _is_bound(closing):
            how, last = ("at-least" if after.cue("at-least") else "at-most"), last + 1
        found.append(Number(value, role, how, start, last, decade, month))
        at = last + 1
    return _alike(found)


def _is_bound(chunk: Chunk | None) -> bool:
    """Whether a number follows what would else close one: "desde 2015 hasta 2019"."""
    return chunk is not None and _value(chunk) is not None


def _is_decade(value: Decimal, chunks: Sequence[Chunk], at: int, after: Chunk | None) -> bool:
    """Whether ten years are meant: "1990s", "les années 1990"."""
    if chunks[at].kind("number") or (after is not None and after.tokens[0].folded == "s"):
        return True
    before = chunks[at - 1] if at else None
    several = before is not None and before.cue("year") and before.tokens[0].folded.endswith("s")
    return several and value % 10 == 0


def _alike(found: list[Number]) -> list[Number]:
    """ "Between 1 and 2 million": the first number counts what the second does."""
    if len(found) == 2 and found[1].role == "money" and found[0].role == "count":
        times = Decimal(1)
        while found[0].value * times * 100 <= found[1].value:
            times *= 1000
        found[0] = replace(found[0], role="money", value=found[0].value * times)
    return found


def period(
    found: Sequence[Number], chunks: Sequence[Chunk], kinds: tuple[str, ...]
) -> Period | None:
    """The period that the years of a question mean."""
    years = [number for number in found if number.role == "year"]
    if not years:
        return None
    running = any(c.cue("running") for c in chunks)
    made = Period(kinds=kinds, running=running)
    if len(years) >= 2 and {years[0].how, years[1].how} & {
        "between",
        "to",
        "",
        "since",
        "during",
        "at-most",
    }:
        low, high = sorted((_days(years[0]), _days(years[1])))
        return replace(made, first=low[0].isoformat(), last=high[1].isoformat())
    for number in years:
        first, last = _days(number)
        if number.how == "before":
            made = replace(made, last=(first - _DAY).isoformat())
        elif number.how in ("to", "at-most"):
            made = replace(made, last=last.isoformat())
        elif number.how in ("after", "more-than"):
            made = replace(made, first=(last + _DAY).isoformat())
        elif number.how in ("since", "at-least", "between"):
            made = replace(made, first=first.isoformat())
        else:
            made = replace(made, first=first.isoformat(), last=last.isoformat())
    return made


def _days(number: Number) -> tuple[date, date]:
    """The first and the last day of a year, a decade or a month."""
    year = int(number.value)
    if number.month:
        after = date(year + number.month // 12, number.month % 12 + 1, 1)
        return date(year, number.month, 1), after - _DAY
    return date(year, 1, 1), date(year + 9 if number.decade else year, 12, 31)


def lengths(found: Sequence[Number]) -> tuple[Length, ...]:
    """How many months programmes must last."""
    given = [number for number in found if number.role == "length"]
    if len(given) == 2:
        low, high = sorted(int(number.value) for number in given)
        return (Length(low, high),)
    return tuple(Length(*_bounds(number, exactly=True)) for number in given)


def sums(found: Sequence[Number]) -> tuple[Sum, ...]:
    """What sums of money a question names."""
    given = [number for number in found if number.role == "money"]
    if len(given) == 2 and given[0].how in ("between", "since", ""):
        low, high = sorted((given[0].value, given[1].value))
        return (Sum("at-least", low), Sum("at-most", high))
    return tuple(Sum(_sum_how(number.how), number.value) for number in given)


def bounds(number: Number) -> tuple[int, int]:
    """The least and the most of a count."""
    return _bounds(number, exactly=False)


def _bounds(number: Number, *, exactly: bool) -> tuple[int, int]:
    """The same; `exactly` says that a number without a word that compares is the number itself."""
    value = int(number.value)
    if exactly and not number.how:
        return value, value
    if number.how == "more-than":
        return value + 1, 10**9
    if number.how == "less-than":
        return 0, value - 1
    if number.how == "at-most":
        return 0, value
    if number.how == "exactly":
        return value, value
    return value, 10**9


def _value(chunk: Chunk) -> Decimal | None:
    meaning = chunk.kind("number")
    if meaning is not None:
        return Decimal(meaning.value)
    token = chunk.tokens[0]
    if not token.is_number or len(chunk.tokens) > 1 or chunk.meanings:
        return None
    digits = token.text[:30]
    if _GROUPS.fullmatch(digits):
        return Decimal(re.sub(r"[.,\s]", "", digits))
    return Decimal(re.sub("[.,](?=.*[.,])", "", digits).replace(",", "."))


def _times(chunk: Chunk) -> int | None:
    for meaning in chunk.meanings:
        if meaning.kind == "cue" and meaning.value.startswith("times-"):
            return int(meaning.value.removeprefix("times-"))
    return None


def _sign_before(chunks: Sequence[Chunk], at: int) -> int:
    before = chunks[at - 1] if at else None
    return at - 1 if before is not None and before.tokens[0].text in "$€" else at


def _month_before(chunks: Sequence[Chunk], at: int) -> tuple[int, int]:
    """The month that stands before a year, "March 2015", "mayo de 2012", and where it stands."""
    for back in (1, 2):
        if at >= back:
            chunk = chunks[at - back]
            for meaning in chunk.meanings:
                if meaning.kind == "cue" and meaning.value.startswith("month-"):
                    return int(meaning.value.removeprefix("month-")), at - back
            if not _is_link(chunk):
                break
    return 0, at


def _comparison(chunks: Sequence[Chunk], at: int) -> tuple[str, int]:
    """How the number that begins here compares, and where the words that say so begin."""
    for back in range(1, 4):
        if at - back < 0:
            break
        chunk = chunks[at - back]
        for code in _COMPARED:
            if chunk.cue(code) and chunk.meaning is not None and chunk.meaning.kind == "cue":
                return code, at - back
        timed = [code for code in _TIMED if chunk.cue(code)]
        if timed:
            strong = next((code for code in timed if code != "during"), timed[0])
            if strong in ("between", "since", "to") and len(timed) > 1:
                strong = "between" if "between" in timed else timed[0]
            return strong, at - back
        if not _is_link(chunk) and not chunk.cue("year", "started", "ended", "approved", "money"):
            break
    return "", at


def _role(
    value: Decimal, raw: str, times: bool, is_sum: bool, money: bool, how: str, after: Chunk | None
) -> Role:
    whole = value == value.to_integral_value()
    if is_sum or (times and (after is None or not after.kind("class"))):
        return "money"
    if raw.isdigit() and len(raw) == 4 and whole and _FIRST_YEAR <= value <= _LAST_YEAR:
        return "year"
    if value >= _LEAST_MONEY and (money or after is None or not after.kind("class")):
        return "money"
    return "count"


def _sum_how(how: str) -> Literal["more", "less", "at-least", "at-most", "exactly"]:
    if how in ("more-than", "after"):
        return "more"
    if how in ("less-than", "before"):
        return "less"
    if how == "at-least":
        return "at-least"
    return "at-most" if how in ("at-most", "to") else "exactly"


def _is_link(chunk: Chunk) -> bool:
    return bool(chunk.meanings) and all(m.kind == "filler" for m in chunk.meanings)
