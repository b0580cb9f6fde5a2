"""The web worker's side of the runners: an engine whose outside queries run behind the guard."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Answer, Engine, Limits, QueryResult, Request
from hsgraph.engine.runners import wire
from hsgraph.engine.runners.disconnect import DISCONNECT, Disconnect
from hsgraph.engine.runners.runner import LEASE, SENDING
from hsgraph.engine.sparql.rewriting import sorts
from hsgraph.errors import EngineBusy, EngineUnavailable, HsgraphError, QueryOutOfMemory
from hsgraph.settings import Settings

QUERIES: Final = "queries"
LONG: Final = "long"
STATUS: Final = "status"
"""The names of the sockets of a host in its folder."""
_ASKING: Final = 2.0
"""Seconds in which the host answers a question."""
_DYING: Final = 1.5
"""Seconds that a runner may take to die once its connection has ended, on a busy machine."""
_AGAIN: Final = 0.002
"""Seconds after which the host is asked again what a runner died of that was yet to die."""
_ATTEMPTS: Final = 2
"""How often a query is sent: a runner that dies before it says that it begins has done nothing."""


@dataclass(frozen=True)
class RunnerClient:
    """Speaks to the runners over a connection for each query; usable in any thread and process."""

    folder: Path
    settings: Settings

    def answer(self, request: Request) -> Answer:
        """Have a request answered; raises what the query or its runner came to.

        EngineBusy where no runner is free in time, EngineUnavailable where there is none, or the
        client has left. The wait for the client's turn counts, and what ran until it made room
        for others.
        """
        packed = wire.pack_request(request)
        disconnect = DISCONNECT.get() or Disconnect()
        disconnect.spent = 0.0
        end = time.monotonic() + self.settings.queue_seconds - disconnect.waited
        queue, attempts = QUERIES, _ATTEMPTS
        while attempts:
            with self._connect(queue) as connection, disconnect.watching(connection):
                process = self._begun(connection, packed, disconnect, end)
                if process is None:
                    attempts -= 1
                elif answer := self._receive(connection, request, process, disconnect):
                    return answer
                elif disconnect.lengthen():
                    queue = LONG
                else:
                    raise EngineBusy("Queries that take long have all their places.")
        raise wire.failure("crash", request.limits.seconds)

    def _connect(self, queue: str) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.setblocking(False)
        try:
            connection.connect(f"{self.folder}/{queue}")
        except OSError as error:
            connection.close()
            if isinstance(error, BlockingIOError):
                raise EngineBusy("All runners are at work and the queue is taken.") from error
            raise _unavailable() from error
        connection.settimeout(self.settings.queue_seconds)
        return connection

    def _begun(
        self, connection: socket.socket, packed: bytes, disconnect: Disconnect, end: float
    ) -> int | None:
        """The process that has begun with the query; None if the connection ended before."""
        try:
            connection.sendall(packed)
            self._wait(connection, end)
            begun = connection.recv(wire.STARTED.size, socket.MSG_WAITALL)
        except TimeoutError as error:
            waited = f"{self.settings.queue_seconds:g} s"
            raise EngineBusy(f"No runner was free; the query waited {waited}.") from error
        except OSError:
            begun = b""
        if disconnect.is_set:
            raise _abandoned()
        return wire.STARTED.unpack(begun)[0] if len(begun) == wire.STARTED.size else None

    def _wait(self, connection: socket.socket, end: float) -> None:
        """Until a runner has begun. Raises TimeoutError.

        While it waits, the host is told, which frees a runner of a query that takes long.
        """
        begins = select.poll()
        begins.register(connection, select.POLLIN)
        while not begins.poll(LEASE * 1000):
            if time.monotonic() > end:
                raise TimeoutError
            with suppress(EngineUnavailable):
                self._ask({"waits": True})

    def _receive(
        self, connection: socket.socket, request: Request, process: int, disconnect: Disconnect
    ) -> Answer | None:
        """The answer; None where the query turned out to be long, and others waited."""
        connection.settimeout(request.limits.seconds + SENDING)
        start, spent = time.monotonic(), disconnect.spent or 0.0
        try:
            header, body = wire.receive(connection, request.limits.bytes + wire.MARGIN)
        except TimeoutError as error:
            raise _unavailable() from error
        except (OSError, ValueError) as error:
            if disconnect.is_set:
                raise _abandoned() from error
            reason = self._reason(process)
            if reason == "preempted":
                return None
            raise wire.failure(reason, request.limits.seconds) from error
        finally:
            disconnect.spent = spent + time.monotonic() - start
        return wire.unpack_answer(header, body)

    def _reason(self, process: int) -> str:
        end = time.monotonic() + _DYING
        with suppress(EngineUnavailable):
            while not (reason := self._ask({"died": process})["reason"]) and time.monotonic() < end:
                time.sleep(_AGAIN)
            return reason or "crash"
        return "crash"

    def statistics(self) -> dict[str, int]:
        """Counters of the host since its start, and what it does now; for metrics and health.

        `queries`, `forks`, `fork_failures`, `stopped_` and timeout, memory, stack, crash, abandoned
        or preempted; now: `running`, `waiting` (1 if a query waits for a runner), `runners`;
        `isolated` is 1 where runners are in a network namespace of their own. Raises
        EngineUnavailable.
        """
        return self._ask({})

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_ASKING)
            try:
                connection.connect(f"{self.folder}/{STATUS}")
                connection.sendall(json.dumps(question).encode())
                found: dict[str, Any] = json.loads(connection.recv(65_536))
            except (OSError, ValueError) as error:
                raise _unavailable() from error
        return found


class GuardedEngine(Engine):
    """The embedded engine with `evaluate` moved to the runners; all else runs in this process."""

    def __init__(self, engine: EmbeddedEngine, client: RunnerClient) -> None:
        self.own = engine
        """For questions of ours: no stranger's query is waited for."""
        self.client = client
        self.settings = client.settings
        self.version, self.lookups = engine.version, engine.lookups

    def run(self, query: str) -> QueryResult:
        return self.own.run(query)

    def evaluate(self, request: Request) -> Answer:
        """As `EmbeddedEngine.evaluate`, and stopped at the deadline or when memory ends.

        Raises besides: QueryTimeout, QueryOutOfMemory, EngineBusy, and EngineUnavailable when
        the query host is gone. Limits can only lower those of the settings.
        """
        bound = request.limits.within(Limits.of(self.settings))
        end = time.monotonic() + bound.seconds
        try:
            return self.client.answer(replace(request, limits=bound, total_order=False))
        except QueryOutOfMemory:
            # or a sort that is none: the system tells both by the same signal
            left = end - time.monotonic()
            if not sorts(request.query) or left <= 0:
                raise
            bound = replace(bound, seconds=left)
            return self.client.answer(replace(request, limits=bound))

    def close(self) -> None:
        self.own.close()
        self.lookups = self.own.lookups


def _abandoned() -> HsgraphError:
    return EngineUnavailable("The query was stopped: nobody waits for its answer any more.")


def _unavailable() -> EngineUnavailable:
    return EngineUnavailable(
        "The processes that run queries do not answer.",
        remedy="Pages still work. The server starts them again; try again in a few seconds.",
    )
