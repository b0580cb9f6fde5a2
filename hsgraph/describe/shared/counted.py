"""Lists of organisations and places: with their numbers of programmes, most first, by type."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.pages import window
from hsgraph.describe.queries import query
from hsgraph.describe.shared import listing
from hsgraph.describe.shared.aggregates import Shared
from hsgraph.describe.values import remembered
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
class Counted(listing.Listing):
    """A page of a list with counts; `type` is the name of the one that it is narrowed to."""

    types: tuple[Type, ...]
    type: str
    by_name: bool


_Known = Mapping[str, tuple[Sequence[str], int]]
"""The types of all things of a kind, and their numbers of programmes; by label."""


def counted(
    engine: Engine, kind: str, shared: Shared, *, type: str, by_name: bool, page: int, size: int
) -> Counted | None:
    """A page of the things of a kind; None where they are not counted.

    Raises BadRequest for a type there is not.
    """
    iris = listing.by_name(engine, kind, MOST) if kind in FIRST else None
    if iris is None:
        return None
    known = remembered(engine, "counted", kind, lambda: _known(engine, kind, iris, shared))
    class_, first = listing.CLASSES[kind], FIRST[kind]
    labels = Labels.fetch(engine, {class_, *(t for types, _ in known.values() for t in types)})
    types = _types(known, labels, first)
    if type and type not in (each.name for each in types):
        told = ", ".join(each.name for each in types) or "none"
        raise BadRequest(f"“type” is one of these: {told}.")
    chosen = [iri for iri in iris if not type or type in _names(known[iri][0])]
    if not by_name:
        chosen.sort(key=lambda iri: (first not in known[iri][0], -known[iri][1]))
    shown = window(chosen, page, size)
    refs = Labels.fetch(engine, shown)
    items = (
        listing.Item(refs.ref(iri), ", ".join(labels.ref(t).label for t in types), number)
        for iri, (types, number) in ((iri, known[iri]) for iri in shown)
    )
    return Counted(
        total=len(chosen),
        page=page,
        size=size,
        kind=kind,
        label=wording.many(labels.ref(class_).label),
        items=tuple(items),
        types=types if len(types) > 1 else (),
        type=type,
        by_name=by_name,
    )


def _known(engine: Engine, kind: str, iris: Sequence[str], shared: Shared) -> _Known:
    types: dict[str, list[str]] = defaultdict(list)
    class_ = NamedNode(listing.CLASSES[kind])
    for row in engine.select(query("list_typed"), {"class": class_}).rows:
        types[row["thing"].value].append(row["type"].value)
    counts = shared.tally(iris)
    return {iri: (types.get(iri, ()), counts.get(iri, 0)) for iri in iris}


def _types(known: _Known, labels: Labels, first: str) -> tuple[Type, ...]:
    """The types of the things, after the `first` the most frequent, and last that of none."""
    about = {local_name(t).lower(): t for types, _ in known.values() for t in types}
    counts = Counter(name for types, _ in known.values() for name in _names(types))
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


def _names(types: Sequence[str]) -> list[str]:
    return [local_name(each).lower() for each in types] or [OTHERS]
