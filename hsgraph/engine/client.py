"""The web worker's side of the runners: an engine whose outside queries run behind the guard."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Triple

from hsgraph.engine import wire
from hsgraph.engine.child import LONGEST_SENDING, tightest
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
from hsgraph.errors import EngineUnavailable
from hsgraph.formats import Format


@dataclass(frozen=True)
class RunnerClient:
    """Speaks to the runner host; usable in any thread and in any process forked later."""

    folder: Path
    limits: Limits
    patience: float
    """The longest a query may wait for a runner."""

    def answer(self, request: wire.Request) -> Answer:
        """Have a request answered; raises what the query or its runner came to."""
        limits = request.limits
        with self._connect(
            "requests", self.patience + limits.seconds + LONGEST_SENDING
        ) as connection:
            try:
                with suppress(BrokenPipeError, ConnectionResetError):
                    # A host that refuses at once hangs up without reading; its reason is there.
                    connection.sendall(wire.pack_request(request))
                header, body = wire.receive(connection)
            except TimeoutError as error:
                raise _silent() from error
            except OSError as error:
                kind, message, remedy = wire.FAILURES["crash"]
                raise kind(message, remedy=remedy) from error
        return wire.unpack_answer(header, body, limits)

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

    def warm(self, most: int) -> None:
        """See `EmbeddedEngine.warm`."""
        self._engine.warm(most)

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
        named = dataset if dataset != DatasetClause() else inspected.dataset
        most = self._client.limits
        bound = most if limits is None else tightest(limits, most)
        return self._client.answer(wire.Request(query, inspected, formats, named, bound))

    def close(self) -> None:
        self._engine.close()


def _silent() -> EngineUnavailable:
    return EngineUnavailable(
        "The processes that run queries do not answer.",
        remedy="Pages still work. The server starts them again; try again in a few seconds.",
    )
