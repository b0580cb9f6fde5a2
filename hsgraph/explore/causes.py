"""What drives what: types of threat, in bands from causes to effects; in programmes, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pyoxigraph import NamedNode

from hsgraph.describe.entity.facts import Passage
from hsgraph.describe.pages import Paged
from hsgraph.describe.shared.programme_lists import Programme, lines
from hsgraph.describe.shared.stated import passages
from hsgraph.describe.values import by_key, texts
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine, Parameters
from hsgraph.explore.charts.chart import Stroke
from hsgraph.explore.counts import Counts
from hsgraph.explore.queries import query
from hsgraph.languages import translated as _

MOST: Final = 100
"""Links of all types of threat that the page lists; those of one type are listed all."""
DRAWN: Final = 24
"""Links that are drawn, of one type those of each side: more would cross too often to be read."""
WIDTH: Final = 760
ROW: Final = 24
_ENDS: Final = (288, 472)
_MIDDLE: Final = WIDTH // 2
_WIDEST: Final = 9.0


@dataclass(frozen=True)
class End:
    """A name beside the bands; `left` stands before them."""

    ref: Ref
    y: float
    left: bool


@dataclass(frozen=True)
class Flows:
    """A drawing of `WIDTH` by `height`; `drawn` counts its links."""

    height: int
    ends: tuple[End, ...]
    bands: tuple[Stroke, ...]
    drawn: int


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
    return Causes(named, True, links, len(ordered), flows(links, named))


def of_programme(engine: Engine, project: str) -> Causes:
    """What drives what, and what answers what, in one programme (an IRI)."""
    rows = [*texts(engine, query("chain"), {"project": NamedNode(project)})]
    labels = Labels.fetch(engine, {project, *(row[end] for row in rows for end in ("from", "to"))})
    links = tuple(Link(labels.ref(r["from"]), labels.ref(r["to"]), r["how"]) for r in rows)
    return Causes(labels.ref(project), False, links, len(links))


def flows(links: Sequence[Link], about: Ref | None = None) -> Flows | None:
    """The first links, the most told first; with `about`, what leads to it and from it."""
    if about is None:
        shown = list(links[:DRAWN])
        left, right = _column(shown, "source"), _by_sources(shown)
    else:
        before = [link for link in links if link.target == about][: DRAWN // 2]
        after = [link for link in links if link.source == about][: DRAWN // 2]
        shown = before + after
        left, right = _column(before, "source"), _column(after, "target")
    if not shown:
        return None
    rows = max(len(left), len(right))
    at = {**_places(left, rows, True), **_places(right, rows, False)}
    most = max(link.programmes for link in shown)
    ends = tuple(End(ref, at[ref, side], side) for ref, side in at)
    bands = tuple(_band(link, at, rows * ROW / 2, most, about) for link in reversed(shown))
    return Flows(rows * ROW, ends, bands, len(shown))


def _column(links: Sequence[Link], end: Literal["source", "target"]) -> list[Ref]:
    sums: Counter[Ref] = Counter()
    for link in links:
        sums[link.source if end == "source" else link.target] += link.programmes
    return [ref for ref, _ in sorted(sums.items(), key=lambda item: (-item[1], item[0].order))]


def _by_sources(links: Sequence[Link]) -> list[Ref]:
    """The effects, each as near as can be to what drives it, so that bands cross little."""
    rank = {ref: place for place, ref in enumerate(_column(links, "source"))}

    def middle(ref: Ref) -> float:
        ranks = [rank[link.source] for link in links if link.target == ref]
        return sum(ranks) / len(ranks)

    return sorted(_column(links, "target"), key=middle)


def _places(column: Sequence[Ref], rows: int, left: bool) -> dict[tuple[Ref, bool], float]:
    free = (rows - len(column)) / 2
    return {(ref, left): (free + place + 0.5) * ROW for place, ref in enumerate(column)}


def _band(
    link: Link, at: dict[tuple[Ref, bool], float], half: float, most: int, about: Ref | None
) -> Stroke:
    source, target, number = link.source, link.target, link.programmes
    x1, y1 = (_MIDDLE, half) if source == about else (_ENDS[0], at[source, True])
    x2, y2 = (_MIDDLE, half) if target == about else (_ENDS[1], at[target, False])
    bend = (x1 + x2) // 2
    path = f"M{x1},{y1:g}C{bend},{y1:g},{bend},{y2:g},{x2},{y2:g}"
    drives = _("{1} drives {2}").replace("{1}", source.label).replace("{2}", target.label)
    words = f"{drives}: {wording.figure(number)}"
    return Stroke(path, round(max(1.0, _WIDEST * number / most), 1), words)


@dataclass(frozen=True)
class Said:
    """One link: how it works, whether a source says so or it is our reading, the words cited."""

    link: Ref
    source: Ref
    target: Ref
    how: str
    basis: Ref | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Driven(Paged):
    """One page of the links from one type of threat to another.

    Each programme that is `told` comes with its links.
    """

    cause: Ref
    effect: Ref
    told: tuple[tuple[Programme, list[Said]], ...]


def driven(
    engine: Engine, counts: Counts, cause: str, effect: str, *, page: int, size: int
) -> Driven:
    """The links from threats of one type to threats of another (IRIs), by programme."""
    bound: Parameters = {"cause": NamedNode(cause), "effect": NamedNode(effect)}
    some = f"{query('driving')} LIMIT {size:d} OFFSET {(page - 1) * size:d}"
    shown = [row["project"] for row in texts(engine, some, bound)]
    bound = {**bound, "projects": [*map(NamedNode, shown)]}
    rows = [*texts(engine, query("driven"), bound)]
    found = by_key((row["project"], row) for row in rows)
    named = ("link", "from", "to", "basis", "evidence")
    iris = {row[name] for row in rows for name in named if name in row}
    labels = Labels.fetch(engine, {cause, effect, *iris})
    cited = passages(engine, labels, {r["evidence"] for r in rows if "evidence" in r})
    links = {project: by_key((r["link"], r) for r in found[project]).values() for project in shown}
    told = tuple(
        (line, [_said(labels, each, cited) for each in links[line.ref.iri]])
        for line in lines(engine, shown)
    )
    number = counts.drives.get((cause, effect), 0)
    return Driven(number, page, size, labels.ref(cause), labels.ref(effect), told)


def _said(labels: Labels, rows: list[dict[str, str]], cited: Mapping[str, Passage]) -> Said:
    first = rows[0]
    evidence = dict.fromkeys(row["evidence"] for row in rows if "evidence" in row)
    return Said(
        link=labels.ref(first["link"]),
        source=labels.ref(first["from"]),
        target=labels.ref(first["to"]),
        how=first.get("how", ""),
        basis=labels.ref(first["basis"]) if "basis" in first else None,
        passages=tuple(cited[each] for each in evidence),
    )
