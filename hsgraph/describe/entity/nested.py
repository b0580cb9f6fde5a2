"""What a thing says by nodes without an IRI, for its page: properties within properties, lists.

Things of ours have none; other people's data is full of them. Depth and number are bounded as in
the document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from hsgraph.describe.documents.document import DEPTH, Document
from hsgraph.describe.entity.facts import Fact, Text
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.namespaces import BASE, NAMING, RDF

MOST: Final = 50
"""Values that a node shows of one property, and items of one list."""
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_Said = Mapping[BlankNode, list[Triple]]


@dataclass(frozen=True)
class Node(Text):
    """A node without an IRI: what it says by property, or the items of a list; `text` is all."""

    rows: tuple[tuple[Ref, tuple[Fact, ...]], ...] = ()
    items: tuple[Fact, ...] = ()


def nested(document: Document) -> dict[str, tuple[Fact, ...]]:
    """The nodes without an IRI that the thing of a document leads to, by property."""
    if document.iri.startswith(BASE):
        return {}
    thing = NamedNode(document.iri)
    said: dict[BlankNode, list[Triple]] = defaultdict(list)
    roots: dict[str, list[BlankNode]] = defaultdict(list)
    for triple in sorted({quad.triple for quad in document.quads}, key=str):
        if isinstance(triple.subject, BlankNode):
            said[triple.subject].append(triple)
        elif isinstance(triple.object, BlankNode) and triple.subject == thing:
            roots[triple.predicate.value].append(triple.object)
    if not roots:
        return {}
    reader = _Reader(said, _labels(document, said))
    return {
        predicate: tuple(Fact(reader.node(node, DEPTH)) for node in nodes)
        for predicate, nodes in roots.items()
    }


def _labels(document: Document, said: _Said) -> Labels:
    named = {term for triples in said.values() for triple in triples for term in triple}
    return Labels.fetch(document.engine, {t for t in named if isinstance(t, NamedNode)})


class _Reader:
    """Makes nodes of triples, naming things by labels."""

    def __init__(self, said: _Said, labels: Labels) -> None:
        self._said = said
        self._labels = labels

    def node(self, node: BlankNode, depth: int) -> Node:
        """What a node says, as deep as said; the rest is three dots."""
        triples = self._said.get(node, ())
        if not triples or not depth:
            return Node("…")
        if any(triple.predicate == _FIRST for triple in triples):
            items = self._items(node, depth)
            return Node(", ".join(item.label for item in items), items=items)
        by: dict[NamedNode, list[Fact]] = defaultdict(list)
        for triple in triples:
            by[triple.predicate].append(self._fact(triple, depth - 1))
        named_first = sorted(by, key=lambda predicate: predicate.value not in NAMING)
        rows = tuple((self._labels.property(p.value), tuple(by[p][:MOST])) for p in named_first)
        told = (f"{about.label}: {', '.join(f.label for f in facts)}" for about, facts in rows)
        return Node("; ".join(told), rows=rows)

    def _items(self, node: BlankNode, depth: int) -> tuple[Fact, ...]:
        items: list[Fact] = []
        seen: set[BlankNode] = set()
        while node not in seen and len(items) < MOST:
            seen.add(node)
            triples = self._said.get(node, ())
            items += [self._fact(t, depth - 1) for t in triples if t.predicate == _FIRST]
            further = (t.object for t in triples if t.predicate == _REST)
            node = next((to for to in further if isinstance(to, BlankNode)), node)
        return tuple(items)

    def _fact(self, triple: Triple, depth: int) -> Fact:
        value = triple.object
        if isinstance(value, NamedNode):
            return Fact(self._labels.ref(value.value))
        if isinstance(value, BlankNode):
            return Fact(self.node(value, depth))
        if isinstance(value, Triple):
            return Fact(Text(str(value)))
        return Fact(Text(value.value, value.language or "", value.datatype.value))
