"""Direct look-ups in a store of this process, for what a page needs hundreds of times.

Measured on one programme (766 statements): 2 ms, where a query that gives the same takes 25 ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


class Lookups:
    """Statements by pattern, over all named graphs.

    `merged` says that the store keeps every triple once more in its default graph. `memory` is for
    what readers derive from the data and want again; it ends with the engine.
    """

    def __init__(self, store: Store, *, merged: bool) -> None:
        self._store = store
        self._merged = merged
        self.memory: dict[str, dict[str, Any]] = {}

    def about(self, subjects: Iterable[Node]) -> list[Quad]:
        """All statements with one of these subjects, with their graphs."""
        find = self._store.quads_for_pattern
        found = [quad for subject in subjects for quad in find(subject, None, None, None)]
        return self._named(found)

    def values(self, subject: Node, predicate: NamedNode) -> list[Term]:
        """The values of a property, each once."""
        found = self._store.quads_for_pattern(subject, predicate, None, None)
        objects = dict.fromkeys(quad.object for quad in found)
        return [value for value in objects if not isinstance(value, Triple)]

    def subjects(self, predicate: NamedNode, value: Node) -> list[Node]:
        """What has this value of a property, each once."""
        found = self._store.quads_for_pattern(None, predicate, value, None)
        subjects = dict.fromkeys(quad.subject for quad in found)
        return [subject for subject in subjects if not isinstance(subject, Triple)]

    def links(self, thing: Node, most: int) -> list[Quad]:
        """The statements that point to a thing, at most so many."""
        return self._named(
            list(islice(self._store.quads_for_pattern(None, None, thing, None), most))
        )

    def _named(self, quads: list[Quad]) -> list[Quad]:
        if not self._merged:
            return quads
        return [quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph)]
