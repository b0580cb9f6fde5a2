"""Reads from a store what all programmes have to do with, for `hsgraph.build.index.aggregates`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode, Store

from hsgraph.build.index.relations import all_broader
from hsgraph.build.queries import query, select
from hsgraph.namespaces import HS, ID, PROV, RDF, VOCAB

OF_ONE_PROGRAMME: Final = tuple(
    f"{ID}{kind}/"
    for kind in (
        *("application", "budget", "claim", "evidence", "interlinkage", "intervention"),
        *("objective", "outcome", "participation", "selector", "situation", "target", "threat"),
    )
)
"""Where the IRIs of things begin that belong to one programme."""
ROWS_NAMED: Final = 3
"""Programmes that a row of what was tried names; the others are counted."""
_TYPE, _PART_OF = NamedNode(RDF + "type"), NamedNode(HS + "partOf")
_THREAT_TYPE, _INTERVENTION_TYPE = HS + "threatType", HS + "interventionType"
_DATES: Final = ("startDate", "approvedDate", "announcedDate")
"""What dates a programme: the first of these that is known."""
_FACETS: Final = {
    _THREAT_TYPE: "threat-type",
    _INTERVENTION_TYPE: "intervention-type",
    PROV + "agent": "organisation",
    HS + "affects": "population-group",
    HS + "benefits": "population-group",
    HS + "group": "population-group",
}
"""Properties of parts of programmes that a facet counts."""

Statements = dict[str, list[str]]
"""The things that one thing points to, by property."""


@dataclass
class Cell:
    """A type of threat met with a type of intervention, over all programmes."""

    count: int = 0
    last: int = -1
    programmes: list[int] = field(default_factory=list)
    strategies: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)

    def add(self, programme: int) -> None:
        if programme != self.last:
            self.count, self.last = self.count + 1, programme
            if len(self.programmes) < ROWS_NAMED:
                self.programmes.append(programme)


class Gathered:
    """All programmes, the latest first, and all that has to do with them, by number."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._countries = set(self._subjects(_TYPE, HS + "Country"))
        self._up = all_broader(select(store, query("relation_broader")))
        self.programmes = self._in_order()
        self.ids: dict[str, int] = {}
        self.members: dict[int, list[int]] = defaultdict(list)
        self.facets_of: list[dict[str, set[int]]] = [{} for _ in self.programmes]
        self.types: list[set[int]] = [set() for _ in self.programmes]
        self.tried: dict[str, dict[str, Cell]] = defaultdict(lambda: defaultdict(Cell))
        self.told: dict[tuple[str, str], dict[str, Cell]] = defaultdict(lambda: defaultdict(Cell))
        by_iri = sorted(range(len(self.programmes)), key=self.programmes.__getitem__)
        for number in by_iri:
            self._read(number)

    def _in_order(self) -> list[str]:
        days: dict[str, str] = {}
        for name in _DATES:
            days = self._latest(HS + name) | days
        found = self._subjects(_TYPE, HS + "Project")
        return sorted(found, key=lambda iri: days.get(iri, ""), reverse=True)

    def _latest(self, predicate: str) -> dict[str, str]:
        """The latest value of a property of each thing that has it."""
        latest: dict[str, str] = {}
        for quad in self._store.quads_for_pattern(None, NamedNode(predicate), None, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                iri = quad.subject.value
                latest[iri] = max(quad.object.value, latest.get(iri, ""))
        return latest

    def _subjects(self, predicate: NamedNode, value: str) -> list[str]:
        found = self._store.quads_for_pattern(None, predicate, NamedNode(value), None)
        return sorted({q.subject.value for q in found if isinstance(q.subject, NamedNode)})

    def _statements(self, subject: str) -> Statements:
        found: Statements = defaultdict(list)
        for quad in self._store.quads_for_pattern(NamedNode(subject), None, None, None):
            if isinstance(quad.object, NamedNode):
                found[quad.predicate.value].append(quad.object.value)
        return found

    def number(self, iri: str) -> int:
        return self.ids.setdefault(iri, len(self.ids))

    def _above(self, iris: Iterable[str]) -> set[str]:
        """Things with all that is broader."""
        return {up for iri in iris for up in (iri, *self._up.get(iri, ()))}

    def _read(self, number: int) -> None:
        iri = self.programmes[number]
        own = self._statements(iri)
        parts = {part: self._statements(part) for part in self._subjects(_PART_OF, iri)}
        pointed = {
            value
            for statements in (own, *parts.values())
            for value in chain.from_iterable(statements.values())
            if value.startswith((ID, VOCAB)) and not value.startswith(OF_ONE_PROGRAMME)
        }
        for thing in sorted(self._above(pointed - {iri})):
            self.members[self.number(thing)].append(number)
        facets: dict[str, set[str]] = defaultdict(set)
        countries = [p for p in own.get(HS + "takesPlaceIn", ()) if p in self._countries]
        facets["country"].update(countries)
        for statements in parts.values():
            for predicate, name in _FACETS.items():
                if predicate in statements:
                    facets[name] |= self._above(statements[predicate])
            for predicate in (_THREAT_TYPE, _INTERVENTION_TYPE):
                self.types[number].update(self.number(t) for t in statements.get(predicate, ()))
        self.facets_of[number] = {
            name: {self.number(value) for value in sorted(values)}
            for name, values in facets.items()
        }
        self._read_causes(number, parts, countries)

    def _read_causes(self, number: int, parts: dict[str, Statements], countries: list[str]) -> None:
        for statements in parts.values():
            for threat in statements.get(HS + "mitigates", ()):
                if threat in parts:
                    self._met(number, statements, parts[threat], countries)
            for near in statements.get(HS + "from", ()):
                for far in statements.get(HS + "to", ()):
                    self._drives(number, parts.get(near, {}), parts.get(far, {}))
            for above in self._above(statements.get(_THREAT_TYPE, ())):
                for name, predicate in (("affected", "affects"), ("place", "observedIn")):
                    for value in statements.get(HS + predicate, ()):
                        self.told[above, name][value].add(number)

    def _met(
        self, number: int, answer: Statements, threat: Statements, countries: list[str]
    ) -> None:
        threats, answers = threat.get(_THREAT_TYPE, ()), answer.get(_INTERVENTION_TYPE, ())
        cells = [self.tried[up][row] for up in self._above(threats) for row in answers]
        cells += [self.tried[up][row] for up in self._above(answers) for row in threats]
        for cell in cells:
            cell.add(number)
            cell.strategies.update(answer.get(HS + "strategy", ()))
            cell.places.update(threat.get(HS + "observedIn", ()), countries)
            cell.groups.update(threat.get(HS + "affects", ()), answer.get(HS + "benefits", ()))

    def _drives(self, number: int, near: Statements, far: Statements) -> None:
        causes, effects = near.get(_THREAT_TYPE, ()), far.get(_THREAT_TYPE, ())
        for above in self._above(causes):
            for effect in effects:
                self.told[above, "drives"][effect].add(number)
        for above in self._above(effects):
            for cause in causes:
                self.told[above, "driven-by"][cause].add(number)
