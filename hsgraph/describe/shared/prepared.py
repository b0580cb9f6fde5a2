"""Reads what was worked out about shared things when the snapshot was built.

The tables are those of `hsgraph.build.index.aggregates`; what they do not know is asked by queries.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.build.index.aggregates import FILE
from hsgraph.describe.queries import query
from hsgraph.describe.shared.aggregates import Choose, Counts, Listed, MetIris, Shared, Tried
from hsgraph.describe.shared.sqlite_tables import Tables
from hsgraph.describe.values import by_key
from hsgraph.describe.words.labels import kind_of
from hsgraph.engine.protocol import Engine, Parameters
from hsgraph.namespaces import SKOS
from hsgraph.resources import queries

SIMILAR: Final = 5
_sql: Final = queries("hsgraph.describe.queries", "sql")
_TYPES: Final = "SELECT iri, types FROM programme WHERE id = ?"
_OF_SCHEME: Final = f"SELECT DISTINCT ?thing WHERE {{ ?thing <{SKOS}inScheme> $scheme }}"


def shared_of(engine: Engine, folder: Path | None) -> Shared:
    """What answers over an engine: the tables of its snapshot where it has some, else queries."""
    if folder is None or not (folder / FILE).is_file():
        return Shared(engine)
    return SharedByTables(engine, folder / FILE)


class SharedByTables(Shared):
    """Answers from the tables beside a snapshot; safe in any thread and after a fork."""

    def __init__(self, engine: Engine, path: Path) -> None:
        super().__init__(engine)
        self._tables = Tables(path)
        self._bits: dict[int, int] = {}

    def programmes(self, iri: str) -> Listed:
        iris = self._iris("latest", iri)
        if not iris:
            return super().programmes(iri)
        roles: dict[str, set[str]] = defaultdict(set)
        if kind_of(iri) == "organisation":
            given: Parameters = {"thing": NamedNode(iri), "projects": [NamedNode(p) for p in iris]}
            for row in self._engine.select(query("roles"), given).rows:
                roles[row["project"].value].add(row["role"].value)
        return {each: tuple(sorted(roles[each])) for each in iris}

    def total(self, iri: str) -> int:
        found = self.tally([iri])
        return found[iri] if iri in found else super().total(iri)

    def members(self, iri: str) -> Sequence[int] | None:
        """Those of a programme are asked for, with itself, which the tables leave out."""
        if kind_of(iri) == "project":
            return None
        row = self._found("members", iri).fetchone()
        return array("I", row[0]) if row else None

    def order(self, most: int) -> Sequence[str]:
        return self._iris("first_programmes", most)

    def facets(self, iri: str) -> Mapping[str, Counts]:
        rows = self._found("facets", iri).fetchall()
        if not rows and not self.tally([iri]):
            return super().facets(iri)
        found = by_key(((name, more), (value, count)) for name, more, value, count in rows)
        return {name: Counts(tuple(pairs), more) for (name, more), pairs in found.items()}

    def tried(self, iri: str, choose: Choose) -> Tried:
        rows = {row: cell for row, *cell in self._found("tried", iri)}
        if not rows and not self.tally([iri]):
            return super().tried(iri, choose)
        met = []
        for row in choose({row: count for row, (count, *_) in rows.items()}):
            count, first, *sets = rows[row]
            named = (self._iris("listed_things", each) for each in sets)
            met.append(MetIris(row, count, (self._iris("listed_programmes", first), *named)))
        return Tried(met, len(rows))

    def similar(self, iri: str) -> Mapping[str, tuple[str, ...]]:
        tables = self._tables.open()
        own = tables.execute("SELECT id, types FROM programme WHERE iri = ?", (iri,)).fetchone()
        if own is None:
            return super().similar(iri)
        types = set(json.loads(own[1]))
        near = _nearest([self._bits_of(tables, each) for each in types], own[0])
        found = {}
        for number in near:
            other, theirs = tables.execute(_TYPES, (number,)).fetchone()
            both = json.dumps([*types.intersection(json.loads(theirs))])
            found[other] = tuple(sorted(self._iris("listed_things", both)))
        return found

    def links(self, iri: str) -> Mapping[str, tuple[int, tuple[str, ...]]] | None:
        rows = self._found("links", iri)
        return {name: (count, tuple(json.loads(first))) for name, count, first in rows} or None

    def counts(self, scheme: str) -> Mapping[str, int]:
        rows = self._engine.select(_OF_SCHEME, {"scheme": NamedNode(scheme)}).rows
        concepts = [row["thing"].value for row in rows]
        return dict.fromkeys(concepts, 0) | self.tally(concepts)

    def tally(self, iris: Sequence[str]) -> dict[str, int]:
        return dict(self._found("tally", json.dumps(list(iris))).fetchall())

    def _found(self, name: str, given: str | int) -> sqlite3.Cursor:
        return self._tables.open().execute(_sql(name), (given,))

    def _iris(self, name: str, given: str | int) -> list[str]:
        return [row[0] for row in self._found(name, given)]

    def _bits_of(self, tables: sqlite3.Connection, number: int) -> int:
        """The programmes that have a type, a bit each; kept, since there are some hundred types."""
        if number not in self._bits:
            found = tables.execute("SELECT types FROM thing WHERE id = ?", (number,)).fetchone()
            self._bits[number] = int.from_bytes(found[0] or b"", "little")
        return self._bits[number]


def _nearest(sets: list[int], own: int) -> list[int]:
    """The places of the bits that most of the sets have, the lowest first; without `own`.

    Kept is which bits at least so many of the sets have, so that a hundred thousand programmes are
    compared by a few operations on long integers.
    """
    others = ~(1 << own)
    at_least = [others]
    for bits in sets:
        at_least = [others, *(more | fewer & bits for fewer, more in pairwise([*at_least, 0]))]
    found: dict[int, None] = {}
    for bits in reversed(at_least[1:]):
        while bits and len(found) < SIMILAR:
            found[(bits & -bits).bit_length() - 1] = None
            bits &= bits - 1
    return list(found)
