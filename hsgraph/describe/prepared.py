"""Reads what was worked out about shared things when the snapshot was built.

The tables are those of `hsgraph.build.shared`; what they do not know is asked by queries.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.build.shared import FILE
from hsgraph.describe.labels import kind_of
from hsgraph.describe.shared import Asked, Counts, Listed, Met, Shared
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import PROV, SKOS

SIMILAR: Final = 5
_ASSOCIATION, _AGENT = NamedNode(PROV + "qualifiedAssociation"), NamedNode(PROV + "agent")
_ROLE, _IN_SCHEME = NamedNode(PROV + "hadRole"), NamedNode(SKOS + "inScheme")


def shared_of(engine: Engine, folder: Path | None) -> Shared:
    """What answers over an engine: the tables of its snapshot where it has some, else queries."""
    asked = Asked(engine)
    path = folder / FILE if folder is not None else None
    if engine.lookups is None or path is None or not path.is_file():
        return asked
    return Prepared(path, engine.lookups, asked)


class Prepared:
    """Answers from the tables beside a snapshot; safe in any thread and after a fork."""

    def __init__(self, path: Path, lookups: Lookups, asked: Asked) -> None:
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._lookups = lookups
        self._asked = asked
        self._bits: dict[int, int] = {}

    def programmes(self, iri: str) -> Listed:
        with self._open() as tables:
            thing = _thing(tables, iri)
            if thing is None:
                return self._asked.programmes(iri)
            found = _iris(tables, "programme", thing[1])
        return Listed({each: self._roles(each, iri) for each in found})

    def facets(self, iri: str) -> Mapping[str, Counts]:
        with self._open() as tables:
            thing = _thing(tables, iri)
            if thing is None:
                return self._asked.facets(iri)
            rows = tables.execute(
                "SELECT facet, more, listed FROM facet WHERE thing = ?", (thing[0],)
            ).fetchall()
            found: dict[str, Counts] = {}
            for name, more, listed in rows:
                pairs = json.loads(listed)
                iris = _iris(tables, "thing", [number for number, _ in pairs])
                counted = zip(iris, (count for _, count in pairs), strict=True)
                if pairs:
                    found[name] = Counts(tuple(counted), more)
        return found

    def tried(self, iri: str) -> tuple[Met, ...]:
        with self._open() as tables:
            thing = _thing(tables, iri)
            if thing is None:
                return self._asked.tried(iri)
            rows = tables.execute(
                "SELECT row, count, programmes, strategies, places, groups FROM tried "
                "WHERE thing = ? ORDER BY count DESC",
                (thing[0],),
            ).fetchall()
            return tuple(
                Met(
                    _iris(tables, "thing", [row])[0],
                    count,
                    tuple(_iris(tables, "programme", json.loads(programmes))),
                    *(tuple(_iris(tables, "thing", json.loads(each))) for each in others),
                )
                for row, count, programmes, *others in rows
            )

    def similar(self, iri: str) -> Mapping[str, tuple[str, ...]]:
        with self._open() as tables:
            own = tables.execute("SELECT id, types FROM programme WHERE iri = ?", (iri,)).fetchone()
            if own is None:
                return self._asked.similar(iri)
            types = json.loads(own[1])
            near = _nearest([self._bits_of(tables, each) for each in types], own[0])
            found = {}
            for number in near:
                other, theirs = tables.execute(
                    "SELECT iri, types FROM programme WHERE id = ?", (number,)
                ).fetchone()
                both = sorted(set(types).intersection(json.loads(theirs)))
                found[other] = tuple(sorted(_iris(tables, "thing", both)))
        return found

    def links(self, iri: str) -> Mapping[str, tuple[int, tuple[str, ...]]] | None:
        with self._open() as tables:
            rows = tables.execute(
                "SELECT predicate, link.count, link.first FROM link "
                "JOIN thing ON thing.id = link.thing WHERE iri = ?",
                (iri,),
            ).fetchall()
        return {name: (count, tuple(json.loads(first))) for name, count, first in rows} or None

    def counts(self, scheme: str) -> Mapping[str, int]:
        concepts = self._lookups.subjects(_IN_SCHEME, NamedNode(scheme))
        with self._open() as tables:
            things = ((each.value, _thing(tables, each.value)) for each in concepts)
            return {iri: thing[2] if thing else 0 for iri, thing in things}

    def _roles(self, programme: str, iri: str) -> tuple[str, ...]:
        """The roles of an organisation in a programme."""
        if kind_of(iri) != "organisation":
            return ()
        look, agent = self._lookups, NamedNode(iri)
        parts = look.values(NamedNode(programme), _ASSOCIATION)
        mine = [p for p in parts if isinstance(p, NamedNode) and agent in look.values(p, _AGENT)]
        return tuple(sorted({role.value for part in mine for role in look.values(part, _ROLE)}))

    def _bits_of(self, tables: sqlite3.Connection, number: int) -> int:
        """The programmes that have a type, a bit each; kept, since there are some hundred types."""
        if number not in self._bits:
            found = tables.execute("SELECT types FROM thing WHERE id = ?", (number,)).fetchone()
            self._bits[number] = int.from_bytes(found[0] or b"", "little")
        return self._bits[number]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._address, uri=True)) as tables:
            yield tables


def _thing(tables: sqlite3.Connection, iri: str) -> tuple[int, list[int], int] | None:
    row = tables.execute("SELECT id, first, count FROM thing WHERE iri = ?", (iri,)).fetchone()
    return (row[0], json.loads(row[1]), row[2]) if row else None


def _iris(tables: sqlite3.Connection, table: str, numbers: Iterable[int]) -> list[str]:
    """The IRIs of some programmes or things, in the order given."""
    select = {
        "programme": "SELECT iri FROM programme WHERE id = ?",
        "thing": "SELECT iri FROM thing WHERE id = ?",
    }[table]
    return [tables.execute(select, (number,)).fetchone()[0] for number in numbers]


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
    left = 0
    for plane in planes:
        left |= plane
    left &= ~(1 << own)
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
