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

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.runners import child
from hsgraph.engine.runners.clock import Clock, Clocks

SPARES: Final = 1
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
    """A client's connection, and when it came."""

    connection: socket.socket
    since: float
    left: float | None = None
    """When the client hung up."""


@dataclass
class Runner:
    """A forked process, the socket to it, its clock, and the client that it is kept for."""

    pid: int
    control: socket.socket
    clock: Clock
    ready: bool = False
    job: Job | None = None
    evaluated: int = 0
    """What the clock counted when it was given that client."""
    wanted: bool = False
    """Whether it was told to leave its client for another."""
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
        self.clocks = Clocks(size + SPARES)
        self._places = set(range(size + SPARES))

    def __len__(self) -> int:
        return len(self._runners)

    def fill(self) -> None:
        """Fork what is missing; a fork that fails is tried again the next time."""
        working = sum(runner.job is not None for runner in self._runners.values())
        for _ in range(max(self._size - working, 0) + SPARES - (len(self) - working)):
            try:
                self._fork()
            except OSError:
                self._counts["fork_failures"] += 1
                return

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        host = os.getpid()
        clock = self.clocks.of(min(self._places))
        with theirs:
            pid = os.fork()
            if pid == 0:
                try:
                    first = self._counts["forks"] < self._size + SPARES
                    child.run(self._engine, theirs, self._bounds, clock, host, first=first)
                finally:
                    os._exit(1)
        self._places.remove(clock.place)
        self._runners[ours.fileno()] = Runner(pid, ours, clock)
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
        fit = (runner for runner in idle if runner.ready and runner.killed_for is None)
        return next(fit, None)

    def call_back(self, count: int) -> None:
        """Tell so many runners to leave their clients for others, those at rest first."""
        kept = [each for each in self._runners.values() if each.job is not None]
        kept.sort(key=lambda each: each.clock.evaluating)
        for runner in kept[:count]:
            if not runner.wanted:
                with contextlib.suppress(OSError):
                    runner.control.send(child.RETURN, socket.MSG_DONTWAIT)
                runner.wanted = True

    @property
    def running(self) -> int:
        """How many evaluate a query or write an answer now."""
        clocks = [each.clock for each in self._runners.values() if each.killed_for is None]
        return sum(each.working for each in clocks)

    def taken(self) -> list[tuple[Runner, Job]]:
        """The runners that are kept for a client and are not being killed."""
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
        self._places.add(runner.clock.place)
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
