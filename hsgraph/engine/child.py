"""A runner: a forked process that evaluates one query from outside after another.

It takes a client's connection from the host, reads a request from it and answers into it, and again
until the client hangs up or the host wants the runner for another. At the deadline the kernel kills
it in the middle of native code; the host tells the client.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn

from hsgraph.engine import confine, wire
from hsgraph.engine.clock import Clock
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Limits
from hsgraph.errors import HsgraphError

READY: Final = b"r"
DONE: Final = b"d"
LEAVING: Final = b"x"
"""What a runner says to the host: it is free, free again, free for the last time."""
KEEP: Final = b"k"
ONCE: Final = b"o"
RETURN: Final = b"b"
"""What the host says: serve this client until it leaves, serve it once, end with this client."""
_QUERIES: Final = 20_000
_GROWN: Final = 16_000_000
"""Bytes above which memory is given back when there is a pause."""
_GROWTH: Final = 64_000_000
"""Bytes that may be left of queries after that."""
_MOST: Final = 512_000_000
"""Bytes that may be left of queries before it."""
_PAUSE: Final = 0.5
_SMALL: Final = 64_000
"""Bytes that the kernel takes at once, whether or not the client reads."""
_READING: Final = 5.0
_SENDING: Final = 30.0
LONGEST_SENDING: Final = 60.0


@dataclass(frozen=True)
class Bounds:
    """What holds for every query, whatever its request asks for."""

    limits: Limits
    memory: int
    may_call_out: bool
    warm: int = 0
    """Up to how many statements a runner touches all data before its first query."""


def run(
    engine: EmbeddedEngine, control: socket.socket, bounds: Bounds, clock: Clock, host: int
) -> NoReturn:
    """Be a runner until the host closes the control socket or this process has grown too large."""
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL if number != signal.SIGPIPE else signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)
    confine.die_with_parent(host, signal.SIGKILL)
    confine.keep_only(control.fileno())
    confine.limit(bounds.memory, may_call_out=bounds.may_call_out)
    confine.keep_memory()
    engine.warm(bounds.warm)
    _Runner(engine, socket.socket(fileno=confine.CONTROL), bounds, clock).serve()
    os._exit(0)


class _Runner:
    """The loop of a runner, and what it remembers from one query to the next."""

    def __init__(
        self, engine: EmbeddedEngine, control: socket.socket, bounds: Bounds, clock: Clock
    ) -> None:
        self._engine = engine
        self._control = control
        self._bounds = bounds
        self._clock = clock
        self._left = _QUERIES
        self._at_first = confine.memory()

    def serve(self) -> None:
        """Attend to one client after another."""
        self._control.sendall(READY)
        while self._pause(self._control) is not None:
            message, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
            if message == RETURN:  # it came when the client had left already
                continue
            if not descriptors:
                return
            with socket.socket(fileno=descriptors[0]) as connection:
                leaving = self._attend(connection, keep=message == KEEP)
            self._control.sendall(LEAVING if leaving else DONE)
            if leaving:
                return

    def _attend(self, connection: socket.socket, *, keep: bool) -> bool:
        """Answer the requests of a client; says whether this process should end."""
        with suppress(OSError):
            while True:
                leaving = self._request(connection)
                if leaving or not keep:
                    return leaving
                happened = self._pause(connection, self._control)
                if happened is None:
                    return True
                if connection not in happened:
                    self._control.recv(1)
                    return False
        self._clock.rest()
        return False

    def _request(self, connection: socket.socket) -> bool:
        """Answer one request. Raises OSError when the client has left."""
        self._clock.evaluate()
        connection.settimeout(_READING)
        request = wire.unpack_request(wire.receive(connection)[0])
        frame = _answer(self._engine, request, self._bounds)
        self._left -= 1
        too_large = confine.memory() > self._at_first + _MOST
        if len(frame) > _SMALL:
            self._clock.write()
        else:
            self._clock.rest()
        connection.settimeout(_SENDING)
        connection.sendall(frame)
        self._clock.rest()
        return not self._left or request.inspected.calls_out or too_large

    def _pause(self, *sockets: socket.socket) -> list[socket.socket] | None:
        """Wait until there is something to read; None when this process should end.

        Memory that queries have taken is kept for the next one, and given back in a pause.
        """
        grown = confine.memory() > self._at_first + _GROWN
        happened = select.select(sockets, [], [], _PAUSE if grown else None)[0]
        if happened:
            return happened
        confine.give_back()
        if confine.memory() > self._at_first + _GROWTH:
            return None
        return select.select(sockets, [], [])[0]


def _answer(engine: EmbeddedEngine, request: wire.Request, bounds: Bounds) -> bytes:
    limits = tightest(request.limits, bounds.limits)
    if request.inspected.calls_out and bounds.may_call_out:
        confine.allow_call()
    confine.arm(limits.seconds)
    try:
        answer = engine.evaluate(
            request.query, request.inspected, request.formats, request.dataset, limits
        )
        return wire.pack_answer(answer)
    except HsgraphError as error:
        return wire.pack_error(error)
    except MemoryError:
        os.abort()
    finally:
        confine.disarm()


def tightest(asked: Limits, most: Limits) -> Limits:
    """A request may lower the limits of the settings, never raise them."""
    return Limits(
        seconds=min(asked.seconds, most.seconds),
        rows=min(asked.rows, most.rows),
        bytes=min(asked.bytes, most.bytes),
    )
