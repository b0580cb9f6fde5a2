"""What the numbers of a question ask for: periods, lengths, sums of money, bounds of a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Literal

from hsgraph.ask.pieces.chunk import Chunk, has
from hsgraph.ask.pieces.numbers import Number, date_kinds
from hsgraph.ask.reading import Length, Period, Sum

_DAY: Final = timedelta(days=1)
_NEAR: Final = 2
"""How many pieces after the word for a date its year may begin."""
_JOINING: Final = {"between", "to", "", "since", "during", "at-most"}


def period(
    found: Sequence[Number], chunks: Sequence[Chunk], kinds: tuple[str, ...]
) -> Period | None:
    """The period that the years of a question mean."""
    years = [number for number in found if number.role == "year"]
    if not years:
        return None
    each = [
        kind for at, c in enumerate(chunks) if (kind := date_kinds([c])) and _is_dated(years, at)
    ]
    if 1 < len(years) == len(each) == len(set(each)) and not has(chunks, "or"):
        first, *also = (_of([y], chunks, kind) for y, kind in zip(years, each, strict=True))
        return replace(first, also=tuple(also))
    return _of(years, chunks, kinds)


def _of(years: Sequence[Number], chunks: Sequence[Chunk], kinds: tuple[str, ...]) -> Period:
    """The period of one date, or of all, that some years mean."""
    made = Period(kinds=kinds, running=has(chunks, "running"))
    if len(years) >= 2 and {years[0].how, years[1].how} & _JOINING:
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
        elif number.how in ("since", "at-least") or _begins(number, chunks):
            made = replace(made, first=first.isoformat())
        else:
            made = replace(made, first=first.isoformat(), last=last.isoformat())
    return made


def _is_dated(years: Sequence[Number], at: int) -> bool:
    """Whether a year follows a word for a date closely: "ended in 2012"."""
    return any(0 < year.start - at <= _NEAR for year in years)


def _begins(number: Number, chunks: Sequence[Chunk]) -> bool:
    """Whether a year without a second one begins a period: "from 2010 onwards", "between 2010".

    "Programmes from 2010", "projets de 2010" are those of that year.
    """
    if number.how != "between" or has(chunks[number.end + 1 : number.end + 3], "since"):
        return number.how == "between"
    said, before = chunks[number.start], chunks[max(0, number.start - 1)]
    return said.cue("since") and not before.kind("class")


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


def _sum_how(how: str) -> Literal["more", "less", "at-least", "at-most", "exactly"]:
    if how in ("more-than", "after"):
        return "more"
    if how in ("less-than", "before"):
        return "less"
    if how == "at-least":
        return "at-least"
    return "at-most" if how in ("at-most", "to") else "exactly"
