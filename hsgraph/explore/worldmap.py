"""The map of the world in the bundle: programmes by country on it, and the small map of a page."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Final

from hsgraph import resources
from hsgraph.describe.entity.entity import EntityView
from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.shared.concept import SharedView
from hsgraph.describe.shared.listing import by_label
from hsgraph.describe.values import Values, first_text, values_of
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine
from hsgraph.explore.counts import Counts
from hsgraph.languages import translated as _
from hsgraph.literals import real
from hsgraph.namespaces import HS, WGS84

SHADES: Final = 5
SMALL: Final = 24.0
"""A country whose outline is narrower and lower than this gets a mark that can be seen."""
MOST_NAMED: Final = 300
"""Of more countries than there are, those without a programme are not looked for."""
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

    def place(self, country: Values) -> Point | None:
        """Where to mark a country, by its code or by where the data say that it is."""
        if known := self.points.get(code_of(country)):
            return known
        latitude, longitude = (real(first_text(country, name), math.inf) for name in CODES[2:])
        if max(abs(latitude), abs(longitude)) > 180:
            return None
        x, y = self.project(latitude, longitude)
        return round(x, 1), round(y, 1)


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
    without: tuple[Ref, ...] = ()
    """Countries of the graph in which no programme works."""

    @property
    def unmapped(self) -> tuple[MapCountry, ...]:
        """Countries that the map has no place for."""
        return tuple(c for c in self.countries if not c.outlined and c.mark is None)


def world_map(engine: Engine, counts: Counts) -> WorldMap:
    """The map of all programmes."""
    found = counts.countries
    others = [iri for iri in by_label(engine, "country", MOST_NAMED) or () if iri not in found]
    labels = Labels.fetch(engine, [*found, *others])
    codes = values_of(engine, found, CODES)
    shades = bands(max(found.values(), default=0))
    drawn = world()
    countries = [
        _country(labels.ref(iri), codes[iri], programmes, shades, drawn)
        for iri, programmes in found.items()
    ]
    countries.sort(key=lambda c: (-c.programmes, *c.ref.order))
    return WorldMap(drawn, tuple(countries), shades, tuple(map(labels.ref, others)))


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
    mark = drawn.place(known) if drawn and small else None
    return MapCountry(ref, code, programmes, shade, box is not None, mark)


def code_of(country: Values) -> str:
    """The M49 code of a country, or three letters where it has none."""
    return first_text(country, CODES[0]) or first_text(country, CODES[1])


def world() -> World | None:
    """The map, or None where the bundle has not been built."""
    return _load(resources.web_dir() / "static" / "dist" / "world.json")


@lru_cache(maxsize=2)
def _load(path: Path) -> World | None:
    if not path.is_file():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    return World(**{each.name: told[each.name] for each in fields(World)})


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
