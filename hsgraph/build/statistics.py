"""Counts what a graph holds, as VoID asks: by class, by property, and by what a property leads to.

Every triple counts once, in however many graphs it stands. The tests hold these numbers equal to
those that SPARQL queries count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from hsgraph.namespaces import ID, RDF, VOCAB

_TYPE: Final = NamedNode(RDF + "type")
Term = NamedNode | BlankNode | Literal | Triple


@dataclass
class PropertyCount:
    """The triples with one property, and what their objects are: things of a class, or values."""

    triples: int = 0
    subjects: set[Term] = field(default_factory=set)
    objects: set[Term] = field(default_factory=set)
    classes: Counter[str] = field(default_factory=Counter)
    datatypes: Counter[str] = field(default_factory=Counter)

    def add(self, triple: Triple, types: Mapping[Term, list[str]]) -> None:
        """Count one triple."""
        self.triples += 1
        self.subjects.add(triple.subject)
        self.objects.add(triple.object)
        if isinstance(triple.object, Literal):
            self.datatypes[triple.object.datatype.value] += 1
        else:
            self.classes.update(types.get(triple.object, ()))


@dataclass
class ClassCount:
    """The things of one class, and the triples that have them as subject, by property."""

    entities: set[Term] = field(default_factory=set)
    properties: dict[str, PropertyCount] = field(default_factory=dict)

    @property
    def triples(self) -> int:
        return sum(count.triples for count in self.properties.values())


@dataclass
class LinkCount:
    """Links with one property from our things to those of one namespace of others."""

    property: str
    namespace: str
    triples: int = 0


@dataclass(frozen=True)
class Statistics:
    """All counts; `entities` are the things below `id/` that have statements of their own."""

    triples: int
    entities: int
    subjects: int
    objects: int
    classes: Mapping[str, ClassCount]
    properties: Mapping[str, PropertyCount]
    links: tuple[LinkCount, ...]


def statistics(triples: Iterable[Triple], namespaces: Iterable[str]) -> Statistics:
    """Count triples, each given once; `namespaces` are those of others that links may lead to."""
    kept = list(triples)
    types: dict[Term, list[str]] = defaultdict(list)
    for triple in kept:
        if triple.predicate == _TYPE and isinstance(triple.object, NamedNode):
            types[triple.subject].append(triple.object.value)
    classes: dict[str, ClassCount] = defaultdict(ClassCount)
    properties: dict[str, PropertyCount] = defaultdict(PropertyCount)
    for triple in kept:
        predicate = triple.predicate.value
        properties[predicate].add(triple, types)
        for name in types.get(triple.subject, ()):
            found = classes[name]
            found.entities.add(triple.subject)
            found.properties.setdefault(predicate, PropertyCount()).add(triple, types)
    subjects = {triple.subject for triple in kept}
    return Statistics(
        triples=len(kept),
        entities=sum(isinstance(s, NamedNode) and s.value.startswith(ID) for s in subjects),
        subjects=len(subjects),
        objects=len({triple.object for triple in kept}),
        classes=dict(sorted(classes.items())),
        properties=dict(sorted(properties.items())),
        links=_links(kept, tuple(namespaces)),
    )


def _links(triples: list[Triple], namespaces: tuple[str, ...]) -> tuple[LinkCount, ...]:
    found: dict[tuple[str, str], LinkCount] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
            continue
        if triple.predicate == _TYPE or not subject.value.startswith((ID, VOCAB)):
            continue
        namespace = next((n for n in namespaces if value.value.startswith(n)), None)
        if namespace:
            key = (triple.predicate.value, namespace)
            found.setdefault(key, LinkCount(*key)).triples += 1
    return tuple(found[key] for key in sorted(found))
