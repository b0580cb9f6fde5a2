"""Finds dates in a text, with their precision and every way in which they can be read."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Final, Literal

from hsgraph.curate.words import either, plain, words

Precision = Literal["day", "month", "year"]
_LANGUAGES: Final = ("en", "fr", "es", "pt", "de")
_YEAR: Final = r"(?:19|20)\d\d"
_OF: Final = rf"(?:\s+(?:{either('of')}))?"
_NEAR: Final = 100
"""Characters before a date that are read for what belongs to it: more would be read for each."""
_FIGURES: Final = re.compile(r"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-](?:19|20)\d\d(?!\d)")
_ORDINAL: Final = rf"(?:\.?(?:{either('ordinal')}))?"


@dataclass(frozen=True)
class Dated:
    """A date as printed: its first and last day, its precision, and where it stands."""

    first: date
    last: date
    precision: Precision
    start: int
    end: int
    other: date | None = None
    """The other reading of 03/04/2013."""


@dataclass(frozen=True)
class Period:
    """What a text says of a duration."""

    start: Dated | None
    end: Dated | None
    length: str | None
    """A length of time as printed, as in `36 months`."""


def find_dates(text: str) -> list[Dated]:
    """All dates in a text in order; 2012–13 and May to July 2012 are two dates each."""
    found: list[Dated] = []
    for match in _pattern().finditer(text):
        dated = _dated(match)
        if dated:
            found.append(dated)
    return _short_ends(text, _one_way(text, found))


def _one_way(text: str, found: list[Dated]) -> list[Dated]:
    """Read 01/03/2013 as its neighbour must be read, where one leaves no choice."""
    figures = [text[each.start : each.end] for each in found]
    numeric = [re.fullmatch(r"(\d+)[./-](\d+)[./-]\d{4}", figure) for figure in figures]
    if any(match and int(match[1]) > 12 for match in numeric):
        return [replace(each, other=None) for each in found]
    if any(match and int(match[2]) > 12 for match in numeric):
        return [
            replace(each, first=each.other, last=each.other, other=None) if each.other else each
            for each in found
        ]
    return found


def day_comes_first(texts: Iterable[str]) -> bool | None:
    """How a document writes days in figures, where one of its dates leaves no choice."""
    found = [match for text in texts for match in _FIGURES.finditer(text)]
    days = any(int(match[1]) > 12 for match in found)
    months = any(int(match[2]) > 12 for match in found)
    return days if days != months else None


def find_period(sentence: str) -> tuple[Dated, Dated] | None:
    """The two dates of a sentence between which a programme runs, as in from 2012 to 2014."""
    dates = find_dates(sentence)
    for first, last in pairwise(dates):
        between = sentence[first.end : last.start].strip()
        before = sentence[max(0, first.start - _NEAR) : first.start].rstrip()
        joined = re.fullmatch(rf"(?:{either('range')})", between, re.I)
        opened = re.search(rf"(?:\b(?:{either('cue-from')})|\()$", before, re.I)
        if joined and opened and first.first <= last.last and not (first.other or last.other):
            return first, last
    return None


def find_periods(text: str) -> list[tuple[Dated, Dated]]:
    """The stretches of time that a text gives, each by two dates with a word between them."""
    return [
        (first, last)
        for first, last in pairwise(find_dates(text))
        if re.fullmatch(rf"(?:{either('range')})", text[first.end : last.start].strip(), re.I)
    ]


def read_period(text: str, *, alone: bool = False) -> Period:
    """The start and the end that a text gives, and the length if it says one.

    `alone` says that a single date is a start, as under the heading of one.
    """
    dates = find_dates(text)
    length = re.search(
        rf"\b\w+(?:-\w+)?(?:-|\s+)(?:\(\w+\)\s+)?(?:{either('length')})\b", text, re.I
    )
    said = length[0] if length else None
    if len(dates) >= 2 and dates[0].first <= dates[1].last:
        return Period(dates[0], dates[1], said)
    if len(dates) == 1:
        before = text[: dates[0].start].strip()
        if re.search(rf"(?:{either('cue-end')}|{either('range')})$", before, re.I):
            return Period(None, dates[0], said)
        if (
            alone
            or said
            or re.search(rf"(?:{either('cue-start')})$", before, re.I)
            or text.rstrip()[-1] in "-–"
        ):
            return Period(dates[0], None, said)
    return Period(None, None, said)


def _short_ends(text: str, found: list[Dated]) -> list[Dated]:
    """Add what is printed in short: the year of 2012–13, the month before `to July 2012`."""
    range_words = either("range")
    short_month = re.compile(
        rf"\b(?:(?P<d>\d{{1,2}}){_ORDINAL}\s+)?(?P<m>{_months_pattern()})\.?"
        rf"\s*(?:{range_words})\s*$",
        re.I,
    )
    short_day = re.compile(rf"\b(\d{{1,2}})\s*(?:{range_words})\s*$")
    out: list[Dated] = []
    for dated in found:
        near = max(0, dated.start - _NEAR), dated.start
        month, day = short_month.search(text, *near), short_day.search(text, *near)
        if month and not any(other.end > month.start() for other in out):
            year = dated.first.year
            out.append(_built(year, _month(month["m"]), month["d"], month.start(), month.end("m")))
        elif day and dated.precision == "day" and 1 <= int(day[1]) <= 31:
            first = _built(dated.first.year, dated.first.month, day[1], day.start(), day.end(1))
            out.append(first)
        out.append(dated)
        short = re.match(r"\s*[-–—/]\s*(\d\d)\b(?![-–/.\d])", text[dated.end :])
        if dated.precision == "year" and short:
            year = dated.first.year // 100 * 100 + int(short[1])
            if year > dated.first.year:
                start = dated.end + short.start(1)
                out.append(_built(year, None, None, start, dated.end + short.end(1)))
    return out


@cache
def _month_names() -> dict[str, int]:
    from babel import Locale

    names: dict[str, int] = {}
    for language in _LANGUAGES:
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(language).months[use][width].items():
                    names.setdefault(plain(name), int(number))
                    names.setdefault(name.casefold().rstrip("."), int(number))
    return {**names, **dict.fromkeys(map(plain, words().phrases["september"]), 9)}


@cache
def _months_pattern() -> str:
    return "|".join(re.escape(name) for name in sorted(_month_names(), key=len, reverse=True))


def _month(name: str) -> int:
    names = _month_names()
    return names.get(name.casefold().rstrip(".")) or names[plain(name)]


@cache
def _pattern() -> re.Pattern[str]:
    month = rf"(?P<MM>{_months_pattern()})\.?"
    forms = (
        rf"(?P<iso>{_YEAR}-\d\d-\d\d)(?!\d)",
        rf"(?P<num>\d{{1,2}}[./-]\d{{1,2}}[./-]{_YEAR})(?!\d)",
        rf"(?P<d>\d{{1,2}}){_ORDINAL}\.?{_OF}\s+{month},?{_OF}\s+(?P<y1>{_YEAR})(?!\d)",
        rf"{month.replace('MM', 'MN')}\s+(?P<d2>\d{{1,2}}){_ORDINAL},?\s+(?P<y2>{_YEAR})(?!\d)",
        rf"{month.replace('MM', 'MO')}{_OF}[,/-]?\s*(?P<y3>{_YEAR})(?!\d)",
        rf"(?P<my>(?:0?[1-9]|1[0-2])[/.-]{_YEAR})(?!\d)",
        rf"(?P<ym>{_YEAR}[/-](?:0[1-9]|1[0-2]))(?![\d/-])",
        rf"(?P<y4>{_YEAR})(?![\d,.]\d|\d)",
    )
    return re.compile(r"(?<![\d.,$€£])\b(?:" + "|".join(forms) + ")", re.I)


def _dated(match: re.Match[str]) -> Dated | None:
    start, end = match.span()
    part = match.groupdict()
    try:
        if part["iso"]:
            year, month, day = part["iso"].split("-")
            return _built(int(year), int(month), day, start, end)
        if part["num"]:
            return _numeric(part["num"], start, end)
        if part["y1"]:
            return _built(int(part["y1"]), _month(part["MM"]), part["d"], start, end)
        if part["y2"]:
            return _built(int(part["y2"]), _month(part["MN"]), part["d2"], start, end)
        if part["y3"]:
            return _built(int(part["y3"]), _month(part["MO"]), None, start, end)
        if part["my"]:
            month, year = re.split(r"[/.-]", part["my"])
            return _built(int(year), int(month), None, start, end)
        if part["ym"]:
            year, month = re.split(r"[/-]", part["ym"])
            return _built(int(year), int(month), None, start, end)
        return _built(int(part["y4"]), None, None, start, end)
    except ValueError:
        return None


def _numeric(text: str, start: int, end: int) -> Dated:
    """A date in figures, the day first unless that cannot be; both readings if both can."""
    first, second, year = (int(part) for part in re.split(r"[./-]", text))
    if second > 12:
        return _built(year, first, str(second), start, end)
    dated = _built(year, second, str(first), start, end)
    if first <= 12 and first != second and "." not in text:
        return replace(dated, other=date(year, first, second))
    return dated


def _built(year: int, month: int | None, day: str | None, start: int, end: int) -> Dated:
    if month is None:
        return Dated(date(year, 1, 1), date(year, 12, 31), "year", start, end)
    if day is None:
        last = monthrange(year, month)[1]
        return Dated(date(year, month, 1), date(year, month, last), "month", start, end)
    exact = date(year, month, int(day))
    return Dated(exact, exact, "day", start, end)
