"""Starts the query host of a snapshot, waits until it answers, and ends it."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from hsgraph import processes
from hsgraph.build.snapshot import Snapshot
from hsgraph.engine import store
from hsgraph.engine.runners.client import LONG, QUERIES, STATUS, RunnerClient
from hsgraph.engine.runners.host import Plan
from hsgraph.errors import EngineUnavailable
from hsgraph.settings import Settings

_ALLOCATOR: Final = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=2000"}
"""Have the C library give small memory again in the order in which it is hot: by default it goes
round all that was free after loading, which took a third of the time of a small query."""


class QueryHost:
    """The host of one snapshot, owned by the process that started it.

    Its sockets are the owner's: queries that come while a host that died is replaced wait in them.
    """

    def __init__(self, snapshot: Snapshot, settings: Settings) -> None:
        """Start the host; `wait` tells when it answers. Raises EngineUnavailable off Linux."""
        if sys.platform != "linux":
            raise EngineUnavailable(
                "Queries from outside run in processes that only Linux can hold to their limits.",
                remedy="Serve on Linux (a container will do); all other commands work here.",
            )
        self._snapshot = snapshot
        self._settings = settings
        self._folder = Path(tempfile.mkdtemp(prefix="hsgraph-"))
        waiting = max(settings.queue - 1, 0)
        backlogs = {QUERIES: waiting, LONG: waiting, STATUS: 64}
        self._sockets = [_listen(self._folder / name, most) for name, most in backlogs.items()]
        self.client = RunnerClient(self._folder, settings)
        """What a worker needs to reach the runners; it survives forks."""
        self._owner = os.getpid()
        self.process = self._start()
        atexit.register(self.close)

    def wait(self, seconds: float = 600.0) -> None:
        """Until the data are loaded and runners answer. Raises EngineUnavailable."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if self.answers():
                return
            time.sleep(0.02)
        raise EngineUnavailable(
            "The process that runs queries has ended before it answered.",
            remedy="The log above says why; `hsgraph build` makes the snapshot again.",
        )

    def answers(self) -> bool:
        """Whether runners can be reached now."""
        with suppress(EngineUnavailable):
            return self.client.statistics()["runners"] > 0
        return False

    def is_idle(self) -> bool:
        with suppress(EngineUnavailable):
            found = self.client.statistics()
            return not found["running"] and not found["waiting"]
        return True

    def revive(self) -> int | None:
        """Start another host if this one has died; the status that it had ended with."""
        ended = self.process.poll()
        if ended is not None:
            self.process = self._start()
        return ended

    def _start(self) -> subprocess.Popen[bytes]:
        settings, snapshot = self._settings, self._snapshot
        from_disk = snapshot.manifest.quads > settings.memory_statements
        if from_disk:
            store.prepare(snapshot.data, snapshot.metadata, snapshot.version)
        sockets = tuple(each.fileno() for each in self._sockets)
        folder = str(self._folder)
        plan = Plan(str(snapshot.path), from_disk, sockets, folder, os.getpid(), settings)
        text = json.dumps(asdict(plan), default=str)
        return subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-m", "hsgraph.engine.runners.host", text],
            stdin=subprocess.DEVNULL,
            env={**_ALLOCATOR, **os.environ},
            pass_fds=sockets,
        )

    def close(self) -> None:
        """End the host and its runners; does nothing in a process that did not start them."""
        if os.getpid() != self._owner or not self._folder.exists():
            return
        atexit.unregister(self.close)
        processes.stop(self.process, 2.0)
        for each in self._sockets:
            each.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _listen(path: Path, backlog: int) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(backlog)
    listener.setblocking(False)
    return listener
