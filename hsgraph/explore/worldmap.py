"""The map of the world in the bundle, and programmes by country on it and in a table."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Final

from hsgraph import resources
from hsgraph.describe.values import Values, first_text, values_of
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine
from hsgraph.explore.counts import Counts
from hsgraph.literals import real
from hsgraph.namespaces import HS, WGS84

SHADES: Final = 5
SMALL: Final = 24.0
"""A country whose outline is narrower and lower than this gets a mark that can be seen."""
_NICE: Final = tuple(step * 10**power for power in range(9) for step in (1, 2, 3, 5))

Point = tuple[float, float]
Box = tuple[float, float, float, float]
_A: Final = (1.340264, -0.081106, 0.000893, 0.003796)
"""The polynomial of the Equal Earth projection (Šavrič, Patterson and Jenny 2018)."""
_M: Final = math.sqrt(3) / 2
CODES: Final = (HS + "m49", HS + "isoAlpha3", WGS84 + "lat", WGS84 + "long")
"""What tells where a country is on the map."""


@dataclass(frozen=True)
class World:
    """`file` is the SVG in static/dist: `#world` is all of it, `#c{code}` one country.

    `outlines` gives the box of each country that has an outline, `points` a place to mark each
    country at, also those too small for one. Codes are those of M49, and XKX for Kosovo.
    """

    file: str
    width: int
    height: int
    scale: float
    x: float
    y: float
    outlines: Mapping[str, Box]
    points: Mapping[str, Point]

    def project(self, latitude: float, longitude: float) -> Point:
        """Where a point lies on the map (Equal Earth, like the outlines)."""
        theta = math.asin(_M * math.sin(math.radians(latitude)))
        square = theta * theta
        sixth = square**3
        a1, a2, a3, a4 = _A
        slope = a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)
        across = math.radians(longitude) * math.cos(theta) / (_M * slope)
        up = theta * (a1 + a2 * square + sixth * (a3 + a4 * square))
        return self.x + self.scale * across, self.y - self.scale * up


@dataclass(frozen=True)
class Band:
    """A shade and the numbers it stands for."""

    shade: int
    first: int
    last: int


@dataclass(frozen=True)
class MapCountry:
    """A country with its number of programmes; `mark` is where a dot stands for a small one."""

    ref: Ref
    code: str
    programmes: int
    shade: int
    outlined: bool
    mark: Point | None


@dataclass(frozen=True)
class WorldMap:
    """All countries with programmes, the most first; `world` is None without a bundle."""

    world: World | None
    countries: tuple[MapCountry, ...]
    bands: tuple[Band, ...]

    @property
    def unmapped(self) -> tuple[MapCountry, ...]:
        """Countries that the map has no place for."""
        return tuple(c for c in self.countries if not c.outlined and c.mark is None)


def world_map(engine: Engine, counts: Counts) -> WorldMap:
    """The map of all programmes."""
    found = counts.countries
    labels, codes = Labels.fetch(engine, found), values_of(engine, found, CODES)
    shades = bands(max(found.values(), default=0))
    drawn = world()
    countries = [
        _country(labels.ref(iri), codes[iri], programmes, shades, drawn)
        for iri, programmes in found.items()
    ]
    countries.sort(key=lambda c: (-c.programmes, *c.ref.order))
    return WorldMap(drawn, tuple(countries), shades)


def bands(most: int) -> tuple[Band, ...]:
    """Up to five bands of numbers from 1 to `most`, with round limits."""
    if most < 1:
        return ()
    limits = [limit for limit in _NICE if limit < most] + [most]
    if len(limits) > SHADES:
        places = (round(k * (len(limits) - 1) / (SHADES - 1)) for k in range(SHADES))
        limits = [limits[place] for place in places]
    firsts = [1, *(limit + 1 for limit in limits[:-1])]
    start = SHADES - len(limits) + 1
    return tuple(
        Band(start + place, first, last)
        for place, (first, last) in enumerate(zip(firsts, limits, strict=True))
    )


def _country(
    ref: Ref, known: Values, programmes: int, shades: tuple[Band, ...], drawn: World | None
) -> MapCountry:
    code = code_of(known)
    shade = next(band.shade for band in shades if programmes <= band.last)
    box = drawn.outlines.get(code) if drawn else None
    small = box is None or max(box[2] - box[0], box[3] - box[1]) < SMALL
    mark = None
    if drawn and small:
        mark = drawn.points.get(code)
        if mark is None and (degrees := degrees_of(known)):
            x, y = drawn.project(*degrees)
            mark = round(x), round(y)
    return MapCountry(ref, code, programmes, shade, box is not None, mark)


def code_of(country: Values) -> str:
    """The M49 code of a country, or three letters where it has none."""
    return first_text(country, CODES[0]) or first_text(country, CODES[1])


def degrees_of(country: Values) -> Point | None:
    """Where the data say that a country is: latitude and longitude."""
    latitude, longitude = (real(first_text(country, name), math.inf) for name in CODES[2:])
    return (latitude, longitude) if max(abs(latitude), abs(longitude)) <= 180 else None


def world() -> World | None:
    """The map, or None where the bundle has not been built."""
    return _load(resources.web_dir() / "static" / "dist" / "world.json")


@lru_cache(maxsize=2)
def _load(path: Path) -> World | None:
    if not path.is_file():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    outlines = {code: tuple(box) for code, box in told["outlines"].items()}
    points = {code: tuple(point) for code, point in told["points"].items()}
    values = {each.name: told[each.name] for each in fields(World)}
    return World(**values | {"outlines": outlines, "points": points})
