"""The knowledge graph of human security programmes, in Python: `hsgraph.open()`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hsgraph.build.pipeline import Given
    from hsgraph.graph import KnowledgeGraph
    from hsgraph.result import Result

__version__ = "0.1.0"
__all__ = ["KnowledgeGraph", "Result", "__version__", "open"]
_PUBLIC = {"KnowledgeGraph": "hsgraph.graph", "Result": "hsgraph.result"}


def open(source: Given = None, *, guarded: bool = False) -> KnowledgeGraph:
    """Open a graph: the project's own, or that of a snapshot, a project or RDF files.

    With `guarded`, queries have a deadline.

    >>> graph = hsgraph.open()
    >>> graph.query("SELECT ?project WHERE { ?project a hs:Project }")

    See `hsgraph.graph.KnowledgeGraph.open`.
    """
    from hsgraph.graph import KnowledgeGraph

    return KnowledgeGraph.open(source, guarded=guarded)


def __getattr__(name: str) -> object:
    """The public classes, imported when first asked for, so that `import hsgraph` stays quick."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'hsgraph' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
