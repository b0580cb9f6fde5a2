"""A runner: a forked process that evaluates one query from outside after another.

It takes a worker's connection from the host, reads a request from it and answers into it, and again
until the worker hangs up or the host wants the runner for another. What it reads may also be a
client's own connection to attend to (`visit.py`). At the deadline the kernel kills it in the middle
of native code; the host tells the worker.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final, NoReturn

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Answer, Limits
from hsgraph.engine.runners import memory, sandbox, visit, wire
from hsgraph.engine.runners.clock import Clock
from hsgraph.engine.runners.holding import Holding
from hsgraph.engine.runners.visit import Attendant, End
from hsgraph.errors import HsgraphError

READY: Final = b"r"
DONE: Final = b"d"
LEAVING: Final = b"x"
"""What a runner says to the host: it is free, free again, free for the last time."""
KEEP: Final = b"k"
TURN: Final = b"t"
RETURN: Final = b"b"
"""What the host says: serve this client until it leaves, give it a turn, end with its turn."""
_QUERIES: Final = 20_000
_OFTEN: Final = 8
_PAUSE: Final = 0.5
_MANY: Final = 32
"""Answers after which a runner tells of them in any case."""
_SOON: Final = 0.005
"""Seconds without a request after which a runner tells of those that it has answered."""
_SMALL: Final = 64_000
"""Bytes that the kernel takes at once, whether or not the client reads."""
_TURN: Final = 0.005
"""Seconds for which a client is attended to while others wait; at least one request is answered."""
_BRIEF: Final = 0.001
"""Seconds without a request after which a turn is over."""
_READING: Final = 5.0
_SENDING: Final = 30.0
LONGEST_SENDING: Final = 60.0


@dataclass(frozen=True)
class Bounds:
    """What holds for every query, whatever its request asks for."""

    limits: Limits
    memory: int
    may_call_out: bool
    copies: bool = False
    """Whether a runner takes its own copy of the data."""
    attendant: Attendant | None = None
    """Who reads and writes on the connections of clients that are handed over."""


def run(
    engine: EmbeddedEngine,
    control: socket.socket,
    bounds: Bounds,
    clock: Clock,
    host: int,
    *,
    first: bool,
) -> NoReturn:
    """Be a runner until the host closes the control socket or this process has grown too large.

    The first ones take their copies of the data before they answer, those that replace others
    while nobody asks.
    """
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL if number != signal.SIGPIPE else signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)
    sandbox.die_with_parent(host, signal.SIGKILL)
    sandbox.keep_only(control.fileno())
    sandbox.limit(bounds.memory, may_call_out=bounds.may_call_out)
    memory.keep_memory()
    holding = Holding(copies=bounds.copies)
    if first:
        holding.copy()
    _Runner(engine, socket.socket(fileno=sandbox.CONTROL), bounds, clock, holding).serve()
    os._exit(0)


class _Runner:
    """The loop of a runner, and what it remembers from one query to the next."""

    def __init__(
        self,
        engine: EmbeddedEngine,
        control: socket.socket,
        bounds: Bounds,
        clock: Clock,
        holding: Holding,
    ) -> None:
        self._engine = engine
        self._control = control
        self._bounds = bounds
        self._clock = clock
        self._left = _QUERIES
        self._wanted = False
        """Whether others wait for this runner."""
        self._holding = holding

    def serve(self) -> None:
        """Serve one worker after another."""
        self._control.sendall(READY)
        while self._pause(self._control) is not None:
            message, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
            if message == RETURN:  # it came when the worker had left already
                continue
            if not descriptors:
                return
            self._wanted = message != KEEP
            with socket.socket(fileno=descriptors[0]) as connection:
                leaving = self._attend(connection)
            self._control.sendall(LEAVING if leaving else DONE)
            if leaving:
                return

    def _attend(self, connection: socket.socket) -> bool:
        """Answer the requests of a worker; says whether this process should end."""
        with suppress(OSError):
            while True:
                leaving = self._request(connection)
                if leaving or self._wanted:
                    return leaving
                happened = self._pause(connection, self._control)
                if happened is None:
                    return True
                if connection not in happened:
                    self._control.recv(1)
                    return False
        self._clock.rest()
        return False

    def _request(self, worker: socket.socket) -> bool:
        """Answer one request, or attend to a client. Raises OSError when the worker has left."""
        self._clock.evaluate()
        worker.settimeout(_READING)
        sandbox.let_in()
        beginning, descriptors, _, _ = socket.recv_fds(worker, wire.PIECE, 1)
        sandbox.shut(descriptors)
        with ExitStack() as stack:
            clients = [stack.enter_context(socket.socket(fileno=each)) for each in descriptors]
            header, _ = wire.receive(worker, beginning)
            if visit.is_call_back(header):
                self._clock.turn_away()
                return False
            if visit.is_visit(header):
                return self._visit(worker, clients[0])
        request = wire.unpack_request(header)
        frame = _answer(self._engine, request, self._bounds)
        leaving = self._leaves_after(request)
        if len(frame) > _SMALL:
            self._clock.write()
        else:
            self._clock.rest()
        worker.settimeout(_SENDING)
        worker.sendall(frame)
        self._clock.rest()
        return leaving

    def _leaves_after(self, request: wire.Request) -> bool:
        """Whether this process should end; it looks at its memory now and then."""
        self._left -= 1
        if request.inspected.calls_out or not self._left:
            return True
        return self._left % _OFTEN == 0 and self._holding.too_large

    def _visit(self, worker: socket.socket, client: socket.socket) -> bool:
        """Answer requests on a client's connection; says whether this process should end."""
        attendant = self._bounds.attendant
        assert attendant is not None
        leaving = False
        try:
            end, leaving = self._answers(attendant, worker, client)
        except OSError:
            end = End(left=True)
        except HsgraphError as error:
            end = End(failed=error)
        self._clock.rest()
        worker.settimeout(_SENDING)
        worker.sendall(visit.pack_end(attendant.accounts(), end))
        return leaving

    def _answers(
        self, attendant: Attendant, worker: socket.socket, client: socket.socket
    ) -> tuple[End, bool]:
        """Answer one request after another; how that ended, and whether this process should."""
        until = monotonic() + _TURN
        while (asked := self._read(attendant, client)) is not None:
            answer = evaluated(self._engine, asked.request, self._bounds)
            self._clock.write()
            rest = attendant.write(client, asked, answer)
            self._clock.rest()
            leaving = self._leaves_after(asked.request)
            if rest or asked.last:
                return End(left=not rest, rest=rest), leaving
            happened = None if leaving else self._next(attendant, worker, client, until)
            if happened is None:
                return End(again=True), True
            if client not in happened:
                return End(again=worker not in happened), False
            self._clock.evaluate()
        return End(), False

    def _read(self, attendant: Attendant, client: socket.socket) -> visit.Asked | None:
        """A client's next request, if it is for this process; raises OSError if it has left."""
        asked = None
        try:
            asked = attendant.read(client)
        finally:
            if asked is None:
                self._clock.turn_away()
        return asked

    def _next(
        self, attendant: Attendant, worker: socket.socket, client: socket.socket, until: float
    ) -> list[socket.socket] | None:
        """Wait for a client's next request, and tell of the last ones meanwhile; as `_pause`.

        Nothing has happened where others wait, and the client is silent or its turn is over.
        """
        happened: list[socket.socket] | None = []
        if not self._wanted:
            sockets = (client, worker, self._control)
            happened = select.select(sockets, [], [], _SOON)[0]
            if accounts := attendant.accounts(_MANY if happened else 1):
                worker.sendall(visit.pack_accounts(accounts))
            happened = happened or self._pause(*sockets)
            if happened and self._control in happened:
                self._control.recv(1)
                self._wanted = True
        if self._wanted and monotonic() < until:
            happened = select.select((client, worker), [], [], _BRIEF)[0]
        elif self._wanted:
            return []
        if happened and worker in happened:
            wire.receive(worker)
            return [worker]
        return happened

    def _pause(self, *sockets: socket.socket) -> list[socket.socket] | None:
        """Wait until there is something to read; None when this process should end.

        Data are copied meanwhile, if at all. Memory that queries have taken is kept for the next
        one, and given back in a pause.
        """
        while self._holding.shares:
            if happened := select.select(sockets, [], [], 0)[0]:
                return happened
            self._holding.copy_one()
        happened = select.select(sockets, [], [], _PAUSE if self._holding.grown else None)[0]
        if happened:
            return happened
        return select.select(sockets, [], [])[0] if self._holding.give_back() else None


def _answer(engine: EmbeddedEngine, request: wire.Request, bounds: Bounds) -> bytes:
    try:
        return wire.pack_answer(evaluated(engine, request, bounds))
    except HsgraphError as error:
        return wire.pack_error(error)
    except MemoryError:
        os.abort()


def evaluated(engine: EmbeddedEngine, request: wire.Request, bounds: Bounds) -> Answer:
    """The answer to a request, within its limits; raises what the query comes to."""
    limits = tightest(request.limits, bounds.limits)
    if request.inspected.calls_out and bounds.may_call_out:
        sandbox.allow_call()
    sandbox.arm(limits.seconds)
    try:
        return engine.evaluate(
            request.query, request.inspected, request.formats, request.dataset, limits
        )
    except MemoryError:
        os.abort()
    finally:
        sandbox.disarm()


def tightest(asked: Limits, most: Limits) -> Limits:
    """A request may lower the limits of the settings, never raise them."""
    return Limits(
        seconds=min(asked.seconds, most.seconds),
        rows=min(asked.rows, most.rows),
        bytes=min(asked.bytes, most.bytes),
    )
