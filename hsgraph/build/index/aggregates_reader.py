"""Reads from a store what all programmes have to do with, for `hsgraph.build.index.aggregates`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, product
from typing import Final

from pyoxigraph import NamedNode, Store

from hsgraph.build.index.facets import programmes
from hsgraph.build.index.relations import all_broader
from hsgraph.build.queries import query, select
from hsgraph.namespaces import HS, ID, KINDS, PROV, RDF, VOCAB

OF_ONE_PROGRAMME: Final = tuple(f"{ID}{name}/" for name, kind in KINDS.items() if kind.part)
"""Where the IRIs of things begin that belong to one programme."""
ROWS_NAMED: Final = 3
"""Programmes that a row of what was tried names; the others are counted."""
_TYPE, _PART_OF = NamedNode(RDF + "type"), NamedNode(HS + "partOf")
_THREAT_TYPE, _INTERVENTION_TYPE = HS + "threatType", HS + "interventionType"
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

    programmes: list[int] = field(default_factory=list)
    strategies: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)


class Gathered:
    """All programmes, the latest first, and all that has to do with them, by number.

    `told` counts the programmes in which a type of threat has to do with something in some way.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._countries = set(self._subjects(_TYPE, HS + "Country"))
        self._up = all_broader(select(store, query("relation_broader")))
        self.programmes = [each.iri for each in programmes(partial(select, store))]
        self.ids: dict[str, int] = {}
        self.members: dict[int, list[int]] = defaultdict(list)
        self.facets_of: list[dict[str, set[int]]] = [{} for _ in self.programmes]
        self.types: list[set[int]] = [set() for _ in self.programmes]
        self.tried: dict[str, dict[str, Cell]] = defaultdict(lambda: defaultdict(Cell))
        self.told: Counter[tuple[str, str, str]] = Counter()
        by_iri = sorted(range(len(self.programmes)), key=self.programmes.__getitem__)
        for number in by_iri:
            self._read(number)

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
        self.told.update({each for part in parts.values() for each in self._told(part, parts)})
        for answer in parts.values():
            for threat in answer.get(HS + "mitigates", ()):
                if threat in parts:
                    self._met(number, answer, parts[threat], countries)

    def _told(
        self, part: Statements, parts: Mapping[str, Statements]
    ) -> Iterator[tuple[str, str, str]]:
        """What one part says of types of threat: whom they affect, where, and what drives what."""
        types = self._above(part.get(_THREAT_TYPE, ()))
        for name, predicate in (("affected", "affects"), ("place", "observedIn")):
            yield from product(types, (name,), part.get(HS + predicate, ()))
        for ends in product(part.get(HS + "from", ()), part.get(HS + "to", ())):
            causes, effects = (parts.get(end, {}).get(_THREAT_TYPE, ()) for end in ends)
            yield from product(self._above(causes), ("drives",), effects)
            yield from product(self._above(effects), ("driven-by",), causes)

    def _met(
        self, number: int, answer: Statements, threat: Statements, countries: list[str]
    ) -> None:
        threats, answers = threat.get(_THREAT_TYPE, ()), answer.get(_INTERVENTION_TYPE, ())
        pairs = {*product(self._above(threats), answers), *product(self._above(answers), threats)}
        for thing, row in pairs:
            cell = self.tried[thing][row]
            if number not in cell.programmes[-1:]:
                cell.programmes.append(number)
            cell.strategies.update(answer.get(HS + "strategy", ()))
            cell.places.update(threat.get(HS + "observedIn", ()), countries)
            cell.groups.update(threat.get(HS + "affects", ()), answer.get(HS + "benefits", ()))
