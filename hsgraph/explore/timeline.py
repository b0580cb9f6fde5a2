"""Programmes by the year they began, and each on a common time line while they are few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hsgraph.describe.shared.programme_lists import Programme, lines
from hsgraph.engine.protocol import Engine
from hsgraph.explore.counts import Counts
from hsgraph.explore.queries import query

PAGE: Final = 50
MOST_DRAWN: Final = 2_000
"""Beyond this the years alone are shown: each leads to a list."""


@dataclass(frozen=True)
class Year:
    """A year and its bar, as per cent of the highest."""

    year: int
    programmes: int
    height: float
    labelled: bool


@dataclass(frozen=True)
class Dated:
    """A programme; `day` is that of its start, approval or announcement, in ISO form or empty."""

    programme: Programme
    day: str


@dataclass(frozen=True)
class Timeline:
    """All years from the first to the last, and a page of programmes."""

    years: tuple[Year, ...]
    dated: int
    page: int
    pages: int
    programmes: tuple[Dated, ...]
    aggregated: bool

    @property
    def most(self) -> int:
        return max((year.programmes for year in self.years), default=0)


def timeline(engine: Engine, counts: Counts, page: int = 1) -> Timeline:
    """The time line, with one page of programmes, the latest first."""
    known = {int(year): number for year, number in counts.years.items() if year.isdigit()}
    total = sum(known.values())
    aggregated = total > MOST_DRAWN
    days: dict[str, str] = {}
    if not aggregated:
        rows = engine.select(query("dated")).rows
        days = {r["project"].value: r["day"].value if "day" in r else "" for r in rows}
    listed = [iri for iri in days if days[iri]] + [iri for iri in days if not days[iri]]
    shown = listed[(page - 1) * PAGE : page * PAGE]
    pages = max(1, -(-len(listed) // PAGE))
    drawn = tuple(Dated(line, days[line.ref.iri]) for line in lines(engine, shown))
    return Timeline(_years(known), total, page, pages, drawn, aggregated)


def _years(known: dict[int, int]) -> tuple[Year, ...]:
    if not known:
        return ()
    first, last, most = min(known), max(known), max(known.values())
    step = next(s for s in (1, 5, 10, 25, 100, 1000, 10_000) if (last - first) / s <= 14)
    return tuple(
        Year(year, known.get(year, 0), round(known.get(year, 0) / most * 100, 1), year % step == 0)
        for year in range(first, last + 1)
    )
