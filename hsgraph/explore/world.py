"""The map of the world in the bundle: outlines by M49 code, and where a point lies on it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Final

from hsgraph import resources
from hsgraph.describe.values import Values, first_text
from hsgraph.literals import real
from hsgraph.namespaces import HS, WGS84

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
