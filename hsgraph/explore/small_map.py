"""The small map of a page: where it is, on the outline of its country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hsgraph import resources
from hsgraph.describe.entity.entity import EntityView
from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.shared.concept import SharedView
from hsgraph.explore.worldmap import Box, World, world
from hsgraph.languages import translated as _
from hsgraph.literals import real
from hsgraph.namespaces import HS, WGS84

MARGIN: Final = 0.08
_PATH: Final = re.compile(r'<path id="c(\w+)" d="([^"]*)"')
MOST_COUNTRIES: Final = 12
_NOWHERE: Final = 181.0
NARROWEST: Final = 24.0
"""Units of the world map; what is smaller would be drawn without its surroundings."""


Points = tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class SmallMap:
    """Outlines to draw (the data of SVG paths), points on them, and the part of the map to show."""

    box: str
    outlines: tuple[str, ...]
    points: Points
    radius: float
    label: str


def small_map(view: EntityView) -> SmallMap | None:
    """The map of a programme or a place; None without outlines or of the whole world."""
    drawn = world()
    if drawn is None:
        return None
    if isinstance(view, SharedView):
        return _of_place(drawn, view)
    if not isinstance(view, ProjectView):
        return None
    shapes = _shapes(drawn.file)
    codes = [code for code in view.codes if code in drawn.outlines and code in shapes]
    if not codes or len(codes) > MOST_COUNTRIES:
        return None
    box = x, y, width, height = _around(drawn, codes)
    points = tuple(
        (round(px, 2), round(py, 2), point.label)
        for point in view.points
        for px, py in (drawn.project(point.latitude, point.longitude),)
        if x <= px <= x + width and y <= py <= y + height
    )
    names = ", ".join(fact.label for fact in view.countries)
    places = ", ".join(label for _, _, label in points)
    label = f"{_('Map of')} {names}" + (f" {_('with')} {places}" if places else "")
    return _map(box, [shapes[code] for code in codes], points, label)


def _of_place(drawn: World, view: SharedView) -> SmallMap | None:
    """A country by its outline, another place by its point among the outlines around it."""
    said = {p.property.iri: p.facts[0].label for g in view.groups for p in g.properties if p.facts}
    shapes, code = _shapes(drawn.file), said.get(HS + "m49", "")
    at = [real(said.get(WGS84 + each, ""), _NOWHERE) for each in ("lat", "long")]
    codes = [code] if code in shapes and code in drawn.outlines else []
    points: Points = ()
    if not codes and max(map(abs, at)) < _NOWHERE:
        x, y = drawn.project(at[0], at[1])
        around = sorted(
            ((right - left) * (bottom - top), code)
            for code, (left, top, right, bottom) in drawn.outlines.items()
            if code in shapes and left <= x <= right and top <= y <= bottom
        )
        codes = [code for _, code in around]
        points = ((round(x, 2), round(y, 2), view.label),)
    if not codes:
        return None
    box = _around(drawn, codes[:1])
    return _map(box, [shapes[each] for each in codes], points, f"{_('Map of')} {view.label}")


def _map(box: Box, outlines: list[str], points: Points, label: str) -> SmallMap:
    shown = " ".join(f"{each:.2f}" for each in box)
    return SmallMap(shown, tuple(outlines), points, round(max(box[2:]) / 45, 3), label)


@lru_cache(maxsize=2)
def _shapes(name: str) -> dict[str, str]:
    """The outline of each country as the data of an SVG path: a page needs one or two of them."""
    file = resources.web_dir() / "static" / "dist" / name
    if not file.is_file():
        return {}
    return dict(_PATH.findall(file.read_text(encoding="utf-8")))


def _around(drawn: World, codes: list[str]) -> Box:
    """A box (x, y, width, height) around some countries, with a margin."""
    boxes = [drawn.outlines[code] for code in codes]
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[2] for b in boxes), max(b[3] for b in boxes)
    size = max(right - left, bottom - top, NARROWEST)
    width, height = max(right - left, size / 2), max(bottom - top, size / 2)
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    edge = size * MARGIN
    return x - edge, y - edge, width + 2 * edge, height + 2 * edge
