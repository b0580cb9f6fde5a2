"""Programmes by the year they began, and each on a common time line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hsgraph.build.index.facets import Programme as Begun
from hsgraph.describe.pages import Paged, window
from hsgraph.describe.shared.programme_lists import Programme, lines
from hsgraph.engine.protocol import Engine
from hsgraph.explore.counts import Counts

PAGE: Final = 50


@dataclass(frozen=True)
class Year:
    """A year and its bar, as per cent of the highest; `within` the range that is asked for."""

    year: int
    programmes: int
    height: float
    labelled: bool
    within: bool


@dataclass(frozen=True)
class Timeline(Paged):
    """All years from the first to the last, and a page of programmes.

    `span` is the range of years in which these began, each year empty where it is open.
    """

    years: tuple[Year, ...]
    dated: int
    programmes: tuple[Programme, ...]
    span: tuple[str, str]
    began: int


def timeline(
    engine: Engine, counts: Counts, page: int = 1, span: tuple[str, str] | None = None
) -> Timeline:
    """The time line, with one page of programmes, the latest first; of those begun in `span`."""
    first, last = span or ("0000", "9999")
    begun = counts.programmes if span is None else _begun(counts.programmes, first, last)
    known = {int(year): number for year, number in counts.years.items() if year.isdigit()}
    years = _years(known, int(first), int(last))
    return Timeline(
        total=len(begun),
        page=page,
        size=PAGE,
        years=years,
        dated=sum(known.values()),
        programmes=lines(engine, [each.iri for each in window(begun, page, PAGE)]),
        span=(first.replace("0000", ""), last.replace("9999", "")),
        began=sum(year.programmes for year in years if year.within),
    )


def _begun(programmes: Sequence[Begun], first: str, last: str) -> Sequence[Begun]:
    """Those of two years and between, of all: the latest first, undated ones last."""
    start = bisect_left(programmes, True, key=lambda each: each.date[:4] <= last)
    stop = bisect_left(programmes, True, key=lambda each: each.date[:4] < first)
    return programmes[start:stop]


def _years(known: dict[int, int], start: int, end: int) -> tuple[Year, ...]:
    if not known:
        return ()
    first, last, most = min(known), max(known), max(known.values())
    step = next(s for s in (1, 5, 10, 25, 100, 1000, 10_000) if (last - first) / s <= 14)
    return tuple(
        Year(
            year,
            known.get(year, 0),
            round(known.get(year, 0) / most * 100, 1),
            year % step == 0,
            start <= year <= end,
        )
        for year in range(first, last + 1)
    )
