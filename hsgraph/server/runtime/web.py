"""The web server of one generation: workers that wait at a gate before they accept.

`Gate` is how the generation leads its workers: they tell that they are loaded, wait to be let in,
and stop accepting when told to retire, while what they have accepted is answered to its end.
"""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import Final, NoReturn

import uvloop

from hsgraph.engine.runners.memory import return_memory
from hsgraph.engine.runners.sandbox import die_with_parent
from hsgraph.server.app import most_of_a_body
from hsgraph.server.http.cache import AnswerCache
from hsgraph.server.runtime.bridge import Bridge
from hsgraph.server.runtime.connections import Connections, Entrance
from hsgraph.settings import Settings

_TICK: Final = b"."
_AGAIN: Final = 0.5
"""Seconds between two starts of one worker, should it die at once."""
_SIGNALS: Final = (signal.SIGTERM, signal.SIGCHLD)
_log = logging.getLogger("hsgraph.server")
MakeEntrance = Callable[[Connections], Entrance]


class Gate:
    """Signals between a generation and its workers; make it before the workers are forked.

    A byte in a pipe that nobody reads is seen by all workers, also by those that come later.
    """

    def __init__(self) -> None:
        self._open, self._opened = os.pipe()
        self.leave, self._left = os.pipe()
        self.told, self._tell = os.pipe()
        os.set_blocking(self.told, False)

    def open(self) -> None:
        """Let the workers accept."""
        os.write(self._opened, _TICK)

    def retire(self) -> None:
        """Have the workers stop accepting: `leave` becomes readable."""
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


class WebServer:
    """Keeps workers alive over sockets that were opened before, one for each.

    `entrance` makes, in each worker, what may take connections before they are answered there.
    """

    def __init__(
        self,
        settings: Settings,
        listeners: tuple[socket.socket, ...],
        application: AnswerCache,
        prepare: Callable[[], None],
        gate: Gate,
        entrance: MakeEntrance | None = None,
    ) -> None:
        self._settings = settings
        self._listeners = listeners
        self._application = application
        self._prepare = prepare
        self._gate = gate
        self._entrance = entrance
        self._workers: dict[int, int] = {}
        """The number of the worker by its process."""
        self._due = dict.fromkeys(range(settings.workers), 0.0)
        """When workers that do not run are to be started."""

    def serve(self) -> None:
        """Return when all workers have ended, after a SIGTERM."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        while self._wait() != signal.SIGTERM:
            self._reap()
        for listener in self._listeners:
            listener.close()
        self._end()

    def _wait(self) -> int:
        """Start workers that are due until a signal comes; which one."""
        while True:
            now = time.monotonic()
            for number in [number for number, due in self._due.items() if due <= now]:
                self._start(number)
            wait = min(self._due.values(), default=now + 60.0) - now
            if (happened := signal.sigtimedwait(_SIGNALS, max(wait, 0.0))) is not None:
                return happened.si_signo

    def _start(self, number: int) -> None:
        parent = os.getpid()
        process = os.fork()
        if process == 0:
            self._work(number, parent)
        del self._due[number]
        self._workers[process] = number

    def _reap(self) -> None:
        """Take leave of workers that have ended, and plan for others."""
        while self._workers and (process := os.waitpid(-1, os.WNOHANG)[0]):
            self._due[self._workers.pop(process)] = time.monotonic() + _AGAIN

    def _end(self) -> None:
        """Ask the workers to end, and make those end that do not in time."""
        self._signal(signal.SIGTERM)
        end = time.monotonic() + self._settings.retire_seconds
        while self._workers:
            self._reap()
            if self._workers and time.monotonic() >= end:
                self._signal(signal.SIGKILL)
            signal.sigtimedwait(_SIGNALS, _AGAIN)

    def _signal(self, number: signal.Signals) -> None:
        for process in self._workers:
            os.kill(process, number)

    def _work(self, number: int, parent: int) -> NoReturn:
        """Be a worker."""
        code = 1
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            die_with_parent(parent, signal.SIGTERM)
            for other in self._listeners:
                if other is not self._listeners[number]:
                    other.close()
            return_memory()
            self._prepare()
            self._gate.tell()
            self._gate.wait_open()
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._answer(self._listeners[number]))
            code = 0
        except Exception:
            _log.exception("A worker has failed")
        finally:
            os._exit(code)

    async def _answer(self, listener: socket.socket) -> None:
        """Accept and answer until told to retire, and then to end."""
        loop = asyncio.get_running_loop()
        settings, cache = self._settings, self._application
        bridge = Bridge(cache, cache.at_hand, threads(settings), most_of_a_body(settings))
        connections = Connections(settings, listener, bridge, loop)
        if self._entrance is not None:
            connections.entrance = self._entrance(connections)

        def retire() -> None:
            loop.remove_reader(self._gate.leave)
            connections.retire()
            self._gate.tell()

        loop.add_reader(self._gate.leave, retire)
        loop.add_signal_handler(signal.SIGTERM, connections.stop)
        connections.accept()
        await connections.ended.wait()


def threads(settings: Settings) -> int:
    """Threads of a worker: pages must not wait for queries that run or wait."""
    return settings.threads + settings.runners + settings.queue
