"""A drawing of boxes in columns, with lines from one to another, and text that fits its box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import Final

_NARROW_LETTERS: Final = frozenset("fijlrt.,;:'’()-– I")
_WIDE_LETTERS: Final = frozenset("mwMW@%")
_LEAST: Final = 4
"""Letters of a word divided that a line has at the least."""
_SPACE: Final = 0.4
_TURNS: Final = dict.fromkeys(
    [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
"""Marks that turn text around (UAX #9); SVG has no element like `bdi` to hold them in one line."""


@dataclass(frozen=True)
class Line:
    """A line of text, from the left corner of its box."""

    x: float
    y: float
    text: str
    css: str = ""


@dataclass(frozen=True)
class Box:
    """A thing where it is drawn, with what is written in it; `label` where that is cut."""

    anchor: str
    css: str
    width: float
    height: float
    lines: tuple[Line, ...]
    label: str = ""
    x: float = 0
    y: float = 0

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Flow:
    """A line between boxes: an SVG path, which may end in an arrow."""

    css: str
    path: str
    arrow: bool = False


@dataclass(frozen=True)
class Stroke:
    """A line between two things, as an SVG path: the thicker, the more programmes."""

    path: str
    width: float
    words: str


@dataclass(frozen=True)
class Chart:
    """The drawing; its `title` and what is `told` of it stand for it where it is not seen."""

    name: str
    css: str
    width: float
    height: float
    letters: float
    title: str
    told: str
    boxes: tuple[Box, ...]
    flows: tuple[Flow, ...]
    heads: tuple[Line, ...] = ()


def placed(
    columns: Sequence[Sequence[Box]], left: float, top: float, between: float, apart: float
) -> tuple[list[Box], float]:
    """Every box in its column, each column spread over the height of the highest, which is told."""
    heights = [sum(box.height + apart for box in column) for column in columns]
    made = []
    x = left
    for column, height in zip(columns, heights, strict=True):
        gap = (max(heights) - height) / (len(column) + 1)
        y = top + gap
        for box in column:
            made.append(replace(box, x=round(x, 1), y=round(y, 1)))
            y += box.height + apart + gap
        x += column[0].width + between
    return made, round(top + max(heights), 1)


def curve(x1: float, y1: float, x2: float, y2: float, near: float, far: float) -> str:
    """A path from one point to another that bends towards `near` and comes from `far`."""
    return f"M{x1:g} {y1:g}C{near:g} {y1:g} {far:g} {y2:g} {x2:g} {y2:g}"


def wrapped(text: str, width: float, most: int) -> tuple[str, ...]:
    """A text in lines of about `width` times the height of its letters, at most so many."""
    lines: list[str] = []
    filled = width
    for word in _pieces(text.translate(_TURNS), width):
        extent = _extent(word)
        filled += _SPACE + extent
        if filled > width:
            lines.append(word)
            filled = extent
        else:
            lines[-1] += f" {word}"
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(",;") + " …"]
    return tuple(lines) or ("",)


def _pieces(text: str, width: float) -> Iterator[str]:
    """The words, those longer than a line in pieces."""
    for word in text.split():
        while _extent(word) > width:
            fits = next(
                n for n in count(len(word) - 1, -1) if n < 4 or _extent(word[:n]) < width - 0.4
            )
            fits = max(min(fits, len(word) - _LEAST), 1)
            yield word[:fits] + "-"
            word = word[fits:]
        yield word


@lru_cache(maxsize=4096)
def _extent(text: str) -> float:
    """The width of a text in units of the height of its letters: a guess that is not too small."""
    narrow = sum(c in _NARROW_LETTERS for c in text)
    wide = sum(c in _WIDE_LETTERS or c.isupper() for c in text)
    return 0.4 * narrow + 0.82 * wide + 0.63 * (len(text) - narrow - wide)
