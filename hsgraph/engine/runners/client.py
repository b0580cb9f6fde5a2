"""The web worker's side of the runners: an engine whose outside queries run behind the guard."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Triple

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import (
    Answer,
    DatasetClause,
    Limits,
    Parameters,
    QueryForm,
    Solutions,
)
from hsgraph.engine.runners import visit, wire
from hsgraph.engine.runners.child import LONGEST_SENDING, tightest
from hsgraph.engine.runners.departure import DEPARTURE, Departure
from hsgraph.errors import EngineUnavailable, HsgraphError
from hsgraph.formats import Format

_PROMPT: Final = 1.0
"""Seconds in which a runner sends the whole of a message that it has begun."""
_ATTEMPTS: Final = 2
"""How often a query is sent to the host. A runner that dies at a query is told of; where nothing is
told, none has looked at it, and it may be sent once more."""


class Kept:
    """Connections to runners that this process keeps for its next queries."""

    def __init__(self) -> None:
        self._connections: list[socket.socket] = []
        self._owner = os.getpid()

    def take(self) -> socket.socket | None:
        """One that no thread uses, the one used last; None if there is none."""
        if self._owner != os.getpid():
            # A process forked since: the runners at the other end are its parent's.
            self.close()
            self._owner = os.getpid()
        try:
            return self._connections.pop()
        except IndexError:
            return None

    def give(self, connection: socket.socket) -> None:
        """Keep one that a thread no longer uses."""
        self._connections.append(connection)

    def close(self) -> None:
        """Keep none of those that are kept now."""
        kept, self._connections = self._connections, []
        for connection in kept:
            connection.close()


@dataclass(frozen=True)
class RunnerClient:
    """Speaks to the runners; usable in any thread and in any process forked later.

    The first query of a connection goes to a runner through the host, those that follow go to the
    same runner directly, until the host wants it for another client.
    """

    folder: Path
    limits: Limits
    patience: float
    """The longest a query may wait for a runner."""
    kept: Kept = field(default_factory=Kept, compare=False)

    def answer(self, request: wire.Request) -> Answer:
        """Have a request answered; raises what the query or its runner came to."""
        packed = wire.pack_request(request)
        seconds = self.patience + request.limits.seconds + LONGEST_SENDING
        departure = DEPARTURE.get() or Departure()
        for connection in self._connections(seconds):
            with departure.waiting(connection):
                beginning = _ask(connection, packed)
            if departure.left:
                connection.close()
                raise _abandoned()
            if beginning:
                return self._receive(connection, request, beginning)
        raise _crashed()

    def _connections(self, seconds: float) -> Iterator[socket.socket]:
        """Those that are kept, then new ones; each with a limit of time."""
        while (kept := self.kept.take()) is not None:
            kept.settimeout(seconds)
            yield kept
        for _ in range(_ATTEMPTS):
            yield self._connect("requests", seconds)

    def _receive(
        self, connection: socket.socket, request: wire.Request, beginning: bytes
    ) -> Answer:
        try:
            header, body = wire.receive(connection, beginning)
        except OSError as error:
            connection.close()
            raise (_silent() if isinstance(error, TimeoutError) else _crashed()) from error
        self.kept.give(connection)
        return wire.unpack_answer(header, body, request.limits)

    def hand_over(self, client: socket.socket, *, anew: bool = False) -> socket.socket:
        """Have a runner attend to a client's connection; the connection on which it tells of that.

        It does not wait. A runner that was kept may be about to leave, and then tells nothing;
        `anew` asks for another. Raises OSError where the runners cannot be reached now.
        """
        connection = None if anew else self.kept.take()
        while connection is not None and _hung_up(connection):
            connection.close()
            connection = self.kept.take()
        known = connection is not None
        connection = connection or socket.socket(socket.AF_UNIX)
        connection.setblocking(False)
        try:
            if not known:
                connection.connect(str(self.folder / "requests"))
            connection.settimeout(_PROMPT)
            socket.send_fds(connection, [visit.HANDED_OVER], [client.fileno()])
        except OSError:
            connection.close()
            raise
        return connection

    def hear(self, connection: socket.socket) -> visit.Told:
        """What the runner tells that attends to a client; raises OSError if it is gone."""
        return visit.unpack_told(*wire.receive(connection), self.limits.seconds)

    def release(self, connection: socket.socket, end: visit.End, *, called: bool) -> None:
        """Keep the connection of a visit that is over, for the next one.

        Not where the runner may have died, has given way to others, or was `called` back and may
        still have to read that.
        """
        if end.failed is None and not end.again and not called:
            self.kept.give(connection)
        else:
            connection.close()

    def call_back(self, connection: socket.socket) -> None:
        """Ask for a client's connection; when it comes is told as always."""
        with suppress(OSError):
            connection.sendall(visit.CALLED_BACK)

    def statistics(self) -> dict[str, int]:
        """Counters of the host since its start, and what it does now; for metrics and health.

        `queries`, `refused_busy`, `abandoned_waiting`, `forks`, `fork_failures`,
        `stopped_{timeout,memory,stack,crash,abandoned}`; now: `running`, `waiting`, `runners`;
        `isolated` is 1 where runners are in a network namespace of their own.
        """
        with self._connect("statistics", 1.0) as connection:
            try:
                text = b"".join(iter(lambda: connection.recv(65536), b""))
                found: dict[str, int] = json.loads(text)
            except (OSError, ValueError) as error:
                raise _silent() from error
        return found

    def _connect(self, name: str, seconds: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
        try:
            connection.connect(str(self.folder / name))
        except OSError as error:
            connection.close()
            raise _silent() from error
        return connection


class GuardedEngine:
    """The embedded engine with `answer` moved into the runners; all else runs in this process."""

    def __init__(self, engine: EmbeddedEngine, client: RunnerClient) -> None:
        self._engine = engine
        self._client = client

    @property
    def version(self) -> str:
        return self._engine.version

    @property
    def lookups(self) -> Lookups:
        return self._engine.lookups

    @property
    def client(self) -> RunnerClient:
        return self._client

    def select(self, query: str, parameters: Parameters = {}) -> Solutions:
        return self._engine.select(query, parameters)

    def ask(self, query: str, parameters: Parameters = {}) -> bool:
        return self._engine.ask(query, parameters)

    def construct(self, query: str, parameters: Parameters = {}) -> list[Triple]:
        return self._engine.construct(query, parameters)

    def answer(
        self,
        query: str,
        formats: Mapping[QueryForm, Format],
        *,
        dataset: DatasetClause = DatasetClause(),
        limits: Limits | None = None,
    ) -> Answer:
        """As `EmbeddedEngine.answer`, and stopped at the deadline or when memory ends.

        Raises besides: QueryTimeout, QueryOutOfMemory, EngineBusy, and EngineUnavailable when
        the runner host is gone. `limits` can only lower those of the settings.
        """
        inspected = self._engine.inspect(query)
        named = inspected.over(dataset)
        most = self._client.limits
        bound = most if limits is None else tightest(limits, most)
        return self._client.answer(wire.Request(query, inspected, formats, named, bound))

    def close(self) -> None:
        self._client.kept.close()
        self._engine.close()


def _hung_up(connection: socket.socket) -> bool:
    """Whether a kept connection is of no more use: nothing is said on one that is."""
    connection.setblocking(False)
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _ask(connection: socket.socket, packed: bytes) -> bytes:
    """Send a request; the beginning of the answer. Where there is none the connection is closed."""
    try:
        with suppress(BrokenPipeError, ConnectionResetError):
            # A host that refuses at once hangs up without reading; its reason is there.
            connection.sendall(packed)
        beginning = connection.recv(wire.PIECE)
    except TimeoutError as error:
        connection.close()
        raise _silent() from error
    except OSError:
        beginning = b""
    if not beginning:
        connection.close()
    return beginning


def _crashed() -> HsgraphError:
    kind, message, remedy = wire.FAILURES["crash"]
    return kind(message, remedy=remedy)


def _abandoned() -> HsgraphError:
    return EngineUnavailable("The query was stopped: nobody waits for its answer any more.")


def _silent() -> EngineUnavailable:
    return EngineUnavailable(
        "The processes that run queries do not answer.",
        remedy="Pages still work. The server starts them again; try again in a few seconds.",
    )
