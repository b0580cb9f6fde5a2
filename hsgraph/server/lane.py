"""Lets runners answer on the connections of clients that ask queries, and takes them back.

In the loop of a worker: a new connection whose first request is a plain query goes to a runner,
unless the answer is kept already. What the runner does with it is in `attendant.py`; it tells of
its answers, which are counted and logged here, and at the end it leaves the connection to this
worker.
"""

from __future__ import annotations

import select
import socket

from hsgraph.engine.client import RunnerClient
from hsgraph.engine.departure import ABANDONED
from hsgraph.engine.visit import Account, Told
from hsgraph.errors import HsgraphError, QueryTimeout
from hsgraph.server import observe
from hsgraph.server.cache import AnswerCache
from hsgraph.server.connections import Connections
from hsgraph.server.head import MOST, ROUTE, plain_query
from hsgraph.server.metrics import CACHE_MISSES, QUERIES
from hsgraph.server.sparql import limits, understand
from hsgraph.settings import Settings


class Lane:
    """The visits of one worker; all methods are called in the thread of its loop."""

    def __init__(
        self,
        connections: Connections,
        runners: RunnerClient,
        settings: Settings,
        cache: AnswerCache,
    ) -> None:
        self._connections = connections
        self._runners = runners
        self._settings = settings
        self._cache = cache
        self._metrics = cache.metrics
        self._visits: dict[int, tuple[socket.socket, socket.socket]] = {}
        """By the client's descriptor: its connection, and that on which a runner tells of it."""
        self._hung_up = select.epoll()
        connections.loop.add_reader(self._hung_up.fileno(), self._notice)

    def enter(self, client: socket.socket) -> bool:
        """Hand a connection over if its first request is for a runner; says whether it did."""
        try:
            head = plain_query(client.recv(MOST, socket.MSG_PEEK), self._settings.url_length)
            if head is None or self._connections.retiring or self._cache.has(head.environ):
                return False
            runner = self._runners.hand_over(client)
        except OSError:
            return False
        self._visits[client.fileno()] = (client, runner)
        self._hung_up.register(client, select.EPOLLRDHUP | select.EPOLLONESHOT)
        self._connections.loop.add_reader(runner.fileno(), self._hear, client, runner)
        return True

    def retire(self) -> None:
        """Ask for all connections, which end with their next answers."""
        for _, runner in self._visits.values():
            self._runners.call_back(runner)

    def _hear(self, client: socket.socket, runner: socket.socket) -> None:
        try:
            told = self._runners.hear(runner)
        except OSError:
            self._leave(client, runner)
            runner.close()
            self._after(client, unread=_has_unread(client))
            return
        for account in told.accounts:
            self._count(account)
        if told.over:
            self._leave(client, runner)
            self._runners.release(runner, told, called=self._connections.retiring)
            self._end(client, told)

    def _end(self, client: socket.socket, told: Told) -> None:
        if told.left:
            self._connections.gone(client)
            return
        if told.failed is not None:
            self._count_failure(client, told.failed)
        self._connections.serve(client, told.rest, told.failed)

    def _after(self, client: socket.socket, *, unread: bool) -> None:
        """A runner has gone without a word: with a request not looked at, or with its answer."""
        if unread:
            self._connections.serve(client)
        else:
            self._connections.gone(client)

    def _leave(self, client: socket.socket, runner: socket.socket) -> None:
        """No longer listen to a runner, nor for the client's leaving."""
        self._connections.loop.remove_reader(runner.fileno())
        if self._visits.pop(client.fileno(), None) is not None:
            self._hung_up.unregister(client)

    def _notice(self) -> None:
        """Clients have hung up: where their queries go on for long, nobody waits for them."""
        for descriptor, _ in self._hung_up.poll(0):
            if (visit := self._visits.get(descriptor)) is not None:
                self._connections.loop.call_later(ABANDONED, self._abandon, descriptor, visit)

    def _abandon(self, descriptor: int, visit: tuple[socket.socket, socket.socket]) -> None:
        if self._visits.get(descriptor) is visit:
            client, runner = visit
            self._leave(client, runner)
            runner.close()
            self._connections.gone(client)

    def _count(self, account: Account) -> None:
        """Count and log an answer, as is done with those of this process."""
        query, seconds, size, number, agent = account
        name = observe.asked(self._settings, self._metrics, query, seconds, number)
        self._metrics.add(QUERIES)
        self._metrics.add(CACHE_MISSES)
        self._metrics.made(200, ROUTE, seconds)
        observe.log_answer(
            seconds=seconds, size=size, request=number, query=name, agent=agent, route=ROUTE
        )

    def _count_failure(self, client: socket.socket, error: HsgraphError) -> None:
        """Count and log a query that came to nothing; the request lies in the connection."""
        self._metrics.add(QUERIES)
        head = plain_query(client.recv(MOST, socket.MSG_PEEK), self._settings.url_length)
        if head is not None and isinstance(error, QueryTimeout):
            asking = understand(head.query_string.encode("latin-1"))
            seconds = limits(self._settings, asking.seconds).seconds
            observe.asked(self._settings, self._metrics, asking.query or "", seconds, None)


def _has_unread(client: socket.socket) -> bool:
    try:
        return bool(client.recv(1, socket.MSG_PEEK))
    except OSError:
        return False
