"""Where and when the programmes of a list are, as figures for drawings: a map, years."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from hsgraph.browse.catalogue import Catalogue, Counted
from hsgraph.browse.choice import NONE, Choice
from hsgraph.describe.values import Values, values_of
from hsgraph.engine.protocol import Engine
from hsgraph.explore.world import CODES, Point, World, code_of, degrees_of

_SMALLEST: Final = 7.0
_LARGEST: Final = 36.0
_PLAIN: Final = (2400.0, 1200.0)


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
    """Marks on the map of the world; `file` is that of the outlines, if there are any."""

    file: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    elsewhere: int


@dataclass(frozen=True)
class Year:
    """The programmes that began in a year; `height` is its share of the largest one."""

    label: str
    count: int
    choice: Choice
    height: float


def map_view(
    engine: Engine, catalogue: Catalogue, choice: Choice, bits: int, world: World | None
) -> MapView:
    """The countries of a list with their numbers of programmes, most first."""
    counted = [c for c in catalogue.counts("country", bits) if c.count]
    known = [c for c in counted if c.name != NONE]
    most = max((c.count for c in known), default=1)
    places = values_of(engine, [c.value for c in known], CODES)
    marks = []
    for c in sorted(known, key=lambda c: (-c.count, c.label, c.name)):
        x, y = _point(places[c.value], world)
        radius = max(_SMALLEST, _LARGEST * math.sqrt(c.count / most))
        chosen = _only(choice, "country", c)
        marks.append(Mark(c.label, c.value, c.count, chosen, x, y, round(radius, 1)))
    elsewhere = sum(c.count for c in counted if c.name == NONE)
    if world is None:
        return MapView("", *_PLAIN, tuple(marks), elsewhere)
    return MapView(world.file, world.width, world.height, tuple(marks), elsewhere)


def years(catalogue: Catalogue, choice: Choice, bits: int) -> tuple[Year, ...]:
    """All years from the first to the last of a list, those without programmes too."""
    counted = {c.name: c for c in catalogue.counts("year", bits) if c.count and c.name != NONE}
    numbers = [int(name) for name in counted if name.isascii() and name.isdigit()]
    most = max((c.count for c in counted.values()), default=1)
    if not numbers or max(numbers) - min(numbers) > 200:
        return ()
    found = []
    for number in range(min(numbers), max(numbers) + 1):
        c = counted.get(f"{number:04d}") or Counted(f"{number:04d}", "", "", "", 0)
        chosen = _only(choice, "year", c)
        found.append(Year(c.name, c.count, chosen, round(100 * c.count / most, 1)))
    return tuple(found)


def _only(choice: Choice, name: str, counted: Counted) -> Choice:
    """The choice with just this value of a facet."""
    for value in choice.of_facet(name):
        choice = choice.toggled(name, value)
    return choice.toggled(name, counted.name)


def _point(country: Values, world: World | None) -> Point:
    if world is not None and (known := world.points.get(code_of(country))):
        return known
    degrees = degrees_of(country)
    if degrees is None:
        return 0.0, 0.0
    if world is not None:
        x, y = world.project(*degrees)
    else:
        x, y = (degrees[1] + 180) / 360 * _PLAIN[0], (90 - degrees[0]) / 180 * _PLAIN[1]
    return round(x, 1), round(y, 1)
