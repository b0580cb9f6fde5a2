"""The runner host: a single-threaded process that hands clients' connections to runners.

It holds the store, evaluates nothing, and forks a runner for each that dies, so that a fork is
always from a process without threads and memory stays shared. It never reads a request.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
import time
from collections import Counter, deque
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Final, NoReturn

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.runners import child, sandbox, wire
from hsgraph.engine.runners.pool import Job, Pool, Runner
from hsgraph.errors import EngineBusy

_GRACE: Final = 0.3
_TOLD_BY_THEN: Final = 0.05
"""Seconds within which a runner has told of an answer that its client has read."""


@dataclass(frozen=True)
class Queue:
    """How many queries run at once, how many may wait, and for how long."""

    runners: int
    places: int
    seconds: float


class Host:
    """The loop. `serve` never returns: the process ends with its parent or at SIGTERM."""

    def __init__(
        self,
        engine: EmbeddedEngine,
        bounds: child.Bounds,
        queue: Queue,
        *,
        requests: socket.socket,
        statistics: socket.socket,
        lifeline: int,
        folder: Path,
    ) -> None:
        self._bounds = bounds
        self._queue = queue
        self._requests = requests
        self._statistics = statistics
        self._lifeline = lifeline
        self._folder = folder
        self._poll = select.poll()
        self._counts: Counter[str] = Counter()
        self._pool = Pool(engine, bounds, queue.runners, self._poll, self._counts)
        self._waiting: deque[Job] = deque()
        self._watched: dict[int, Job] = {}
        self._isolated = False

    def serve(self, parent: int, *, tied: bool) -> NoReturn:
        """Serve until the parent is gone; `tied` has the kernel watch the thread that forked us."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, lambda *_: self._stop())
        needed = (self._requests.fileno(), self._statistics.fileno(), self._lifeline)
        sandbox.close_others(needed)
        if not self._bounds.may_call_out:
            self._isolated = sandbox.leave_network()
        if tied:
            sandbox.die_with_parent(parent, signal.SIGTERM)
        gc.disable()
        gc.freeze()
        for listener in (self._requests, self._statistics):
            listener.setblocking(False)
            self._poll.register(listener, select.POLLIN)
        self._poll.register(self._lifeline, select.POLLIN)
        while True:
            self._pool.fill()
            self._dispatch()
            happened = [event[0] for event in self._poll.poll(self._patience())]
            # A descriptor may be closed and given out again while this list is worked through.
            for descriptor, job in [(number, self._watched.get(number)) for number in happened]:
                self._handle(descriptor, job)
            self._look_at_clocks()

    def _stop(self) -> NoReturn:
        self._pool.kill_all()
        shutil.rmtree(self._folder, ignore_errors=True)
        os._exit(0)

    def _handle(self, descriptor: int, watched: Job | None) -> None:
        if descriptor == self._requests.fileno():
            self._accept()
        elif descriptor == self._statistics.fileno():
            self._report()
        elif descriptor == self._lifeline:
            self._stop()
        elif runner := self._pool.behind(descriptor):
            self._hear(runner)
        elif watched is not None and self._watched.get(descriptor) is watched:
            self._abandon(watched)

    # Runners

    def _hear(self, runner: Runner) -> None:
        try:
            message = runner.control.recv(64, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except ConnectionError:
            message = b""
        if not message:
            self._bury(runner)
            return
        if child.READY in message:
            runner.ready = True
        if child.LEAVING in message:
            self._finish(runner)
            self._bury(runner)
        elif child.DONE in message:
            self._finish(runner)

    def _finish(self, runner: Runner) -> None:
        if runner.job is not None:
            self._drop(runner.job)
            runner.job, runner.wanted = None, False

    def _bury(self, runner: Runner) -> None:
        """Tell the client of a runner that died at its query. One that died at rest has none to
        tell: a client that finds a kept connection closed asks anew."""
        evaluated, at_work = runner.clock.evaluating, runner.clock.working
        reason = self._pool.bury(runner)
        if runner.job is not None and at_work:
            self._counts[f"stopped_{reason}"] += 1
            if evaluated and reason != "abandoned":
                self._tell(runner.job, wire.pack_failure(reason))
        elif runner.job is not None and runner.clock.evaluated == runner.evaluated:
            self._waiting.appendleft(runner.job)  # it has not been looked at
            runner.job = None
        self._finish(runner)

    # Clients

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._requests.accept()
            except OSError:
                return
            job = Job(connection, time.monotonic())
            at_rest = self._queue.runners - self._pool.running
            if not self._pool.free() and len(self._waiting) >= self._queue.places + at_rest:
                self._refuse(job, "Every place in the queue is taken.")
                continue
            self._watched[connection.fileno()] = job
            self._poll.register(connection, select.POLLRDHUP)
            self._waiting.append(job)
            self._dispatch()

    def _dispatch(self) -> None:
        while self._waiting and (runner := self._pool.free()):
            job = self._waiting.popleft()
            how = child.TURN if self._waiting else child.KEEP
            try:
                socket.send_fds(runner.control, [how], [job.connection.fileno()])
            except OSError:
                self._waiting.appendleft(job)
                self._bury(runner)
                continue
            runner.job, runner.evaluated = job, runner.clock.evaluated
        if self._waiting:
            self._pool.call_back(len(self._waiting))

    def _abandon(self, job: Job) -> None:
        """The client hung up: it has its answer, or nobody waits for one.

        Which of the two it is the runner tells; it tells after it has answered.
        """
        self._unwatch(job)
        if self._pool.at(job) is None:
            self._counts["abandoned_waiting"] += 1
            self._waiting.remove(job)
            self._drop(job)
        else:
            job.left = time.monotonic()

    def _refuse(self, job: Job, reason: str) -> None:
        self._counts["refused_busy"] += 1
        retry = max(1, round(self._bounds.limits.seconds / 2))
        error = EngineBusy(f"This server is busy with other queries. {reason}", retry_after=retry)
        self._tell(job, wire.pack_error(error))
        self._drop(job)

    def _tell(self, job: Job, frame: bytes) -> None:
        with contextlib.suppress(OSError):
            job.connection.setblocking(False)
            job.connection.sendall(frame)

    def _unwatch(self, job: Job) -> None:
        descriptor = job.connection.fileno()
        if self._watched.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)

    def _drop(self, job: Job) -> None:
        self._unwatch(job)
        job.connection.close()

    # Time

    def _patience(self) -> float:
        """Milliseconds until something must be looked at."""
        now = time.monotonic()
        until = [job.since + self._queue.seconds - now for job in self._waiting]
        until += [self._until(*taken) - now for taken in self._pool.taken()]
        if self._waiting and not self._pool:
            until.append(0.1)
        return max(0.0, min(until, default=60.0)) * 1000 + 1

    def _until(self, runner: Runner, job: Job) -> float:
        """When a runner is killed: a second wall behind its own timer.

        What it begins while the host sleeps is seen a little late at the longest.
        """
        writing, evaluating = runner.clock.writing_or_evaluating
        if writing is not None:
            return writing + child.LONGEST_SENDING
        hung_up = inf if job.left is None else job.left + _TOLD_BY_THEN
        if evaluating is None:
            return min(hung_up, time.monotonic() + self._bounds.limits.seconds)
        return min(hung_up, evaluating + self._bounds.limits.seconds + _GRACE)

    def _look_at_clocks(self) -> None:
        now = time.monotonic()
        for runner, job in self._pool.taken():
            if now > self._until(runner, job):
                self._pool.kill(runner, "abandoned" if job.left is not None else "timeout")
        while self._waiting and now - self._waiting[0].since > self._queue.seconds:
            job = self._waiting.popleft()
            self._refuse(job, f"It waited {self._queue.seconds:g} s for its turn.")

    def _report(self) -> None:
        try:
            connection, _ = self._statistics.accept()
        except OSError:
            return
        state = {
            **self._counts,
            "queries": self._pool.clocks.evaluated
            + self._counts["refused_busy"]
            + self._counts["abandoned_waiting"],
            "running": self._pool.running,
            "waiting": len(self._waiting),
            "runners": len(self._pool),
            "isolated": int(self._isolated),
        }
        with connection, contextlib.suppress(OSError):
            connection.sendall(json.dumps(state).encode())
