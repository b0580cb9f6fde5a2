"""Programmes by country, as a shaded map and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hsgraph.describe.values import Values, values_of
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine
from hsgraph.explore.counts import Counts
from hsgraph.explore.world import CODES, Point, World, code_of, degrees_of, world

SHADES: Final = 5
SMALL: Final = 24.0
"""A country whose outline is narrower and lower than this gets a mark that can be seen."""
_NICE: Final = tuple(step * 10**power for power in range(9) for step in (1, 2, 3, 5))


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
