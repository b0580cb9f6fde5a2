"""The lines of a printed page as they lie on it: size, height, and what that says of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from statistics import median
from typing import Any, Final

from hsgraph.curate.reading.lines import Style

Rows = list[tuple[str, Style]]
_LARGER: Final = 1.15
"""How much larger than most of the text a heading is."""
_SMALLER: Final = 0.9
"""How much smaller than the text before it a mark of a note is."""
_APART: Final = 1.35
"""How much further apart than usual the lines of two paragraphs are."""

_LONGEST: Final = 30
_DEEPEST: Final = 5
"""How many letters an item stands further in than its heading, at most."""


@dataclass
class Printed:
    """A line of a page: its text, the size of its letters, and where on the page it begins."""

    text: str = ""
    size: float = 0.0
    height: float = 0.0
    left: float = 0.0

    def add(self, text: str, size: float, height: float, left: float) -> None:
        if not self.text.strip():
            self.size, self.height, self.left = size, height, left
        elif text.strip().isdigit() and size < self.size * _SMALLER:
            return
        self.text += text


def printed_lines(page: Any) -> list[Printed]:
    """The lines of a page in reading order, marks of notes left out."""
    lines = [Printed()]

    def visit(
        text: str, outer: list[float], inner: list[float], _font: object, size: float
    ) -> None:
        height = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        left = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        real = size * hypot(*inner[2:4]) * hypot(*outer[2:4])
        first, *others = text.split("\n")
        lines[-1].add(first, real, height, left)
        for other in others:
            lines.append(Printed())
            lines[-1].add(other, real, height, left)

    page.extract_text(visitor_text=visit)
    return lines


def rows_of(lines: list[Printed], wanted: range) -> Rows:
    """Lines of a page: headings of large letters in one piece, blanks between paragraphs."""
    usual = _usual_size(lines)
    steps = [a.height - b.height for a, b in pairwise(lines) if a.size == b.size and _below(a, b)]
    step = median(steps) if steps else 0.0
    rows: Rows = []
    before = heading = Printed()
    for line in lines[wanted.start : wanted.stop]:
        large = bool(usual) and line.size >= usual * _LARGER and bool(line.text.strip())
        if large and rows and rows[-1][1] == "heading" and _goes_on(before, line):
            rows[-1] = (f"{rows[-1][0].rstrip()} {line.text.strip()}", "heading")
        else:
            apart = rows and step and rows[-1][1] != "heading"
            if apart and _below(before, line) and _gap(before, line) > step * _APART:
                rows.append(("", ""))
            heading = line if large else heading
            item: Style = "item" if _is_indented(heading, line) else ""
            rows.append((line.text, "heading" if large else item))
        before = line
    return [(text, _style(text, style)) for text, style in rows]


def _style(text: str, style: Style) -> Style:
    """Large letters make a heading of a few words, not of a paragraph."""
    long = len(text.split()) > _LONGEST or text.rstrip().endswith((".", ";"))
    return "" if style == "heading" and long else style


def _usual_size(lines: list[Printed]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text.strip())
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _below(first: Printed, second: Printed) -> bool:
    return bool(first.text.strip() and second.text.strip()) and _gap(first, second) > 0


def _gap(first: Printed, second: Printed) -> float:
    return first.height - second.height


def _is_indented(heading: Printed, line: Printed) -> bool:
    """Whether a line begins an item: further in than its heading, and large."""
    inside = line.size < line.left - heading.left < _DEEPEST * line.size
    return bool(heading.text) and inside and line.text.strip()[:1].isupper()


def _goes_on(first: Printed, second: Printed) -> bool:
    """Whether a heading goes on in the next line: as large, and right below."""
    return first.size == second.size and 0 < _gap(first, second) < 1.6 * second.size
