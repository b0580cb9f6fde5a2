"""Whether somebody still waits for the answer to a query: told by those who have the client."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock
from typing import Final

ABANDONED: Final = 1.0
"""Seconds that a query goes on when its client has hung up."""


class Departure:
    """One client's: `leave` may be called in another thread than that which waits for a runner."""

    def __init__(self) -> None:
        self.left = False
        self._connection: socket.socket | None = None
        self._lock = Lock()

    @contextmanager
    def waiting(self, connection: socket.socket) -> Iterator[None]:
        """While an answer is waited for on a connection to a runner."""
        with self._lock:
            self._connection = connection
            left = self.left
        try:
            if left:
                hang_up(connection)
            yield
        finally:
            with self._lock:
                self._connection = None

    def leave(self) -> None:
        """Say that the client has left: the host sees the connection end, and frees the runner."""
        with self._lock:
            self.left = True
            if self._connection is not None:
                hang_up(self._connection)


DEPARTURE: Final[ContextVar[Departure | None]] = ContextVar("hsgraph_departure", default=None)
"""That of the client whose request is being answered, where it is known."""


def hang_up(connection: socket.socket) -> None:
    """End a connection to a runner, which another thread may be listening to."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
