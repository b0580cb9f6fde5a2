"""Lists of programmes: what a line says of each, drawn on one common time line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.queries import query
from hsgraph.describe.shared.aggregates import Listed
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref, choose, kind_of
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Engine, Row, Term
from hsgraph.namespaces import DCTERMS, HS, SKOS, local_name

SHOWN = 25
"""Programmes that a page lists before it links to the rest."""


REMEMBERED: Final = 2_000
"""Most programmes whose lines are kept in memory for the next page: lists share the latest ones."""
_PLACE, _AGENCY = NamedNode(HS + "takesPlaceIn"), NamedNode(HS + "implementedBy")
_MOMENTS: Final = ("approved", "announced")
"""What dates a programme without a period: the first of these days that is known."""
_OWN: Final = (
    *(NamedNode(HS + name + "Date") for name in ("start", "end", *_MOMENTS)),
    *(NamedNode(HS + name + "Precision") for name in ("start", "end")),
    *(_PLACE, _AGENCY, NamedNode(SKOS + "prefLabel"), NamedNode(DCTERMS + "description")),
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
    """One line of a list; `moment` dates a programme that has no period ("approved 2013")."""

    ref: Ref
    period: str
    moment: str
    countries: tuple[Ref, ...]
    agencies: tuple[Ref, ...]
    summary: str
    bar: TimeBar | None
    roles: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class Programmes:
    """The programmes that a thing has to do with; `more` says that there are others."""

    lines: tuple[Programme, ...]
    more: bool


def programmes_of(engine: Engine, listed: Listed) -> Programmes:
    """The latest programmes that a thing has to do with."""
    found = list(listed.roles)
    labels = Labels.fetch(engine, {role for roles in listed.roles.values() for role in roles})
    told = (
        replace(line, roles=tuple(labels.ref(role) for role in listed.roles[line.ref.iri]))
        for line in lines(engine, found[:SHOWN])
    )
    return Programmes(tuple(told), len(found) > SHOWN)


def lines(engine: Engine, iris: Sequence[str]) -> tuple[Programme, ...]:
    """A line for each programme, in the order given."""
    if not iris:
        return ()
    known = _near(engine, engine.lookups, iris) if engine.lookups else _queried(engine, iris)
    years = [int(d[:4]) for iri in iris for d in known[iri].span if d]
    first, last = (min(years), max(years)) if years else (0, 0)
    return tuple(_line(known[iri], first, last) for iri in iris)


@dataclass(frozen=True)
class _Told:
    """What a line says of a programme, whatever other lines there are."""

    ref: Ref
    span: tuple[str, str]
    period: str
    moment: str
    countries: tuple[Ref, ...]
    agencies: tuple[Ref, ...]
    summary: str


def _queried(engine: Engine, iris: Sequence[str]) -> Mapping[str, _Told]:
    projects = [NamedNode(iri) for iri in iris]
    known: dict[str, list[Row]] = defaultdict(list)
    for row in engine.select(query("programmes"), {"projects": projects}).rows:
        known[row["project"].value].append(row)
    told = {}
    for iri in iris:
        values: dict[str, list[Term]] = defaultdict(list)
        for row in known[iri]:
            values[row["about"].value].append(row["value"])
        told[iri] = _told(iri, values, _countries(known[iri]), _agencies(known[iri]))
    return told


def _near(engine: Engine, lookups: Lookups, iris: Sequence[str]) -> Mapping[str, _Told]:
    """What `programmes.rq` says of each programme, by look-ups; kept for the next page."""
    memory: dict[str, _Told] = lookups.memory.setdefault("lines", {})
    known = {iri: told for iri in iris if (told := memory.get(iri))}
    found = {iri: _looked_up(lookups, iri) for iri in iris if iri not in known}
    related = {
        value.value
        for values in found.values()
        for about in (_PLACE.value, _AGENCY.value)
        for value in values.get(about, ())
        if isinstance(value, NamedNode)
    }
    labels = Labels.fetch(engine, related)
    for iri, values in found.items():
        agencies = _named(values.get(_AGENCY.value, ()), labels)
        places = _named(values.get(_PLACE.value, ()), labels)
        countries = (
            replace(place, acronym="") if place.acronym else place
            for place in places
            if HS + "Country" in labels.types.get(place.iri, ())
        )
        known[iri] = _told(iri, values, tuple(countries), agencies)
    if len(memory) + len(found) > REMEMBERED:
        memory.clear()
    memory.update(known)
    return known


def _looked_up(lookups: Lookups, iri: str) -> Mapping[str, Sequence[Term]]:
    project = NamedNode(iri)
    return {about.value: lookups.values(project, about) for about in _OWN}


def _named(things: Iterable[Term], labels: Labels) -> tuple[Ref, ...]:
    return labels.sorted(thing.value for thing in things if thing.value in labels.names)


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


def _line(told: _Told, first: int, last: int) -> Programme:
    return Programme(
        ref=told.ref,
        period=told.period,
        moment=told.moment,
        countries=told.countries,
        agencies=told.agencies,
        summary=told.summary,
        bar=time_bar(*told.span, first, last, told.period),
    )


def _told(
    iri: str,
    values: Mapping[str, Sequence[Term]],
    countries: tuple[Ref, ...],
    agencies: tuple[Ref, ...],
) -> _Told:
    label = choose(_literals(values.get(SKOS + "prefLabel", ())))
    summary = choose(_literals(values.get(DCTERMS + "description", ())))
    span = _iso(values.get(HS + "startDate", ())), _iso(values.get(HS + "endDate", ()))
    start = wording.date(span[0], _precision(values, "start")) if span[0] else ""
    end = wording.date(span[1], _precision(values, "end")) if span[1] else ""
    return _Told(
        ref=Ref(
            iri,
            label.value if label else local_name(iri),
            (label.language or "") if label else "",
            kind_of(iri),
        ),
        span=span,
        period=wording.period(start, end),
        moment="" if start or end else _moment(values),
        countries=countries,
        agencies=agencies,
        summary=summary.value if summary else "",
    )


def _iso(terms: Sequence[Term]) -> str:
    dates = sorted(t.value for t in terms if isinstance(t, Literal))
    return next((d[:10] for d in dates if wording.day(d)), "")


def _moment(values: Mapping[str, Sequence[Term]]) -> str:
    known = ((name, _iso(values.get(f"{HS}{name}Date", ()))) for name in _MOMENTS)
    return next((f"{name} {day[:4]}" for name, day in known if day), "")


def _precision(values: Mapping[str, Sequence[Term]], name: str) -> str:
    found = values.get(f"{HS}{name}Precision")
    return local_name(found[0].value) if found else "day"


def _countries(rows: list[Row]) -> tuple[Ref, ...]:
    return _of_rows(rows, HS + "takesPlaceIn")


def _of_rows(rows: list[Row], about: str) -> tuple[Ref, ...]:
    names: dict[str, list[Literal]] = defaultdict(list)
    for row in rows:
        name = row.get("name")
        if row["about"].value == about and isinstance(name, Literal):
            names[row["value"].value].append(name)
    refs = []
    for iri, found in names.items():
        label = choose(found)
        if label is not None:
            refs.append(Ref(iri, label.value, label.language or "", kind_of(iri)))
    return tuple(sorted(refs, key=lambda ref: ref.order))


def _agencies(rows: list[Row]) -> tuple[Ref, ...]:
    short = {ref.iri: ref.label for ref in _of_rows(rows, HS + "acronym")}
    return tuple(
        Ref(ref.iri, ref.label, ref.language, ref.kind, short.get(ref.iri, ""))
        for ref in _of_rows(rows, HS + "implementedBy")
    )


def _literals(terms: Sequence[Term]) -> list[Literal]:
    return [term for term in terms if isinstance(term, Literal)]


def _fraction(date: str, *, closing: bool = False) -> float:
    """A date as a year with a fraction; `closing` counts its day as passed."""
    year, month, day = wording.day(date) or (0, 1, 1)
    days = (month - 1) * 30.4 + day - (0 if closing else 1)
    return year + days / 365
