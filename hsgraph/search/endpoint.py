"""Search over a remote endpoint: an index of its data, made once, as a build makes it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from hsgraph.build.index.fulltext import index
from hsgraph.engine.remote.engine import RemoteEngine
from hsgraph.namespaces import GRAPH, WIDER
from hsgraph.search.fulltext import IndexSearch
from hsgraph.search.search import EngineSearch, Search

MOST: Final = 3_000_000
"""Triples up to which an endpoint is read as a whole: about a gigabyte of memory for some minutes,
given back when the index is written."""
_log = logging.getLogger("hsgraph.search")


def open_endpoint_search(engine: RemoteEngine, folder: Path, *, most: int = MOST) -> Search:
    """Read the graphs that a build indexes and write their index into a folder.

    Larger data are searched by queries.
    """
    total = sum(engine.counts().values())
    if total > most:
        _log.warning(
            "The endpoint holds %s triples, more than the %s that are indexed: "
            "search looks for names by queries.",
            f"{total:,}",
            f"{most:,}",
        )
        return EngineSearch(engine)
    without = WIDER | {GRAPH + "metadata"}
    index(engine.copied(without), folder / "search.sqlite")
    return IndexSearch(folder / "search.sqlite")
