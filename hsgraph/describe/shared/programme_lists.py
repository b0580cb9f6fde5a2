"""Lists of programmes: what a line says of each, drawn on one common time line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal

from hsgraph.describe.shared.aggregates import Listed
from hsgraph.describe.values import Values, iris_of, kept_of, values_of
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref, choose, kind_of
from hsgraph.engine.protocol import Engine, Term
from hsgraph.languages import later, reader
from hsgraph.languages import translated as _
from hsgraph.namespaces import DCTERMS, HS, SKOS, local_name

SHOWN = 12
"""Programmes that a page lists before it links to the rest."""

_MOST_KEPT: Final = 2_000
"""Most programmes whose lines are kept in memory for the next page: lists share the latest ones."""
_PLACE, _AGENCY = HS + "takesPlaceIn", HS + "implementedBy"
_MOMENTS: Final = (later("approved"), later("announced"))
"""What dates a programme without a period: the first of these days that is known."""
_OWN: Final = (
    *(HS + name + "Date" for name in ("start", "end", *_MOMENTS)),
    *(HS + name + "Precision" for name in ("start", "end")),
    *(_PLACE, _AGENCY, SKOS + "prefLabel", DCTERMS + "description"),
)
"""What a line is made of."""


@dataclass(frozen=True)
class TimeBar:
    """A period on a time line, in per cent of its width; a side is open where no date is known."""

    x: float
    width: float
    open_start: bool
    open_end: bool
    ticks: tuple[tuple[float, str], ...]
    words: str


@dataclass(frozen=True)
class Programme:
    """One line of a list; `span` is its period in ISO dates, each empty where it is not known.

    `moment` dates a programme that has no period ("approved 2013"). Its sums are told in lists that
    have them; `other`, of the kind that is named, only where neither of the first two is known.
    """

    ref: Ref
    span: tuple[str, str]
    period: str
    moment: str
    countries: tuple[Ref, ...]
    agencies: tuple[Ref, ...]
    summary: str
    bar: TimeBar | None = None
    roles: tuple[Ref, ...] = ()
    total: wording.Money | None = None
    contribution: wording.Money | None = None
    other: wording.Money | None = None
    kind_of_other: str = ""

    @property
    def sum(self) -> wording.Money | None:
        """The one sum that tells most of the size of a programme."""
        return self.total or self.contribution or self.other


@dataclass(frozen=True)
class Programmes:
    """The programmes that a thing has to do with; `more` says that there are others."""

    lines: tuple[Programme, ...]
    more: bool


def programmes_of(engine: Engine, listed: Listed) -> Programmes:
    """The latest programmes that a thing has to do with."""
    found = list(listed)
    labels = Labels.fetch(engine, {role for roles in listed.values() for role in roles})
    told = (
        replace(line, roles=tuple(labels.ref(role) for role in listed[line.ref.iri]))
        for line in lines(engine, found[:SHOWN])
    )
    return Programmes(tuple(told), len(found) > SHOWN)


def lines(engine: Engine, iris: Sequence[str]) -> tuple[Programme, ...]:
    """A line for each programme, in the order given, on one time line."""
    kept: dict[str, Programme] = kept_of(engine, f"lines {reader()}", _MOST_KEPT)
    kept |= _read(engine, [iri for iri in iris if iri not in kept])
    years = [int(day[:4]) for iri in iris for day in kept[iri].span if day]
    first, last = (min(years), max(years)) if years else (0, 0)
    return tuple(
        replace(line, bar=time_bar(*line.span, first, last, line.period))
        for line in map(kept.__getitem__, iris)
    )


def _read(engine: Engine, iris: Sequence[str]) -> Mapping[str, Programme]:
    """What lists say of programmes."""
    values = values_of(engine, iris, _OWN)
    named = (_PLACE, _AGENCY)
    related = {iri for said in values.values() for p in named for iri in iris_of(said, p)}
    labels = Labels.fetch(engine, related)
    return {iri: _programme(iri, found, labels) for iri, found in values.items()}


def _named(things: Iterable[Term], labels: Labels) -> tuple[Ref, ...]:
    return labels.sorted(thing.value for thing in things if labels.of(thing.value).names)


def time_bar(start: str, end: str, first: int, last: int, said: str) -> TimeBar | None:
    """A bar from `start` to `end` (ISO dates, either may be empty) on the years first to last."""
    if not (start or end):
        return None
    years = last - first + 1
    left = _fraction(start) if start else (_fraction(end) - 0.5)
    right = _fraction(end, closing=True) if end else (_fraction(start) + 0.5)
    x = max(0.0, (left - first) / years * 100)
    width = max(0.6, min(100 - x, (right - left) / years * 100))
    ticks = _ticks(first, last)
    return TimeBar(round(x, 2), round(width, 2), not start, not end, ticks, said)


@lru_cache(maxsize=256)
def _ticks(first: int, last: int) -> tuple[tuple[float, str], ...]:
    years = last - first + 1
    step = next(s for s in (1, 2, 5, 10, 25, 100, 1000, 10_000) if years / s <= 12)
    return tuple(
        (round((year - first) / years * 100, 2), str(year))
        for year in range(first, last + 1)
        if year % step == 0 or years == 1
    )


def _programme(iri: str, values: Values, labels: Labels) -> Programme:
    label = choose(values.get(SKOS + "prefLabel", ()))
    summary = choose(values.get(DCTERMS + "description", ()))
    span = _iso(values.get(HS + "startDate", ())), _iso(values.get(HS + "endDate", ()))
    start = wording.date(span[0], _precision(values, "start")) if span[0] else ""
    end = wording.date(span[1], _precision(values, "end")) if span[1] else ""
    language = (label.language or "") if label else ""
    return Programme(
        ref=Ref(iri, label.value if label else local_name(iri), language, kind_of(iri)),
        span=span,
        period=wording.period(start, end),
        moment="" if start or end else _moment(values),
        countries=tuple(
            replace(place, acronym="")
            for place in _named(values.get(_PLACE, ()), labels)
            if HS + "Country" in labels.of(place.iri).types
        ),
        agencies=_named(values.get(_AGENCY, ()), labels),
        summary=summary.value if summary else "",
    )


def _iso(terms: Sequence[Term]) -> str:
    dates = sorted(t.value for t in terms if isinstance(t, Literal))
    return next((d[:10] for d in dates if wording.day(d)), "")


def _moment(values: Values) -> str:
    known = ((name, _iso(values.get(f"{HS}{name}Date", ()))) for name in _MOMENTS)
    return next((f"{_(name)} {day[:4]}" for name, day in known if day), "")


def _precision(values: Values, name: str) -> str:
    found = values.get(f"{HS}{name}Precision")
    return local_name(found[0].value) if found else "day"


def _fraction(date: str, *, closing: bool = False) -> float:
    """A date as a year with a fraction; `closing` counts its day as passed."""
    year, month, day = wording.day(date) or (0, 1, 1)
    days = (month - 1) * 30.4 + day - (0 if closing else 1)
    return year + days / 365
