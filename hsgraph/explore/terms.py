"""The terms that the query editor completes, with their labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal

from hsgraph.describe.words.labels import choose, words
from hsgraph.engine.protocol import Engine
from hsgraph.explore.queries import query
from hsgraph.namespaces import RDF, local_name

KINDS = ("class", "property", "concept")


@dataclass(frozen=True)
class Term:
    """An IRI to write, the kind of term it is, and what people call it."""

    iri: str
    kind: str
    label: str


def terms(engine: Engine) -> tuple[Term, ...]:
    """Classes, properties and concepts of the data that the engine answers from now."""
    return _terms(engine, engine.version)


@lru_cache(maxsize=2)
def _terms(engine: Engine, version: str) -> tuple[Term, ...]:
    labels: dict[tuple[str, str], list[Literal]] = {}
    for row in engine.select(query("terms")).rows:
        found = labels.setdefault((row["kind"].value, row["term"].value), [])
        label = row.get("label")
        if isinstance(label, Literal):
            found.append(label)
    labels.setdefault(("property", RDF + "type"), [])
    order = sorted(labels, key=lambda key: (KINDS.index(key[0]), key[1]))
    return tuple(Term(iri, kind, _said(labels[kind, iri], iri)) for kind, iri in order)


def _said(labels: list[Literal], iri: str) -> str:
    label = choose(labels)
    return label.value if label is not None else words(local_name(iri))
