"""What points to a thing, by property: how many, and some of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad

from hsgraph.build.index.aggregates import HUB, LINKS
from hsgraph.describe.queries import query
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Engine
from hsgraph.engine.sparql.bind import bind

_OF_ONE_KIND: Final = (
    "{ SELECT ?subject ?predicate WHERE { { SELECT DISTINCT ?subject ($predicate AS ?predicate)"
    " WHERE { ?subject $predicate $thing FILTER(isIRI(?subject)) } ORDER BY ?subject"
)
MOST: Final = 200_000
"""Statements that point to a thing and are counted; so many means at least so many."""
_MOST_STEPS: Final = 200
"""Nodes without an IRI between a thing and one that it has; an item of a list is a step."""
Counted = Callable[[str], Mapping[str, tuple[int, tuple[str, ...]]] | None]
"""Tells what points to a thing where that was counted beforehand."""


@dataclass(frozen=True)
class Incoming:
    """The things that point to this one with one property: how many, and the first of them.

    The `indirect` ones do so by nodes without an IRI, such as lists; no statement says it in one.
    """

    predicate: str
    count: int
    subjects: tuple[str, ...]
    indirect: frozenset[str] = frozenset()


def incoming_links(
    engine: Engine,
    thing: NamedNode,
    limit: int,
    *,
    offset: int = 0,
    only: str = "",
    counted: Counted | None = None,
) -> tuple[Incoming, ...]:
    """What points to a thing, by property: counts, and `limit` of the things from `offset`."""
    if not limit:
        return ()
    known = counted(thing.value) if counted and limit <= LINKS and not offset else None
    if known is not None:
        return tuple(
            Incoming(predicate, count, first[:limit])
            for predicate, (count, first) in sorted(known.items())
            if not only or predicate == only
        )
    if engine.lookups is not None:
        return _looked_up(engine.lookups, thing, limit, offset, only)
    return _queried(engine, thing, limit, offset, only)


def _looked_up(
    lookups: Lookups, thing: NamedNode, limit: int, offset: int, only: str
) -> tuple[Incoming, ...]:
    ways: dict[str, dict[str, int]] = defaultdict(dict)
    for subject, predicate, way in _owners(lookups, thing):
        if not only or predicate == only:
            ways[predicate].setdefault(subject, way)
    found = []
    for predicate, subjects in sorted(ways.items()):
        shown = nsmallest(offset + limit, subjects)[offset:]
        indirect = frozenset(subject for subject in shown if subjects[subject])
        found.append(Incoming(predicate, len(subjects), tuple(shown), indirect))
    return tuple(found)


def _owners(lookups: Lookups, thing: NamedNode) -> Iterator[tuple[str, str, int]]:
    """Things that point to another, the property, and the number of nodes without IRI between."""
    seen: set[BlankNode] = set()
    links: Iterable[Quad] = lookups.links(thing, MOST)
    for way in range(_MOST_STEPS):
        nameless: dict[BlankNode, None] = {}
        for quad in links:
            subject = quad.subject
            if isinstance(subject, NamedNode) and not (way and subject == thing):
                yield subject.value, quad.predicate.value, way
            elif isinstance(subject, BlankNode) and subject not in seen:
                nameless[subject] = None
        seen.update(nameless)
        if not nameless or len(seen) > HUB:
            return
        links = [quad for node in nameless for quad in lookups.links(node, HUB)]


def _queried(
    engine: Engine, thing: NamedNode, limit: int, offset: int, only: str
) -> tuple[Incoming, ...]:
    rows = engine.select(query("incoming_counts"), {"thing": thing}).rows
    counts = {row["predicate"].value: int(row["count"].value) for row in rows if "predicate" in row}
    wanted = sorted(p for p in counts if not only or p == only)
    if not wanted:
        return ()
    blocks = [
        bind(_OF_ONE_KIND, {"thing": thing, "predicate": NamedNode(predicate)})
        + f" LIMIT {limit:d} OFFSET {offset:d} }} }} }}"
        for predicate in wanted
    ]
    found: dict[str, list[str]] = {predicate: [] for predicate in wanted}
    union = "SELECT ?subject ?predicate WHERE { " + " UNION ".join(blocks) + " }"
    for row in engine.select(union).rows:
        found[row["predicate"].value].append(row["subject"].value)
    return tuple(Incoming(p, counts[p], tuple(sorted(found[p]))) for p in wanted)
