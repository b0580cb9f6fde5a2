"""Reads what was worked out about shared things when the snapshot was built.

The tables are those of `hsgraph.build.index.aggregates`; what they do not know is asked by queries.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.build.index.aggregates import FILE
from hsgraph.describe.queries import query
from hsgraph.describe.shared.aggregates import Choose, Counts, Listed, MetIris, Shared, Tried
from hsgraph.describe.shared.sqlite_tables import Tables
from hsgraph.describe.words.labels import kind_of
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Engine, Parameters
from hsgraph.namespaces import SKOS

SIMILAR: Final = 5
_CELL: Final = (
    "SELECT programmes, strategies, places, groups FROM tried WHERE thing = ? AND row = ?"
)
_IN_SCHEME: Final = NamedNode(SKOS + "inScheme")


def shared_of(engine: Engine, folder: Path | None) -> Shared:
    """What answers over an engine: the tables of its snapshot where it has some, else queries."""
    path = folder / FILE if folder is not None else None
    if engine.lookups is None or path is None or not path.is_file():
        return Shared(engine)
    return SharedByTables(engine, engine.lookups, path)


class SharedByTables(Shared):
    """Answers from the tables beside a snapshot; safe in any thread and after a fork."""

    def __init__(self, engine: Engine, lookups: Lookups, path: Path) -> None:
        super().__init__(engine)
        self._tables = Tables(path)
        self._lookups = lookups
        self._bits: dict[int, int] = {}

    def programmes(self, iri: str) -> Listed:
        tables = self._tables.open()
        thing = _thing(tables, iri)
        if thing is None:
            return super().programmes(iri)
        numbers = json.loads(thing[1])
        iris = _iris(tables, "programme", numbers)
        roles = self._roles(iri, iris.values()) if kind_of(iri) == "organisation" else {}
        return {iris[number]: tuple(sorted(roles.get(iris[number], ()))) for number in numbers}

    def total(self, iri: str) -> int:
        found = self.tally([iri])
        return found[iri] if iri in found else super().total(iri)

    def members(self, iri: str) -> Sequence[int] | None:
        """Those of a programme are asked for, with itself, which the tables leave out."""
        if kind_of(iri) == "project" or not self._tables.has("member"):
            return None
        select = "SELECT programmes FROM member JOIN thing ON thing.id = member.thing WHERE iri = ?"
        row = self._tables.open().execute(select, (iri,)).fetchone()
        return array("I", row[0]) if row else None

    def order(self, most: int) -> Sequence[str]:
        select = "SELECT iri FROM programme ORDER BY id LIMIT ?"
        rows = self._tables.open().execute(select, (most,))
        return [row[0] for row in rows]

    def facets(self, iri: str) -> Mapping[str, Counts]:
        tables = self._tables.open()
        thing = _thing(tables, iri)
        if thing is None:
            return super().facets(iri)
        rows = tables.execute(
            "SELECT facet, more, listed FROM facet WHERE thing = ?", (thing[0],)
        ).fetchall()
        found = [(name, more, json.loads(listed)) for name, more, listed in rows]
        iris = _iris(tables, "thing", (number for *_, pairs in found for number, _ in pairs))
        return {
            name: Counts(tuple((iris[number], count) for number, count in pairs), more)
            for name, more, pairs in found
            if pairs
        }

    def tried(self, iri: str, choose: Choose) -> Tried:
        tables = self._tables.open()
        thing = _thing(tables, iri)
        if thing is None:
            return super().tried(iri, choose)
        counts = dict(
            tables.execute("SELECT row, count FROM tried WHERE thing = ?", (thing[0],)).fetchall()
        )
        named = _iris(tables, "thing", counts)
        rows = {named[row]: row for row in counts}
        cells = {}
        for chosen in choose({named[row]: count for row, count in counts.items()}):
            cell = tables.execute(_CELL, (thing[0], rows[chosen])).fetchone()
            cells[chosen] = [json.loads(numbers) for numbers in cell]
        programmes = _iris(tables, "programme", [n for first, *_ in cells.values() for n in first])
        iris = _iris(
            tables, "thing", (n for _, *sets in cells.values() for each in sets for n in each)
        )
        met = []
        for chosen, (first, *sets) in cells.items():
            named_sets = [[iris[number] for number in each] for each in sets]
            first_named = [programmes[number] for number in first]
            met.append(MetIris(chosen, counts[rows[chosen]], (first_named, *named_sets)))
        return Tried(met, len(counts))

    def similar(self, iri: str) -> Mapping[str, tuple[str, ...]]:
        tables = self._tables.open()
        own = tables.execute("SELECT id, types FROM programme WHERE iri = ?", (iri,)).fetchone()
        if own is None:
            return super().similar(iri)
        types = set(json.loads(own[1]))
        near = _nearest([self._bits_of(tables, each) for each in types], own[0])
        rows = {
            number: (other, types.intersection(json.loads(theirs)))
            for number, other, theirs in tables.execute(
                "SELECT id, iri, types FROM programme WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(near),),
            )
        }
        iris = _iris(tables, "thing", {number for _, both in rows.values() for number in both})
        found = (rows[number] for number in near)
        return {other: tuple(sorted(iris[number] for number in both)) for other, both in found}

    def links(self, iri: str) -> Mapping[str, tuple[int, tuple[str, ...]]] | None:
        rows = self._tables.open().execute(
            "SELECT predicate, link.count, link.first FROM link "
            "JOIN thing ON thing.id = link.thing WHERE iri = ?",
            (iri,),
        )
        return {name: (count, tuple(json.loads(first))) for name, count, first in rows} or None

    def counts(self, scheme: str) -> Mapping[str, int]:
        concepts = [each.value for each in self._lookups.subjects(_IN_SCHEME, NamedNode(scheme))]
        return dict.fromkeys(concepts, 0) | self.tally(concepts)

    def tally(self, iris: Sequence[str]) -> dict[str, int]:
        rows = self._tables.open().execute(
            "SELECT iri, count FROM thing WHERE iri IN (SELECT value FROM json_each(?))",
            (json.dumps(list(iris)),),
        )
        return dict(rows.fetchall())

    def _roles(self, iri: str, programmes: Iterable[str]) -> Mapping[str, set[str]]:
        """The roles of an organisation in some programmes."""
        projects = [NamedNode(each) for each in programmes]
        given: Parameters = {"thing": NamedNode(iri), "projects": projects}
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._engine.select(query("roles"), given).rows:
            found[row["project"].value].add(row["role"].value)
        return found

    def _bits_of(self, tables: sqlite3.Connection, number: int) -> int:
        """The programmes that have a type, a bit each; kept, since there are some hundred types."""
        if number not in self._bits:
            found = tables.execute("SELECT types FROM thing WHERE id = ?", (number,)).fetchone()
            self._bits[number] = int.from_bytes(found[0] or b"", "little")
        return self._bits[number]


def _thing(tables: sqlite3.Connection, iri: str) -> tuple[int, str] | None:
    """The number of a thing, and (JSON) those of the latest programmes that have to do with it."""
    row: tuple[int, str] | None = tables.execute(
        "SELECT id, first FROM thing WHERE iri = ?", (iri,)
    ).fetchone()
    return row


def _iris(tables: sqlite3.Connection, table: str, numbers: Iterable[int]) -> dict[int, str]:
    """The IRIs of some programmes or things, by number."""
    select = {
        "programme": "SELECT id, iri FROM programme WHERE id IN (SELECT value FROM json_each(?))",
        "thing": "SELECT id, iri FROM thing WHERE id IN (SELECT value FROM json_each(?))",
    }[table]
    return dict(tables.execute(select, (json.dumps(list(numbers)),)).fetchall())


def _nearest(sets: list[int], own: int) -> list[int]:
    """The places of the bits that most of the sets have, the lowest first; without `own`.

    The sets are added bit by bit, in as many planes as the sum needs, so that a hundred thousand
    programmes are compared by a few operations on long integers.
    """
    planes: list[int] = []
    for carry in sets:
        for number, plane in enumerate(planes):
            planes[number], carry = plane ^ carry, plane & carry
        if carry:
            planes.append(carry)
    left = reduce(or_, planes, 0) & ~(1 << own)
    found: list[int] = []
    while left and len(found) < SIMILAR:
        most = left
        for plane in reversed(planes):
            most = most & plane or most
        left &= ~most
        while most and len(found) < SIMILAR:
            lowest = most & -most
            found.append(lowest.bit_length() - 1)
            most ^= lowest
    return found
