"""The numbers that are counted over all programmes, read once for each version of the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hsgraph.build.index.facets import Programme
from hsgraph.build.index.relations import NAMES, Relation, relations
from hsgraph.describe.shared.facets import facets
from hsgraph.describe.shared.sqlite_tables import Tables
from hsgraph.describe.values import per_version, texts
from hsgraph.engine.protocol import Engine

Pair = tuple[str, str]


@dataclass(frozen=True)
class Counts:
    """The programmes, the latest first, and numbers of them.

    The last ones are in the order of `hsgraph.build.index.relations.NAMES`.
    """

    programmes: Sequence[Programme]
    countries: Mapping[str, int]
    years: Mapping[str, int]
    tried: Mapping[Pair, int]
    drives: Mapping[Pair, int]
    together: Mapping[Pair, int]
    takes_part: Mapping[str, int]
    untried: Mapping[str, int]


@per_version(4)
def counts(engine: Engine, index: Path | None = None) -> Counts:
    """The numbers of the data that the engine answers from, from its index where there is one."""
    known = facets(engine, index)
    of = {
        name: {v.value: len(v.members) for v in known.values[name]} for name in ("country", "year")
    }
    rows: Iterable[Relation] = (
        Tables(index).open().execute("SELECT name, one, other, programmes FROM relation")
        if index
        else relations(partial(texts, engine))
    )
    found: dict[str, dict[Any, int]] = {name: {} for name in NAMES}
    for name, one, other, programmes in rows:
        found[name][(one, other) if other else one] = programmes
    return Counts(known.programmes, of["country"], of["year"], *found.values())
