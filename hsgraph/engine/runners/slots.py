"""What each runner is at, in memory that the host shares with its runners."""

from __future__ import annotations

from dataclasses import dataclass
from mmap import mmap
from typing import Final

_BYTES: Final = 16


class Slots:
    """A slot for each runner: whether it is at work, and how many queries it has begun."""

    def __init__(self, count: int) -> None:
        self._cells = memoryview(mmap(-1, count * _BYTES)).cast("q")
        self._count = count

    def __getitem__(self, place: int) -> Slot:
        return Slot(self._cells, place * 2)

    @property
    def at_work(self) -> int:
        """How many runners answer a query now."""
        return sum(self._cells[place * 2] for place in range(self._count))

    @property
    def begun(self) -> int:
        """How many queries were begun by all runners that there have been."""
        return sum(self._cells[place * 2 + 1] for place in range(self._count))


@dataclass(frozen=True)
class Slot:
    """One runner's place."""

    cells: memoryview[int]
    first: int

    def begin(self) -> None:
        self.cells[self.first] = 1
        self.cells[self.first + 1] += 1

    def end(self) -> None:
        self.cells[self.first] = 0
