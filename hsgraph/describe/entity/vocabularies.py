"""Vocabularies as trees of their concepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.queries import query
from hsgraph.describe.values import by_key, values_of
from hsgraph.describe.words.labels import Labels, chosen
from hsgraph.engine.protocol import Engine, Parameters
from hsgraph.errors import UnknownEntity
from hsgraph.languages import later, told
from hsgraph.namespaces import DCTERMS, SKOS, VOCAB

MOST_CONCEPTS: Final = 20_000
"""Rows of concepts that are read for one tree."""
_DEEPEST: Final = 30
_CONCEPT: Final = SKOS + "Concept"


@dataclass(frozen=True)
class ConceptView:
    """A concept with those that are narrower; or a vocabulary with its top ones, and the count."""

    iri: str
    label: str
    definition: str
    narrower: tuple[ConceptView, ...] = ()
    count: int = 0


def schemes(engine: Engine) -> tuple[ConceptView, ...]:
    """All vocabularies, by name."""
    rows = [row for row in engine.select(query("schemes")).rows if "scheme" in row]
    labels = Labels.fetch(engine, [row["scheme"] for row in rows])
    told = _texts(engine, [row["scheme"].value for row in rows], DCTERMS + "description")
    found = (
        ConceptView(
            row["scheme"].value,
            labels.ref(row["scheme"].value).label,
            told[row["scheme"].value],
            count=int(row["concepts"].value),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda scheme: (scheme.label.casefold(), scheme.iri)))


def scheme(engine: Engine, name: str) -> ConceptView:
    """One vocabulary, by name or IRI, with its concepts as a tree. Raises `UnknownEntity`."""
    iri = name if ":" in name else VOCAB + name
    found = next((each for each in schemes(engine) if each.iri == iri), None)
    if found is None:
        raise UnknownEntity(
            told(later("There is no vocabulary called {1}."), name),
            remedy=later("The page /vocab lists them all."),
        )
    asked = query("concepts" if iri.startswith(VOCAB) else "concepts_of_others")
    tree = _concepts(engine, asked, {"scheme": NamedNode(iri)})
    return replace(found, narrower=tree, count=len(iris_in(tree)))


def loose_concepts(engine: Engine) -> tuple[ConceptView, ...]:
    """The concepts of no vocabulary as one, named by their class; nothing where there are none."""
    tree = _concepts(engine, query("loose_concepts"), {})
    label = Labels.fetch(engine, [_CONCEPT]).ref(_CONCEPT).label
    return (ConceptView(_CONCEPT, label, "", tree, len(iris_in(tree))),) if tree else ()


def iris_in(tree: tuple[ConceptView, ...]) -> set[str]:
    """The IRIs of all concepts of a tree."""
    return {iri for each in tree for iri in (each.iri, *iris_in(each.narrower))}


def _texts(engine: Engine, iris: Iterable[str], about: str) -> dict[str, str]:
    """What a property says of each thing, in the reader's language where it has words in it."""
    return {
        iri: chosen(values.get(about, ()))
        for iri, values in values_of(engine, iris, [about]).items()
    }


def _concepts(engine: Engine, asked: str, parameters: Parameters) -> tuple[ConceptView, ...]:
    """The tree of the concepts; those that only go round in a circle stand at its end."""
    rows = engine.select(f"{asked} LIMIT {MOST_CONCEPTS:d}", parameters).rows
    concepts = {row["concept"].value: None for row in rows if isinstance(row["concept"], NamedNode)}
    labels = Labels.fetch(engine, list(concepts))
    above = ((row["broader"].value, row["concept"].value) for row in rows if "broader" in row)
    pairs = [(up, iri) for up, iri in above if up in concepts]
    tops = concepts.keys() - {iri for _, iri in pairs}
    below = by_key([*pairs, *(("", iri) for iri in tops)])
    told = _texts(engine, concepts, SKOS + "definition")

    def tree(broader: str, above: frozenset[str]) -> tuple[ConceptView, ...]:
        refs = labels.sorted({iri for iri in below.get(broader, ()) if iri not in above})
        deeper = len(above) < _DEEPEST
        return tuple(
            ConceptView(
                *(ref.iri, ref.label, told.get(ref.iri, "")),
                tree(ref.iri, above | {ref.iri}) if deeper else (),
            )
            for ref in refs
        )

    found = tree("", frozenset())
    lost = labels.sorted(concepts.keys() - iris_in(found))
    return (*found, *(ConceptView(ref.iri, ref.label, told[ref.iri]) for ref in lost))
