"""What is counted over all programmes for the pages that explore them, and the table that keeps it.

Counting takes a look at everything, so a snapshot holds the numbers; a remote engine is asked with
the same queries, once for each version of the data.

Table, beside those of `hsgraph.build.index.fulltext` and `hsgraph.build.index.facet_tables`:

relation(name, one, other, programmes)
    How many programmes are in a relation between two things, for each name of `NAMES`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from pyoxigraph import Store

from hsgraph.build.index.facet_tables import reader
from hsgraph.build.index.facets import DATE, prologue

NAMES: Final = ("country", "year", "tried", "drives", "together", "takes-part")
"""Programmes in a country; begun in a year; that answer a type of threat (one) by a type of
intervention (other), narrower types included; in which a type of threat drives another; in which
two organisations take part together; in which one takes part."""
MOST_PAIRS: Final = 5_000
"""Pairs of organisations that are kept, those that meet most often."""
MOST_ROWS: Final = 2_000_000

_COUNTRY: Final = """SELECT ?one (COUNT(DISTINCT ?project) AS ?programmes) WHERE {
  ?one a hs:Country . ?project hs:takesPlaceIn ?one ; a hs:Project .
} GROUP BY ?one"""
_YEAR: Final = f"""SELECT DISTINCT ?project ?day WHERE {{ {DATE} }}"""
_BROADER: Final = "SELECT ?narrow ?broad WHERE { ?narrow skos:broader ?broad }"
_TRIED: Final = f"""SELECT DISTINCT ?project ?one ?other WHERE {{
  ?threat a hs:Threat ; hs:threatType ?one .
  ?intervention hs:mitigates ?threat ; hs:interventionType ?other ; hs:partOf ?project .
}} LIMIT {MOST_ROWS}"""
_DRIVES: Final = """SELECT ?one ?other (COUNT(DISTINCT ?project) AS ?programmes) WHERE {
  ?link a hs:Interlinkage ; hs:partOf ?project ; hs:from ?from ; hs:to ?to .
  ?from hs:threatType ?one . ?to hs:threatType ?other .
} GROUP BY ?one ?other"""
_TAKES_PART: Final = f"""SELECT DISTINCT ?project ?one WHERE {{
  ?participation a hs:Participation ; hs:partOf ?project ; prov:agent ?one ; prov:hadRole ?role .
  FILTER(?role != <https://w3id.org/hsgraph/vocab/role/funder>)
}} LIMIT {MOST_ROWS}"""

Row = Mapping[str, str]
Select = Callable[[str], Iterable[Row]]
Relation = tuple[str, str, str, int]


def relations(select: Select) -> Iterator[Relation]:
    """Count everything, in a stable order."""

    def ask(query: str) -> Iterable[Row]:
        return select(prologue("hs", "prov", "skos") + query)

    counted = {
        "country": {(row["one"], ""): int(row["programmes"]) for row in ask(_COUNTRY)},
        "year": _years(ask(_YEAR)),
        "tried": _tried(ask(_TRIED), ask(_BROADER)),
        "drives": {(r["one"], r["other"]): int(r["programmes"]) for r in ask(_DRIVES)},
        **_taking_part(ask(_TAKES_PART)),
    }
    for name in NAMES:
        for (one, other), programmes in sorted(counted[name].items()):
            yield name, one, other, programmes


def write_relations(store: Store, database: sqlite3.Connection) -> None:
    """Write the table of a store's programmes."""

    select = reader(store)
    database.execute(
        "CREATE TABLE relation (name TEXT, one TEXT, other TEXT, programmes INTEGER NOT NULL, "
        "PRIMARY KEY (name, one, other)) WITHOUT ROWID"
    )
    database.executemany("INSERT INTO relation VALUES (?, ?, ?, ?)", relations(select))


def _years(rows: Iterable[Row]) -> dict[tuple[str, str], int]:
    first: dict[str, str] = {}
    for row in rows:
        day = row["day"]
        first[row["project"]] = min(day, first.get(row["project"], day))
    return dict(Counter((day[:4], "") for day in first.values()))


def _tried(rows: Iterable[Row], broader: Iterable[Row]) -> dict[tuple[str, str], int]:
    """Programmes for each pair of types, each also for the pairs of broader types."""
    above: dict[str, set[str]] = defaultdict(set)
    for row in broader:
        above[row["narrow"]].add(row["broad"])

    @cache
    def upwards(concept: str) -> frozenset[str]:
        found, waiting = {concept}, [concept]
        while waiting:
            news = above[waiting.pop()] - found
            found |= news
            waiting += news
        return frozenset(found)

    met: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        for one in upwards(row["one"]):
            for other in upwards(row["other"]):
                met[one, other].add(row["project"])
    return {pair: len(projects) for pair, projects in met.items()}


def _taking_part(rows: Iterable[Row]) -> dict[str, dict[tuple[str, str], int]]:
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
