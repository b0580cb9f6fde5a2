"""Lists of everything of one kind, in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.build.index.words import fold
from hsgraph.describe.pages import Paged, window
from hsgraph.describe.queries import query
from hsgraph.describe.shared.aggregates import Shared
from hsgraph.describe.shared.programme_lists import Programme, lines
from hsgraph.describe.values import remembered
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref, chosen, words
from hsgraph.describe.words.nameless import name_by_what_they_say
from hsgraph.engine.protocol import Engine
from hsgraph.errors import UnknownEntity
from hsgraph.languages import later, told
from hsgraph.namespaces import ADMS, HS, OA, ORG, VOCAB

CLASSES: Final = {
    name.lower(): HS + name
    for name in (
        *("Project", "Organisation", "Agency", "Partner", "Fund", "Participation", "Threat"),
        *("Intervention", "Objective", "Place", "Country", "Budget", "Interlinkage"),
        *("Situation", "Outcome", "Source", "Claim"),
    )
} | {
    "target": HS + "BeneficiaryTarget",
    "application": HS + "PrincipleApplication",
    "evidence": OA + "SpecificResource",
    "change": ORG + "ChangeEvent",
    "identifier": ADMS + "Identifier",
    "graph": HS + "DataFile",
}
"""The kinds that can be listed and the class of each; other kinds are schemes of concepts."""

SORTED: Final = 20_000
"""Things of a kind that are listed by label, and whose order is kept for the next page."""


@dataclass(frozen=True)
class Item:
    """One line of a list; `count` is the number of programmes, where that is known.

    `type` is told only where it says more than the list does.
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
    rows = engine.select(query("count_things"), {"class": NamedNode(CLASSES[kind])}).rows
    return int(rows[0]["count"].value) if rows else 0


def by_name(engine: Engine, kind: str, most: int) -> Sequence[str] | None:
    """All things of a kind by label; None where there are more."""
    total, kept = _kept(engine, kind)
    if total > most:
        return None
    return kept if kept is not None else _ask(engine, "list_things", kind, most, 0)


def concepts(engine: Engine, scheme: str, all_of_it: Shared | None = None) -> tuple[Item, ...]:
    """The concepts of a scheme with their numbers of programmes, by label."""
    counts = (all_of_it or Shared(engine)).counts(VOCAB + scheme)
    labels = Labels.fetch(engine, counts)
    items = (Item(labels.ref(iri), count=number) for iri, number in counts.items())
    return tuple(sorted(items, key=lambda i: i.ref.order))


def wholes(engine: Engine, iris: Sequence[str]) -> dict[str, str]:
    """The names of the programmes that things are parts of, by thing."""
    if not iris:
        return {}
    rows = engine.select(query("wholes"), {"things": [NamedNode(iri) for iri in iris]}).rows
    return {row["thing"].value: chosen([row["name"]]) for row in rows if "name" in row}


def latest(engine: Engine, number: int, all_of_it: Shared | None = None) -> tuple[Programme, ...]:
    """The programmes that started last."""
    known = all_of_it.order(number) if all_of_it else ()
    if known:
        return lines(engine, known)
    rows = engine.select(f"{query('list_programmes')} LIMIT {number:d}").rows
    return lines(engine, [row["project"].value for row in rows if "project" in row])


def _things(engine: Engine, kind: str, page: int, size: int) -> Listing:
    class_ = NamedNode(CLASSES[kind])
    total, found = _listed(engine, kind, page, size)
    labels = Labels.fetch(engine, [*found, class_])
    name_by_what_they_say(engine, labels, found)
    others = {iri: [t for t in labels.of(iri).types if t != class_.value] for iri in found}
    kinds = Labels.fetch(engine, {t for types in others.values() for t in types})
    items = (
        Item(labels.ref(iri), ", ".join(kinds.ref(t).label for t in types))
        for iri, types in others.items()
    )
    label = wording.many(labels.ref(class_.value).label)
    return Listing(total, page, size, kind, label, tuple(items))


def _listed(engine: Engine, kind: str, page: int, size: int) -> tuple[int, Sequence[str]]:
    """How many things of a kind there are, and those of one page.

    The order is by label; of more than `SORTED` things by IRI, which takes a fifth of the time.
    """
    total, iris = _kept(engine, kind)
    if iris is not None:
        return total, window(iris, page, size)
    name = "list_things" if total <= SORTED else "list_many_things"
    return total, _ask(engine, name, kind, size, (page - 1) * size)


def _kept(engine: Engine, kind: str) -> tuple[int, Sequence[str] | None]:
    """How many things of a kind there are; all of them where they are few and kept in memory."""

    def read() -> tuple[int, Sequence[str] | None]:
        total = count(engine, kind)
        few = engine.lookups is not None and total <= SORTED
        return total, _ask(engine, "list_things", kind, total, 0) if few else None

    return remembered(engine, "listed", kind, read)


def _ask(engine: Engine, name: str, kind: str, most: int, start: int) -> list[str]:
    text = f"{query(name)} LIMIT {most:d} OFFSET {start:d}"
    rows = engine.select(text, {"class": NamedNode(CLASSES[kind])}).rows
    found = [row for row in rows if "thing" in row]
    if name == "list_things" and not start:
        found.sort(key=lambda row: fold(row["label"].value if "label" in row else ""))
    return [row["thing"].value for row in found]


def _concepts(engine: Engine, kind: str, page: int, size: int, all_of_it: Shared | None) -> Listing:
    found = concepts(engine, kind, all_of_it)
    if not found:
        raise UnknownEntity(
            told(later("There is no list called “{1}”."), kind),
            remedy=later("See the home page for the lists there are."),
        )
    used = sorted(found, key=lambda item: -(item.count or 0))
    label = Labels.fetch(engine, [VOCAB + kind]).ref(VOCAB + kind).label
    shown = window(used, page, size)
    label = label if label != kind else words(kind).capitalize()
    return Listing(len(found), page, size, kind, label, shown)
