"""What pages say of all programmes together: which, how many, with what, and what was tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from hsgraph.build.index.aggregates import LISTED
from hsgraph.build.index.aggregates_reader import ROWS_NAMED
from hsgraph.describe.queries import query
from hsgraph.describe.values import batches, by_key
from hsgraph.describe.words.labels import kind_of
from hsgraph.engine.protocol import Engine, Row
from hsgraph.namespaces import HS

_OTHER: Final = {"threat-type": "intervention", "intervention-type": "threat"}
"""What things of a type are met with."""


@dataclass(frozen=True)
class Counts:
    """Things with the number of programmes of each, most frequent first; `more` are left out."""

    values: tuple[tuple[str, int], ...]
    more: int = 0


class MetIris(NamedTuple):
    """A type that another was met with, and in how many programmes.

    The sets are the first of these, the strategies, the places and the groups.
    """

    type: str
    number: int
    sets: tuple[Sequence[str], ...]


@dataclass(frozen=True)
class Tried:
    """Those rows that were asked for, in their order, and how many there are in all."""

    rows: Sequence[MetIris] = ()
    total: int = 0


Choose = Callable[[Mapping[str, int]], Sequence[str]]
"""Given all rows with the number of programmes of each, tells which to show, in their order."""

Listed = Mapping[str, tuple[str, ...]]
"""The latest programmes that a thing has to do with, with its roles there if it has any."""


class Shared:
    """Answers for any thing that programmes share, by queries: over a remote engine, and for what
    was not worked out beforehand."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def programmes(self, iri: str) -> Listed:
        """The latest 26 programmes that a thing, or what is narrower, has to do with."""
        rows = self._rows("programmes_of", iri)
        return {row["project"].value: _split(row, "roles") for row in rows if "project" in row}

    def total(self, iri: str) -> int:
        """The number of those programmes."""
        return sum(int(row["count"].value) for row in self._rows("total", iri))

    def members(self, iri: str) -> Sequence[int] | None:
        """All those programmes, by their place among all, the latest first, where it is known."""
        return None

    def order(self, most: int) -> Sequence[str]:
        """So many of all programmes, the latest first."""
        rows = self._engine.select(f"{query('list_programmes')} LIMIT {most:d}").rows
        return [row["project"].value for row in rows if "project" in row]

    def facets(self, iri: str) -> Mapping[str, Counts]:
        """What those programmes have to do with besides, by facet."""
        rows = [*self._rows("counts", iri)]
        if kind_of(iri) == "threat-type":
            rows += self._rows("threat_links", iri)
        found = by_key(
            (row["facet"].value, (row["value"].value, int(row["count"].value)))
            for row in rows
            if "facet" in row and row["value"].value != iri
        )
        for values in found.values():
            values.sort(key=lambda pair: (-pair[1], pair[0]))
        return {
            name: Counts(tuple(values[:LISTED]), max(0, len(values) - LISTED))
            for name, values in found.items()
        }

    def tried(self, iri: str, choose: Choose) -> Tried:
        """What was tried against a type of threat, or what a type of intervention was used for."""
        own, other = kind_of(iri).removesuffix("-type"), _OTHER[kind_of(iri)]
        asked = query("tried").replace("?own", f"?{own}").replace("?other", f"?{other}")
        of, by = NamedNode(f"{HS}{own}Type"), NamedNode(f"{HS}{other}Type")
        bound = {"thing": NamedNode(iri), "of": of, "by": by}
        cells: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in self._engine.select(asked, bound).rows:
            for column, term in row.items():
                cells[row["row"].value][column].add(term.value)
        chosen = choose({row: len(cell["project"]) for row, cell in cells.items()})
        return Tried([_met(row, cells[row]) for row in chosen], len(cells))

    def similar(self, iri: str) -> Mapping[str, tuple[str, ...]]:
        """The five programmes that share most types with one, and these types."""
        rows = self._rows("similar", iri)
        return {row["project"].value: _split(row, "shared") for row in rows if "project" in row}

    def links(self, iri: str) -> Mapping[str, tuple[int, tuple[str, ...]]] | None:
        """What points to a thing, by property, where that is known beforehand; else None."""
        return None

    def counts(self, scheme: str) -> Mapping[str, int]:
        """The number of programmes of each concept of a scheme."""
        rows = self._engine.select(query("list_concepts"), {"scheme": NamedNode(scheme)}).rows
        return {row["thing"].value: int(row["count"].value) for row in rows if "thing" in row}

    def tally(self, iris: Sequence[str]) -> Mapping[str, int]:
        """The number of programmes of each of some things; those of none may be left out."""
        found: dict[str, int] = {}
        for things in batches(iris):
            rows = self._engine.select(query("tally"), {"things": things}).rows
            found |= {row["thing"].value: int(row["count"].value) for row in rows if "thing" in row}
        return found

    def _rows(self, name: str, iri: str) -> tuple[Row, ...]:
        return self._engine.select(query(name), {"thing": NamedNode(iri)}).rows


def _met(row: str, cell: Mapping[str, set[str]]) -> MetIris:
    first = sorted(cell["project"])[:ROWS_NAMED]
    places, groups = cell["near"] | cell["country"], cell["affected"] | cell["benefiting"]
    sets = (first, *map(sorted, (cell["strategy"], places, groups)))
    return MetIris(row, len(cell["project"]), sets)


def _split(row: Row, name: str) -> tuple[str, ...]:
    return tuple(sorted(row[name].value.split())) if name in row else ()
