"""What drives what: between types of threat over all programmes, and inside one programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine
from hsgraph.explore.counts import Counts
from hsgraph.explore.flows import Flows, flows
from hsgraph.explore.queries import query

MOST: Final = 100
"""Links of all types of threat that the page lists; those of one type are listed all."""


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
    total: int
    drawing: Flows | None = None

    @property
    def drivers(self) -> tuple[Link, ...]:
        """The links that lead to the one type."""
        return tuple(link for link in self.links if link.target == self.about)

    @property
    def driven(self) -> tuple[Link, ...]:
        """The links that lead from the one type."""
        return tuple(link for link in self.links if link.source == self.about)


def between_types(engine: Engine, counts: Counts, about: str = "", most: int = MOST) -> Causes:
    """Which type of threat drives which; with `about` (an IRI), all that drives or is driven by it.

    Without it the `most` links that most programmes tell of.
    """
    found = {p: n for p, n in counts.drives.items() if p[0] != p[1] and (not about or about in p)}
    ordered = sorted(found.items(), key=lambda link: (-link[1], link[0]))
    shown = ordered[: None if about else most]
    labels = Labels.fetch(engine, {*(iri for pair, _ in shown for iri in pair), about} - {""})
    links = tuple(Link(labels.ref(a), labels.ref(b), "drives", n) for (a, b), n in shown)
    named = labels.ref(about) if about else None
    drawing = flows([(link.source, link.target, link.programmes) for link in links], named)
    return Causes(named, True, links, len(ordered), drawing)


def of_programme(engine: Engine, project: str) -> Causes:
    """What drives what, and what answers what, in one programme (an IRI)."""
    rows = engine.select(query("chain"), {"project": NamedNode(project)}).rows
    ends = {row[end].value for row in rows for end in ("from", "to")}
    labels = Labels.fetch(engine, [project, *ends])
    links = tuple(
        Link(labels.ref(r["from"].value), labels.ref(r["to"].value), r["how"].value) for r in rows
    )
    return Causes(labels.ref(project), False, links, len(links))
