"""What a thing says by nodes without an IRI, for its page: properties within properties, lists.

Things of ours have none; other people's data is full of them. Depth and number are bounded as in
the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from hsgraph.describe.documents.document import DEPTH, Document
from hsgraph.describe.entity.facts import Fact, Text, with_languages
from hsgraph.describe.values import FIRST, by_key, cells
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.literals import plain
from hsgraph.namespaces import BASE, NAMING, OWL, RDF, member

MOST: Final = 50
"""Values that a node shows of one property, and items of one list."""
_TYPE: Final = NamedNode(RDF + "type")
_ABOUT_STATEMENTS: Final = tuple(
    tuple(NamedNode(space + name) for name in names)
    for space, names in (
        (OWL, ("annotatedSource", "annotatedProperty", "annotatedTarget")),
        (RDF, ("subject", "predicate", "object")),
    )
)
_Subject = NamedNode | BlankNode | Triple
_Said = Mapping[_Subject, list[Triple]]


@dataclass(frozen=True)
class Node(Text):
    """A node without an IRI: what it says by property, or the items of a list; `text` is all."""

    rows: tuple[tuple[Ref, tuple[Fact, ...]], ...] = ()
    items: tuple[Fact, ...] = ()


def nested(document: Document) -> dict[str, tuple[Fact, ...]]:
    """The nodes without an IRI that the thing of a document leads to, by property."""
    if document.iri.startswith(BASE):
        return {}
    said = document.said
    own = said.get(NamedNode(document.iri), ())
    roots = by_key((t.predicate.value, t.object) for t in own if isinstance(t.object, BlankNode))
    if not roots:
        return {}
    nodes: _Said = {s: said[s] for s in said if isinstance(s, BlankNode)}
    reader = _Reader(nodes, _labels(document, nodes))
    return {
        predicate: tuple(Fact(reader.node(node, DEPTH)) for node in nodes)
        for predicate, nodes in roots.items()
    }


def remarks(document: Document) -> tuple[Fact, ...]:
    """What is said of single statements about the thing, each with the statement it is about."""
    if document.iri.startswith(BASE):
        return ()
    thing, said = NamedNode(document.iri), document.said
    found = [
        (node, source, about, target)
        for node, triples in said.items()
        for source, about, target in _ABOUT_STATEMENTS
        if any(t.predicate == source and (t.object == thing or t.object in said) for t in triples)
    ]
    if not found:
        return ()
    reader = _Reader(said, _labels(document, {node: said[node] for node, *_ in found}))
    return tuple(Fact(reader.annotation(*each)) for each in found)


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
        if any(triple.predicate == FIRST for triple in triples):
            items = self._items(node, depth)
            return Node(", ".join(item.label for item in items), items=items)
        return self._rows(triples, depth)

    def annotation(
        self,
        node: NamedNode | BlankNode | Triple,
        source: NamedNode,
        predicate: NamedNode,
        target: NamedNode,
    ) -> Node:
        """A statement, by its property and its value, and what is said of it."""
        given = {triple.predicate: triple.object for triple in self._said.get(node, ())}
        left_out = (source, predicate, target, _TYPE)
        said = self._rows([t for t in self._said[node] if t.predicate not in left_out], DEPTH)
        property_, value = given.get(predicate), given.get(target)
        if not isinstance(property_, NamedNode) or value is None:
            return said
        statement = self._fact(Triple(property_, property_, value), DEPTH - 1)
        about = self._labels.property(property_.value)
        rows = ((about, (statement,)), *said.rows)
        return Node(f"{about.label} {statement.label}: {said.text}", rows=rows)

    def _rows(self, triples: Iterable[Triple], depth: int) -> Node:
        by = by_key((triple.predicate, self._fact(triple, depth - 1)) for triple in triples)
        named_first = sorted(by, key=lambda p: (p.value not in NAMING, member(p.value)))
        rows = tuple(
            (self._labels.property(p.value), with_languages(by[p][:MOST])) for p in named_first
        )
        told = (f"{about.label}: {', '.join(f.label for f in facts)}" for about, facts in rows)
        return Node("; ".join(told), rows=rows)

    def _items(self, node: BlankNode, depth: int) -> tuple[Fact, ...]:
        said = (t for cell in cells(self._said, node) for t in self._said.get(cell, ()))
        items = (self._fact(t, depth - 1) for t in said if t.predicate == FIRST)
        return with_languages(list(islice(items, MOST)))

    def _fact(self, triple: Triple, depth: int) -> Fact:
        value = triple.object
        if isinstance(value, NamedNode):
            return Fact(self._labels.ref(value.value))
        if isinstance(value, BlankNode):
            return Fact(self.node(value, depth))
        if isinstance(value, Triple):
            return Fact(Text(str(value)))
        text = plain(value.value, value.datatype.value) or value.value
        return Fact(Text(text, value.language or "", value.datatype.value))
