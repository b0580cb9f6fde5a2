"""What drives what: between types of threat over all programmes, and inside one programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine
from hsgraph.explore.counts import Counts, Pair
from hsgraph.explore.queries import query

MOST: Final = 100


@dataclass(frozen=True)
class Link:
    """From one thing to another; `how` is `drives` or `answers`; `programmes` 0 if not counted."""

    source: Ref
    target: Ref
    how: str
    programmes: int = 0


@dataclass(frozen=True)
class Causes:
    """The links of everything, of one type of threat, or of one programme."""

    about: Ref | None
    whole: bool
    links: tuple[Link, ...]
    more: int


def between_types(engine: Engine, counts: Counts, about: str = "") -> Causes:
    """Which type of threat drives which; with `about` (an IRI), within two steps of that one."""
    near = _near(counts, about) if about else dict(counts.drives)
    near = {pair: number for pair, number in near.items() if pair[0] != pair[1]}
    ordered = sorted(near.items(), key=lambda link: (-link[1], link[0]))
    shown = ordered[:MOST]
    labels = Labels.fetch(engine, {*(iri for pair, _ in shown for iri in pair), about} - {""})
    links = (Link(labels.ref(a), labels.ref(b), "drives", number) for (a, b), number in shown)
    named = labels.ref(about) if about else None
    return Causes(named, True, tuple(links), len(ordered) - len(shown))


def of_programme(engine: Engine, project: str) -> Causes:
    """What drives what, and what answers what, in one programme (an IRI)."""
    rows = engine.select(query("chain"), {"project": NamedNode(project)}).rows
    ends = {row[end].value for row in rows for end in ("from", "to")}
    labels = Labels.fetch(engine, [project, *ends])
    links = (
        Link(labels.ref(r["from"].value), labels.ref(r["to"].value), r["how"].value) for r in rows
    )
    return Causes(labels.ref(project), False, tuple(links), 0)


def _near(counts: Counts, about: str) -> dict[Pair, int]:
    """Links within two steps before or after one type."""
    before, after = {about}, {about}
    found: dict[Pair, int] = {}
    for _ in range(2):
        new = {p: n for p, n in counts.drives.items() if p[0] in after or p[1] in before}
        after |= {p[1] for p in new if p[0] in after}
        before |= {p[0] for p in new if p[1] in before}
        found |= new
    return found
