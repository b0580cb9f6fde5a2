"""The terms and things that the query editor completes, with their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal

from hsgraph.describe.words.labels import choose, words
from hsgraph.engine.protocol import Engine
from hsgraph.explore.queries import query
from hsgraph.languages import per_reader
from hsgraph.namespaces import RDF, local_name

_MOST_NAMES = 6
KINDS = ("class", "property", "concept")


@dataclass(frozen=True)
class Term:
    """An IRI to write, the kind of term it is, and what people call it."""

    iri: str
    kind: str
    label: str
    names: tuple[str, ...] = ()


def terms(engine: Engine) -> tuple[Term, ...]:
    """Classes, properties and concepts of the data that the engine answers from now."""
    return _terms(engine, engine.version)


@per_reader(2)
def _terms(engine: Engine, version: str) -> tuple[Term, ...]:
    labels: dict[tuple[str, str], list[Literal]] = {}
    for row in engine.select(query("terms")).rows:
        found = labels.setdefault((row["kind"].value, row["term"].value), [])
        label = row.get("label")
        if isinstance(label, Literal):
            found.append(label)
    labels.setdefault(("property", RDF + "type"), [])
    order = sorted(labels, key=lambda key: (KINDS.index(key[0]), key[1]))
    terms = [Term(iri, kind, _said(labels[kind, iri], iri)) for kind, iri in order]
    return (*terms, *_things(engine))


def _things(engine: Engine) -> Iterator[Term]:
    """What queries name most besides: organisations and places, each by all of its names."""
    labels: dict[tuple[str, str], list[Literal]] = defaultdict(list)
    others: dict[str, set[str]] = defaultdict(set)
    for row in engine.select(query("things")).rows:
        kind, iri, name = row["kind"].value, row["thing"].value, row["name"]
        if isinstance(name, Literal):
            others[iri].add(name.value)
            if row["main"].value == "true":
                labels[kind, iri].append(name)
    for (kind, iri), found in sorted(labels.items()):
        label = _said(found, iri)
        yield Term(iri, kind, label, tuple(sorted(others[iri] - {label}))[:_MOST_NAMES])


def _said(labels: list[Literal], iri: str) -> str:
    label = choose(labels)
    return label.value if label is not None else words(local_name(iri))
