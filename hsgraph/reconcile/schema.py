"""The types and properties to reconcile with: classes, vocabularies, and the paths of shapes.

Data of others have no shapes here: theirs are all classes and properties that things have. Both
are read of the whole graph, so once for each version of it: clients ask with each key typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.dataset import programmes_are_in
from hsgraph.describe.queries import query as described
from hsgraph.describe.values import per_version
from hsgraph.describe.words.labels import Labels, chosen
from hsgraph.engine.protocol import Engine, Row, Term
from hsgraph.namespaces import HS, RDF, RDFS, SKOS
from hsgraph.reconcile.queries import query

_ABOVE: Final = f"VALUES ?given {{ $type }} ?given <{RDFS}subClassOf>* ?class"
_OF_CONCEPTS: Final = f"VALUES ?class {{ <{SKOS}Concept> }}"
_USED: Final = f"?thing (<{RDF}type>/<{RDFS}subClassOf>*)|<{SKOS}inScheme> $type"
_ANY: Final = "VALUES ?any { 1 }"


@dataclass(frozen=True)
class Item:
    """A type or a property."""

    iri: str
    name: str
    description: str = ""


@per_version(2, by_reader=True)
def types(engine: Engine) -> tuple[Item, ...]:
    """The classes with things in them, and the vocabularies, by name; of others the largest."""
    if programmes_are_in(engine):
        rows, about = engine.select(query("types"), {"namespace": NamedNode(HS)}).rows, "type"
    else:
        rows, about = engine.select(described("classes")).rows, "class"
    return tuple(sorted(_items(engine, rows, about), key=lambda item: item.name))


@per_version(16, by_reader=True)
def properties(engine: Engine, of: str = "") -> tuple[Item, ...]:
    """The properties to reconcile with, in order; only those for things of a type if given."""
    ours = programmes_are_in(engine)
    asked = query("properties" if ours else "used_properties")
    pattern = _ANY if not of else _ABOVE if ours else _USED
    parameters = {"type": NamedNode(of)} if of else {}
    scheme = f"ASK {{ $type a <{SKOS}ConceptScheme> }}"
    if ours and of and engine.ask(scheme, parameters):
        pattern, parameters = _OF_CONCEPTS, {}
    rows = engine.select(asked.replace("{ $types }", pattern), parameters).rows
    return tuple(i for i in _items(engine, rows, "property") if i.iri != RDF + "type")


def members(engine: Engine, given: tuple[str, ...]) -> frozenset[str]:
    """Types with all below them."""
    rows = engine.select(query("members"), {"types": [NamedNode(iri) for iri in given]}).rows
    return frozenset({*given, *(row["type"].value for row in rows)})


def _items(engine: Engine, rows: tuple[Row, ...], about: str) -> list[Item]:
    """What rows name, each with a text for the reader; a class may have no IRI, or be a text."""
    texts: dict[str, list[Term]] = {}
    for row in rows:
        if isinstance(row[about], NamedNode):
            given = texts.setdefault(row[about].value, [])
            given += [row["text"]] if "text" in row and row["text"].value else []
    labels = Labels.fetch(engine, list(texts))
    return [Item(iri, labels.property(iri).label, chosen(texts[iri])) for iri in texts]
