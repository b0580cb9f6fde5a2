"""How much one process takes on: threads with a queue that ends, and a share for each client."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import Context
from time import monotonic
from typing import Any, Final, TypeVar

from hsgraph.engine.runners.disconnect import Disconnect

_T = TypeVar("_T")
_HALVED: Final = 30.0
_BEGUN: Final = 0.1
"""Seconds that a request is taken to need while it goes on."""
_WAITS: Final = 0.02
"""The same while it waits."""
_REMEMBERED: Final = 10_000
"""Clients whose use is remembered."""


class Busy(Exception):
    """There is no place for what takes long."""


class Shares:
    """How much is begun at the same time, and goes on for each client; the rest waits its turn.

    The next is always one whose client was worked for least of late. What turns out to take long
    makes room for it; so many who ask for that keep nobody waiting who asks for little.
    """

    def __init__(self, begun: int, share: int, patience: float, waiting: int) -> None:
        """`share` is what may go on for one client; twice that may take long."""
        self._free = begun
        self._going: set[Disconnect] = set()
        self._long: set[Disconnect] = set()
        self._share = share
        self._patience = patience
        self._most = waiting
        self._held = Counter[str]()
        self._spent: dict[str, tuple[float, float]] = {}
        self._waiting: dict[asyncio.Future[None], str] = {}

    @asynccontextmanager
    async def one(self, client: str, request: Disconnect) -> AsyncIterator[None]:
        """Hold a place for a request of a client. Raises Busy where none is free in time."""
        start = monotonic()
        if self._free and self._held[client] < self._share:
            self._give(client)
        else:
            await self._turn(client)
        began, loop = monotonic(), asyncio.get_running_loop()
        request.waited = began - start

        def lengthen() -> bool:
            if len(self._long) >= 2 * self._share:
                return False
            loop.call_soon_threadsafe(self._lengthen, request)
            return True

        request.lengthen = lengthen
        self._going.add(request)
        try:
            yield
        finally:
            spent = monotonic() - began if request.spent is None else request.spent
            self._free += request not in self._long
            self._going.discard(request)
            self._long.discard(request)
            self._take_back(client, spent)

    def _lengthen(self, request: Disconnect) -> None:
        """Let another request begin beside one that takes long."""
        if request in self._going - self._long:
            self._long.add(request)
            self._free += 1
            self._begin_next()

    async def _turn(self, client: str) -> None:
        if len(self._waiting) >= self._most:
            last = max(self._waiting, key=lambda turn: self._use(self._waiting[turn]))
            if self._use(self._waiting[last]) <= self._use(client):
                raise Busy
            last.set_exception(Busy())
            del self._waiting[last]
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = client
        try:
            await asyncio.wait({turn}, timeout=self._patience)
        except asyncio.CancelledError:
            if turn.done() and not turn.exception():
                self._free += 1
                self._take_back(client, 0.0)
            raise
        finally:
            self._waiting.pop(turn, None)
        if not turn.done():
            raise Busy
        turn.result()

    def _give(self, client: str) -> None:
        self._free -= 1
        self._held[client] += 1

    def _take_back(self, client: str, spent: float) -> None:
        """End with a request that took so many seconds, and begin with the next."""
        used = self._use(client, with_held=False) + spent
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        self._spent.pop(client, None)
        self._spent[client] = used, monotonic()
        if len(self._spent) > _REMEMBERED:
            del self._spent[next(iter(self._spent))]
        self._begin_next()

    def _begin_next(self) -> None:
        fitting = [turn for turn, c in self._waiting.items() if self._held[c] < self._share]
        if self._free and fitting:
            many = Counter(self._waiting.values())
            clients = {c: (self._use(c) + _WAITS * many[c]) for c in many}
            turn = min(fitting, key=lambda each: clients[self._waiting[each]])
            self._give(self._waiting.pop(turn))
            turn.set_result(None)

    def _use(self, client: str, *, with_held: bool = True) -> float:
        """Seconds of work for a client, of which half are forgotten in half a minute."""
        seconds, at = self._spent.get(client, (0.0, 0.0))
        left: float = seconds * 0.5 ** ((monotonic() - at) / _HALVED)
        return left + _BEGUN * self._held[client] if with_held else left


class Threads:
    """A pool whose queue is bounded."""

    def __init__(self, size: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(size, "answer")
        self._most = size + waiting
        self._taken = 0

    def start(self, context: Context, work: Callable[..., _T], *given: Any) -> asyncio.Future[_T]:
        """Do something in a thread, within a context. Raises Busy."""
        if self._taken >= self._most:
            raise Busy
        self._taken += 1
        future = self.go_on(context, work, *given)
        future.add_done_callback(self._done)
        return future

    def go_on(self, context: Context, work: Callable[..., _T], *given: Any) -> asyncio.Future[_T]:
        """The same with a part of what was begun, which waits for a thread and is never refused."""
        return asyncio.get_running_loop().run_in_executor(self._pool, context.run, work, *given)

    def _done(self, _: asyncio.Future[_T]) -> None:
        self._taken -= 1
