"""The web server of one generation: granian, whose workers wait at a gate before they accept.

`Gate` is how the generation leads its workers: they tell that they are loaded, wait to be let in,
and stop accepting when told to retire, while what they have accepted is answered to its end.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.mp import MPServer

from hsgraph.engine.confine import die_with_parent, return_memory
from hsgraph.server.cache import Environ, StartResponse, Wsgi
from hsgraph.server.listeners import BACKLOG
from hsgraph.server.slow import BODIES, STREAMS
from hsgraph.settings import Settings

_HOLDER: Final[Any] = SocketHolder  # its stub knows of no arguments
_TICK: Final = b"."
_CLOSE: Final = ("Connection", "close")
_LARGEST_HEAD: Final = 65_536
"""Bytes of request line and headers together; hyper takes no less than 8192."""


class Gate:
    """Signals between a generation and its workers; make it before the workers are forked.

    A byte in a pipe that nobody reads is seen by all workers, also by those that come later.
    """

    def __init__(self) -> None:
        self._open, self._opened = os.pipe()
        self._leave, self._left = os.pipe()
        self.told, self._tell = os.pipe()
        os.set_blocking(self.told, False)

    def open(self) -> None:
        """Let the workers accept."""
        os.write(self._opened, _TICK)

    def retire(self) -> None:
        """Have the workers stop accepting."""
        os.write(self._left, _TICK)

    def heard(self) -> int:
        """How many workers have told since last asked that they are loaded, or stopped."""
        try:
            return len(os.read(self.told, 1024))
        except BlockingIOError:
            return 0

    def tell(self) -> None:
        """Say, in a worker, that it is loaded or has stopped accepting."""
        os.write(self._tell, _TICK)

    def wait_open(self) -> None:
        """Return, in a worker, once it may accept."""
        select.select([self._open], [], [])

    def wait_retired(self) -> None:
        """Return, in a worker, once it is to stop accepting."""
        select.select([self._leave], [], [])


class Worker:
    """What runs in a worker process: the application, and the end of accepting."""

    def __init__(
        self,
        inner: Wsgi,
        warm: Callable[[], None],
        gate: Gate,
        listener: socket.socket,
        others: list[socket.socket],
    ) -> None:
        self._inner = inner
        self._warm = warm
        self._others = others
        self._gate = gate
        self._listener = listener
        self._retired = False

    def enter(self) -> None:
        """Wait at the gate; from then on a thread waits for the sign to stop accepting."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        return_memory()
        self._warm()
        self._gate.tell()
        self._gate.wait_open()
        threading.Thread(target=self._watch, name="retire", daemon=True).start()

    def _watch(self) -> None:
        """Put a socket that nobody knows in the place of the one that is accepted from.

        The shared socket stays open in other processes, so no connection that waits in it is lost;
        those that this worker has accepted end after their next answer.
        """
        self._gate.wait_retired()
        with socket.socket(self._listener.family) as nobody:
            nobody.bind(("::1" if self._listener.family == socket.AF_INET6 else "127.0.0.1", 0))
            nobody.listen(1)
            nobody.setblocking(False)
            os.dup2(nobody.fileno(), self._listener.fileno())
        for other in self._others:
            other.close()
        self._retired = True
        self._gate.tell()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._retired:
            return self._inner(environ, start_response)

        def last(status: str, headers: list[tuple[str, str]]) -> Any:
            return start_response(status, [*headers, _CLOSE])

        return self._inner(environ, last)


class WebServer(MPServer):
    """Granian over sockets that were opened before, one for each worker."""

    def __init__(
        self,
        settings: Settings,
        listeners: tuple[socket.socket, ...],
        wsgi: Wsgi,
        warm: Callable[[], None],
        gate: Gate,
    ) -> None:
        super().__init__(
            "hsgraph",
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.workers,
            blocking_threads=threads(settings),
            backlog=BACKLOG,
            backpressure=settings.connections,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=int(settings.header_seconds * 1000),
                max_buffer_size=_LARGEST_HEAD,
            ),
            websockets=False,
            log_level=LogLevels.error,
            respawn_failed_workers=True,
            workers_kill_timeout=int(settings.retire_seconds),
        )
        self._listeners = listeners
        self._wsgi = wsgi
        self._warm = warm
        self._gate = gate

    def _init_shared_socket(self) -> None:
        """Nothing to open; `_spawn_worker` hands each worker its socket."""

    def _spawn_worker(
        self, idx: int, target: Any, callback_loader: Any, socket_loader: Any = None
    ) -> Any:
        listener = self._listeners[idx]
        self._shd: Any = _HOLDER(listener.fileno(), False, BACKLOG)
        self._sso = listener
        parent = os.getpid()

        def load() -> Worker:
            die_with_parent(parent, signal.SIGTERM)
            others = [other for other in self._listeners if other is not listener]
            worker = Worker(self._wsgi, self._warm, self._gate, listener, others)
            worker.enter()
            return worker

        return super()._spawn_worker(idx, target, load)

    def _drop_shared_socket(self) -> None:
        for listener in self._listeners:
            listener.close()


def threads(settings: Settings) -> int:
    """Threads of a worker: those that work, and those that only wait.

    Pages must not wait for queries, so there is a thread for every query that may run or queue;
    nor for clients that send or take slowly, so there are some for those.
    """
    return settings.threads + settings.runners + settings.queue + BODIES + STREAMS
