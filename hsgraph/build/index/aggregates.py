"""Works out, when a snapshot is built, what pages of shared things say of all programmes.

An agency may be in every programme of a hundred thousand: to count those when its page is asked for
takes seconds. The pages read these tables instead (`hsgraph.describe.shared.prepared`); over a
remote engine they ask the queries in `hsgraph/describe/queries`, whose answers are the same.
`hsgraph/build/queries/aggregates.sql` tells what is in the tables.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from heapq import nsmallest
from operator import itemgetter
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Store

from hsgraph.build.index.aggregates_reader import Gathered
from hsgraph.build.queries import schema

FILE: Final = "shared.sqlite"
HUB: Final = 100
"""Links that are gathered when a page is asked for; more are counted when the snapshot is built."""
LISTED: Final = 15
"""Counted things that one list shows."""
PROGRAMMES: Final = 26
LINKS: Final = 25
"""Links of one kind that a page shows; the others are counted."""


def write_shared(store: Store, path: Path) -> None:
    """Write the tables for a store's programmes."""
    tables = _Tables(store)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(schema("aggregates"))
        tables.write(database)
        database.commit()


class _Tables:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._all = Gathered(store)

    def write(self, database: sqlite3.Connection) -> None:
        for members in self._all.members.values():
            members.sort()
        self._write_tried(database)
        self._write_facets(database)
        for number, iri in enumerate(self._all.programmes):
            types = json.dumps(sorted(self._all.types[number]))
            database.execute("INSERT INTO programme VALUES (?, ?, ?)", (number, iri, types))
        bits = self._bits()
        for iri, number in self._all.ids.items():
            members = self._all.members[number]
            row = (number, iri, len(members), json.dumps(members[:PROGRAMMES]), bits.get(number))
            database.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", row)
        members_of = sorted(self._all.members.items())
        packed = ((thing, array("I", found).tobytes()) for thing, found in members_of)
        database.executemany("INSERT INTO member VALUES (?, ?)", packed)
        database.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", self._links())

    def _write_tried(self, database: sqlite3.Connection) -> None:
        def ids(iris: set[str]) -> str:
            return json.dumps([self._all.number(iri) for iri in sorted(iris)])

        for thing, rows in sorted(self._all.tried.items(), key=itemgetter(0)):
            for row, cell in sorted(rows.items(), key=itemgetter(0)):
                pair = (self._all.number(thing), self._all.number(row))
                first = json.dumps(cell.programmes)
                more = (ids(cell.strategies), ids(cell.places), ids(cell.groups))
                insert = "INSERT INTO tried VALUES (?, ?, ?, ?, ?, ?, ?)"
                database.execute(insert, (*pair, cell.count, first, *more))

    def _write_facets(self, database: sqlite3.Connection) -> None:
        insert = "INSERT INTO facet VALUES (?, ?, ?, ?)"
        told = {
            (self._all.number(thing), name): {
                self._all.number(value): cell.count for value, cell in cells.items()
            }
            for (thing, name), cells in self._all.told.items()
        }
        names = {number: iri for iri, number in self._all.ids.items()}

        def row(thing: int, name: str, counts: dict[int, int]) -> tuple[int, str, int, str]:
            counts.pop(thing, None)
            most = nsmallest(LISTED, counts.items(), key=lambda c: (-c[1], names[c[0]]))
            return thing, name, max(0, len(counts) - LISTED), json.dumps(most)

        database.executemany(insert, (row(*key, counts) for key, counts in told.items()))
        for thing, members in self._all.members.items():
            counted: dict[str, Counter[int]] = defaultdict(Counter)
            for member in members:
                for name, values in self._all.facets_of[member].items():
                    counted[name].update(values)
            database.executemany(insert, (row(thing, name, c) for name, c in counted.items()))

    def _bits(self) -> dict[int, bytes]:
        size = len(self._all.programmes) // 8 + 1
        bits: dict[int, bytearray] = defaultdict(lambda: bytearray(size))
        for number, types in enumerate(self._all.types):
            for each in types:
                bits[each][number // 8] |= 1 << number % 8
        return {thing: bytes(found) for thing, found in bits.items()}

    def _links(self) -> Iterator[tuple[int, str, int, str]]:
        for iri, number in list(self._all.ids.items()):
            found = self._store.quads_for_pattern(None, None, NamedNode(iri), None)
            by: dict[str, list[str]] = defaultdict(list)
            for quad in found:
                if isinstance(quad.subject, NamedNode):
                    by[quad.predicate.value].append(quad.subject.value)
            if sum(len(subjects) for subjects in by.values()) > HUB:
                for predicate, subjects in by.items():
                    once = set(subjects)
                    yield number, predicate, len(once), json.dumps(nsmallest(LINKS, once))
