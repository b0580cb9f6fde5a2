"""Two to four programmes row by row, with what they share marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hsgraph.build.index.words import fold
from hsgraph.describe.entity.facts import Fact
from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.words.labels import Ref
from hsgraph.languages import later
from hsgraph.languages import translated as _

MOST: Final = 4


@dataclass(frozen=True)
class Entry:
    """One value in a cell; `ref` where it is a thing; `shared` by how many of the programmes."""

    text: str
    ref: Ref | None = None
    shared: int = 1
    note: str = ""


Row = tuple[str, tuple[tuple[Entry, ...], ...]]
"""One line of the comparison: what it is about, and the entries of each programme."""


def compare(views: Sequence[ProjectView]) -> tuple[Row, ...]:
    """The rows, in the order of a programme's own page; those that no programme fills left out."""
    rows = (_row(_(label), [read(view) for view in views]) for label, read in _ROWS)
    return tuple(row for row in rows if any(row[1]))


def _row(label: str, cells: list[list[Entry]]) -> Row:
    """Mark what several have, those first, so that they stand side by side."""
    seen = Counter(key for cell in cells for key in {_key(entry) for entry in cell})
    marked = (
        sorted(
            (Entry(e.text, e.ref, seen[_key(e)] if e.ref else 1, e.note) for e in cell),
            key=lambda e: (-e.shared, fold(e.text) if e.shared > 1 else ""),
        )
        for cell in cells
    )
    return label, tuple(tuple(cell) for cell in marked)


def _key(entry: Entry) -> str:
    return entry.ref.iri if entry.ref else entry.text


def _things(facts: Iterable[Fact]) -> list[Entry]:
    return _unique(fact.value for fact in facts)


def _unique(refs: Iterable[object]) -> list[Entry]:
    return [Entry(ref.label, ref) for ref in dict.fromkeys(refs) if isinstance(ref, Ref)]


def _budgets(view: ProjectView) -> list[Entry]:
    return [
        Entry(b.money.exact or b.money.compact, note=b.kind.label if b.kind else "")
        for b in view.budgets
        if not b.set_aside
    ]


def _groups(view: ProjectView) -> list[Entry]:
    affected = [f for threat in view.chain.threats for f in threat.affects]
    return _things([*(f for target in view.targets for f in target.groups), *affected])


_ROWS: Final[tuple[tuple[str, Callable[[ProjectView], list[Entry]]], ...]] = (
    (later("Country"), lambda v: _things(v.countries)),
    (later("Scope"), lambda v: _things(v.scope)),
    (later("Dates"), lambda v: [Entry(v.period)] if v.period else []),
    (later("Budget"), _budgets),
    (later("Fund"), lambda v: _unique(p.organisation for p in v.funders)),
    (later("UN agencies"), lambda v: _unique(p.organisation for p in v.agencies)),
    (later("Partners"), lambda v: _unique(p.organisation for _, ps in v.partners for p in ps)),
    (later("Dimensions"), lambda v: _things(v.dimensions)),
    (later("Types of threat"), lambda v: _things(f for t in v.chain.threats for f in t.types)),
    (
        later("Types of intervention"),
        lambda v: _things(f for each in v.chain.interventions for f in each.types),
    ),
    (
        later("Protection or empowerment"),
        lambda v: _things(f for each in v.chain.interventions for f in each.strategies),
    ),
    (later("Groups"), _groups),
    (later("Beneficiaries"), lambda v: [Entry(target.fact.label) for target in v.targets]),
    (later("Keywords"), lambda v: _things(v.keywords)),
)
