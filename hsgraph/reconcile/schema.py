"""The types and properties to reconcile with: classes, vocabularies, and the paths of shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.words.labels import Labels
from hsgraph.engine.protocol import Engine, Row
from hsgraph.namespaces import HS, RDF, RDFS, SKOS
from hsgraph.reconcile.queries import query

_ABOVE: Final = f"VALUES ?given {{ $type }} ?given <{RDFS}subClassOf>* ?class"
_OF_CONCEPTS: Final = f"VALUES ?class {{ <{SKOS}Concept> }}"
_ANY: Final = "VALUES ?any { 1 }"


@dataclass(frozen=True)
class Item:
    """A type or a property."""

    iri: str
    name: str
    description: str = ""


def types(engine: Engine) -> tuple[Item, ...]:
    """The classes with things in them, and the vocabularies, by name."""
    found = _items(engine, engine.select(query("types"), {"namespace": NamedNode(HS)}).rows, "type")
    return tuple(sorted(found, key=lambda item: item.name))


def properties(engine: Engine, of: str = "") -> tuple[Item, ...]:
    """The properties that shapes name, in their order; only those for things of a type if given."""
    pattern, parameters = _ANY, {}
    if of:
        scheme = engine.ask(f"ASK {{ $type a <{SKOS}ConceptScheme> }}", {"type": NamedNode(of)})
        pattern = _OF_CONCEPTS if scheme else _ABOVE
        parameters = {} if scheme else {"type": NamedNode(of)}
    rows = engine.select(query("properties").replace("{ $types }", pattern), parameters).rows
    return tuple(i for i in _items(engine, rows, "property") if i.iri != RDF + "type")


def members(engine: Engine, given: tuple[str, ...]) -> frozenset[str]:
    """Types with all below them."""
    rows = engine.select(query("members"), {"types": [NamedNode(iri) for iri in given]}).rows
    return frozenset({*given, *(row["type"].value for row in rows)})


def _items(engine: Engine, rows: tuple[Row, ...], about: str) -> list[Item]:
    texts: dict[str, str] = {}
    for row in rows:
        text = row["text"].value if "text" in row else ""
        texts[row[about].value] = texts.get(row[about].value) or text
    labels = Labels.fetch(engine, list(texts))
    return [Item(iri, labels.property(iri).label, text) for iri, text in texts.items()]
