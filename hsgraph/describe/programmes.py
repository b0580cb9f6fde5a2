"""Lists of programmes: what a line says of each, drawn on one common time line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe import wording
from hsgraph.describe.labels import Labels, Ref, choose, kind_of, local_name
from hsgraph.describe.queries import query
from hsgraph.describe.shared import Listed
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Engine, Row, Term
from hsgraph.namespaces import DCTERMS, HS, RDF, SKOS

SHOWN = 25
"""Programmes that a page lists before it links to the rest."""


_OWN: Final = tuple(
    NamedNode(iri)
    for iri in (
        *(HS + name for name in ("startDate", "endDate", "startPrecision", "endPrecision")),
        SKOS + "prefLabel",
        DCTERMS + "description",
    )
)
_TYPE: Final = NamedNode(RDF + "type")
_PLACE, _AGENCY = NamedNode(HS + "takesPlaceIn"), NamedNode(HS + "implementedBy")
_LABEL, _ACRONYM = NamedNode(SKOS + "prefLabel"), NamedNode(HS + "acronym")
_RELATED: Final = (
    (_PLACE, NamedNode(HS + "Country"), ((_LABEL, _PLACE),)),
    (_AGENCY, None, ((_LABEL, _AGENCY), (_ACRONYM, _ACRONYM))),
)
"""A property of a programme, the class its values must have, and what names them as what."""


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
    """One line of a list."""

    ref: Ref
    period: str
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
    known: dict[str, list[Row]] = defaultdict(list)
    for iri, row in _known(engine, iris):
        known[iri].append(row)
    spans = {iri: _span(known[iri]) for iri in iris}
    years = [int(d[:4]) for span in spans.values() for d in span if d]
    first, last = (min(years), max(years)) if years else (0, 0)
    return tuple(_line(iri, known[iri], spans[iri], first, last) for iri in iris)


def _known(engine: Engine, iris: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """What `programmes.rq` says of each programme, by look-ups where the data is near."""
    if engine.lookups is not None:
        for iri in iris:
            for row in _looked_up(engine.lookups, NamedNode(iri)):
                yield iri, row
        return
    projects = [NamedNode(iri) for iri in iris]
    for row in engine.select(query("programmes"), {"projects": projects}).rows:
        yield row["project"].value, row


def _looked_up(lookups: Lookups, project: NamedNode) -> Iterator[Row]:
    for predicate in _OWN:
        for value in lookups.values(project, predicate):
            yield {"about": predicate, "value": value}
    for predicate, types, names in _RELATED:
        for value in lookups.values(project, predicate):
            if isinstance(value, Literal) or (types and types not in lookups.values(value, _TYPE)):
                continue
            for name, about in names:
                for said in lookups.values(value, name):
                    yield {"about": about, "value": value, "name": said}


def time_bar(start: str, end: str, first: int, last: int, said: str) -> TimeBar | None:
    """A bar from `start` to `end` (ISO dates, either may be empty) on the years first to last."""
    if not (start or end):
        return None
    years = last - first + 1
    left = _fraction(start) if start else (_fraction(end) - 0.5)
    right = _fraction(end, closing=True) if end else (_fraction(start) + 0.5)
    x = max(0.0, (left - first) / years * 100)
    width = max(0.6, min(100 - x, (right - left) / years * 100))
    step = next(s for s in (1, 2, 5, 10, 25, 100, 1000, 10_000) if years / s <= 12)
    ticks = tuple(
        (round((year - first) / years * 100, 2), str(year))
        for year in range(first, last + 1)
        if year % step == 0 or years == 1
    )
    return TimeBar(round(x, 2), round(width, 2), not start, not end, ticks, said)


def _line(iri: str, rows: list[Row], span: tuple[str, str], first: int, last: int) -> Programme:
    label = choose(_literals(_values(rows, SKOS + "prefLabel")))
    summary = choose(_literals(_values(rows, DCTERMS + "description")))
    start = wording.date(span[0], _precision(rows, "start")) if span[0] else ""
    end = wording.date(span[1], _precision(rows, "end")) if span[1] else ""
    said = wording.period(start, end)
    return Programme(
        ref=Ref(
            iri,
            label.value if label else local_name(iri),
            (label.language or "") if label else "",
            kind_of(iri),
        ),
        period=said,
        countries=_named(rows, HS + "takesPlaceIn"),
        agencies=_agencies(rows),
        summary=summary.value if summary else "",
        bar=time_bar(*span, first, last, said),
    )


def _values(rows: Iterable[Row], about: str) -> list[Term]:
    return [row["value"] for row in rows if row["about"].value == about]


def _span(rows: list[Row]) -> tuple[str, str]:
    starts, ends = _values(rows, HS + "startDate"), _values(rows, HS + "endDate")
    return _iso(starts), _iso(ends)


def _iso(terms: list[Term]) -> str:
    dates = sorted(t.value for t in terms if isinstance(t, Literal))
    return next((d[:10] for d in dates if wording.day(d)), "")


def _precision(rows: list[Row], name: str) -> str:
    found = _values(rows, f"{HS}{name}Precision")
    return local_name(found[0].value) if found else "day"


def _named(rows: list[Row], about: str) -> tuple[Ref, ...]:
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
    return tuple(sorted(refs, key=lambda ref: (ref.label.casefold(), ref.iri)))


def _agencies(rows: list[Row]) -> tuple[Ref, ...]:
    short = {ref.iri: ref.label for ref in _named(rows, HS + "acronym")}
    return tuple(
        Ref(ref.iri, ref.label, ref.language, ref.kind, short.get(ref.iri, ""))
        for ref in _named(rows, HS + "implementedBy")
    )


def _literals(terms: list[Term]) -> list[Literal]:
    return [term for term in terms if isinstance(term, Literal)]


def _fraction(date: str, *, closing: bool = False) -> float:
    """A date as a year with a fraction; `closing` counts its day as passed."""
    year, month, day = wording.day(date) or (0, 1, 1)
    days = (month - 1) * 30.4 + day - (0 if closing else 1)
    return year + days / 365
