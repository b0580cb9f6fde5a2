"""Search over an engine without an index beside it, and what a name means to any search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from hsgraph.build.index.words import fold
from hsgraph.describe.values import first_of, is_described
from hsgraph.describe.words.labels import Labels, kind_of
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import ID, VOCAB
from hsgraph.resources import queries
from hsgraph.search.addresses import iris
from hsgraph.search.fulltext import IndexSearch
from hsgraph.search.results import LONGEST, Hit, SearchResults

_query: Final = queries("hsgraph.search.queries")
_PROGRAMMES: Final = 500
_MEANT: Final = 8
"""Programmes that a name may mean, of which a reader is asked to choose one."""


@dataclass(frozen=True)
class EngineSearch:
    """Searches labels by a query, for engines that have no index beside them."""

    engine: Engine

    def kinds(self) -> tuple[str, ...]:
        """Not known: to ask an engine for all of them takes long."""
        return ()

    def search(
        self,
        text: str,
        *,
        kinds: Sequence[str] = (),
        limit: int = 20,
        offset: int = 0,
        brief: bool = False,
    ) -> SearchResults:
        """Things whose label or other name holds the text as it stands; no way is quicker."""
        wanted = text.strip()[:LONGEST].lower()
        if not wanted:
            return SearchResults(text, 0, ())
        rows = self.engine.select(_query("scan"), {"text": Literal(wanted)}).rows
        things = [row["thing"].value for row in rows if "thing" in row]
        named = first_of(self.engine, iris(text), described=True)
        things += [named] if named and named not in things else []
        counts = Counter(_kind(iri) for iri in things)
        things = [iri for iri in things if not kinds or _kind(iri) in kinds]
        labels = Labels.fetch(self.engine, things)
        hits = [Hit(iri, labels.ref(iri).label, _kind(iri), 1.0) for iri in things]
        hits.sort(key=lambda hit: (len(hit.label), hit.label, hit.iri))
        found = tuple(hits[offset : offset + limit])
        return SearchResults(text, len(hits), found, len(hits), tuple(sorted(counts.items())))

    def programmes(self, text: str) -> list[str]:
        """The IRIs of the programmes that match, at most `_PROGRAMMES`."""
        return [hit.iri for hit in self.search(text, kinds=["project"], limit=_PROGRAMMES).results]


def _kind(iri: str) -> str:
    return "concept" if iri.startswith(VOCAB) else kind_of(iri) or "thing"


Search = IndexSearch | EngineSearch
"""Finds things by words."""


def programmes_meant(
    engine: Engine, search: Callable[..., SearchResults], name: str
) -> tuple[Hit, ...]:
    """The one programme with this slug, name or part of a name; else all that may be meant."""
    slug = name.removeprefix(ID).removeprefix("project/")
    iri = f"{ID}project/{slug}"
    if is_described(engine, iri):
        return (Hit(iri, name, "project", 1.0),)
    hits = tuple(search(name, kinds=("project",), limit=_MEANT).results)
    named = tuple(hit for hit in hits if fold(name) in fold(hit.label))
    called = tuple(hit for hit in named if fold(hit.label) == fold(name))
    return called or (named if len(named) == 1 else hits)
