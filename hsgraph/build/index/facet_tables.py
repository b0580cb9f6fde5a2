"""Writes the tables that make it fast to narrow programmes by what they have.

Tables, beside those of `hsgraph.build.index.fulltext`:

programme(id, iri, label, date, amount)
    Ids from 0, the latest first, those without a date last; `date` is that of the start, else of
    the approval, else of the announcement; `amount` the largest sum in US dollars, or NULL.
facet(facet, value, label, parent, members)
    `value` is an IRI or a text, `parent` the value above it or ''; `members` the ids of the
    programmes that have it, 32 bits each, little-endian, ascending.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Final

from pyoxigraph import QuerySolutions, Store

from hsgraph.build.index.facets import Solution, gather
from hsgraph.build.index.packing import packed

_SCHEMA: Final = """
CREATE TABLE programme (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL, date TEXT NOT NULL, amount TEXT
);
CREATE TABLE facet (
  facet TEXT NOT NULL, value TEXT NOT NULL, label TEXT NOT NULL, parent TEXT NOT NULL,
  members BLOB NOT NULL, PRIMARY KEY (facet, value)
) WITHOUT ROWID;
"""


def reader(store: Store) -> Callable[[str], Iterator[Solution]]:
    """What asks a store a SELECT query over all its graphs, and gives its rows as texts."""

    def select(query: str) -> Iterator[Solution]:
        found = store.query(query, use_default_graph_as_union=True)
        if not isinstance(found, QuerySolutions):
            raise TypeError("This is no SELECT query.")
        names = [variable.value for variable in found.variables]
        for solution in found:
            terms = zip(names, solution, strict=True)
            yield {name: term.value for name, term in terms if term is not None}

    return select


def write_facets(store: Store, database: sqlite3.Connection) -> None:
    """Write the tables of a store's programmes."""
    facets = gather(reader(store))
    database.executescript(_SCHEMA)
    database.executemany(
        "INSERT INTO programme VALUES (?, ?, ?, ?, ?)",
        (
            (number, p.iri, p.label, p.date, None if p.amount is None else str(p.amount))
            for number, p in enumerate(facets.programmes)
        ),
    )
    database.executemany(
        "INSERT INTO facet VALUES (?, ?, ?, ?, ?)",
        (
            (name, v.value, v.label, v.parent, packed(v.members))
            for name, values in facets.values.items()
            for v in values
        ),
    )
