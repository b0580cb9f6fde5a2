"""Search over the full-text index of a snapshot: bounded work however many things match."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from hsgraph.build.index.entries import OTHER
from hsgraph.build.index.words import fold
from hsgraph.describe.shared.sqlite_tables import Tables
from hsgraph.namespaces import PREFIXES
from hsgraph.search.addresses import AROUND, iris
from hsgraph.search.ranking import Candidate, score, words
from hsgraph.search.results import Hit, SearchResults
from hsgraph.search.spelling import AFTER, alternatives, completions, is_known, sql

REACH: Final = 500
"""Things of one kind that are ranked and listed; more are counted only."""
COUNTED: Final = 2_000
"""Things of one kind that are counted; `more` says that there are others."""
_SAMPLE: Final = 60
"""Things of each kind that are ranked when no kind is asked for and more than `REACH` match in all,
or in brief: the most connected ones."""
_NAMES: Final = 100
_ENDINGS: Final = 8
_BEGINNINGS: Final = 12
_FEW: Final = 4
"""Letters of a word that is taken for a beginning only if it is the last, and so still typed."""
_IRIS: Final = ("http://", "https://", "urn:", "<")
_AMONG: Final = "SELECT id, iri FROM thing WHERE id IN (SELECT value FROM json_each(?))"
_NAMED: Final = "SELECT id, label, names FROM thing WHERE id IN (SELECT value FROM json_each(?))"
Range = tuple[str, int, int]


@dataclass(frozen=True)
class _Found:
    """The scores of things, and how many things of each kind match."""

    scores: dict[int, float]
    kinds: dict[str, int]


@dataclass(frozen=True)
class IndexSearch:
    """Reads the full-text index of a snapshot (see `hsgraph.build.index.fulltext`)."""

    path: Path

    def kinds(self) -> tuple[str, ...]:
        """The kinds that things have, in the order of the alphabet."""
        rows = self._tables.open().execute("SELECT * FROM kind")
        return tuple(sorted(kind for kind, *_ in rows))

    def search(
        self,
        text: str,
        *,
        kinds: Sequence[str] = (),
        limit: int = 20,
        offset: int = 0,
        brief: bool = False,
    ) -> SearchResults:
        """Things with all the words; else with words much like them; else with any of them.

        All windows are of one order, but for `brief` ones: these are quick, and no others follow.
        """
        wanted = words(text)
        if not wanted:
            return SearchResults(text, 0, ())
        database = self._tables.open()
        named = _by_address(database, text)
        asked = tuple(hit for hit in named if not kinds or hit.kind in kinds)
        if asked or text.strip().lower().startswith(_IRIS):
            counts = tuple(Counter(hit.kind for hit in named).items())
            window = asked[offset : offset + limit]
            return SearchResults(text, len(asked), window, len(asked), counts)
        near, partly = "", False
        found = _find(database, wanted, " AND ", kinds, brief=brief)
        if not found.kinds:
            for other in _respelt(database, wanted):
                found = _find(database, other, " AND ", kinds, brief=brief)
                if found.kinds:
                    wanted, near = other, " ".join(other)
                    break
        if not found.kinds and len(wanted) > 1:
            known = [word for word in wanted if is_known(database, word)]
            found = _find(database, known or wanted, " OR ", kinds, brief=brief)
            partly = True
        exactly = _written(database, text)
        best = sorted(found.scores, key=lambda id: (id not in exactly, -found.scores[id], id))
        shown = best[offset : offset + limit]
        return SearchResults(
            query=text,
            total=sum(n for kind, n in found.kinds.items() if not kinds or kind in kinds),
            results=tuple(_hit(database, id, found.scores[id], wanted) for id in shown),
            listed=len(best),
            kinds=tuple(found.kinds.items()),
            near=near,
            partly=partly,
            more=any(number == COUNTED for number in found.kinds.values()),
        )

    def programmes(self, text: str) -> list[str]:
        """The IRIs of all programmes that match, the best `REACH` of them ranked, then the rest."""
        best = self.search(text, kinds=["project"], limit=REACH)
        listed = dict.fromkeys(hit.iri for hit in best.results)
        if best.total >= REACH:
            joined = " OR " if best.partly else " AND "
            database = self._tables.open()
            match = _match(database, words(best.near or text), joined)
            listed |= dict.fromkeys(row[0] for row in database.execute(sql("programmes"), (match,)))
        return list(listed)

    def below(self, namespace: str, most: int, offset: int) -> list[str]:
        """IRIs of things in a namespace, in their order: at most so many, after so many others."""
        bounds = (namespace, namespace + AFTER, most, offset)
        return [iri for (iri,) in self._tables.open().execute(sql("below"), bounds)]

    def count_below(self, namespace: str) -> int:
        """How many things have IRIs in a namespace."""
        bounds = (namespace, namespace + AFTER)
        return int(self._tables.open().execute(sql("count_below"), bounds).fetchone()[0])

    @cached_property
    def _tables(self) -> Tables:
        return Tables(self.path)


def _by_address(database: sqlite3.Connection, text: str) -> tuple[Hit, ...]:
    """The things that the text is the IRI of, one of them, or a prefixed name, of any prefix."""
    spellings = iris(text)
    if not spellings:
        return ()
    parts = [spelling.partition(":") for spelling in spellings]
    spellings += [PREFIXES[prefix] + local for prefix, _, local in parts if prefix in PREFIXES]
    rows = database.execute(sql("at"), (json.dumps(spellings),)).fetchall()
    local = text.strip(AROUND).partition(":")[2]
    for spelling in spellings[:2]:
        rows = rows or _called(database, spelling)
    if not rows and local and not local.startswith("//") and " " not in local:
        rows = _called(database, local)
        rows = [row for row in rows if row[1].endswith(("/" + local, "#" + local))]
    return tuple(_hit(database, id, 1.0, ()) for id, *_ in rows)


def _called(database: sqlite3.Connection, text: str) -> list[tuple[int, str]]:
    named = _named(database, " ".join(words(text)))
    return database.execute(_AMONG, (json.dumps([*named]),)).fetchall()


def _find(
    database: sqlite3.Connection,
    wanted: Sequence[str],
    joined: str,
    kinds: Sequence[str],
    *,
    brief: bool = False,
) -> _Found:
    ranges: list[Range] = database.execute("SELECT * FROM kind ORDER BY first").fetchall()
    match = _match(database, wanted, joined)
    asked = [range for range in ranges if not kinds or range[0] in kinds]
    matched = _matched(database, match, asked if brief else ranges)
    few = bool(kinds) or sum(map(len, matched.values())) <= REACH
    most = REACH if few and not brief else _SAMPLE
    ways = _named(database, " ".join(wanted))
    ids = {id for id in ways if any(first <= id <= last for _, first, last in asked)}
    for kind, first, last in asked:
        ids.update(matched.get(kind, ())[:most])
        if len(matched.get(kind, ())) > most:
            ids.update(_window(database, f"{{label names}} : ({match})", first, last, most))
    rows = database.execute(sql("ranked"), (json.dumps(sorted(ids)),))
    candidates = [Candidate(*row) for row in rows]
    bearers = sum(way == OTHER for way in ways.values())
    scores = {c.id: score(c, wanted, ways.get(c.id), bearers) for c in candidates}
    return _Found(scores, {kind: len(found) for kind, found in matched.items()})


def _matched(
    database: sqlite3.Connection, match: str, ranges: Sequence[Range]
) -> dict[str, list[int]]:
    """What matches, up to `COUNTED` things of each kind; small neighbouring kinds by one query."""
    groups: list[list[Range]] = []
    for range in ranges:
        if groups and range[2] - groups[-1][0][1] < COUNTED:
            groups[-1].append(range)
        else:
            groups.append([range])
    found = {}
    for group in groups:
        ids = _window(database, match, group[0][1], group[-1][2], COUNTED)
        for kind, first, last in group:
            of_kind = ids[bisect_left(ids, first) : bisect_right(ids, last)]
            if of_kind:
                found[kind] = of_kind
    return found


def _match(database: sqlite3.Connection, wanted: Sequence[str], joined: str) -> str:
    """The words as a query of the index: each or what begins with it, within bounds."""
    terms = []
    for place, word in enumerate(wanted, start=1):
        last = place == len(wanted)
        most = _BEGINNINGS if last else 1 if len(word) < _FEW or len(wanted) > _FEW else _ENDINGS
        endings = dict.fromkeys((word, *completions(database, word, most)))
        terms.append("(" + " OR ".join(f'"{ending}"' for ending in endings) + ")")
    return joined.join(terms)


def _window(
    database: sqlite3.Connection, match: str, first: int, last: int, most: int
) -> list[int]:
    return [row[0] for row in database.execute(sql("window"), (match, first, last, most))]


def _named(database: sqlite3.Connection, text: str) -> dict[int, int]:
    """The things that are called just this, and what it is to them."""
    return dict(database.execute(sql("named"), (text, _NAMES)).fetchall())


def _written(database: sqlite3.Connection, text: str) -> set[int]:
    """The things with a name of just these signs, where others differ in signs alone (`C++`)."""
    ways = _named(database, " ".join(words(text)))
    wanted = text.strip().casefold()
    if len(ways) < 2 or (len(wanted) > _FEW and "".join(wanted.split()).isalnum()):
        return set()
    rows = database.execute(_NAMED, (json.dumps([*ways]),))
    return {id for id, *names in rows if wanted in "\n".join(names).casefold().split("\n")}


def _respelt(database: sqlite3.Connection, wanted: Sequence[str]) -> list[list[str]]:
    """The same words with those that nobody knows replaced by the nearest ones."""
    spellings: list[list[str]] = [[]]
    for word in wanted:
        others = [word] if is_known(database, word) else alternatives(database, word)
        spellings = [[*start, other] for start in spellings for other in others][:4]
    return [spelling for spelling in spellings if spelling != list(wanted)]


def _hit(database: sqlite3.Connection, id: int, points: float, wanted: Sequence[str]) -> Hit:
    iri, label, kind, names, description = database.execute(sql("hit"), (id,)).fetchone()
    matched = _other_name(label, names, wanted)
    return Hit(iri, label, kind, round(points, 3), matched, description)


def _other_name(label: str, names: str, wanted: Sequence[str]) -> str:
    """The other name that explains a hit; empty when the label does."""
    missing = [word for word in wanted if word not in fold(label)]
    if not missing:
        return ""
    listed = names.split("\n")
    return next((name for name in listed if all(word in fold(name) for word in missing)), "")
