"""When each runner began what it is at: memory that the host and its runners share."""

from __future__ import annotations

import time
from mmap import mmap
from typing import Final

_BYTES: Final = 8


class Clocks:
    """One cell for each runner: 0 at rest, the time since when it evaluates, or less than 0 that
    since when it writes. A second row counts what was evaluated. Times are those of
    `time.monotonic`, which all processes have in common."""

    def __init__(self, places: int) -> None:
        self._since = memoryview(mmap(-1, places * _BYTES)).cast("d")
        self._count = memoryview(mmap(-1, places * _BYTES)).cast("q")

    def of(self, place: int) -> Clock:
        """The clock at a place, at rest."""
        clock = Clock(self._since, self._count, place)
        clock.rest()
        return clock

    @property
    def evaluated(self) -> int:
        """How many queries were evaluated by all runners that there have been."""
        return sum(self._count)


class Clock:
    """One runner's view of its cell, and the host's."""

    def __init__(self, since: memoryview[float], count: memoryview[int], place: int) -> None:
        self._since = since
        self._count = count
        self.place = place

    def evaluate(self) -> None:
        self._since[self.place] = time.monotonic()
        self._count[self.place] += 1

    def turn_away(self) -> None:
        """What was begun was no query for this runner."""
        self._count[self.place] -= 1
        self.rest()

    def write(self) -> None:
        self._since[self.place] = -time.monotonic()

    def rest(self) -> None:
        self._since[self.place] = 0.0

    @property
    def evaluated(self) -> int:
        """How many queries were begun at this place."""
        return self._count[self.place]

    @property
    def writing_or_evaluating(self) -> tuple[float | None, float | None]:
        """Since when it writes an answer, and since when it evaluates a query; one at the most.

        It is read once: the runner goes on meanwhile.
        """
        since = self._since[self.place]
        return (-since, None) if since < 0 else (None, since or None)

    @property
    def working(self) -> bool:
        """Whether it evaluates a query or writes an answer."""
        return self._since[self.place] != 0

    @property
    def evaluating(self) -> bool:
        """Whether it evaluates a query."""
        return self._since[self.place] > 0
