"""Search over the full-text index of a snapshot: bounded work however many things match."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hsgraph.build.index import fold
from hsgraph.search.ranking import Candidate, score, words
from hsgraph.search.search import Hit, SearchResults
from hsgraph.search.spelling import alternatives, is_known

REACH: Final = 500
"""Things of one kind that are ranked and listed; more are counted only."""
COUNTED: Final = 10_000
"""Things of one kind that are counted; `more` says that there are others."""
_SAMPLE: Final = 60
"""Things of each kind that are ranked when no kind is asked for: the most connected ones."""
_NAMES: Final = 100
_AFTER: Final = "\U0010ffff"
Range = tuple[str, int, int]


@dataclass(frozen=True)
class _Found:
    """Candidates with their scores, and how many things of each kind match."""

    scores: dict[int, float]
    candidates: dict[int, Candidate]
    kinds: dict[str, int]


@dataclass(frozen=True)
class IndexSearch:
    """Reads the full-text index of a snapshot (see `hsgraph.build.index`)."""

    path: Path

    def search(
        self, text: str, *, kinds: Sequence[str] = (), limit: int = 20, offset: int = 0
    ) -> SearchResults:
        """Things with all the words; else with words much like them; else with any of them."""
        wanted = words(text)
        if not wanted:
            return SearchResults(text, 0, ())
        with self._open() as database:
            near, partly = "", False
            found = _find(database, wanted, " AND ", kinds)
            if not found.kinds:
                for other in _respelt(database, wanted):
                    found = _find(database, other, " AND ", kinds)
                    if found.kinds:
                        wanted, near = other, " ".join(other)
                        break
            if not found.kinds and len(wanted) > 1:
                known = [word for word in wanted if is_known(database, word)]
                found, partly = _find(database, known or wanted, " OR ", kinds), True
            return _results(database, text, wanted, found, kinds, (limit, offset), near, partly)

    def programmes(self, text: str) -> list[str]:
        """The IRIs of all programmes that match, the best `REACH` of them ranked, then the rest."""
        best = self.search(text, kinds=["project"], limit=REACH)
        listed = dict.fromkeys(hit.iri for hit in best.results)
        if best.total >= REACH:
            joined = " OR " if best.partly else " AND "
            match = _match(words(best.near or text), joined)
            with self._open() as database:
                rows = database.execute(
                    "SELECT iri FROM text JOIN thing ON thing.id = text.rowid"
                    " WHERE text MATCH ? AND kind = 'project'",
                    (match,),
                )
                listed |= dict.fromkeys(row[0] for row in rows)
        return list(listed)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as database:
            yield database


def _find(
    database: sqlite3.Connection, wanted: Sequence[str], joined: str, kinds: Sequence[str]
) -> _Found:
    ranges: list[Range] = database.execute("SELECT * FROM kind ORDER BY first").fetchall()
    match = _match(wanted, joined)
    ways = _named(database, " ".join(wanted))
    ids: set[int] = set()
    counts: dict[str, int] = {}
    for kind, first, last in ranges:
        most = REACH if kind in kinds else _SAMPLE
        matched = _window(database, match, first, last, most)
        if not matched:
            continue
        counts[kind] = len(matched)
        if len(matched) == most:
            counts[kind] = len(_window(database, match, first, last, COUNTED))
            matched += _window(database, f"{{label names}} : ({match})", first, last, most)
        if not kinds or kind in kinds:
            ids.update(matched)
    allowed = [(first, last) for kind, first, last in ranges if not kinds or kind in kinds]
    ids.update(id for id in ways if any(first <= id <= last for first, last in allowed))
    candidates = _candidates(database, ids)
    scores = {id: score(c, wanted, ways.get(id)) for id, c in candidates.items()}
    return _Found(scores, candidates, counts)


def _match(wanted: Sequence[str], joined: str) -> str:
    return joined.join(f'"{word}"*' for word in wanted)


def _window(
    database: sqlite3.Connection, match: str, first: int, last: int, most: int
) -> list[int]:
    rows = database.execute(
        "SELECT rowid FROM text WHERE text MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?",
        (match, first, last, most),
    )
    return [row[0] for row in rows]


def _named(database: sqlite3.Connection, text: str) -> dict[int, int]:
    """The things that are called just this, and what it is to them."""
    rows = database.execute(
        "SELECT thing, way FROM name WHERE folded = ? ORDER BY thing LIMIT ?", (text, _NAMES)
    )
    return dict(rows.fetchall())


def _candidates(database: sqlite3.Connection, ids: set[int]) -> dict[int, Candidate]:
    query = "SELECT id, kind, links, folded FROM thing WHERE id = ?"
    rows = (database.execute(query, (id,)).fetchone() for id in sorted(ids))
    return {row[0]: Candidate(*row) for row in rows}


def _respelt(database: sqlite3.Connection, wanted: Sequence[str]) -> list[list[str]]:
    """The same words with those that nobody knows replaced by the nearest ones."""
    spellings: list[list[str]] = [[]]
    for word in wanted:
        others = [word] if is_known(database, word) else alternatives(database, word)
        spellings = [[*start, other] for start in spellings for other in others][:4]
    return [spelling for spelling in spellings if spelling != list(wanted)]


def _results(
    database: sqlite3.Connection,
    text: str,
    wanted: Sequence[str],
    found: _Found,
    kinds: Sequence[str],
    window: tuple[int, int],
    near: str,
    partly: bool,
) -> SearchResults:
    limit, offset = window
    total = sum(n for kind, n in found.kinds.items() if not kinds or kind in kinds)
    order = sorted(found.scores, key=lambda id: (-found.scores[id], id))
    return SearchResults(
        query=text,
        total=total,
        results=tuple(
            _hit(database, id, found.scores[id], wanted) for id in order[offset : offset + limit]
        ),
        kinds=tuple(found.kinds.items()),
        near=near,
        partly=partly,
        more=any(number == COUNTED for number in found.kinds.values()),
    )


def _hit(database: sqlite3.Connection, id: int, points: float, wanted: Sequence[str]) -> Hit:
    iri, label, kind, names, description = database.execute(
        "SELECT iri, label, kind, names, description FROM thing WHERE id = ?", (id,)
    ).fetchone()
    matched = _other_name(label, names, wanted)
    return Hit(iri, label, kind, round(points, 3), matched, description)


def _other_name(label: str, names: str, wanted: Sequence[str]) -> str:
    """The other name that explains a hit; empty when the label does."""
    missing = [word for word in wanted if word not in fold(label)]
    if not missing:
        return ""
    listed = names.split("\n")
    return next((name for name in listed if all(word in fold(name) for word in missing)), "")
