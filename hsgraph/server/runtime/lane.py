"""Lets runners answer on the connections of clients that ask queries, and takes them back.

In the loop of a worker: a new connection whose first request is a plain query goes to a runner,
unless the answer is kept already. What the runner does with it is in `attendant.py`; it tells of
its answers, which are counted and logged here, and at the end it leaves the connection to this
worker.
"""

from __future__ import annotations

import asyncio
import select
import socket
from dataclasses import dataclass

from hsgraph.engine.runners.client import RunnerClient
from hsgraph.engine.runners.departure import ABANDONED, hang_up
from hsgraph.engine.runners.visit import Account, End
from hsgraph.errors import HsgraphError, QueryTimeout
from hsgraph.server.api.sparql import limits, understand
from hsgraph.server.http import observe
from hsgraph.server.http.cache import AnswerCache
from hsgraph.server.ops.metrics import CACHE_MISSES, QUERIES
from hsgraph.server.runtime.connections import Connections
from hsgraph.server.runtime.head import ROUTE, plain_query
from hsgraph.server.runtime.refusal import LARGEST_HEAD
from hsgraph.settings import Settings


@dataclass(frozen=True, eq=False, slots=True)
class Visit:
    """A client's connection, and that on which a runner tells of it."""

    client: socket.socket
    runner: socket.socket
    anew: bool
    """Whether it is the second try, with a runner that was not kept."""


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
        self._visits: dict[int, Visit] = {}
        """Those that go on, by the client's descriptor."""
        self._listening: set[asyncio.Task[None]] = set()
        self._hung_up = select.epoll()
        connections.loop.add_reader(self._hung_up.fileno(), self._notice)

    def enter(self, client: socket.socket) -> bool:
        """Hand a connection over if its first request is for a runner; says whether it did."""
        head = plain_query(_unread(client), self._settings.url_length)
        if head is None or self._connections.retiring or self._cache.has(head.environ):
            return False
        return self._hand_over(client)

    def _hand_over(self, client: socket.socket, *, anew: bool = False) -> bool:
        try:
            runner = self._runners.hand_over(client, anew=anew)
        except OSError:
            return False
        visit = Visit(client, runner, anew)
        self._visits[client.fileno()] = visit
        self._hung_up.register(client, select.EPOLLRDHUP | select.EPOLLONESHOT)
        self._connections.loop.add_reader(runner.fileno(), self._hear, visit)
        return True

    def retire(self) -> None:
        """Ask for all connections, which end with their next answers."""
        for visit in self._visits.values():
            self._runners.call_back(visit.runner)

    def _hear(self, visit: Visit) -> None:
        """Listen in another thread, since what a runner tells may be the rest of a large answer."""
        self._connections.loop.remove_reader(visit.runner.fileno())
        task = self._connections.loop.create_task(self._listen(visit))
        self._listening.add(task)
        task.add_done_callback(self._listening.discard)

    async def _listen(self, visit: Visit) -> None:
        loop = self._connections.loop
        try:
            told = await loop.run_in_executor(None, self._runners.hear, visit.runner)
        except OSError:
            visit.runner.close()
            if self._leave(visit):
                self._after(visit)
            return
        for account in told.accounts:
            self._count(account)
        if told.end is None:
            loop.add_reader(visit.runner.fileno(), self._hear, visit)
            return
        self._runners.release(visit.runner, told.end, called=self._connections.retiring)
        if self._leave(visit):
            self._end(visit.client, told.end)

    def _end(self, client: socket.socket, end: End) -> None:
        if end.left:
            self._connections.gone(client)
        elif end.again:
            self._connections.again(client)
        else:
            if end.failed is not None:
                self._count_failure(client, end.failed)
            self._connections.serve(client, end.rest, end.failed)

    def _after(self, visit: Visit) -> None:
        """A runner has gone without a word: with a request not looked at, or with its answer."""
        if not _unread(visit.client):
            self._connections.gone(visit.client)
        elif visit.anew or not self._hand_over(visit.client, anew=True):
            self._connections.serve(visit.client)

    def _leave(self, visit: Visit) -> bool:
        """End a visit; says whether it was still on."""
        if self._visits.get(visit.client.fileno()) is not visit:
            return False
        del self._visits[visit.client.fileno()]
        self._hung_up.unregister(visit.client)
        return True

    def _notice(self) -> None:
        """Clients have hung up: where their queries go on for long, nobody waits for them."""
        for descriptor, _ in self._hung_up.poll(0):
            if (visit := self._visits.get(descriptor)) is not None:
                self._connections.loop.call_later(ABANDONED, self._abandon, visit)

    def _abandon(self, visit: Visit) -> None:
        if self._leave(visit):
            hang_up(visit.runner)
            self._connections.gone(visit.client)

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
        head = plain_query(_unread(client), self._settings.url_length)
        if head is not None and isinstance(error, QueryTimeout):
            asking = understand(head.query_string)
            seconds = limits(self._settings, asking.seconds).seconds
            observe.asked(self._settings, self._metrics, asking.query or "", seconds, None)


def _unread(client: socket.socket) -> bytes:
    """What lies in a connection, as far as it would be a head."""
    try:
        return client.recv(LARGEST_HEAD, socket.MSG_PEEK)
    except OSError:
        return b""
