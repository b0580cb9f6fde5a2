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

from hsgraph.build.index.aggregates_reader import ROWS_NAMED, Gathered
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
    gathered = Gathered(store)
    for members in gathered.members.values():
        members.sort()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(schema("aggregates"))
        database.executemany("INSERT INTO tried VALUES (?, ?, ?, ?, ?, ?, ?)", _tried(gathered))
        database.executemany("INSERT INTO facet VALUES (?, ?, ?, ?)", _facets(gathered))
        programmes = (
            (number, iri, json.dumps(sorted(gathered.types[number])))
            for number, iri in enumerate(gathered.programmes)
        )
        database.executemany("INSERT INTO programme VALUES (?, ?, ?)", programmes)
        database.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", _things(gathered))
        members_of = sorted(gathered.members.items())
        packed = ((thing, array("I", found).tobytes()) for thing, found in members_of)
        database.executemany("INSERT INTO member VALUES (?, ?)", packed)
        database.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", _links(gathered, store))
        database.commit()


def _tried(gathered: Gathered) -> Iterator[tuple[int, int, int, str, str, str, str]]:
    def ids(iris: set[str]) -> str:
        return json.dumps([gathered.number(iri) for iri in sorted(iris)])

    for thing, rows in sorted(gathered.tried.items(), key=itemgetter(0)):
        for row, cell in sorted(rows.items(), key=itemgetter(0)):
            pair = (gathered.number(thing), gathered.number(row))
            sets = (ids(cell.strategies), ids(cell.places), ids(cell.groups))
            first = json.dumps(cell.programmes[:ROWS_NAMED])
            yield *pair, len(cell.programmes), first, *sets


def _facets(gathered: Gathered) -> Iterator[tuple[int, str, int, str]]:
    told: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for (iri, name, value), count in gathered.told.items():
        told[gathered.number(iri), name][gathered.number(value)] = count
    names = {number: iri for iri, number in gathered.ids.items()}

    def row(thing: int, name: str, counts: dict[int, int]) -> tuple[int, str, int, str]:
        counts.pop(thing, None)
        most = nsmallest(LISTED, counts.items(), key=lambda c: (-c[1], names[c[0]]))
        return thing, name, max(0, len(counts) - LISTED), json.dumps(most)

    for key, counts in sorted(told.items()):
        yield row(*key, counts)
    for thing, members in gathered.members.items():
        counted: dict[str, Counter[int]] = defaultdict(Counter)
        for member in members:
            for name, values in gathered.facets_of[member].items():
                counted[name].update(values)
        for name, numbers in counted.items():
            yield row(thing, name, numbers)


def _things(gathered: Gathered) -> Iterator[tuple[int, str, int, str, bytes | None]]:
    size = len(gathered.programmes) // 8 + 1
    bits: dict[int, bytearray] = defaultdict(lambda: bytearray(size))
    for number, types in enumerate(gathered.types):
        for each in types:
            bits[each][number // 8] |= 1 << number % 8
    for iri, thing in gathered.ids.items():
        members = gathered.members[thing]
        packed = bytes(bits[thing]) if thing in bits else None
        yield thing, iri, len(members), json.dumps(members[:PROGRAMMES]), packed


def _links(gathered: Gathered, store: Store) -> Iterator[tuple[int, str, int, str]]:
    for iri, number in gathered.ids.items():
        by: dict[str, set[str]] = defaultdict(set)
        count = 0
        for quad in store.quads_for_pattern(None, None, NamedNode(iri), None):
            if isinstance(quad.subject, NamedNode):
                by[quad.predicate.value].add(quad.subject.value)
                count += 1
        if count > HUB:
            for predicate, subjects in by.items():
                yield number, predicate, len(subjects), json.dumps(nsmallest(LINKS, subjects))
