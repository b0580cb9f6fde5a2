"""One list of programmes as pages show it: facets with counts, chips, rows in an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Final

from hsgraph.browse.catalogue import Catalogue, Counted, Found
from hsgraph.browse.choice import NONE, Choice, facet, years
from hsgraph.browse.filtering import ChosenList
from hsgraph.browse.sums import sums
from hsgraph.build.index.facets import FACETS, Facet
from hsgraph.build.index.words import fold
from hsgraph.describe.shared.programme_lists import Programme, lines
from hsgraph.describe.values import by_key
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels
from hsgraph.engine.protocol import Engine
from hsgraph.languages import capital, later, told
from hsgraph.languages import translated as _

SHOWN: Final = 8
"""Values of a facet that stand beside a list; a page of their own has the others."""
MOST_SHOWN: Final = 2_000
NOT_STATED: Final = later("not stated")
_DOLLAR: Final = "USD"


@dataclass(frozen=True)
class ValueView:
    """A value of a facet; `choice` is what a click on it makes."""

    label: str
    count: int
    chosen: bool
    choice: Choice
    depth: int = 0
    name: str = ""


@dataclass(frozen=True)
class FacetView:
    """A facet beside a list; `more` says how many values are not shown.

    `other` is the choice with all of its chosen values instead of any of them, or the reverse.
    """

    name: str
    label: str
    values: tuple[ValueView, ...]
    more: int = 0
    chosen: int = 0
    together: bool = False
    other: Choice | None = None


@dataclass(frozen=True)
class Chip:
    """Something that narrows the list, and the choice without it.

    `joined` says how it adds to the one before: "or", "and", or nothing for the first.
    """

    about: str
    label: str
    choice: Choice
    joined: str = ""


@dataclass(frozen=True)
class ListView:
    """One page of a list."""

    choice: Choice
    total: int
    size: int
    page: int
    pages: int
    rows: tuple[Programme, ...]
    facets: tuple[FacetView, ...]
    chips: tuple[Chip, ...]


def list_view(engine: Engine, asked: ChosenList, *, page: int, size: int) -> ListView:
    """A page of a list with everything beside it."""
    catalogue, choice, found = asked.catalogue, asked.choice, asked.found
    shown = list(islice(asked.ordered(), (page - 1) * size, page * size))
    labels = Labels.fetch(engine, [facet.about for facet in FACETS])
    facets = tuple(facet_view(f, found, choice, labels) for f in FACETS)
    return ListView(
        choice=choice,
        total=found.total,
        size=catalogue.size,
        page=page,
        pages=max(1, -(-found.total // size)),
        rows=rows(engine, [catalogue.programmes[number].iri for number in shown]),
        facets=tuple(v for v in facets if len(v.values) > (v.name != "year") or v.chosen),
        chips=chips(catalogue, choice, labels),
    )


def rows(engine: Engine, iris: Sequence[str]) -> tuple[Programme, ...]:
    """What a list says of some programmes."""
    return with_sums(engine, lines(engine, iris))


def with_sums(engine: Engine, listed: Sequence[Programme]) -> tuple[Programme, ...]:
    """Lines of programmes with their sums, which are asked for all at once."""
    money = sums(engine, [line.ref.iri for line in listed])
    return tuple(
        replace(
            line,
            total=_money(found.total),
            contribution=_money(found.contribution),
            other=_money(found.other),
            kind_of_other=found.kind,
        )
        for line in listed
        for found in (money[line.ref.iri],)
    )


def _money(sum: Decimal | None) -> wording.Money | None:
    return None if sum is None else wording.money(str(sum), _DOLLAR)


def facet_view(
    about: Facet, found: Found, choice: Choice, labels: Labels, *, all: bool = False
) -> FacetView:
    """The values of a facet that matter: the most frequent ones, below what is chosen, or all."""
    counted = found.counts[about.name]
    chosen = choice.of_facet(about.name)
    known = [c for c in counted if (c.count or c.name in chosen) and c.name != NONE]
    missing = [c for c in counted if c.name == NONE and c.count]
    if about.plain:
        placed = [(c, 0) for c in sorted(known, key=lambda c: _start(about, c.name))]
        most = MOST_SHOWN
    elif about.above:
        known = _below_the_only_root(known, chosen)
        placed = _tree(known, set(chosen), all=all)
        most = MOST_SHOWN if all else 2 * SHOWN + sum(depth > 0 for _, depth in placed)
    else:
        order = _by_label if all else _by_count
        placed = [(c, 0) for c in sorted(known, key=lambda c: (c.name not in chosen, *order(c)))]
        most = MOST_SHOWN if all else max(SHOWN, len(chosen))
    kept = [*placed[:most], *((c, 0) for c in missing)]
    values = tuple(
        ValueView(
            label=label_of(about, c.name, c.label),
            count=c.count,
            chosen=c.name in chosen,
            choice=choice.toggled(about.name, c.name),
            depth=depth,
            name=c.name,
        )
        for c, depth in kept
    )
    return FacetView(
        about.name,
        capital(labels.property(about.about).label),
        values,
        len(known) - len(placed[:most]),
        len(chosen),
        about.name in choice.every,
        choice.together(about.name, about.name not in choice.every)
        if len(chosen) > 1 and not about.plain
        else None,
    )


def chips(catalogue: Catalogue, choice: Choice, labels: Labels) -> tuple[Chip, ...]:
    """What narrows a list, thing by thing; `about` is left to those who know its labels."""
    found = []
    for name, values in choice.values:
        about = capital(labels.property(facet(name).about).label)
        join = _("and") if name in choice.every else _("or")
        for place, value in enumerate(values):
            label = label_of(facet(name), value, catalogue.label(name, value))
            without = choice.toggled(name, value)
            found.append(Chip(about, label, without, join if place else ""))
    return tuple(found)


def label_of(about: Facet, name: str, label: str) -> str:
    """What a value is called on pages, by its name in addresses and its own label."""
    if name == NONE:
        return _(NOT_STATED)
    if about.name == "year" and (span := years(name)):
        return _years(*span)
    if about.name != "budget":
        return label
    low, _dash, high = name.partition("-")
    start, end = (wording.money(sum, _DOLLAR).compact if sum else "" for sum in (low, high))
    if not end:
        return told(later("{1} and more"), start)
    return told(later("under {1}"), end) if low == "0" else f"{start} – {end}"


def _years(first: str, last: str) -> str:
    if last == "9999":
        return told(later("since {1}"), first)
    if first == "0000":
        return told(later("until {1}"), last)
    return told(later("{1} to {2}"), first, last)


def _start(about: Facet, name: str) -> int:
    """Years latest first, sums smallest first."""
    number = wording.order(name.partition("-")[0])
    return -number if about.name == "year" else number


def _by_count(counted: Counted) -> tuple[int | str, ...]:
    return (-counted.count, fold(counted.label), counted.name)


def _by_label(counted: Counted) -> tuple[int | str, ...]:
    return (fold(counted.label), counted.name)


def _below_the_only_root(known: list[Counted], chosen: Sequence[str]) -> list[Counted]:
    """Without the one value above all others, such as the world, which narrows nothing."""
    iris = {counted.value for counted in known}
    roots = [counted for counted in known if counted.parent not in iris]
    if len(roots) != 1 or roots[0].name in chosen or len(known) == 1:
        return known
    return [counted for counted in known if counted is not roots[0]]


def _tree(known: Sequence[Counted], chosen: set[str], *, all: bool) -> list[tuple[Counted, int]]:
    """Values with their depth: the topmost ones, and those below what is chosen; or all of them."""
    by_iri = {counted.value: counted for counted in known}
    below = by_key((c.parent if c.parent in by_iri else "", c) for c in known)
    open_ = _opened(by_iri, chosen)
    placed: list[tuple[Counted, int]] = []

    def place(values: Sequence[Counted], depth: int) -> None:
        for counted in sorted(values, key=_by_count):
            placed.append((counted, depth))
            if all or counted.value in open_:
                place(below[counted.value], depth + 1)

    place(below[""], 0)
    return placed


def _opened(by_iri: dict[str, Counted], chosen: set[str]) -> set[str]:
    """What is chosen and all that is above it."""
    opened: set[str] = set()
    for counted in by_iri.values():
        at: Counted | None = counted if counted.name in chosen else None
        while at is not None and at.value not in opened:
            opened.add(at.value)
            at = by_iri.get(at.parent)
    return opened
