"""Finds sums of money and numbers of people in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from hsgraph.curate.words import either, words

_SPACE: Final = "[ \u00a0\u202f]"
NUMBER: Final = (
    rf"\d{{1,3}}(?:[,.'’]\d{{3}}|{_SPACE}\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)|\d+(?:[.,]\d+)?"
)
_LEAST: Final = 1000
_LIKE: Final = 10
"""How many times the least of a range the most may be."""
_TWO_DIGITS: Final = 10
_DASHES: Final = "-–—"
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_SCALES: Final = (("thousand", 1_000), ("million", 1_000_000), ("billion", 1_000_000_000))


@dataclass(frozen=True)
class Sum:
    """A sum of money as printed, and where it stands."""

    amount: Decimal
    currency: str
    approximate: bool
    start: int
    end: int


@dataclass(frozen=True)
class Count:
    """A whole number as printed, and where it stands."""

    number: int
    approximate: bool
    start: int
    end: int


def find_sums(text: str, currency: str | None = None) -> list[Sum]:
    """All sums with a currency, in order; a backslash before a sign is overlooked.

    With a `currency`, numbers of thousands without a sign are sums in it.
    """
    found: list[Sum] = []
    for match in _sum_pattern().finditer(text):
        sign = match["before"] or match["after"]
        amount = _value(match["number"], match["scale"])
        if amount is None or amount <= 0:
            continue
        usual = currency if amount >= _LEAST and not _YEAR.fullmatch(match[0].strip()) else None
        iri = _currency(sign) if sign else usual
        if iri is None and match["scale"] and found and _is_part(text[match.end() :]):
            iri = found[-1].currency
        if iri:
            rough = approximate(text[: match.start()]) or bool(match["scale"])
            found.append(Sum(amount, iri, rough, match.start(), match.end()))
    return found


def _is_part(after: str) -> bool:
    """Whether what follows a number of millions makes it a part of the sum before it."""
    return re.match(rf"\s*(?:[,.;)]|$|(?:{either('giver')})\b)", after) is not None


def header_currency(text: str) -> str | None:
    """The currency that a heading names in brackets or after a comma, as in Amount (USD)."""
    found = re.search(
        rf"(?:[(\[,]|\b(?:{either('placed')}))\s*(?:(?:{either('placed')})\s+)?({_signs()})\s*(?:[)\]:]|$)",
        text,
        re.I,
    )
    return _currency(found[1]) if found else None


def find_counts(text: str) -> list[Count]:
    """All whole numbers of two digits and more that are no years, no sums and no ends of a range.

    Of 2,000 to 2,500 people neither number is how many there are.
    """
    taken = [(each.start, each.end) for each in find_sums(text)]
    taken += _ranges(text)
    found = []
    for match in re.finditer(
        rf"(?<![\w.,])(?:{NUMBER})(?:\s+(?:{_scale('million')}))?(?![\w%])", text
    ):
        number, _, scale = match[0].partition(" ") if " " in match[0] else (match[0], "", "")
        value = _value(match[0] if not scale or scale[0].isdigit() else number, scale)
        inside = any(start <= match.start() < end for start, end in taken)
        if re.match(rf"\s*(?:%|(?:{either('share')})\b)", text[match.end() :]):
            continue
        if inside or value is None or value != int(value) or value < _TWO_DIGITS:
            continue
        if 1900 <= value <= 2100 and not re.search(r"\D", match[0]):
            continue
        rough = approximate(text[: match.start()]) or bool(scale and not scale[0].isdigit())
        found.append(Count(int(value), rough, match.start(), match.end()))
    return found


def _ranges(text: str) -> list[tuple[int, int]]:
    """Where two numbers stand between which one lies: 2,000–2,500; 400 à 500; between 40 and 50."""
    return [
        (match.start(), match.end("most") if match["most"] else match.end("last"))
        for match in _pairs().finditer(text)
        if match["last"] or _is_range(match["least"], match["sign"], match["most"])
    ]


def _is_range(least: str, sign: str, most: str) -> bool:
    """Whether two numbers are a range, and not what the second counts after a year or a heading:
    "in 2009 – 1,200 women", "Phase 2 – 3,000 households"."""
    tight = not sign[0].isspace()
    if _YEAR.fullmatch(least):
        return tight and re.fullmatch(r"\d\d|\d{4}", most) is not None
    low, high = _value(least, None), _value(most, None)
    if low is None or high is None or not low < high <= _LIKE * low:
        return False
    parts = sign.strip() in _DASHES and not tight
    return not parts or (low < _TWO_DIGITS) == (high < _TWO_DIGITS)


@cache
def _pairs() -> re.Pattern[str]:
    """Two numbers with a sign or a word of ranges between them; the second may be a first again."""
    number = rf"(?<![\w.,])(?:{NUMBER})"
    return re.compile(
        rf"(?<!\w)(?:{either('in-between')})\s+{number}\s+(?:{either('and')})\s+"
        rf"(?P<last>{NUMBER})(?![\w%])"
        rf"|(?P<least>{number})(?P<sign>\s*[{_DASHES}]\s*|\s+(?:{either('up-to')})\s+)"
        rf"(?=(?P<most>{NUMBER})(?![\w%]))",
        re.I,
    )


def read_number(text: str) -> Decimal | None:
    """A number alone, in any way of writing thousands and decimals; None for anything else."""
    text = text.strip()
    match = re.fullmatch(rf"({NUMBER})\s*({_scale('million')}|{_scale('thousand')}|)", text, re.I)
    return _value(match[1], match[2] or None) if match else None


def approximate(before: str) -> bool:
    """Whether the words before a number make it rough."""
    pattern = rf"(?:{either('approximate')})\s*(?:(?:{either('of')})\s+)?(?:{_signs()})?\s*$"
    return re.search(rf"(?<!\w){pattern}", before[-60:], re.I) is not None


def _value(number: str, scale: str | None) -> Decimal | None:
    number = re.sub(rf"{_SPACE}|['’]", "", number)
    if scale:
        number = number.replace(",", ".") if number.count(",") == 1 else number.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number):
        number = number.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", number):
        number = number.replace(".", "").replace(",", ".")
    else:
        number = number.replace(",", ".")
    try:
        return Decimal(number) * _factor(scale)
    except InvalidOperation:
        return None


def _factor(scale: str | None) -> int:
    for code, factor in _SCALES:
        if scale and scale.casefold() in words().phrases[code]:
            return factor
    return 1


def _scale(code: str) -> str:
    return either(code) + r"(?!\w)"


@cache
def _signs() -> str:
    signs = sorted(words().currencies, key=len, reverse=True)
    return "|".join(re.escape(sign).replace(r"\ ", r"\s+") for sign in signs)


@cache
def _sum_pattern() -> re.Pattern[str]:
    scale = "|".join(either(code) for code, _ in _SCALES)
    sign = rf"(?:{_signs()})"
    return re.compile(
        rf"(?<![\w$])(?:(?P<before>{sign})\s*)?(?P<number>{NUMBER})"
        rf"(?:[\s-]*(?P<scale>{scale})(?!\w))?"
        rf"(?:\s+(?:(?:{either('of')})\s+)?(?P<after>{sign})(?!\w)|\s*(?=€)(?P<euro>€))?",
        re.I,
    )


def _currency(sign: str) -> str | None:
    sign = re.sub(r"\s+", " ", sign)
    for name, iri in words().currencies.items():
        if name.casefold() == sign.casefold():
            return iri
    return None
