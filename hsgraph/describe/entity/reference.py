"""What the reference pages show: the terms of a graph of definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from hsgraph.build.index.words import fold
from hsgraph.describe.queries import query
from hsgraph.describe.values import by_key
from hsgraph.describe.words.labels import Labels, Ref, chosen
from hsgraph.engine.protocol import Engine, Term
from hsgraph.errors import UnknownEntity
from hsgraph.languages import later, said
from hsgraph.languages import translated as _
from hsgraph.namespaces import BASE, DCTERMS, OWL, RDF, RDFS, SH, SKOS, compact

_GROUPS: Final = {
    OWL + "Class": later("Classes"),
    OWL + "ObjectProperty": later("Properties that link things"),
    OWL + "DatatypeProperty": later("Properties with values"),
    OWL + "AnnotationProperty": later("Properties for remarks"),
    SH + "NodeShape": later("Shapes"),
    SH + "PropertyShape": later("Shapes of properties"),
    SH + "PropertyGroup": later("Groups of properties"),
    SH + "SPARQLRule": later("Rules"),
    OWL + "NamedIndividual": later("Individuals"),
}
_PROPERTY: Final = SH + "property"
_NAMES: Final = (SKOS + "prefLabel", RDFS + "label", SH + "name")
_DEFINITIONS: Final = (SKOS + "definition", RDFS + "comment", SH + "description", SH + "message")
_SHOWN_APART: Final = {*_NAMES, *_DEFINITIONS, RDF + "type", RDFS + "isDefinedBy"}


TermFacts = tuple[tuple[Ref, tuple[Ref, ...]], ...]
"""The properties of a term with their values; a text is a `Ref` without an IRI."""


@dataclass(frozen=True)
class TermView:
    """A class, property, shape or rule; a shape with the shapes of properties that it alone has."""

    iri: str
    anchor: str
    name: str
    label: str
    definition: str
    facts: TermFacts
    parts: tuple[TermView, ...] = ()

    @property
    def own(self) -> bool:
        """Whether the term is the project's, not taken over from another vocabulary."""
        return self.iri.startswith(BASE)


@dataclass(frozen=True)
class Group:
    """Terms of one kind."""

    title: str
    anchor: str
    terms: tuple[TermView, ...]


@dataclass(frozen=True)
class ReferenceView:
    """A graph of definitions: what it is, and its terms by kind."""

    iri: str
    title: str
    description: str
    facts: TermFacts
    groups: tuple[Group, ...]


def reference(engine: Engine, graph: str, about: str) -> ReferenceView:
    """The terms of a graph of definitions, `about` being the IRI that stands for them all.

    Raises `UnknownEntity` if there is no such graph.
    """
    found = definitions(engine, graph)
    if not found:
        raise UnknownEntity(f"There is no graph <{graph}>.")
    named = {
        value for properties in found.values() for each in properties.values() for value in each
    }
    labels = Labels.fetch(engine, named | {p for properties in found.values() for p in properties})
    own = found.pop(about, {})
    groups: dict[str, list[TermView]] = defaultdict(list)
    parts = _parts(found)
    inner = {part for each in parts.values() for part in each}
    for iri, properties in found.items():
        if iri not in inner and (kind := _kind(properties)):
            within = (_term(part, found[part], labels) for part in parts.get(iri, ()))
            groups[kind].append(_term(iri, properties, labels, tuple(sorted(within, key=_by_name))))
    order = list(_GROUPS.values())
    return ReferenceView(
        about,
        text(own, (DCTERMS + "title", *_NAMES)) or compact(about),
        text(own, (DCTERMS + "description", *_DEFINITIONS)),
        _facts({p: v for p, v in own.items() if p not in _DESCRIBED}, labels),
        tuple(
            Group(_(title), title.lower().replace(" ", "-"), tuple(sorted(terms, key=_by_name)))
            for title, terms in sorted(groups.items(), key=lambda item: order.index(item[0]))
        ),
    )


_DESCRIBED: Final = {DCTERMS + "title", DCTERMS + "description"}
_Properties = Mapping[str, list[Term]]


def definitions(engine: Engine, graph: str) -> dict[str, dict[str, list[Term]]]:
    """What a graph of definitions says of each term, by property."""
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in engine.select(query("terms"), {"graph": NamedNode(graph)}).rows:
        found[row["term"].value][row["property"].value].append(row["value"])
    return found


def _kind(properties: _Properties) -> str | None:
    types = {term.value for term in properties.get(RDF + "type", ())}
    known = next((title for iri, title in _GROUPS.items() if iri in types), None)
    return known or (_GROUPS[OWL + "NamedIndividual"] if types - {OWL + "Ontology"} else None)


def _parts(found: Mapping[str, _Properties]) -> dict[str, list[str]]:
    """The shapes of properties that only one shape has, by that shape."""
    wholes = by_key((p.value, iri) for iri, said in found.items() for p in said.get(_PROPERTY, ()))
    alone = ((of[0], part) for part, of in wholes.items() if part in found and len({*of}) == 1)
    return by_key((of, part) for of, part in alone if of not in wholes)


def _term(
    iri: str, properties: _Properties, labels: Labels, parts: tuple[TermView, ...] = ()
) -> TermView:
    name, anchor = compact(iri), anchor_of(iri)
    if iri.startswith(BASE):
        name = anchor if name == iri else name
    label = text(properties, _NAMES) or name
    told = {part.iri for part in parts}
    rest = [term for term in properties.get(_PROPERTY, ()) if term.value not in told]
    facts = _facts({**properties, _PROPERTY: rest}, labels)
    return TermView(iri, anchor, name, label, text(properties, _DEFINITIONS), facts, parts)


def anchor_of(iri: str) -> str:
    """The name that a term has on the page of its definitions."""
    return iri.rpartition("#")[2] if iri.startswith(BASE) else compact(iri).replace(":", "-", 1)


def _by_name(term: TermView) -> tuple[str, str]:
    return fold(term.label), term.iri


def text(properties: _Properties, names: Iterable[str]) -> str:
    """The first of some properties that there is, in the reader's language if it has that."""
    for name in names:
        if found := chosen(properties.get(name, ())):
            return found
    return ""


def _facts(properties: _Properties, labels: Labels) -> TermFacts:
    facts = []
    for iri, terms in sorted(properties.items()):
        values = {_value(term, labels) for term in terms if not isinstance(term, BlankNode)}
        if values and iri not in _SHOWN_APART:
            ordered = sorted(values, key=lambda value: (value.label, value.iri))
            facts.append((labels.property(iri), tuple(ordered)))
    return tuple(facts)


def _value(term: Term, labels: Labels) -> Ref:
    if isinstance(term, Literal):
        return Ref("", said(dedent(term.value).strip(), term.language or ""))
    return labels.ref(term.value)
