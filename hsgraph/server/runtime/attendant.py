"""Answers plain queries on a client's own connection, in a runner.

Of the way from the client to the engine and back, which takes longer than many queries do, this is
the shortest: one process is woken. All that is not plain goes back to the worker: errors, other
methods, conditions, and what is asked for again, since the worker keeps answers.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic, perf_counter, time
from typing import Final
from wsgiref.handlers import format_date_time

from hsgraph.engine.protocol import Answer, QueryForm
from hsgraph.engine.runners import wire
from hsgraph.engine.runners.visit import Account, Asked
from hsgraph.errors import HsgraphError
from hsgraph.server.api.sparql import limits, prepare, understand
from hsgraph.server.http.compressed import finish, written
from hsgraph.server.http.encoding import accepted
from hsgraph.server.http.negotiation import Negotiated
from hsgraph.server.http.security import request_id
from hsgraph.server.runtime.head import Head, plain_query
from hsgraph.server.runtime.quick import STABLE, changing
from hsgraph.server.runtime.refusal import LARGEST_HEAD
from hsgraph.settings import Settings

_REMEMBERED: Final = 4096
"""Requests that a runner knows to have answered."""
_STABLE: Final = "".join([*(f"{name}: {value}\r\n" for name, value in STABLE), "\r\n"]).encode()
_PATIENCE: Final = 0.5
"""Seconds for a client to take an answer; what it has not taken then the worker sends."""


@dataclass(frozen=True, slots=True)
class _About:
    head: Head
    chosen: Mapping[QueryForm, Negotiated]
    started: float


class QueryAttendant:
    """What a runner does for clients; see `hsgraph.engine.runners.visit.Attendant`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: dict[int, None] = {}
        self._accounts: list[Account] = []

    def read(self, client: socket.socket) -> Asked | None:
        """The next request, if it is a plain query that was not asked here before."""
        try:
            data = client.recv(LARGEST_HEAD, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        if not data:
            raise ConnectionError
        started = perf_counter()
        head = plain_query(data, self._settings.url_length)
        if head is None or not self._is_new(data):
            return None
        try:
            return self._asked(head, started)
        except HsgraphError:
            return None

    def _is_new(self, data: bytes) -> bool:
        key = hash(data)
        if key in self._known:
            del self._known[key]
            return False
        self._known[key] = None
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        return True

    def _asked(self, head: Head, started: float) -> Asked | None:
        asking = understand(head.query_string)
        if asking.query is None:
            return None
        inspected, chosen = prepare(self._settings, asking, head.fields.get("accept"))
        formats = {form: each.format for form, each in chosen.items()}
        bounds = limits(self._settings, asking.seconds)
        request = wire.Request(
            asking.query, inspected, formats, inspected.over(asking.dataset), bounds
        )
        return Asked(request, _About(head, chosen, started), head.last)

    def write(self, client: socket.socket, asked: Asked, answer: Answer) -> bytes:
        """Take the request off the connection and answer it; what the client has not taken yet."""
        about: _About = asked.about
        given = about.head.fields.get
        number = request_id(given("x-request-id"))
        headers = changing(answer.body, about.chosen[answer.form].content_type)
        coding = accepted(given("accept-encoding", ""))
        fields = {name.lower(): value for name, value in headers}
        finished = finish("200 OK", headers, answer.body, coding, fields)
        own = [("Date", _date(int(time()))), ("X-Request-Id", number)]
        if asked.last:
            own.append(("Connection", "close"))
        client.recv(about.head.length)
        head = written(finished.status, [*finished.headers, *own]) + _STABLE
        rest = _send(client, head, finished.body)
        seconds, agent = perf_counter() - about.started, given("user-agent", "")
        self._accounts.append((asked.request.query, seconds, len(finished.body), number, agent))
        return rest

    def accounts(self, at_least: int = 1) -> list[Account]:
        """What was not told yet of answers: query, seconds, bytes, request id, user agent."""
        if len(self._accounts) < at_least:
            return []
        accounts, self._accounts = self._accounts, []
        return accounts


@lru_cache(maxsize=1)
def _date(now: int) -> str:
    return format_date_time(now)


def _send(client: socket.socket, head: bytes, body: bytes) -> bytes:
    """Send both as far as the client takes them in time; what is left."""
    try:
        sent = client.sendmsg((head, body))
    except BlockingIOError:
        sent = 0
    if sent == len(head) + len(body):
        return b""
    left = memoryview(head + body)[sent:]
    end = monotonic() + _PATIENCE
    while left and (wait := end - monotonic()) > 0 and select.select([], [client], [], wait)[1]:
        left = left[client.send(left) :]
    return bytes(left)
