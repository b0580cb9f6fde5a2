"""Works out, when a snapshot is built, what pages of shared things say of all programmes.

An agency may be in every programme of a hundred thousand: to count those when its page is asked for
takes seconds. The pages read these tables instead (`hsgraph.describe.prepared`); over a remote
engine they ask the queries in `hsgraph/describe/queries`, whose answers are the same.

programme(id, iri, types)
    Ids from 0, the latest start first, those without one last. `types`: JSON, the ids of its types
    of threat and intervention.
thing(id, iri, count, first, types)
    What programmes have to do with. `count` of the programmes, narrower concepts included, and
    `first` (JSON) of their ids. `types`: a bit for each programme that has it as a type, or NULL.
facet(thing, facet, more, listed)
    Most frequent first, JSON pairs of thing and count of the programmes that both have to do with;
    `more` counts those that are left out.
tried(thing, row, count, programmes, strategies, places, groups)
    For a type of threat or intervention the types it was met with: JSON lists of ids.
link(thing, predicate, count, first)
    What points to a thing that more than `HUB` statements point to; JSON list of IRIs.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Store

from hsgraph.namespaces import HS, ID, PROV, RDF, SKOS, VOCAB

FILE: Final = "shared.sqlite"
HUB: Final = 1000
"""Links that are gathered when a page is asked for; more are counted when the snapshot is built."""
LISTED: Final = 15
PROGRAMMES: Final = 26
LINKS: Final = 25
ROWS_NAMED: Final = 3
"""Programmes that a row of what was tried names; the others are counted."""
OF_ONE_PROGRAMME: Final = tuple(
    f"{ID}{kind}/"
    for kind in (
        *("application", "budget", "claim", "evidence", "interlinkage", "intervention"),
        *("objective", "outcome", "participation", "selector", "situation", "target", "threat"),
    )
)
"""Where the IRIs of things begin that belong to one programme."""

_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE programme (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, types TEXT NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, count INTEGER NOT NULL,
  first TEXT NOT NULL, types BLOB);
CREATE TABLE facet (thing INTEGER NOT NULL, facet TEXT NOT NULL, more INTEGER NOT NULL,
  listed TEXT NOT NULL, PRIMARY KEY (thing, facet)) WITHOUT ROWID;
CREATE TABLE tried (thing INTEGER NOT NULL, row INTEGER NOT NULL, count INTEGER NOT NULL,
  programmes TEXT NOT NULL, strategies TEXT NOT NULL, places TEXT NOT NULL, groups TEXT NOT NULL,
  PRIMARY KEY (thing, row)) WITHOUT ROWID;
CREATE TABLE link (thing INTEGER NOT NULL, predicate TEXT NOT NULL, count INTEGER NOT NULL,
  first TEXT NOT NULL, PRIMARY KEY (thing, predicate)) WITHOUT ROWID;
"""
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
class _Cell:
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


def write_shared(store: Store, path: Path) -> None:
    """Write the tables for a store's programmes."""
    tables = _Tables(store)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_SCHEMA)
        tables.write(database)
        database.commit()


class _Tables:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._countries = set(self._subjects(_TYPE, HS + "Country"))
        self._up = _ancestors(store)
        self._programmes = self._in_order()
        self._ids: dict[str, int] = {}
        self._members: dict[int, list[int]] = defaultdict(list)
        self._facets_of: list[dict[str, set[int]]] = [{} for _ in self._programmes]
        self._types: list[set[int]] = [set() for _ in self._programmes]
        self._tried: dict[str, dict[str, _Cell]] = defaultdict(lambda: defaultdict(_Cell))
        self._told: dict[tuple[str, str], dict[str, _Cell]] = defaultdict(
            lambda: defaultdict(_Cell)
        )
        by_iri = sorted(range(len(self._programmes)), key=self._programmes.__getitem__)
        for number in by_iri:
            self._read(number)

    def write(self, database: sqlite3.Connection) -> None:
        for members in self._members.values():
            members.sort()
        self._write_tried(database)
        self._write_facets(database)
        database.executemany(
            "INSERT INTO programme VALUES (?, ?, ?)",
            (
                (number, iri, json.dumps(sorted(self._types[number])))
                for number, iri in enumerate(self._programmes)
            ),
        )
        bits = self._bits()
        database.executemany(
            "INSERT INTO thing VALUES (?, ?, ?, ?, ?)",
            (
                (
                    number,
                    iri,
                    len(self._members[number]),
                    json.dumps(self._members[number][:PROGRAMMES]),
                    bits.get(number),
                )
                for iri, number in self._ids.items()
            ),
        )
        database.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", self._links())

    def _in_order(self) -> list[str]:
        starts: dict[str, str] = {}
        for quad in self._store.quads_for_pattern(None, NamedNode(HS + "startDate"), None, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                iri = quad.subject.value
                starts[iri] = max(quad.object.value, starts.get(iri, ""))
        found = sorted(self._subjects(_TYPE, HS + "Project"))
        return sorted(found, key=lambda iri: starts.get(iri, ""), reverse=True)

    def _subjects(self, predicate: NamedNode, value: str) -> list[str]:
        found = self._store.quads_for_pattern(None, predicate, NamedNode(value), None)
        return sorted({q.subject.value for q in found if isinstance(q.subject, NamedNode)})

    def _statements(self, subject: str) -> Statements:
        found: Statements = defaultdict(list)
        for quad in self._store.quads_for_pattern(NamedNode(subject), None, None, None):
            if isinstance(quad.object, NamedNode):
                found[quad.predicate.value].append(quad.object.value)
        return found

    def _id(self, iri: str) -> int:
        return self._ids.setdefault(iri, len(self._ids))

    def _above(self, iris: Iterable[str]) -> set[str]:
        """Things with all that is broader."""
        return {up for iri in iris for up in (iri, *self._up.get(iri, ()))}

    def _read(self, number: int) -> None:
        iri = self._programmes[number]
        own = self._statements(iri)
        parts = {part: self._statements(part) for part in self._subjects(_PART_OF, iri)}
        pointed = {
            value
            for statements in (own, *parts.values())
            for value in chain.from_iterable(statements.values())
            if value.startswith((ID, VOCAB)) and not value.startswith(OF_ONE_PROGRAMME)
        }
        for thing in sorted(self._above(pointed - {iri})):
            self._members[self._id(thing)].append(number)
        facets: dict[str, set[str]] = defaultdict(set)
        countries = [p for p in own.get(HS + "takesPlaceIn", ()) if p in self._countries]
        facets["country"].update(countries)
        for statements in parts.values():
            for predicate, name in _FACETS.items():
                if predicate in statements:
                    facets[name] |= self._above(statements[predicate])
            for predicate in (_THREAT_TYPE, _INTERVENTION_TYPE):
                self._types[number].update(self._id(t) for t in statements.get(predicate, ()))
        self._facets_of[number] = {
            name: {self._id(value) for value in sorted(values)} for name, values in facets.items()
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
                        self._told[above, name][value].add(number)

    def _met(
        self, number: int, answer: Statements, threat: Statements, countries: list[str]
    ) -> None:
        threats, answers = threat.get(_THREAT_TYPE, ()), answer.get(_INTERVENTION_TYPE, ())
        cells = [self._tried[up][row] for up in self._above(threats) for row in answers]
        cells += [self._tried[up][row] for up in self._above(answers) for row in threats]
        for cell in cells:
            cell.add(number)
            cell.strategies.update(answer.get(HS + "strategy", ()))
            cell.places.update(threat.get(HS + "observedIn", ()), countries)
            cell.groups.update(threat.get(HS + "affects", ()), answer.get(HS + "benefits", ()))

    def _drives(self, number: int, near: Statements, far: Statements) -> None:
        causes, effects = near.get(_THREAT_TYPE, ()), far.get(_THREAT_TYPE, ())
        for above in self._above(causes):
            for effect in effects:
                self._told[above, "drives"][effect].add(number)
        for above in self._above(effects):
            for cause in causes:
                self._told[above, "driven-by"][cause].add(number)

    def _write_tried(self, database: sqlite3.Connection) -> None:
        def ids(iris: set[str]) -> str:
            return json.dumps([self._id(iri) for iri in sorted(iris)])

        database.executemany(
            "INSERT INTO tried VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    self._id(thing),
                    self._id(row),
                    cell.count,
                    json.dumps(cell.programmes),
                    ids(cell.strategies),
                    ids(cell.places),
                    ids(cell.groups),
                )
                for thing, rows in self._tried.items()
                for row, cell in rows.items()
            ),
        )

    def _write_facets(self, database: sqlite3.Connection) -> None:
        insert = "INSERT INTO facet VALUES (?, ?, ?, ?)"
        told = {
            (self._id(thing), name): {self._id(value): cell.count for value, cell in cells.items()}
            for (thing, name), cells in self._told.items()
        }
        names = {number: iri for iri, number in self._ids.items()}

        def row(thing: int, name: str, counts: dict[int, int]) -> tuple[int, str, int, str]:
            counts.pop(thing, None)
            most = nsmallest(LISTED, counts.items(), key=lambda c: (-c[1], names[c[0]]))
            return thing, name, max(0, len(counts) - LISTED), json.dumps(most)

        database.executemany(insert, (row(*key, counts) for key, counts in told.items()))
        for thing, members in self._members.items():
            counted: dict[str, Counter[int]] = defaultdict(Counter)
            for member in members:
                for name, values in self._facets_of[member].items():
                    counted[name].update(values)
            database.executemany(insert, (row(thing, name, c) for name, c in counted.items()))

    def _bits(self) -> dict[int, bytes]:
        size = len(self._programmes) // 8 + 1
        bits: dict[int, bytearray] = defaultdict(lambda: bytearray(size))
        for number, types in enumerate(self._types):
            for each in types:
                bits[each][number // 8] |= 1 << number % 8
        return {thing: bytes(found) for thing, found in bits.items()}

    def _links(self) -> Iterator[tuple[int, str, int, str]]:
        for iri, number in list(self._ids.items()):
            found = self._store.quads_for_pattern(None, None, NamedNode(iri), None)
            by: dict[str, list[str]] = defaultdict(list)
            for quad in found:
                if isinstance(quad.subject, NamedNode):
                    by[quad.predicate.value].append(quad.subject.value)
            if sum(len(subjects) for subjects in by.values()) > HUB:
                for predicate, subjects in by.items():
                    once = set(subjects)
                    yield number, predicate, len(once), json.dumps(nsmallest(LINKS, once))


def _ancestors(store: Store) -> dict[str, set[str]]:
    """Every concept that has broader ones, with all of them."""
    above: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, NamedNode(SKOS + "broader"), None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            above[quad.subject.value].add(quad.object.value)
    found: dict[str, set[str]] = {}
    for concept in list(above):
        todo, seen = list(above[concept]), set[str]()
        while todo:
            each = todo.pop()
            if each not in seen:
                seen.add(each)
                todo += above.get(each, ())
        found[concept] = seen
    return found
