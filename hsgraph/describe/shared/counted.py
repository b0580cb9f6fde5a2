"""Lists of organisations and places: with their numbers of programmes, most first, by type."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.queries import query
from hsgraph.describe.shared import listing
from hsgraph.describe.shared.aggregates import Shared
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels
from hsgraph.engine.protocol import Engine
from hsgraph.errors import BadRequest
from hsgraph.languages import translated as _
from hsgraph.namespaces import HS, local_name

FIRST: Final = {
    "organisation": HS + "Agency",
    "agency": "",
    "partner": "",
    "fund": "",
    "place": HS + "Country",
    "country": "",
}
"""The kinds whose things are counted, and the type that stands first."""
MOST: Final = 5_000
"""Things that are counted and ordered at once; more are listed simply."""
OTHERS: Final = "other"
"""How things of none of the types are called in addresses."""


@dataclass(frozen=True)
class Type:
    """A type that a list can be narrowed to; `name` stands in addresses."""

    name: str
    label: str
    count: int


@dataclass(frozen=True)
class Counted:
    """A page of a list with counts; `type` is the name of the one that it is narrowed to."""

    kind: str
    label: str
    total: int
    page: int
    pages: int
    items: tuple[listing.Item, ...]
    types: tuple[Type, ...]
    type: str
    by_name: bool


@dataclass(frozen=True)
class _All:
    """All things of a kind by name, and what is known of each."""

    iris: Sequence[str]
    types: Mapping[str, Sequence[str]]
    counts: Mapping[str, int]


def counted(
    engine: Engine, kind: str, shared: Shared, *, type: str, by_name: bool, page: int, size: int
) -> Counted | None:
    """A page of the things of a kind; None where they are not counted.

    Raises BadRequest for a type there is not.
    """
    if kind not in FIRST or listing.count(engine, kind) > MOST:
        return None
    known = _all(engine, kind, shared)
    class_ = listing.CLASSES[kind]
    labels = Labels.fetch(engine, {class_, *(t for types in known.types.values() for t in types)})
    types = _types(known, labels, FIRST[kind])
    if type and type not in (each.name for each in types):
        told = ", ".join(each.name for each in types) or "none"
        raise BadRequest(f"“type” is one of these: {told}.")
    chosen = [iri for iri in known.iris if not type or type in _names(known, iri)]
    if not by_name:
        first = FIRST[kind]
        chosen.sort(key=lambda i: (first not in known.types.get(i, ()), -known.counts.get(i, 0)))
    shown = chosen[(page - 1) * size : page * size]
    refs = Labels.fetch(engine, shown)
    items = (
        listing.Item(
            refs.ref(iri),
            ", ".join(labels.ref(each).label for each in known.types.get(iri, ())),
            known.counts.get(iri, 0),
        )
        for iri in shown
    )
    return Counted(
        kind,
        wording.many(labels.ref(class_).label),
        len(chosen),
        page,
        max(1, -(-len(chosen) // size)),
        tuple(items),
        types if len(types) > 1 else (),
        type,
        by_name,
    )


def _all(engine: Engine, kind: str, shared: Shared) -> _All:
    """What is known of all things of a kind, kept where the data is in this process."""
    memory = engine.lookups.memory.setdefault("counted", {}) if engine.lookups else {}
    if kind not in memory:
        iris = listing.by_name(engine, kind, MOST)
        types: dict[str, list[str]] = defaultdict(list)
        class_ = NamedNode(listing.CLASSES[kind])
        for row in engine.select(query("list_typed"), {"class": class_}).rows:
            types[row["thing"].value].append(row["type"].value)
        memory[kind] = _All(iris, types, shared.tally(iris))
    found: _All = memory[kind]
    return found


def _types(known: _All, labels: Labels, first: str) -> tuple[Type, ...]:
    """The types of the things, after the `first` the most frequent, and last that of none."""
    about = {local_name(t).lower(): t for types in known.types.values() for t in types}
    counts = Counter(name for iri in known.iris for name in _names(known, iri))
    others = counts.pop(OTHERS, 0)
    found = [
        Type(name, wording.many(labels.ref(about[name]).label), count)
        for name, count in sorted(
            counts.items(), key=lambda pair: (about[pair[0]] != first, -pair[1], pair[0])
        )
    ]
    if found and others:
        found.append(Type(OTHERS, _("Other"), others))
    return tuple(found)


def _names(known: _All, iri: str) -> list[str]:
    return [local_name(each).lower() for each in known.types.get(iri, ())] or [OTHERS]
