"""What programmes can be narrowed by, from the index of a snapshot where there is one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hsgraph.build.index.facets import Facets, gather, read_facets
from hsgraph.describe.shared.sqlite_tables import Tables
from hsgraph.describe.values import per_version, texts
from hsgraph.engine.protocol import Engine


@per_version(2)
def facets(engine: Engine, index: Path | None) -> Facets:
    """All programmes, the latest first, and what they can be narrowed by."""
    return read_facets(Tables(index).open()) if index else gather(partial(texts, engine))
