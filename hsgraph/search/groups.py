"""What a page of results says of hits: their groups by kind, and what each thing is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hsgraph.describe.shared import listing
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, words
from hsgraph.engine.protocol import Engine
from hsgraph.languages import later
from hsgraph.languages import translated as _
from hsgraph.namespaces import SKOS, VOCAB
from hsgraph.search.results import Hit, SearchResults

_IN_A_GROUP: Final = 5
_NAMES: Final = {"concept": later("Vocabulary terms"), "scheme": later("Vocabularies")}
"""Kinds whose class has a name that few people know."""
_CLASSES: Final = {
    **listing.CLASSES,
    "concept": SKOS + "Concept",
    "scheme": SKOS + "ConceptScheme",
}


@dataclass(frozen=True)
class Group:
    """The best things of one kind, and how many there are of it."""

    kind: str
    label: str
    total: int
    hits: tuple[Hit, ...]


def groups_of(
    found: SearchResults, names: Mapping[str, str], first: Sequence[str]
) -> tuple[Group, ...]:
    """The kinds found, those with the best things first; after the `first` kinds all others."""
    order = list(dict.fromkeys(hit.kind for hit in found.results))
    order.sort(key=lambda kind: kind not in first)
    order += [kind for kind, _ in found.kinds if kind not in order]
    totals = dict(found.kinds)
    return tuple(
        Group(
            kind,
            names.get(kind, kind),
            totals.get(kind, 0),
            tuple(hit for hit in found.results if hit.kind == kind)[:_IN_A_GROUP],
        )
        for kind in order
    )


def plurals(engine: Engine, kinds: Sequence[str]) -> dict[str, str]:
    """What many things of each kind are called: by the label of their class."""
    labels = Labels.fetch(engine, [_CLASSES[k] for k in kinds if k in _CLASSES])
    return {kind: _(_NAMES.get(kind, "")) or wording.many(_label(labels, kind)) for kind in kinds}


def _label(labels: Labels, kind: str) -> str:
    iri = _CLASSES.get(kind, "")
    return labels.ref(iri).label if labels.of(iri).names else words(kind).capitalize()


def notes_on(engine: Engine, hits: Sequence[Hit]) -> dict[str, str]:
    """What each thing is: the vocabulary of a concept, the class of all others."""
    labels = Labels.fetch(engine, [hit.iri for hit in hits])
    about = {
        hit.iri: VOCAB + hit.iri[len(VOCAB) :].split("/")[0]
        if hit.kind == "concept"
        else next(iter(labels.of(hit.iri).types), "")
        for hit in hits
    }
    names = Labels.fetch(engine, {iri for iri in about.values() if iri})
    return {
        hit.iri: names.ref(about[hit.iri]).label if about[hit.iri] else words(hit.kind).capitalize()
        for hit in hits
    }
