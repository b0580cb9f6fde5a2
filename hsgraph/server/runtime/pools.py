"""How much one process takes on: threads with a queue that ends, and a share for each client."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import Context
from typing import Any, TypeVar

_T = TypeVar("_T")


class Busy(Exception):
    """There is no place for what takes long."""


class Shares:
    """How much is done for each client at the same time; what is more waits its turn."""

    def __init__(self, size: int, patience: float) -> None:
        self._size = size
        self._patience = patience
        self._places: dict[str, asyncio.Semaphore] = {}
        self._holders = Counter[str]()

    @asynccontextmanager
    async def one(self, client: str) -> AsyncIterator[None]:
        """Hold one of a client's places. Raises Busy where none is free in time."""
        places = self._places.setdefault(client, asyncio.Semaphore(self._size))
        self._holders[client] += 1
        try:
            try:
                if places.locked():
                    await asyncio.wait_for(places.acquire(), self._patience)
                else:
                    await places.acquire()
            except TimeoutError as error:
                raise Busy from error
            try:
                yield
            finally:
                places.release()
        finally:
            self._holders[client] -= 1
            if not self._holders[client]:
                del self._holders[client], self._places[client]


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
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._pool, context.run, work, *given)
        future.add_done_callback(self._done)
        return future

    def _done(self, _: asyncio.Future[_T]) -> None:
        self._taken -= 1
