"""Search by names and texts: over the snapshot's index, or by a plain query where there is none."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from pyoxigraph import Literal

from hsgraph.build.index import fold
from hsgraph.describe.labels import Labels, kind_of
from hsgraph.engine.protocol import Engine

if TYPE_CHECKING:
    from hsgraph.build.snapshot import Snapshot

LONGEST: Final = 200
"""Characters of a search text that count; the rest is left out."""
_MOST_WORDS: Final = 12
_NEAR: Final = 0.72
_COLUMNS: Final = "thing.iri, thing.label, thing.kind, thing.names, thing.description"
_FIRST_KINDS: Final = "CASE thing.kind WHEN 'project' THEN 1.6 WHEN 'concept' THEN 1.3 " + (
    "WHEN 'place' THEN 1.2 WHEN 'organisation' THEN 1.2 WHEN 'graph' THEN 0.4 ELSE 1.0 END"
)
_SCAN: Final = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing WHERE {
  ?thing skos:prefLabel|skos:altLabel ?label .
  FILTER(CONTAINS(LCASE(STR(?label)), $text))
}
ORDER BY ?thing
LIMIT 500
"""


@dataclass(frozen=True)
class Hit:
    """A thing found; `matched` is the other name that the text met, if it was not the label."""

    iri: str
    label: str
    kind: str
    score: float
    matched: str = ""
    description: str = ""


@dataclass(frozen=True)
class SearchResults:
    """One page of the things found, best first; `near` says that only similar words were met."""

    query: str
    total: int
    results: tuple[Hit, ...]
    near: bool = False


class Search(Protocol):
    """Finds things by words."""

    def search(
        self, text: str, *, kinds: Sequence[str] = (), limit: int = 20, offset: int = 0
    ) -> SearchResults: ...


@dataclass(frozen=True)
class IndexSearch:
    """Reads the full-text index of a snapshot (see `hsgraph.build.index`)."""

    path: Path

    def search(
        self, text: str, *, kinds: Sequence[str] = (), limit: int = 20, offset: int = 0
    ) -> SearchResults:
        """Things with all the words; else with any of them; else with words much like them."""
        found = words(text)
        if not found:
            return SearchResults(text, 0, ())
        with closing(self._open()) as database:
            for joined in (" AND ", " OR "):
                match = joined.join(f'"{word}"*' for word in found)
                total, hits = _matches(database, match, kinds, limit, offset)
                if total:
                    named = tuple(replace(h, matched=_other_name(h, found)) for h in hits)
                    return SearchResults(text, total, named)
            similar = _similar(database, found, kinds)
        return SearchResults(text, len(similar), similar[offset : offset + limit], near=True)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


@dataclass(frozen=True)
class EngineSearch:
    """Searches labels by a query, for engines that have no index beside them."""

    engine: Engine

    def search(
        self, text: str, *, kinds: Sequence[str] = (), limit: int = 20, offset: int = 0
    ) -> SearchResults:
        """Things whose label or other name holds the text as it stands."""
        wanted = text.strip()[:LONGEST].lower()
        if not wanted:
            return SearchResults(text, 0, ())
        rows = self.engine.select(_SCAN, {"text": Literal(wanted)}).rows
        things = [row["thing"].value for row in rows if "thing" in row]
        things = [iri for iri in things if not kinds or kind_of(iri) in kinds]
        labels = Labels.fetch(self.engine, things)
        hits = [Hit(iri, labels.ref(iri).label, kind_of(iri), 1.0) for iri in things]
        hits.sort(key=lambda hit: (len(hit.label), hit.label, hit.iri))
        return SearchResults(text, len(hits), tuple(hits[offset : offset + limit]))


def open_search(snapshot: Snapshot) -> Search:
    """The search over a snapshot."""
    return IndexSearch(snapshot.search)


def words(text: str) -> list[str]:
    """The words of a search text; nothing else of it reaches the index's query language."""
    return re.findall(r"\w+", text[:LONGEST])[:_MOST_WORDS]


def _matches(
    database: sqlite3.Connection, match: str, kinds: Sequence[str], limit: int, offset: int
) -> tuple[int, list[Hit]]:
    where, values = _where(kinds)
    source = f"FROM text JOIN thing ON thing.id = text.rowid WHERE text MATCH ? {where}"
    total = database.execute(f"SELECT count(*) {source}", (match, *values)).fetchone()[0]
    score = f"-bm25(text, 10, 5, 1) * {_FIRST_KINDS} * (1 + ln(1 + thing.links) / 10.0)"
    rows = database.execute(
        f"SELECT {_COLUMNS}, {score} AS score {source}"
        " ORDER BY score DESC, thing.id LIMIT ? OFFSET ?",
        (match, *values, limit, offset),
    )
    return total, [Hit(r[0], r[1], r[2], r[5], r[3], r[4]) for r in rows]


def _similar(
    database: sqlite3.Connection, found: list[str], kinds: Sequence[str]
) -> tuple[Hit, ...]:
    parts = {w[i : i + 3] for w in map(fold, found) for i in range(len(w) - 2)}
    if not parts:
        return ()
    where, values = _where(kinds)
    rows = database.execute(
        f"SELECT {_COLUMNS} FROM trigram JOIN thing ON thing.id = trigram.rowid"  # noqa: S608
        f" WHERE trigram MATCH ? {where} ORDER BY trigram.rank LIMIT 200",
        (" OR ".join(f'"{part}"' for part in sorted(parts)), *values),
    )
    hits = [Hit(r[0], r[1], r[2], _likeness(found, r[1], r[3]), "", r[4]) for r in rows]
    near = [hit for hit in hits if hit.score >= _NEAR]
    return tuple(sorted(near, key=lambda hit: (-hit.score, hit.label, hit.iri)))


def _likeness(found: list[str], label: str, names: str) -> float:
    """How like the words looked for are to the words of a thing, the worst of them."""
    known = {fold(word) for word in re.findall(r"\w+", f"{label} {names}")}
    return min(
        max((SequenceMatcher(None, fold(word), other).ratio() for other in known), default=0.0)
        for word in found
    )


def _where(kinds: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    if not kinds:
        return "", ()
    return f"AND thing.kind IN ({', '.join('?' * len(kinds))})", tuple(kinds)


def _other_name(hit: Hit, found: list[str]) -> str:
    """The other name that explains a hit; empty when the label does."""
    wanted = [fold(word) for word in found]
    if any(word in fold(hit.label) for word in wanted):
        return ""
    names = hit.matched.split("\n")
    return next((name for name in names if any(w in fold(name) for w in wanted)), "")
