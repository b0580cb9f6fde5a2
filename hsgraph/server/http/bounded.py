"""Work that takes long or much memory, of which one process does a few pieces at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from hsgraph.errors import EngineBusy

WAIT: Final = 1.0
"""Seconds for which a request waits for a place."""


@contextmanager
def one_of(places: BoundedSemaphore, seconds: float, busy: str, again: int = 1) -> Iterator[None]:
    """Hold one of the places. Raises EngineBusy where none is free in time, with what to say."""
    if not places.acquire(timeout=seconds):
        raise EngineBusy(busy, retry_after=again)
    try:
        yield
    finally:
        places.release()
