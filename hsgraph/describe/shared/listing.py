"""Lists of everything of one kind, in pages; organisations and places with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.build.index.words import fold
from hsgraph.describe.pages import Paged, window
from hsgraph.describe.queries import query
from hsgraph.describe.shared.aggregates import Shared
from hsgraph.describe.values import by_key, per_version, row_count, texts, values_of
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref, words
from hsgraph.describe.words.nameless import name_by_what_they_say
from hsgraph.engine.protocol import Engine
from hsgraph.errors import BadRequest, UnknownEntity
from hsgraph.languages import later, told
from hsgraph.languages import translated as _
from hsgraph.namespaces import HS, KINDS, VOCAB, expanded, local_name

CLASSES: Final = {name: expanded(kind.type) for name, kind in KINDS.items() if kind.type}
"""The kinds that can be listed and the class of each; other kinds are schemes of concepts."""

PART_OF: Final = HS + "partOf"
SORTED: Final = 20_000
"""Things of a kind that are listed by label; their order is kept for the next page."""


@dataclass(frozen=True)
class Item:
    """One line of a list; `count` is the number of programmes, where that is known.

    `type` is told only where it says more than the list does; of a part it is the programme.
    """

    ref: Ref
    type: str = ""
    count: int | None = None


@dataclass(frozen=True)
class Listing(Paged):
    """One page of a list."""

    kind: str
    label: str
    items: tuple[Item, ...]


def listing(
    engine: Engine, kind: str, *, page: int = 1, size: int = 50, all_of_it: Shared | None = None
) -> Listing:
    """A page of everything of a kind. Raises UnknownEntity for a kind there is not."""
    if kind in CLASSES:
        return _things(engine, kind, page, size)
    return _concepts(engine, kind, page, size, all_of_it)


def count(engine: Engine, kind: str) -> int:
    """How many things of a kind there are."""
    return row_count(engine, query("things_of_class"), {"class": NamedNode(CLASSES[kind])})


def by_label(engine: Engine, kind: str, most: int) -> Sequence[str] | None:
    """All things of a kind by label; None where there are more."""
    found = _sorted(engine, kind)
    return found if found is not None and len(found) <= most else None


def concepts(engine: Engine, scheme: str, all_of_it: Shared | None = None) -> tuple[Item, ...]:
    """The concepts of a scheme with their numbers of programmes, by label."""
    counts = (all_of_it or Shared(engine)).counts(VOCAB + scheme)
    labels = Labels.fetch(engine, counts)
    items = (Item(labels.ref(iri), count=number) for iri, number in counts.items())
    return tuple(sorted(items, key=lambda i: i.ref.order))


def wholes(engine: Engine, iris: Sequence[str]) -> dict[str, str]:
    """The names of the programmes that things are parts of, by thing."""
    found = values_of(engine, iris, (PART_OF,))
    known = {iri: values[PART_OF][0].value for iri, values in found.items() if PART_OF in values}
    labels = Labels.fetch(engine, known.values())
    return {iri: labels.ref(whole).label for iri, whole in known.items()}


def _things(engine: Engine, kind: str, page: int, size: int) -> Listing:
    class_ = NamedNode(CLASSES[kind])
    total, found = _listed(engine, kind, page, size)
    labels = Labels.fetch(engine, [*found, class_])
    name_by_what_they_say(engine, labels, found)
    others = {iri: [t for t in labels.of(iri).types if t != class_.value] for iri in found}
    kinds = Labels.fetch(engine, {t for types in others.values() for t in types})
    whole = wholes(engine, found)
    items = (
        Item(labels.ref(iri), ", ".join(kinds.ref(t).label for t in types) or whole.get(iri, ""))
        for iri, types in others.items()
    )
    label = wording.many(labels.ref(class_.value).label)
    return Listing(total, page, size, kind, label, tuple(items))


def _listed(engine: Engine, kind: str, page: int, size: int) -> tuple[int, Sequence[str]]:
    """How many things of a kind there are, and those of one page.

    The order is by label; of more than `SORTED` things by IRI, which takes a fifth of the time.
    """
    iris = _sorted(engine, kind)
    if iris is not None:
        return len(iris), window(iris, page, size)
    text = f"{query('things_of_class')} ORDER BY ?thing LIMIT {size:d} OFFSET {(page - 1) * size:d}"
    rows = texts(engine, text, {"class": NamedNode(CLASSES[kind])})
    return count(engine, kind), [row["thing"] for row in rows]


@per_version(2 * len(CLASSES))
def _sorted(engine: Engine, kind: str) -> Sequence[str] | None:
    """All things of a kind by label; None where they are more than `SORTED`."""
    if count(engine, kind) > SORTED:
        return None
    found = texts(engine, query("list_things"), {"class": NamedNode(CLASSES[kind])})
    rows = sorted(
        (row for row in found if "thing" in row),
        key=lambda row: (fold(row.get("label", "")), row["thing"]),
    )
    return [row["thing"] for row in rows]


def _concepts(engine: Engine, kind: str, page: int, size: int, all_of_it: Shared | None) -> Listing:
    found = concepts(engine, kind, all_of_it)
    if not found:
        raise UnknownEntity(
            told(later("There is no list called “{1}”."), kind),
            remedy=later("See the home page for the lists there are."),
        )
    used = sorted(found, key=lambda item: -(item.count or 0))
    label = Labels.fetch(engine, [VOCAB + kind]).ref(VOCAB + kind).label
    label = label if label != kind else words(kind).capitalize()
    return Listing(len(found), page, size, kind, label, window(used, page, size))


FIRST: Final = {
    name: expanded(kind.counted) for name, kind in KINDS.items() if kind.counted is not None
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
class Counted(Listing):
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
    iris = by_label(engine, kind, MOST) if kind in FIRST else None
    if iris is None:
        return None
    known = _known(engine, kind, shared)
    class_, first = CLASSES[kind], FIRST[kind]
    labels = Labels.fetch(engine, {class_, *(t for types, _ in known.values() for t in types)})
    types = _types(known, labels, first)
    if type and type not in (each.name for each in types):
        told = ", ".join(each.name for each in types) or "none"
        raise BadRequest(f"“type” is one of these: {told}.")
    chosen = [i for i in iris if not type or type in ([*map(_name, known[i][0])] or [OTHERS])]
    if not by_name:
        chosen.sort(key=lambda iri: (first not in known[iri][0], -known[iri][1]))
    shown = window(chosen, page, size)
    refs = Labels.fetch(engine, shown)
    items = (
        Item(refs.ref(iri), ", ".join(labels.ref(t).label for t in types), number)
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


@per_version(2 * len(FIRST))
def _known(engine: Engine, kind: str, shared: Shared) -> _Known:
    rows = texts(engine, query("list_typed"), {"class": NamedNode(CLASSES[kind])})
    types = by_key((row["thing"], row["type"]) for row in rows)
    iris = by_label(engine, kind, MOST) or ()
    counts = shared.tally(iris)
    return {iri: (types.get(iri, ()), counts.get(iri, 0)) for iri in iris}


def _types(known: _Known, labels: Labels, first: str) -> tuple[Type, ...]:
    """The types of the things, after the `first` the most frequent, and last that of none."""
    counts = Counter(each for types, _ in known.values() for each in types)
    ordered = sorted(counts, key=lambda iri: (iri != first, -counts[iri], _name(iri)))
    found = [Type(_name(i), wording.many(labels.ref(i).label), counts[i]) for i in ordered]
    others = sum(not types for types, _ in known.values())
    if found and others:
        found.append(Type(OTHERS, _("Other"), others))
    return tuple(found)


def _name(type: str) -> str:
    return local_name(type).lower()
