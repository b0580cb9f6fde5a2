"""What a thing says by nodes without an IRI, as rows for assistants: nodes within nodes, lists."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from hsgraph.describe.documents.document import Document
from hsgraph.describe.values import FIRST, cells, values_of
from hsgraph.engine.protocol import Term
from hsgraph.namespaces import SKOS

_MOST: Final = 300
"""Rows about nodes without an IRI."""
_NAME: Final = SKOS + "prefLabel"
Row = dict[str, str]


def nested(document: Document) -> list[Row]:
    """The values without an IRI (`_:1`, `_:2` …), and what is said of each as its `node`.

    Each row has the property of the document's thing that leads to it, and the property `inside`
    the node, or the place of an `item` in a list.
    """
    found = list(islice(_walk(document), _MOST))
    things = {value.value for _, value in found if isinstance(value, NamedNode)}
    names = values_of(document.engine, things, (_NAME,))
    for row, value in found:
        if isinstance(value, Literal) and value.language:
            row["language"] = value.language
        if isinstance(value, NamedNode):
            for name in names[value.value].get(_NAME, ()):
                if isinstance(name, Literal) and name.language == "en":
                    row["name"] = name.value
    return [row for row, _ in found]


def _walk(document: Document) -> Iterator[tuple[Row, Term | Triple]]:
    """The rows from the thing outwards, each with the value that it tells."""
    said = document.said
    numbers: dict[BlankNode, str] = {}
    waiting: list[tuple[str, BlankNode]] = []

    def told(row: Row, value: Term | Triple) -> tuple[Row, Term | Triple]:
        if isinstance(value, BlankNode) and value not in numbers:
            numbers[value] = f"_:{len(numbers) + 1}"
            waiting.append((row["property"], value))
        text = value.value if isinstance(value, NamedNode | Literal) else str(value)
        return row | {"value": numbers[value] if isinstance(value, BlankNode) else text}, value

    own = said.get(NamedNode(document.iri), [])
    for triple in own:
        if isinstance(triple.object, BlankNode):
            yield told({"property": triple.predicate.value}, triple.object)
    for start, node in waiting:
        row = {"property": start, "node": numbers[node]}
        listed = (t for cell in islice(cells(said, node), _MOST) for t in said.get(cell, ()))
        items = [triple.object for triple in listed if triple.predicate == FIRST]
        for place, item in enumerate(items, start=1):
            yield told(row | {"item": str(place)}, item)
        for triple in said.get(node, ()) if not items else ():
            yield told(row | {"inside": triple.predicate.value}, triple.object)
