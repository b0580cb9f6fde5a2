"""What is counted over all programmes for the pages that explore them, and the table that keeps it.

Counting takes a look at everything, so a snapshot holds the numbers; a remote engine is asked with
the same queries, once for each version of the data.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from pyoxigraph import Store

from hsgraph.build.queries import Select, Solution, query, schema, select

NAMES: Final = ("tried", "drives", "together", "takes-part", "untried")
"""Programmes that answer a type of threat (one) by a type of intervention (other), narrower types
included; in which a type of threat drives another; in which two organisations take part together;
in which one takes part; and programmes themselves of which no intervention is known to answer a
threat."""
MOST_PAIRS: Final = 5_000
"""Pairs of organisations that are kept, those that meet most often."""

Relation = tuple[str, str, str, int]


def relations(answer: Select) -> Iterator[Relation]:
    """Count everything, in a stable order."""

    def ask(name: str) -> Iterable[Solution]:
        return answer(query(f"relation_{name}"))

    counted = {
        name: {(row["one"], row.get("other", "")): int(row["programmes"]) for row in ask(name)}
        for name in ("drives", "untried")
    }
    counted |= {"tried": _tried(ask("tried"), ask("broader")), **_taking_part(ask("takes_part"))}
    for name in NAMES:
        for (one, other), programmes in sorted(counted[name].items()):
            yield name, one, other, programmes


def write_relations(store: Store, database: sqlite3.Connection) -> None:
    """Write the table of a store's programmes."""
    database.executescript(schema("relations"))
    found = relations(partial(select, store))
    database.executemany("INSERT INTO relation VALUES (?, ?, ?, ?)", found)


def _tried(rows: Iterable[Solution], broader: Iterable[Solution]) -> dict[tuple[str, str], int]:
    """Programmes for each pair of types, each also for the pairs of broader types."""
    above = all_broader(broader)
    met: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        for one in {row["one"], *above.get(row["one"], ())}:
            for other in {row["other"], *above.get(row["other"], ())}:
                met[one, other].add(row["project"])
    return {pair: len(projects) for pair, projects in met.items()}


def all_broader(rows: Iterable[Solution]) -> dict[str, set[str]]:
    """Every concept that has broader ones, with all of them.

    Followed here, since Virtuoso follows no path that both ends of are open.
    """
    above: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        above[row["narrow"]].add(row["broad"])
    found: dict[str, set[str]] = {}
    for concept, nearest in above.items():
        seen, waiting = set(nearest), [*nearest]
        while waiting:
            news = above.get(waiting.pop(), set()) - seen
            seen |= news
            waiting += news
        found[concept] = seen
    return found


def _taking_part(rows: Iterable[Solution]) -> dict[str, dict[tuple[str, str], int]]:
    members: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        members[row["project"]].add(row["one"])
    alone: Counter[tuple[str, str]] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for organisations in members.values():
        ordered = sorted(organisations)
        alone.update((one, "") for one in ordered)
        pairs.update((one, other) for i, one in enumerate(ordered) for other in ordered[i + 1 :])
    most = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_PAIRS]
    return {"takes-part": dict(alone), "together": dict(most)}
