"""The numbers that are counted over all programmes, read once for each version of the data."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hsgraph.build.index.relations import NAMES, Relation, relations
from hsgraph.engine.protocol import Engine

Pair = tuple[str, str]


@dataclass(frozen=True)
class Counts:
    """Numbers of programmes; see `hsgraph.build.index.relations` for what each name counts."""

    countries: Mapping[str, int]
    years: Mapping[str, int]
    tried: Mapping[Pair, int]
    drives: Mapping[Pair, int]
    together: Mapping[Pair, int]
    takes_part: Mapping[str, int]


def counts(engine: Engine, index: Path | None = None) -> Counts:
    """The numbers of the data that the engine answers from, from its index where there is one."""
    return _counts(engine, index, engine.version)


@lru_cache(maxsize=4)
def _counts(engine: Engine, index: Path | None, version: str) -> Counts:
    rows = _read(index) if index is not None else None
    if rows is None:
        rows = list(relations(lambda query: _ask(engine, query)))
    found: dict[str, dict[Pair, int]] = defaultdict(dict)
    for name, one, other, programmes in rows:
        found[name][one, other] = programmes
    single = {name: {one: n for (one, _), n in found[name].items()} for name in NAMES}
    return Counts(
        countries=single["country"],
        years=single["year"],
        tried=found["tried"],
        drives=found["drives"],
        together=found["together"],
        takes_part=single["takes-part"],
    )


def _read(index: Path) -> list[Relation] | None:
    """The table of an index; None for an index of an older build that has none."""
    address = index.resolve().as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        known = "SELECT 1 FROM sqlite_master WHERE name = 'relation'"
        if database.execute(known).fetchone() is None:
            return None
        return database.execute("SELECT name, one, other, programmes FROM relation").fetchall()


def _ask(engine: Engine, query: str) -> Iterator[dict[str, str]]:
    for row in engine.select(query).rows:
        yield {name: term.value for name, term in row.items()}
