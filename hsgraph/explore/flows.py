"""Links from things to things, drawn as bands from a column on the left to one on the right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from hsgraph.describe.words.labels import Ref

MOST: Final = 24
"""Links that are drawn, of one type those of each side: more would cross too often to be read."""
WIDTH: Final = 760
ROW: Final = 24
_ENDS: Final = (288, 472)
_MIDDLE: Final = WIDTH // 2
_WIDEST: Final = 9.0

Counted = tuple[Ref, Ref, int]


@dataclass(frozen=True)
class End:
    """A name beside the bands; `left` stands before them."""

    ref: Ref
    y: float
    left: bool


@dataclass(frozen=True)
class Band:
    """One link; the thicker, the more programmes."""

    path: str
    width: float
    words: str


@dataclass(frozen=True)
class Flows:
    """A drawing of `WIDTH` by `height`; `drawn` counts its links."""

    height: int
    ends: tuple[End, ...]
    bands: tuple[Band, ...]
    drawn: int


def flows(links: Sequence[Counted], about: Ref | None = None) -> Flows | None:
    """The first links, the most told first; with `about`, what leads to it and from it."""
    if about is None:
        shown = list(links[:MOST])
        left, right = _column(shown, 0), _by_sources(shown)
    else:
        before = [link for link in links if link[1] == about][: MOST // 2]
        after = [link for link in links if link[0] == about][: MOST // 2]
        shown = before + after
        left, right = _column(before, 0), _column(after, 1)
    if not shown:
        return None
    rows = max(len(left), len(right))
    at = {**_places(left, rows, True), **_places(right, rows, False)}
    most = max(number for _, _, number in shown)
    ends = tuple(End(ref, at[ref, side], side) for ref, side in at)
    bands = tuple(_band(link, at, rows * ROW / 2, most, about) for link in reversed(shown))
    return Flows(rows * ROW, ends, bands, len(shown))


def _column(links: Sequence[Counted], end: Literal[0, 1]) -> list[Ref]:
    sums: Counter[Ref] = Counter()
    for link in links:
        sums[link[end]] += link[2]
    return [ref for ref, _ in sorted(sums.items(), key=lambda item: (-item[1], item[0].order))]


def _by_sources(links: Sequence[Counted]) -> list[Ref]:
    """The effects, each as near as can be to what drives it, so that bands cross little."""
    rank = {ref: place for place, ref in enumerate(_column(links, 0))}

    def middle(ref: Ref) -> float:
        ranks = [rank[source] for source, target, _ in links if target == ref]
        return sum(ranks) / len(ranks)

    return sorted(_column(links, 1), key=middle)


def _places(column: Sequence[Ref], rows: int, left: bool) -> dict[tuple[Ref, bool], float]:
    free = (rows - len(column)) / 2
    return {(ref, left): (free + place + 0.5) * ROW for place, ref in enumerate(column)}


def _band(
    link: Counted, at: dict[tuple[Ref, bool], float], half: float, most: int, about: Ref | None
) -> Band:
    source, target, number = link
    x1, y1 = (_MIDDLE, half) if source == about else (_ENDS[0], at[source, True])
    x2, y2 = (_MIDDLE, half) if target == about else (_ENDS[1], at[target, False])
    bend = (x1 + x2) // 2
    path = f"M{x1},{y1:g}C{bend},{y1:g},{bend},{y2:g},{x2},{y2:g}"
    words = f"{source.label} drives {target.label}: {number:,}"
    return Band(path, round(max(1.0, _WIDEST * number / most), 1), words)
