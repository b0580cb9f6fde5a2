"""Whether the client of a request still waits: what the web server learns, a query is told."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock
from typing import Final


class Disconnect:
    """One client's: `set` may be called in another thread than that which waits for a runner.

    `waited` are the seconds that its request has waited for its turn before, `spent` those that
    runners have worked for it, None where it is no work for runners. `lengthen` says that it takes
    long; it is false where too much does.
    """

    def __init__(self) -> None:
        self.is_set = False
        self.waited = 0.0
        self.spent: float | None = None
        self.lengthen: Callable[[], bool] = lambda: True
        self._connection: socket.socket | None = None
        self._lock = Lock()

    @contextmanager
    def watching(self, connection: socket.socket) -> Iterator[None]:
        """While an answer is waited for on a connection to a runner."""
        with self._lock:
            self._connection = connection
            if self.is_set:
                hang_up(connection)
        try:
            yield
        finally:
            with self._lock:
                self._connection = None

    def set(self) -> None:
        """Say that the client has left: the kernel then ends the runner that works for it."""
        with self._lock:
            self.is_set = True
            if self._connection is not None:
                hang_up(self._connection)


DISCONNECT: Final[ContextVar[Disconnect | None]] = ContextVar("hsgraph_disconnect", default=None)
"""That of the client whose request is being answered, where it is known."""


def hang_up(connection: socket.socket) -> None:
    """End what another thread may be reading from, below TLS where there is some."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
