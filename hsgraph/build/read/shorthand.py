"""Puts in what the short forms of the files of data/ leave out, before anything else reads them."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode, Store

from hsgraph.errors import Place
from hsgraph.namespaces import ID
from hsgraph.resources import queries

_EVIDENCE: Final = ID + "evidence/"
_SELECTOR: Final = ID + "selector/"
_updates: Final = queries("hsgraph.build.read", "ru")


def expand(store: Store, locations: dict[str, list[Place]]) -> None:
    """Write out the short forms in each named graph; what is added has the place of its origin."""
    store.update(_updates("shorthand"))
    for iri in [iri for iri in locations if iri.startswith(_EVIDENCE)]:
        selector = _SELECTOR + iri.removeprefix(_EVIDENCE)
        said = store.quads_for_pattern(NamedNode(selector), None, None)
        if selector not in locations and any(said):
            locations[selector] = locations[iri]
