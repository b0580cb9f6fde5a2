"""How far a long step has come, told to whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

Listener = Callable[[str, int, int], None]
"""Called with the name of a step, what is done and what there is to do."""
_listener: Final[ContextVar[Listener | None]] = ContextVar("listener", default=None)


def tell(step: str, done: int, total: int) -> None:
    """Tell how far a step has come."""
    if listener := _listener.get():
        listener(step, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have a listener told of all that goes on in the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
