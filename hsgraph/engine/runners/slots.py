"""What each runner is at, in memory that the host shares with its runners."""

from __future__ import annotations

import time
from dataclasses import dataclass
from mmap import mmap
from typing import Final

LEASE: Final = 0.1
"""Seconds of work after which a query is a long one, if another has waited as long."""
_CELLS: Final = 3
_BYTES: Final = 8


class Slots:
    """A slot for each runner: whether it is at work, since when, how many queries it has begun."""

    def __init__(self, count: int) -> None:
        self._cells = memoryview(mmap(-1, count * _CELLS * _BYTES)).cast("q")
        self._count = count

    def __getitem__(self, place: int) -> Slot:
        return Slot(self._cells, place * _CELLS)

    @property
    def at_work(self) -> int:
        """How many runners answer a query now."""
        return sum(self._cells[place * _CELLS] for place in range(self._count))

    @property
    def begun(self) -> int:
        """How many queries were begun by all runners that there have been."""
        return sum(self._cells[place * _CELLS + 1] for place in range(self._count))


@dataclass(frozen=True)
class Slot:
    """One runner's place."""

    cells: memoryview[int]
    first: int

    def begin(self) -> None:
        self.cells[self.first + 2] = time.monotonic_ns()
        self.cells[self.first] = 1
        self.cells[self.first + 1] += 1

    @property
    def seconds(self) -> float:
        """How long it has been at work on one query; 0 for a runner that is free."""
        since = self.cells[self.first + 2]
        return (time.monotonic_ns() - since) / 1e9 if self.cells[self.first] else 0.0

    def end(self) -> None:
        self.cells[self.first] = 0
