"""Where and when the programmes of a list are, as figures for drawings: a map, years."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hsgraph.browse.catalogue import Counted
from hsgraph.browse.choice import NONE, Choice, value_of
from hsgraph.browse.filtering import ChosenList
from hsgraph.build.index.facets import BY_NAME
from hsgraph.describe.values import Values, values_of
from hsgraph.engine.protocol import Engine
from hsgraph.explore.worldmap import CODES, Point, World
from hsgraph.namespaces import HS

_SMALLEST: Final = 7.0
_LARGEST: Final = 44.0
_NUMBERED: Final = 22.0
"""The radius from which a circle has room for its number."""
_NEAREST: Final = 0.2
"""The smallest part of the world, by its width, that a map is of."""
_AROUND: Final = 120.0
_WITHIN: Final = HS + "within"
_PLAIN: Final = World("", 2400, 1200, 443.4, 1200.0, 600.0, {}, {})
"""A world without outlines, for where none were built."""


@dataclass(frozen=True)
class Mark:
    """A country with programmes; `choice` is the list of these. Without a place on the map, 0."""

    label: str
    iri: str
    count: int
    choice: Choice
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class MapView:
    """Marks on a part of the map of the world: `box`, whose width is `scale` of the whole.

    `file` is that of the outlines, if there are any; `outside` counts marks beside the part.
    """

    file: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    elsewhere: int
    box: tuple[float, float, float, float]
    scale: float
    outside: int


@dataclass(frozen=True)
class Year:
    """The programmes that began in a year; `height` is its share of the largest one."""

    label: str
    count: int
    choice: Choice
    height: float


def map_view(engine: Engine, asked: ChosenList, built: World | None) -> MapView:
    """The countries of a list with their numbers of programmes, most first."""
    choice, world = asked.choice, built or _PLAIN
    counted = [c for c in asked.catalogue.counts("country", asked.found.bits) if c.count]
    known = [c for c in counted if c.name != NONE]
    most = max((c.count for c in known), default=1)
    places = values_of(engine, [c.value for c in known], (*CODES, _WITHIN))
    width, height = world.width, world.height
    points = {c.name: world.place(places[c.value]) or (0.0, 0.0) for c in known}
    meant = _meant(choice, known, places)
    box = left, top, across, down = _box([points[c.name] for c in meant], width, height)
    scale = min(1.0, across / width)
    least = _NUMBERED if scale < 0.7 else _SMALLEST
    marks = []
    for c in sorted(known, key=lambda c: (-c.count, c.label, c.name)):
        radius = scale * max(least, _LARGEST * math.sqrt(c.count / most))
        chosen = _only(choice, "country", c)
        marks.append(Mark(c.label, c.value, c.count, chosen, *points[c.name], round(radius, 1)))
    return MapView(
        file=world.file,
        width=width,
        height=height,
        marks=tuple(marks),
        elsewhere=sum(c.count for c in counted if c.name == NONE),
        box=box,
        scale=scale,
        outside=sum(
            not (left <= m.x <= left + across and top <= m.y <= top + down)
            for m in marks
            if m.x or m.y
        ),
    )


def _meant(choice: Choice, known: list[Counted], places: Mapping[str, Values]) -> list[Counted]:
    """The countries that were asked for: programmes of several are elsewhere too."""
    regions = {value_of(BY_NAME["region"], name) for name in choice.of_facet("region")}
    countries = choice.of_facet("country")
    return [
        c
        for c in known
        if c.name in countries
        or regions & {term.value for term in places[c.value].get(_WITHIN, ())}
    ] or known


def _box(points: list[Point], width: float, height: float) -> tuple[float, float, float, float]:
    """The part of the map around points, as wide for its height as the whole."""
    placed = [point for point in points if point != (0.0, 0.0)] or [(0.0, 0.0), (width, height)]
    (left, right), (top, bottom) = ((min(each), max(each)) for each in zip(*placed, strict=True))
    needed = max((right - left + 2 * _AROUND) / width, (bottom - top + 2 * _AROUND) / height)
    if needed >= 1:
        beyond = max(0.0, right + _LARGEST - width)
        return 0.0, 0.0, round(width + beyond, 1), round(height, 1)
    scale = max(_NEAREST, needed)
    x = min(max(0.0, (left + right - scale * width) / 2), width * (1 - scale))
    y = min(max(0.0, (top + bottom - scale * height) / 2), height * (1 - scale))
    return round(x, 1), round(y, 1), round(scale * width, 1), round(scale * height, 1)


def years(asked: ChosenList) -> tuple[Year, ...]:
    """All years from the first to the last of a list, those without programmes too."""
    all_years = asked.catalogue.counts("year", asked.found.bits)
    counted = {c.name: c for c in all_years if c.count and c.name != NONE}
    numbers = [int(name) for name in counted if name.isascii() and name.isdigit()]
    most = max((c.count for c in counted.values()), default=1)
    if not numbers or max(numbers) - min(numbers) > 200:
        return ()
    found = []
    for number in range(min(numbers), max(numbers) + 1):
        c = counted.get(f"{number:04d}") or Counted(f"{number:04d}", "", "", "", 0)
        chosen = _only(asked.choice, "year", c)
        found.append(Year(c.name, c.count, chosen, round(100 * c.count / most, 1)))
    return tuple(found)


def _only(choice: Choice, name: str, counted: Counted) -> Choice:
    """The choice with just this value of a facet."""
    for value in choice.of_facet(name):
        choice = choice.toggled(name, value)
    return choice.toggled(name, counted.name)
