"""Which programmes a name or a part of one means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hsgraph.build.index.words import fold
from hsgraph.describe.values import is_described
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import ID
from hsgraph.search.results import Hit, SearchResults

_MOST: Final = 8
"""Programmes that a name may mean, of which a reader is asked to choose one."""


def programmes_meant(
    engine: Engine, search: Callable[..., SearchResults], name: str
) -> tuple[Hit, ...]:
    """The one programme with this slug, name or part of a name; else all that may be meant."""
    slug = name.removeprefix(ID).removeprefix("project/")
    iri = f"{ID}project/{slug}"
    if is_described(engine, iri):
        return (Hit(iri, name, "project", 1.0),)
    hits = tuple(search(name, kinds=("project",), limit=_MOST).results)
    named = tuple(hit for hit in hits if fold(name) in fold(hit.label))
    called = tuple(hit for hit in named if fold(hit.label) == fold(name))
    return called or (named if len(named) == 1 else hits)
