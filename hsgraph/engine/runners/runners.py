"""Starts and stops the guarded runners that evaluate queries from outside.

The process that loaded the store forks a host (`host.py`), which keeps runners forked
(`child.py`); web workers reach them over a Unix socket (`client.py`).
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Limits
from hsgraph.engine.runners import memory
from hsgraph.engine.runners.child import Bounds
from hsgraph.engine.runners.client import GuardedEngine, RunnerClient
from hsgraph.engine.runners.host import Host, Queue
from hsgraph.engine.runners.pool import SPARES
from hsgraph.engine.runners.visit import Attendant
from hsgraph.errors import EngineUnavailable
from hsgraph.settings import Settings

_BACKLOG = 128
_STOPPING = 2.0
_log = logging.getLogger("hsgraph.engine")


class Runners:
    """The running host, owned by the process that started it.

    The host ends when its owner closes it, exits or is killed, and its runners with it.
    """

    def __init__(
        self,
        engine: EmbeddedEngine,
        client: RunnerClient,
        bounds: Bounds,
        queue: Queue,
        listeners: tuple[socket.socket, socket.socket],
    ) -> None:
        self._engine = engine
        self._client = client
        self._bounds = bounds
        self._queue = queue
        self._listeners = listeners
        self._owner = os.getpid()
        self._closed = False
        self._watched, self._lifeline = os.pipe()
        self._host = self._fork()
        atexit.register(self.close)

    @classmethod
    def start(
        cls, engine: EmbeddedEngine, settings: Settings, attendant: Attendant | None = None
    ) -> Runners:
        """Fork the host. Call it from the main thread, before any other thread exists.

        With an attendant, runners also answer on connections of clients that are handed to them.

        A fork beside running threads may inherit their locks; and the kernel watches over the
        owner of a host only by the thread that forked it, which should be the main one.
        """
        if sys.platform != "linux":
            raise EngineUnavailable(
                "Queries from outside run in processes that only Linux can hold to their limits.",
                remedy="Serve on Linux (a container will do); all other commands work here.",
            )
        folder = Path(tempfile.mkdtemp(prefix="hsgraph-"))
        limits = Limits(settings.query_seconds, settings.query_rows, settings.query_bytes)
        calls_out = bool(settings.allow_service)
        processes = settings.workers + settings.runners + SPARES
        copies = memory.room_for(processes, settings.copies_share)
        bounds = Bounds(limits, settings.query_memory, calls_out, copies, attendant)
        queue = Queue(settings.runners, settings.queue, settings.queue_seconds)
        listeners = (_listen(folder / "requests"), _listen(folder / "statistics"))
        client = RunnerClient(folder, limits, settings.queue_seconds)
        return cls(engine, client, bounds, queue, listeners)

    def revive(self) -> bool:
        """Fork another host if this one has died; says whether it had.

        Call it as `start`. Queries that came in between wait in the socket, which stays open.
        """
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(self._host, os.WNOHANG) == (0, 0):
                return False
        self._host = self._fork()
        return True

    def _fork(self) -> int:
        parent = os.getpid()
        tied = threading.current_thread() is threading.main_thread()
        host = os.fork()
        if host != 0:
            return host
        try:
            os.close(self._lifeline)
            signal.set_wakeup_fd(-1)
            requests, statistics = self._listeners
            Host(
                self._engine,
                self._bounds,
                self._queue,
                requests=requests,
                statistics=statistics,
                lifeline=self._watched,
                folder=self._client.folder,
            ).serve(parent, tied=tied)
        except Exception:
            _log.exception("The process that hands out queries has failed.")
        finally:
            os._exit(1)

    @property
    def copies(self) -> bool:
        """Whether each process that answers is to have its own copy of the data."""
        return self._bounds.copies

    @property
    def host(self) -> int:
        """The process id of the host."""
        return self._host

    def client(self) -> RunnerClient:
        """What a worker needs to reach the runners; it survives forks."""
        return self._client

    def engine(self) -> GuardedEngine:
        """An engine for web workers: own queries in process, outside ones in the runners."""
        return GuardedEngine(self._engine, self._client)

    def close(self) -> None:
        """Stop the host and its runners; does nothing in a process that did not start them."""
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        atexit.unregister(self.close)
        self._client.kept.close()
        os.close(self._lifeline)
        os.close(self._watched)
        for listener in self._listeners:
            listener.close()
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._host, signal.SIGTERM)
            if not _ended(self._host):
                os.kill(self._host, signal.SIGKILL)
                os.waitpid(self._host, 0)
        shutil.rmtree(self._client.folder, ignore_errors=True)

    def __enter__(self) -> Runners:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(_BACKLOG)
    return listener


def _ended(process: int) -> bool:
    until = time.monotonic() + _STOPPING
    while time.monotonic() < until:
        if os.waitpid(process, os.WNOHANG) != (0, 0):
            return True
        time.sleep(0.005)
    return False
