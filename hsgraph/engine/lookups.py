"""Direct look-ups in a store of this process, for what a page needs hundreds of times.

Measured on one programme (766 statements): 2 ms, where a query that gives the same takes 25 ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from hsgraph.engine.sorted_quads import SortedQuads
from hsgraph.namespaces import WIDER

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


class Lookups:
    """Statements by pattern, over all named graphs but those that repeat others in wider terms.

    `merged` says that the store keeps every triple once more in its default graph. `memory` is for
    what readers derive from the data and want again; it ends with the engine.
    """

    def __init__(self, store: Store, *, merged: bool, files: Iterable[Path] = ()) -> None:
        """`files` are those of sorted N-Quads that the store was loaded from, where there are."""
        self._store = store
        self._sorted = SortedQuads(files, sorted(WIDER)) if files else None
        self._merged = merged
        hidden: list[NamedNode | DefaultGraph] = [NamedNode(name) for name in sorted(WIDER)]
        self._hidden = frozenset([*hidden, DefaultGraph()] if merged else hidden)
        self.memory: dict[str, dict[str, Any]] = {}

    def about(self, subjects: Iterable[Node]) -> list[Quad]:
        """All statements with one of these subjects, with their graphs."""
        return [quad for subject in subjects for quad in self._of(subject)]

    def values(self, subject: Node, *predicates: NamedNode) -> dict[str, list[Term]]:
        """The values of some properties, by those that there are, each value once."""
        found: dict[str, dict[Term, None]] = {each.value: {} for each in predicates}
        for quad in self._of(subject, *predicates):
            if not isinstance(quad.object, Triple):
                found[quad.predicate.value][quad.object] = None
        return {name: list(values) for name, values in found.items() if values}

    def _of(self, subject: Node, *predicates: NamedNode) -> list[Quad]:
        if self._sorted and isinstance(subject, NamedNode):
            found = self._sorted.matching(subject, *predicates)
            if found is not None:
                return found if predicates else self._shown(found)
        look = self._store.quads_for_pattern
        if not predicates:
            return self._shown(look(subject, None, None, None))
        return [quad for each in predicates for quad in self._told(look(subject, each, None, None))]

    def subjects(self, predicate: NamedNode, value: Node) -> list[Node]:
        """What has this value of a property, each once."""
        found = self._told(self._store.quads_for_pattern(None, predicate, value, None))
        subjects = dict.fromkeys(quad.subject for quad in found)
        return [subject for subject in subjects if not isinstance(subject, Triple)]

    def links(self, thing: Node, most: int) -> list[Quad]:
        """The statements that point to a thing, at most so many."""
        return self._shown(islice(self._store.quads_for_pattern(None, None, thing, None), most))

    def _shown(self, quads: Iterable[Quad]) -> list[Quad]:
        return [quad for quad in quads if quad.graph_name not in self._hidden]

    def _told(self, quads: Iterable[Quad]) -> list[Quad]:
        """Those shown, and those that stand in no named graph at all."""
        if not self._merged:
            return self._shown(quads)
        found = list(quads)
        shown = self._shown(found)
        named = {quad.triple for quad in found if not isinstance(quad.graph_name, DefaultGraph)}
        return shown + [quad for quad in found if quad.triple not in named]
