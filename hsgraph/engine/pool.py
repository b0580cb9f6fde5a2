"""The runners a host keeps forked: how they are born, found, heard, killed and buried."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from collections import Counter
from dataclasses import dataclass
from typing import Final

from hsgraph.engine import child
from hsgraph.engine.embedded import EmbeddedEngine

_SPARES: Final = 1
_DEATHS: Final = {
    signal.SIGALRM: "timeout",
    signal.SIGXCPU: "timeout",
    signal.SIGABRT: "memory",
    signal.SIGKILL: "memory",
    signal.SIGSEGV: "stack",
    signal.SIGBUS: "stack",
}


@dataclass
class Job:
    """A client's connection, from when it came or, once it has a runner, since it has it."""

    connection: socket.socket
    since: float
    writing: bool = False
    left: float | None = None
    """When the client hung up."""


@dataclass
class Runner:
    """A forked process, the socket to it, and the job it is at."""

    pid: int
    control: socket.socket
    ready: bool = False
    job: Job | None = None
    killed_for: str | None = None


class Pool:
    """As many runners as may work at once, and a spare that stands in while one is replaced."""

    def __init__(
        self,
        engine: EmbeddedEngine,
        bounds: child.Bounds,
        size: int,
        poll: select.poll,
        counts: Counter[str],
    ) -> None:
        self._engine = engine
        self._bounds = bounds
        self._size = size
        self._poll = poll
        self._counts = counts
        self._runners: dict[int, Runner] = {}

    def __len__(self) -> int:
        return len(self._runners)

    def fill(self) -> None:
        """Fork what is missing; a fork that fails is tried again the next time."""
        working = sum(runner.job is not None for runner in self._runners.values())
        for _ in range(max(self._size - working, 0) + _SPARES - (len(self) - working)):
            try:
                self._fork()
            except OSError:
                self._counts["fork_failures"] += 1
                return

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        host = os.getpid()
        with theirs:
            pid = os.fork()
            if pid == 0:
                try:
                    child.run(self._engine, theirs, self._bounds, host)
                finally:
                    os._exit(1)
        self._runners[ours.fileno()] = Runner(pid, ours)
        self._poll.register(ours, select.POLLIN)
        self._counts["forks"] += 1

    def behind(self, descriptor: int) -> Runner | None:
        """The runner at the other end of a control socket."""
        return self._runners.get(descriptor)

    def at(self, job: Job) -> Runner | None:
        """The runner that works on a job."""
        return next((runner for runner in self._runners.values() if runner.job is job), None)

    def free(self) -> Runner | None:
        """A runner for a new job, unless as many work as may."""
        idle = [runner for runner in self._runners.values() if runner.job is None]
        if len(self) - len(idle) >= self._size:
            return None
        return next((runner for runner in idle if runner.ready), None)

    def busy(self) -> list[tuple[Runner, Job]]:
        """The runners at work that are not being killed."""
        alive = [runner for runner in self._runners.values() if runner.killed_for is None]
        return [(runner, runner.job) for runner in alive if runner.job is not None]

    def kill(self, runner: Runner, reason: str) -> None:
        runner.killed_for = reason
        os.kill(runner.pid, signal.SIGKILL)

    def bury(self, runner: Runner) -> str:
        """Forget a runner that is ending; says what it ended of."""
        descriptor = runner.control.fileno()
        self._poll.unregister(descriptor)
        del self._runners[descriptor]
        runner.control.close()
        _, status = os.waitpid(runner.pid, 0)
        if runner.killed_for is not None:
            return runner.killed_for
        if not os.WIFSIGNALED(status):
            return "crash"
        return _DEATHS.get(signal.Signals(os.WTERMSIG(status)), "crash")

    def kill_all(self) -> None:
        for runner in self._runners.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(runner.pid, signal.SIGKILL)
