"""What one process takes on: how large a body, and how much work that takes long or much memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from hsgraph.errors import EngineBusy
from hsgraph.settings import Settings

_BYTES_OF_A_CHARACTER: Final = 4
_FORM_OVERHEAD: Final = 65_536
"""What a form may have besides the query: names, graph IRIs, percent signs."""
WAIT: Final = 1.0
"""Seconds for which a request waits for a place."""


def most_of_a_body(settings: Settings) -> int:
    """The most bytes of a request's body: a form with a query of the greatest length."""
    return 3 * _BYTES_OF_A_CHARACTER * settings.query_length + _FORM_OVERHEAD


@contextmanager
def one_of(places: BoundedSemaphore, seconds: float, busy: str, again: int = 1) -> Iterator[None]:
    """Hold one of the places. Raises EngineBusy where none is free in time, with what to say."""
    if not places.acquire(timeout=seconds):
        raise EngineBusy(busy, retry_after=again)
    try:
        yield
    finally:
        places.release()
