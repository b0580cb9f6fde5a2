"""The query host: a process that loads a snapshot, keeps runners forked, and knows why they died.

It evaluates nothing and has no threads. It is started as `python -m hsgraph.engine.runners.host`
with a plan as JSON, and ends with the process that started it.
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
import sys
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from hsgraph import processes
from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.runners import runner, sandbox
from hsgraph.errors import SnapshotError
from hsgraph.settings import Settings, load

_PROMPT: Final = 0.5
"""Seconds in which a worker says what it wants to know."""
_REMEMBERED: Final = 1000
_SHORT: Final = 0
"""The place of the runner that long queries do not keep while others wait."""
_TICK: Final = 1000
"""Milliseconds after which a fork that failed is tried again."""
_DEATHS: Final = {
    signal.SIGALRM: "timeout",
    signal.SIGXCPU: "timeout",
    signal.SIGIO: "abandoned",
    signal.SIGUSR1: "preempted",
    signal.SIGABRT: "memory",
    signal.SIGKILL: "memory",
    signal.SIGSEGV: "stack",
    signal.SIGBUS: "stack",
}


@dataclass(frozen=True)
class Plan:
    """What a host serves and how; it listens to `sockets` for queries, long ones and questions."""

    snapshot: str
    from_disk: bool
    sockets: Sequence[int]
    folder: str
    parent: int
    settings: Settings


class Host:
    """The loop; `serve` never returns."""

    def __init__(self, engine: EmbeddedEngine, plan: Plan, *, isolated: bool) -> None:
        self._engine = engine
        *self._queues, self._status = (socket.socket(fileno=number) for number in plan.sockets)
        settings = plan.settings
        self._settings = settings
        self._seals = not plan.from_disk and not settings.allow_service
        self._slots = runner.slots(settings.runners)
        self._spares = settings.runners > 1
        self._free = set(range(settings.runners))
        self._places: dict[int, int] = {}
        self._deaths: OrderedDict[int, str] = OrderedDict()
        self._counts: Counter[str] = Counter()
        self._isolated = isolated
        self._process = os.getpid()

    def serve(self) -> NoReturn:
        """Keep all places filled, and tell who asks."""
        gc.disable()
        gc.freeze()
        woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        poll = select.poll()
        poll.register(woken, select.POLLIN)
        poll.register(self._status, select.POLLIN)
        while True:
            self._bury()
            self._fill()
            happened = [descriptor for descriptor, _ in poll.poll(_TICK)]
            if woken in happened:
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 4096)
            if self._status.fileno() in happened:
                self._hear()

    def _fill(self) -> None:
        while self._free:
            place = self._free.pop()
            try:
                process = os.fork()
            except OSError:
                self._free.add(place)
                self._counts["fork_failures"] += 1
                return
            if process == 0:
                self._run(place)
            self._places[process] = place
            self._counts["forks"] += 1

    def _run(self, place: int) -> NoReturn:
        try:
            self._slots[place].end()
            short = place == _SHORT and self._spares
            given = self._engine, self._queues, self._settings, self._slots[place], self._process
            runner.run(*given, seals=self._seals, short=short)
        finally:
            os._exit(1)

    def _bury(self) -> None:
        """Give the places of dead runners to others, and remember what they died of."""
        while self._places:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            place = self._places.pop(process)
            self._slots[place].end()
            self._free.add(place)
            if status == 0:
                continue
            reason = "crash"
            if os.WIFSIGNALED(status):
                reason = _DEATHS.get(signal.Signals(os.WTERMSIG(status)), "crash")
            self._deaths[process] = reason
            self._counts[f"stopped_{reason}"] += 1
            if len(self._deaths) > _REMEMBERED:
                self._deaths.popitem(last=False)

    def _hear(self) -> None:
        """Answer one question: what the statistics are, or what a process died of.

        The reason is empty for a runner that is yet to die.
        """
        with contextlib.suppress(OSError, ValueError), self._status.accept()[0] as connection:
            connection.settimeout(_PROMPT)
            question = json.loads(connection.recv(200))
            if "waits" in question:
                self._preempt()
            self._bury()
            if process := question.get("died"):
                lives = process in self._places
                answer: object = {"reason": "" if lives else self._deaths.get(process, "crash")}
            else:
                answer = self._statistics()
            connection.sendall(json.dumps(answer).encode())

    def _preempt(self) -> None:
        """Free the runner for short queries of one that has turned out to be long."""
        if self._spares and self._slots[_SHORT].seconds > runner.LEASE:
            for process, place in self._places.items():
                if place == _SHORT:
                    os.kill(process, signal.SIGUSR1)

    def _statistics(self) -> dict[str, int]:
        return {
            **self._counts,
            "queries": sum(slot.begun for slot in self._slots),
            "running": sum(slot.working for slot in self._slots),
            "waiting": int(bool(select.select(self._queues, [], [], 0)[0])),
            "runners": len(self._places),
            "isolated": int(self._isolated),
        }


def _end(plan: Plan) -> NoReturn:
    """End with all runners; the sockets go too, since nobody else may be left to remove them."""
    shutil.rmtree(plan.folder, ignore_errors=True)
    os._exit(0)


def main(text: str) -> NoReturn:
    content = json.loads(text)
    plan = Plan(**{**content, "settings": load(environ={}, **content["settings"])})
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _end(plan))
    processes.end_with_parent(plan.parent, signal.SIGTERM)
    settings, snapshot = plan.settings, Snapshot(plan.snapshot)
    isolated = not settings.allow_service and sandbox.leave_network()
    engine = EmbeddedEngine(snapshot, settings, from_disk=plan.from_disk)
    if engine.version != snapshot.version:
        raise SnapshotError(f"{snapshot.data} is not what was built.", remedy="Build it again.")
    Host(engine, plan, isolated=isolated).serve()


if __name__ == "__main__":
    main(sys.argv[1])
