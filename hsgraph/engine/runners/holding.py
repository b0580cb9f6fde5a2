"""What a runner holds in memory: its copy of the data, and what queries have left."""

from __future__ import annotations

from typing import Final

from hsgraph.engine.runners import memory, sandbox

_GROWN: Final = 16_000_000
"""Bytes above which memory is given back when there is a pause."""
_GROWTH: Final = 64_000_000
"""Bytes that may be left of queries after that."""
_MOST: Final = 512_000_000
"""Bytes that may be left of queries before it."""


class Holding:
    """The memory of this process; with `copies` it is to have all data for itself."""

    def __init__(self, *, copies: bool) -> None:
        self._shared = memory.large_pages() if copies else []
        self._data = sandbox.memory()

    @property
    def shares(self) -> bool:
        """Whether there is still something to copy."""
        return bool(self._shared)

    def copy_one(self) -> None:
        """Copy a page of what is shared."""
        before = sandbox.memory()
        memory.own(self._shared.pop())
        self._data += sandbox.memory() - before

    def copy(self) -> None:
        """Copy all that is shared."""
        while self._shared:
            self.copy_one()

    @property
    def grown(self) -> bool:
        """Whether queries have left enough to give it back."""
        return sandbox.memory() > self._data + _GROWN

    def give_back(self) -> bool:
        """Give back what queries have left; whether that was enough for this process to go on."""
        memory.give_back()
        return sandbox.memory() <= self._data + _GROWTH

    @property
    def too_large(self) -> bool:
        """Whether queries have left more than can wait for a pause."""
        return sandbox.memory() > self._data + _MOST
