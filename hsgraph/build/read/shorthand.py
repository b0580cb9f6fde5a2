"""Puts in what the short forms of the files of data/ leave out, before anything else reads them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Store

from hsgraph.errors import Place
from hsgraph.namespaces import ID

_EVIDENCE: Final = ID + "evidence/"
_SELECTOR: Final = ID + "selector/"


def expand(store: Store, locations: dict[str, list[Place]]) -> None:
    """Write out the short forms in each named graph; what is added has the place of its origin."""
    store.update(_updates())
    for iri in [iri for iri in locations if iri.startswith(_EVIDENCE)]:
        selector = _SELECTOR + iri.removeprefix(_EVIDENCE)
        if selector not in locations and _said_of(store, selector):
            locations[selector] = locations[iri]


def _said_of(store: Store, iri: str) -> bool:
    return any(True for _ in store.quads_for_pattern(NamedNode(iri), None, None))


@cache
def _updates() -> str:
    return Path(__file__).with_name("shorthand.ru").read_text("utf-8")
