"""One generation: a process that loads one snapshot and keeps those who serve it alive.

It has no threads, so it may fork at any time: the host of the runners (again, when that dies) and
the web server, which forks the workers. Their memory is shared with it, copy-on-write.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import select
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

from hsgraph.engine.runners import memory
from hsgraph.engine.runners.runners import Runners
from hsgraph.engine.runners.sandbox import die_with_parent
from hsgraph.errors import HsgraphError
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.http.cache import AnswerCache
from hsgraph.server.runtime.attendant import QueryAttendant
from hsgraph.server.runtime.lane import Lane
from hsgraph.server.runtime.quick import nothing_to_check
from hsgraph.server.runtime.web import Gate, MakeEntrance, WebServer
from hsgraph.settings import Settings

READY: Final = b"ready"
GO: Final = b"go"
RETIRE: Final = b"retire"
RETIRED: Final = b"retired"
HOST_RESTARTED: Final = b"host"
FAILED: Final = b"failed "
_DRAINING: Final = 0.5
"""Seconds in which clients that keep connections open are sent away with their next answer."""
_AGAIN: Final = 0.2
_log = logging.getLogger("hsgraph.server")
Application = Callable[[KnowledgeGraph, Settings], AnswerCache]


def run(
    path: Path | str,
    settings: Settings,
    listeners: tuple[socket.socket, ...],
    control: socket.socket,
    application: Application,
) -> NoReturn:
    """Be a generation, in a forked process, until told to stop or the supervisor is gone."""
    parent = os.getppid()
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    die_with_parent(parent, signal.SIGTERM)
    try:
        graph, runners = load(path, settings)
        wsgi = application(graph, settings)
    except HsgraphError as error:
        control.send(FAILED + f"{error.message} {error.remedy or ''}".encode()[:4000])
        os._exit(1)
    gc.freeze()
    Generation(settings, listeners, control, wsgi, runners, graph).serve()


def load(path: Path | str, settings: Settings) -> tuple[KnowledgeGraph, Runners | None]:
    """The graph in a snapshot folder, or at the address of an endpoint, which has no runners."""
    from hsgraph.build.snapshot import Snapshot
    from hsgraph.engine.embedded import EmbeddedEngine

    if isinstance(path, str):
        index = Path(tempfile.mkdtemp(prefix="hsgraph-"))
        return KnowledgeGraph.at(path, settings=settings, index=index), None
    snapshot = Snapshot(path)
    engine = EmbeddedEngine(
        snapshot, length=settings.query_length, allow_service=settings.allow_service
    )
    runners = Runners.start(engine, settings, QueryAttendant(settings))
    return KnowledgeGraph(runners.engine(), snapshot=snapshot, settings=settings), runners


class Generation:
    """The loop: hears the supervisor, its workers, and of the death of a child."""

    def __init__(
        self,
        settings: Settings,
        listeners: tuple[socket.socket, ...],
        control: socket.socket,
        wsgi: AnswerCache,
        runners: Runners | None,
        graph: KnowledgeGraph,
    ) -> None:
        self._graph = graph
        self._settings = settings
        self._listeners = listeners
        self._control = control
        self._wsgi = wsgi
        self._runners = runners
        self._gate = Gate()
        self._expected = settings.workers
        self._answer = READY
        self._accepting = False
        self._stopping = False
        self._end_at = float("inf")
        self._host_at = 0.0

    def serve(self) -> NoReturn:
        """Serve until the web server has ended; the process ends with 0 if that was wanted."""
        woken, wakes = os.pipe()
        for end in (woken, wakes):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self._stop())
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self._web = self._start_web()
        poll = select.poll()
        for descriptor in (woken, self._gate.told, self._control.fileno()):
            poll.register(descriptor, select.POLLIN)
        while True:
            now = time.monotonic()
            if now >= self._end_at:
                self._end_web()
            wait = min(self._end_at - now, _AGAIN if self._host_at else 60.0)
            happened = [event[0] for event in poll.poll(max(wait, 0) * 1000 + 1)]
            if woken in happened:
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 4096)
            if self._gate.told in happened:
                self._hear_workers()
            if self._control.fileno() in happened:
                self._obey()
            self._look_after_children()

    def _start_web(self) -> int:
        parent = os.getpid()
        process = os.fork()
        if process == 0:
            code = 1
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                die_with_parent(parent, signal.SIGTERM)
                WebServer(
                    self._settings,
                    self._listeners,
                    self._wsgi,
                    self._copy_data,
                    self._gate,
                    self._entrance(),
                ).serve()
                code = 0
            finally:
                os._exit(code)
        return process

    def _entrance(self) -> MakeEntrance | None:
        """What lets runners answer on the connections of clients, where nothing speaks against."""
        if self._runners is None or not nothing_to_check(self._settings):
            return None
        runners = self._runners.client()
        return lambda connections: Lane(connections, runners, self._settings, self._wsgi)

    def _copy_data(self) -> None:
        """Have a worker take its own copy of the data, where there is room for copies."""
        if self._runners is not None and self._runners.copies:
            for page in memory.large_pages():
                memory.own(page)

    def _hear_workers(self) -> None:
        """Tell the supervisor once all workers have said what is being waited for."""
        self._expected -= self._gate.heard()
        if self._expected <= 0 and self._answer:
            answer, self._answer = self._answer, b""
            if answer == RETIRED and self._stopping:
                for listener in self._listeners:
                    listener.close()
                self._end_web()
            self._tell(answer)

    def _obey(self) -> None:
        message = self._control.recv(64)
        if message == GO:
            self._gate.open()
            self._accepting = True
        elif message == RETIRE:
            self._retire()
        elif not message:
            self._stop()

    def _tell(self, message: bytes) -> None:
        with contextlib.suppress(OSError):
            self._control.send(message)

    def _retire(self) -> None:
        """Have the workers stop accepting, and end what they have begun after a while."""
        self._accepting = False
        self._expected, self._answer = self._settings.workers, RETIRED
        self._gate.retire()
        self._end_at = time.monotonic() + _DRAINING

    def _stop(self) -> None:
        """Stop accepting and end, as soon as what was begun is answered."""
        self._stopping = True
        if self._accepting:
            self._retire()
        else:
            self._end_web()

    def _end_web(self) -> None:
        """Have the web server end: its workers finish their requests, within a limit of time."""
        self._stopping, self._end_at = True, float("inf")
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._web, signal.SIGTERM)

    def _look_after_children(self) -> None:
        if os.waitpid(self._web, os.WNOHANG) != (0, 0):
            if self._runners is not None:
                self._runners.close()
            os._exit(0 if self._stopping else 1)
        if self._runners is None or self._stopping or time.monotonic() < self._host_at:
            return
        if self._runners.revive():
            self._host_at = time.monotonic() + _AGAIN
            _log.error("The process that runs queries had died and was started again.")
            self._tell(HOST_RESTARTED)
        else:
            self._host_at = 0.0
