"""A runner: a forked process that answers queries from outside, one connection for each.

At the deadline, or when the one who asked hangs up, the kernel kills it in the middle of native
code; the host puts another in its place and can say what it died of.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from mmap import mmap
from typing import Final, NoReturn

from hsgraph import processes
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Request
from hsgraph.engine.runners import sandbox, wire
from hsgraph.errors import HsgraphError
from hsgraph.settings import Settings

LEASE: Final = 0.1
"""Seconds of work after which a query is a long one, if another has waited as long."""
_ASKING: Final = 5.0
"""Seconds in which a worker sends its query."""
SENDING: Final = 30.0
"""Seconds in which a worker, which is another process of this server, takes a part of an answer."""
_GROWTH: Final = 128_000_000
"""Bytes by which a runner may have grown before another takes its place."""
_FILES: Final = 64
"""Descriptors for the files of a store on disk, or for calls to endpoints that are allowed."""


class Slot(ctypes.Structure):
    """What one runner is at: whether it works, since when, how many queries were begun."""

    _fields_ = (("working", ctypes.c_bool), ("since", ctypes.c_int64), ("begun", ctypes.c_int64))
    working: bool
    since: int
    begun: int

    def begin(self) -> None:
        self.since = time.monotonic_ns()
        self.working = True
        self.begun += 1

    @property
    def seconds(self) -> float:
        """How long it has been at work on one query; 0 for a runner that is free."""
        return (time.monotonic_ns() - self.since) / 1e9 if self.working else 0.0

    def end(self) -> None:
        self.working = False


def slots(count: int) -> ctypes.Array[Slot]:
    """A place for each runner, in memory that the host shares with them."""
    return (Slot * count).from_buffer(mmap(-1, count * ctypes.sizeof(Slot)))


def run(
    engine: EmbeddedEngine,
    listeners: Sequence[socket.socket],
    settings: Settings,
    slot: Slot,
    host: int,
    *,
    seals: bool,
    short: bool,
) -> NoReturn:
    """Be a runner until the host is gone, this process has grown too large, or its time is over.

    What a query reads of data in memory becomes this process's own copy, since reading counts
    references. It gives the copies back by ending `runner_seconds` after its first query, when none
    waits; another takes its place.

    `listeners` are the queue of all queries and that of long ones, of which a `short` runner
    takes none; others take them first. A query wakes one of those that wait, not all. One that
    `seals` itself has no descriptor left while a query runs: data in memory, no calls allowed.
    """
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    processes.end_with_parent(host)
    if seals:
        sandbox.keep_only([listener.fileno() for listener in listeners])
        listeners = [socket.socket(fileno=number) for number in sandbox.LISTENERS]
    else:
        sandbox.silence()
    queues = listeners[:1] if short else listeners[::-1]
    ready = select.epoll()
    for queue in queues:
        ready.register(queue, select.EPOLLIN | select.EPOLLEXCLUSIVE)
    files = sandbox.SEALED if seals else sandbox.descriptors() + _FILES
    sandbox.limit(settings.query_memory, files)
    processes.reuse_memory()
    most = sandbox.most_memory() + _GROWTH
    ends: float | None = None
    while sandbox.most_memory() < most:
        happened = dict(ready.poll(ends and max(ends - time.monotonic(), 0)))
        if not happened:
            break
        ends = ends or time.monotonic() + settings.runner_seconds
        queue = next(each for each in queues if each.fileno() in happened)
        with suppress(OSError), queue.accept()[0] as connection:
            _serve(engine, connection, slot)
    os._exit(0)


def _serve(engine: EmbeddedEngine, connection: socket.socket, slot: Slot) -> None:
    """Answer the query of one connection. Raises OSError where nobody waits for it."""
    slot.begin()
    try:
        connection.settimeout(_ASKING)
        connection.sendall(wire.STARTED.pack(os.getpid()))
        header, _ = wire.receive(connection, 0)
        connection.settimeout(None)
        sandbox.end_when_closed(connection.fileno())
        if select.select([connection], [], [], 0)[0]:
            return  # the other side has hung up: it says nothing after its request
        packed = _answer(engine, wire.unpack_request(header))
        sandbox.stay_when_closed(connection.fileno())
        connection.settimeout(SENDING)
        connection.sendall(packed)
    finally:
        slot.end()


def _answer(engine: EmbeddedEngine, request: Request) -> bytes:
    sandbox.arm(request.limits.seconds)
    try:
        answer = engine.evaluate(request)
        sandbox.disarm()
        return wire.pack_answer(answer)
    except HsgraphError as error:
        return wire.pack_error(error)
    except MemoryError:
        os.abort()
    finally:
        sandbox.disarm()
