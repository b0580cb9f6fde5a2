"""A runner: a forked process that evaluates one query from outside after another.

It takes a client's connection from the host, reads the request from it and answers into it.
At the deadline the kernel kills it in the middle of native code; the host tells the client.
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
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Limits
from hsgraph.errors import HsgraphError

READY: Final = b"r"
DONE: Final = b"d"
LEAVING: Final = b"x"
WRITING: Final = b"w"
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


def run(engine: EmbeddedEngine, control: socket.socket, bounds: Bounds, host: int) -> NoReturn:
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
    _serve(engine, socket.socket(fileno=confine.CONTROL), bounds)
    os._exit(0)


def _serve(engine: EmbeddedEngine, control: socket.socket, bounds: Bounds) -> None:
    control.sendall(READY)
    most = confine.memory()
    for left in reversed(range(_QUERIES)):
        grown = confine.memory() > most + _GROWN
        if grown and not select.select([control], [], [], _PAUSE)[0]:
            confine.give_back()
            if confine.memory() > most + _GROWTH:
                return
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message or not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as connection, suppress(OSError):
            request = _read(connection)
            frame = _answer(engine, request, bounds)
            grown_too_large = confine.memory() > most + _MOST
            leaving = not left or request.inspected.calls_out or grown_too_large
            _send(control, connection, frame, LEAVING if leaving else DONE)
            if leaving:
                return
            continue
        control.sendall(DONE)


def _read(connection: socket.socket) -> wire.Request:
    connection.settimeout(_READING)
    header, _ = wire.receive(connection)
    return wire.unpack_request(header)


def _send(control: socket.socket, connection: socket.socket, frame: bytes, parting: bytes) -> None:
    """Send the answer, and tell the host: after it when it is small, so that the client need not
    wait for the host to be told, before it when the client may take long to read it."""
    if len(frame) > _SMALL:
        control.sendall(WRITING)
    connection.settimeout(_SENDING)
    with suppress(OSError):
        connection.sendall(frame)
    control.sendall(parting)


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
