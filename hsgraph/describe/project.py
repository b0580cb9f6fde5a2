"""The page of a programme."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode, Triple

from hsgraph.describe import wording
from hsgraph.describe.chain import Chain, chain, marks_of
from hsgraph.describe.document import Document
from hsgraph.describe.entity import EntityView, bones
from hsgraph.describe.facts import Fact, Facts, Mark, Passage, Text
from hsgraph.describe.labels import Labels, Ref, kind_of, local_name
from hsgraph.describe.parts import (
    Application,
    Budget,
    Outcome,
    Party,
    Situation,
    Target,
    application,
    budgets,
    outcome,
    party,
    situation,
    target,
)
from hsgraph.describe.programmes import Programme, TimeBar, lines, time_bar
from hsgraph.describe.queries import query
from hsgraph.describe.shared import Shared
from hsgraph.engine.protocol import Engine, Term
from hsgraph.namespaces import DCTERMS, HS, PROV, SCHEMA, SKOS, WGS84

_LEAD, _IMPLEMENTING, _FUNDER = "lead-agency", "implementing-agency", "funder"
_BEYOND: Final = frozenset(
    NamedNode(iri)
    for iri in (
        *(HS + "organisationType", HS + "datePrecision", HS + "m49", WGS84 + "lat", WGS84 + "long"),
        *(DCTERMS + "publisher", DCTERMS + "date", SCHEMA + "url"),
    )
)
_DEGREES: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
_ROLE_ORDER: Final = (_LEAD, _IMPLEMENTING)


@dataclass(frozen=True)
class SourceLine:
    """A source with its number on the page, and words of it that no other fact rests on."""

    number: int
    ref: Ref
    publisher: Ref | None
    date: str
    address: str
    said: tuple[Passage, ...]


@dataclass(frozen=True)
class Point:
    """Where a place lies, in degrees."""

    label: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Similar:
    """Another programme and what the two share."""

    programme: Programme
    threats: tuple[Ref, ...]
    interventions: tuple[Ref, ...]


@dataclass(frozen=True)
class ProjectView(EntityView):
    """A programme in full."""

    title: tuple[Fact, ...]
    naming: tuple[Mark, ...]
    dimensions: tuple[Fact, ...]
    period: str
    period_marks: tuple[Mark, ...]
    period_others: tuple[Fact, ...]
    period_reason: str
    durations: tuple[Fact, ...]
    bar: TimeBar | None
    moments: tuple[tuple[str, Fact], ...]
    countries: tuple[Fact, ...]
    places: tuple[Fact, ...]
    wider: tuple[Fact, ...]
    scope: tuple[Fact, ...]
    budgets: tuple[Budget, ...]
    funders: tuple[Party, ...]
    agencies: tuple[Party, ...]
    partners: tuple[tuple[Ref | None, tuple[Party, ...]], ...]
    targets: tuple[Target, ...]
    keywords: tuple[Fact, ...]
    follows: tuple[Fact, ...]
    confidence: tuple[Fact, ...]
    chain: Chain
    situations: tuple[Situation, ...]
    applications: tuple[Application, ...]
    outcomes: tuple[Outcome, ...]
    disagreements: tuple[Fact, ...]
    source_lines: tuple[SourceLine, ...]
    points: tuple[Point, ...]
    codes: tuple[str, ...]
    similar: tuple[Similar, ...]
    start_iso: str
    end_iso: str


def project(engine: Engine, document: Document, facts: Facts, all_of_it: Shared) -> ProjectView:
    """Read the page of a programme: its document, and what lies beyond it."""
    iri = document.iri
    about = About.fetch(engine, _beyond(facts, iri))
    start, end = facts.date(iri, "start"), facts.date(iri, "end")
    dates = (*facts.facts(iri, HS + "startDate"), *facts.facts(iri, HS + "endDate"))
    period = wording.period(start, end)
    iso = _iso(facts, iri, "start"), _iso(facts, iri, "end")
    years = [int(value[:4]) for value in iso if value]
    parties = [party(facts, p) for p in facts.parts("Participation")]
    where = facts.facts(iri, HS + "takesPlaceIn")
    values = bones(facts)
    view: dict[str, Any] = {
        "title": facts.facts(iri, DCTERMS + "title"),
        "naming": marks_of(*_names(facts, iri)),
        "dimensions": facts.facts(iri, HS + "dimension"),
        "period": period,
        "period_marks": marks_of(*dates),
        "period_others": tuple(other for fact in dates for other in fact.others),
        "period_reason": " ".join(dict.fromkeys(f.reason for f in dates if f.others and f.reason)),
        "durations": facts.facts(iri, HS + "durationStated"),
        "bar": time_bar(*iso, min(years), max(years), period) if years else None,
        "moments": _moments(facts, iri),
        "countries": tuple(f for f in where if _is_country(facts, f)),
        "places": tuple(f for f in where if not _is_country(facts, f) and f.rule is None),
        "wider": tuple(f for f in where if not _is_country(facts, f) and f.rule is not None),
        "scope": (*facts.facts(iri, HS + "scope"), *facts.facts(iri, HS + "scopeNote")),
        "budgets": budgets(facts),
        "funders": tuple(p for p in parties if p.role and p.role.slug == _FUNDER),
        "agencies": _agencies(parties),
        "partners": _partners(parties, about),
        "targets": tuple(target(facts, t) for t in facts.parts("BeneficiaryTarget")),
        "keywords": facts.facts(iri, HS + "keyword"),
        "follows": facts.facts(iri, HS + "follows"),
        "confidence": facts.facts(iri, HS + "confidence"),
        "chain": chain(facts),
        "situations": tuple(situation(facts, s) for s in facts.parts("Situation")),
        "applications": tuple(application(facts, a) for a in facts.parts("PrincipleApplication")),
        "outcomes": tuple(outcome(facts, o) for o in facts.parts("Outcome")),
        "disagreements": facts.facts(iri, HS + "disagreement"),
        "points": about.points(f.value for f in where if not _is_country(facts, f)),
        "codes": about.codes(f.value for f in where if _is_country(facts, f)),
        "similar": _similar(engine, all_of_it.similar(iri), facts),
        "start_iso": iso[0],
        "end_iso": iso[1],
    }
    said = _said(facts, iri)
    values["sources"] = tuple(facts.ref(source) for source in facts.cited)
    view["source_lines"] = tuple(
        about.source(number, facts.ref(source), said.get(source, ()))
        for number, source in enumerate(facts.cited, 1)
    )
    return ProjectView(**values, **view)


@dataclass(frozen=True)
class About:
    """What the page says of organisations and sources beyond the programme's own document."""

    values: dict[tuple[str, str], list[tuple[Term, str]]]

    @classmethod
    def fetch(cls, engine: Engine, iris: list[str]) -> About:
        values: dict[tuple[str, str], list[tuple[Term, str]]] = defaultdict(list)
        for thing, about, value, name in _told(engine, [NamedNode(iri) for iri in iris]):
            values[thing, about].append((value, name))
        return cls(values)

    def ref(self, thing: str, about: str) -> Ref | None:
        found = sorted(self.values.get((thing, about), []), key=lambda pair: str(pair[0]))
        if not found:
            return None
        iri, name = found[0][0].value, found[0][1]
        return Ref(iri, name or local_name(iri), "en" if name else "", kind_of(iri))

    def text(self, thing: str, about: str) -> str:
        found = sorted(str(pair[0].value) for pair in self.values.get((thing, about), []))
        return found[0] if found else ""

    def points(self, places: Iterable[Ref | Text]) -> tuple[Point, ...]:
        """Where those of the places lie that have a point."""
        found = []
        for place in places:
            if isinstance(place, Ref):
                here = self.text(place.iri, WGS84 + "lat"), self.text(place.iri, WGS84 + "long")
                if all(_DEGREES.fullmatch(degrees) for degrees in here):
                    found.append(Point(place.label, float(here[0]), float(here[1])))
        return tuple(found)

    def codes(self, countries: Iterable[Ref | Text]) -> tuple[str, ...]:
        """The M49 codes of countries."""
        texts = (self.text(c.iri, HS + "m49") for c in countries if isinstance(c, Ref))
        return tuple(text for text in texts if text)

    def source(self, number: int, ref: Ref, said: tuple[Passage, ...]) -> SourceLine:
        precision = local_name(self.text(ref.iri, HS + "datePrecision") or "day")
        date = self.text(ref.iri, DCTERMS + "date")
        return SourceLine(
            number,
            ref,
            self.ref(ref.iri, DCTERMS + "publisher"),
            wording.date(date, precision) if date else "",
            self.text(ref.iri, SCHEMA + "url"),
            said,
        )


def _told(engine: Engine, things: list[NamedNode]) -> Iterator[tuple[str, str, Term, str]]:
    """Thing, property, value and its name: what `about.rq` gives, by look-ups where it can be."""
    if engine.lookups is None:
        rows = engine.select(query("about"), {"things": things}).rows if things else ()
        for row in rows:
            name = row["name"].value if "name" in row else ""
            yield row["thing"].value, row["about"].value, row["value"], name
        return
    quads = {(q.subject, q.predicate, q.object) for q in engine.lookups.about(things)}
    told = [(s, p, o) for s, p, o in quads if p in _BEYOND and isinstance(s, NamedNode)]
    labels = Labels.fetch(engine, [o for _, _, o in told if isinstance(o, NamedNode)])
    for subject, predicate, value in told:
        if not isinstance(value, Triple):
            name = labels.ref(value.value).label if value.value in labels.names else ""
            yield subject.value, predicate.value, value, name


def _beyond(facts: Facts, iri: str) -> list[str]:
    agents = {a for p in facts.parts("Participation") for a in facts.iris(p, PROV + "agent")}
    evidence = facts.document.labels.types
    sources = {i for i, types in evidence.items() if HS + "Source" in types}
    return sorted({*agents, *sources, *facts.iris(iri, HS + "takesPlaceIn")})


def _names(facts: Facts, iri: str) -> Iterator[Fact]:
    return (f for name in ("prefLabel", "altLabel") for f in facts.facts(iri, SKOS + name))


def _said(facts: Facts, iri: str) -> dict[str, tuple[Passage, ...]]:
    """Number all sources; the words of each that are kept with the source itself."""
    found = {}
    for fact in facts.facts(iri, DCTERMS + "source"):
        if isinstance(fact.value, Ref):
            facts.number(fact.value.iri)
            words = (passage for mark in fact.marks for passage in mark.passages if passage.quote)
            found[fact.value.iri] = tuple(words)
    return found


def _iso(facts: Facts, iri: str, name: str) -> str:
    value = facts.text(iri, f"{HS}{name}Date")[:10]
    return value if wording.day(value) else ""


def _is_country(facts: Facts, fact: Fact) -> bool:
    types = facts.labels.types.get(fact.value.iri, ()) if isinstance(fact.value, Ref) else ()
    return HS + "Country" in types


def _moments(facts: Facts, iri: str) -> tuple[tuple[str, Fact], ...]:
    return tuple(
        (facts.labels.property(HS + name).label, fact)
        for name in ("approvedDate", "announcedDate")
        for fact in facts.facts(iri, HS + name)
    )


def _agencies(parties: list[Party]) -> tuple[Party, ...]:
    found = [p for p in parties if p.role and p.role.slug in _ROLE_ORDER]

    def place(party: Party) -> tuple[int, str]:
        role = party.role.slug if party.role else ""
        return _ROLE_ORDER.index(role), party.organisation.label.casefold()

    return tuple(sorted(found, key=place))


def _partners(
    parties: list[Party], about: About
) -> tuple[tuple[Ref | None, tuple[Party, ...]], ...]:
    """All others, by the type of organisation; those of unknown type last."""
    groups: dict[Ref | None, list[Party]] = defaultdict(list)
    for each in parties:
        if not each.role or each.role.slug not in (*_ROLE_ORDER, _FUNDER):
            groups[about.ref(each.organisation.iri, HS + "organisationType")].append(each)
    ordered = sorted(groups.items(), key=lambda g: (g[0] is None, g[0].label if g[0] else ""))
    return tuple(
        (kind, tuple(sorted(found, key=lambda p: p.organisation.label.casefold())))
        for kind, found in ordered
    )


def _similar(
    engine: Engine, shared: Mapping[str, tuple[str, ...]], facts: Facts
) -> tuple[Similar, ...]:
    labels: Labels = facts.labels
    return tuple(
        Similar(
            line,
            tuple(labels.ref(s) for s in shared[line.ref.iri] if kind_of(s) == "threat-type"),
            tuple(labels.ref(s) for s in shared[line.ref.iri] if kind_of(s) != "threat-type"),
        )
        for line in lines(engine, list(shared))
    )
