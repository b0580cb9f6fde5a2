"""The numbers that are counted over all programmes, read once for each version of the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hsgraph.build.index.relations import NAMES, Relation, relations
from hsgraph.describe.shared.sqlite_tables import Tables
from hsgraph.describe.values import per_version, texts
from hsgraph.engine.protocol import Engine

Pair = tuple[str, str]


@dataclass(frozen=True)
class Counts:
    """Numbers of programmes, in the order of `hsgraph.build.index.relations.NAMES`."""

    countries: Mapping[str, int]
    years: Mapping[str, int]
    tried: Mapping[Pair, int]
    drives: Mapping[Pair, int]
    together: Mapping[Pair, int]
    takes_part: Mapping[str, int]
    untried: Mapping[str, int]


@per_version(4)
def counts(engine: Engine, index: Path | None = None) -> Counts:
    """The numbers of the data that the engine answers from, from its index where there is one.

    The index of an older build has no such table.
    """
    tables = Tables(index) if index is not None else None
    rows: Iterable[Relation] = relations(partial(texts, engine))
    if tables is not None and tables.has("relation"):
        rows = tables.open().execute("SELECT name, one, other, programmes FROM relation")
    found: dict[str, dict[Any, int]] = {name: {} for name in NAMES}
    for name, one, other, programmes in rows:
        found[name][(one, other) if other else one] = programmes
    return Counts(*found.values())
