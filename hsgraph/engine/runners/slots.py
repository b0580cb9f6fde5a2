"""What each runner is at, in memory that the host shares with its runners."""

from __future__ import annotations

import ctypes
import time
from mmap import mmap
from typing import Final

LEASE: Final = 0.1
"""Seconds of work after which a query is a long one, if another has waited as long."""


class Slot(ctypes.Structure):
    """One runner's place: whether it is at work, since when, how many queries were begun in it."""

    _fields_ = (("working", ctypes.c_bool), ("since", ctypes.c_int64), ("begun", ctypes.c_int64))
    working: bool
    since: int
    begun: int

    def begin(self) -> None:
        self.since = time.monotonic_ns()
        self.working = True
        self.begun += 1

    @property
    def seconds(self) -> float:
        """How long it has been at work on one query; 0 for a runner that is free."""
        return (time.monotonic_ns() - self.since) / 1e9 if self.working else 0.0

    def end(self) -> None:
        self.working = False


def slots(count: int) -> ctypes.Array[Slot]:
    """A place for each runner."""
    return (Slot * count).from_buffer(mmap(-1, count * ctypes.sizeof(Slot)))
