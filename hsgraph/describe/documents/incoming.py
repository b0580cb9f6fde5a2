"""What points to a thing, by property: how many, and some of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from hsgraph.build.index.aggregates import HUB, LINKS
from hsgraph.describe.queries import query
from hsgraph.engine.protocol import Engine, Term
from hsgraph.engine.sparql.bind import bind

_OF_ONE_KIND: Final = (
    "{ SELECT ?subject ?predicate WHERE { { SELECT DISTINCT ?subject ($predicate AS ?predicate)"
    " WHERE { ?subject $predicate $thing } ORDER BY ?subject"
)
Counted = Callable[[str], Mapping[str, tuple[int, tuple[str, ...]]] | None]
"""Tells what points to a thing where that was counted beforehand."""


@dataclass(frozen=True)
class Incoming:
    """The things that point to this one with one property: how many, and the first of them."""

    predicate: str
    count: int
    subjects: tuple[str, ...]


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
    near = engine.lookups.links(thing, HUB) if engine.lookups is not None else None
    if near is not None:
        return _incoming(near, limit, offset, only) if limit else ()
    known = counted(thing.value) if counted and limit <= LINKS and not offset else None
    if known is not None:
        return tuple(
            Incoming(predicate, count, first[:limit])
            for predicate, (count, first) in sorted(known.items())
            if limit and (not only or predicate == only)
        )
    rows = engine.select(query("incoming_counts"), {"thing": thing}).rows
    counts = {row["predicate"].value: int(row["count"].value) for row in rows if "predicate" in row}
    wanted = sorted(p for p in counts if not only or p == only)
    if not wanted or not limit:
        return ()
    blocks = [
        bind(_OF_ONE_KIND, {"thing": thing, "predicate": NamedNode(predicate)})
        + f" LIMIT {limit:d} OFFSET {offset:d} }} }} }}"
        for predicate in wanted
    ]
    found: dict[str, list[str]] = {predicate: [] for predicate in wanted}
    union = "SELECT ?subject ?predicate WHERE { " + " UNION ".join(blocks) + " }"
    for row in engine.select(union).rows:
        if isinstance(row["subject"], NamedNode):
            found[row["predicate"].value].append(row["subject"].value)
    return tuple(Incoming(p, counts[p], tuple(sorted(found[p]))) for p in wanted)


def _incoming(quads: Iterable[Quad], limit: int, offset: int, only: str) -> tuple[Incoming, ...]:
    found: dict[str, set[Term | Triple]] = defaultdict(set)
    for quad in quads:
        found[quad.predicate.value].add(quad.subject)
    return tuple(
        Incoming(predicate, len(found[predicate]), _window(found[predicate], limit, offset))
        for predicate in sorted(found)
        if not only or predicate == only
    )


def _window(subjects: Iterable[Term | Triple], limit: int, offset: int) -> tuple[str, ...]:
    named = sorted(subject.value for subject in subjects if isinstance(subject, NamedNode))
    return tuple(named[offset : offset + limit])
