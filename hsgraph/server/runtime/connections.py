"""The connections of one worker: accepted as long as there is room, and given to who answers."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from typing import Final, Protocol
from wsgiref.handlers import format_date_time

from uvicorn.config import Config

from hsgraph.errors import HsgraphError
from hsgraph.server.runtime.bridge import Bridge
from hsgraph.server.runtime.connection import Connection, Shared
from hsgraph.settings import Settings

_AT_ONCE: Final = 64
"""Connections accepted before those that are there are looked at again."""
_TICK: Final = 0.25
"""Seconds between two looks at who is late."""
_AGAIN: Final = 0.5
"""Seconds without accepting when the system has no more descriptors."""
_log = logging.getLogger("hsgraph.server")


class Entrance(Protocol):
    """Who may take a connection before the web server does, when its first bytes are there."""

    def enter(self, client: socket.socket) -> bool:
        """Whether it has taken the connection, of which nothing was read."""
        ...

    def retire(self) -> None:
        """Give connections back, with their next answers at the latest."""
        ...


class Connections:
    """All methods are called in the thread of the loop.

    `entrance`, if there is one, is shown every new connection. What it has taken counts as open
    until it is given to `serve`, or to `gone`.
    """

    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        bridge: Bridge,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.loop = loop
        self.retiring = False
        self.entrance: Entrance | None = None
        self.ended = asyncio.Event()
        self._most = settings.connections
        self._seconds = settings.header_seconds
        self._listener = listener
        self._shared = Shared(bridge, settings.header_seconds, self._lost)
        self._config = Config(
            bridge,
            http=Connection,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
        )
        self._config.load()
        self._waiting: dict[socket.socket, float] = {}
        """Connections without a first byte yet, and until when they may wait for it."""
        self._taken: set[socket.socket] = set()
        self._coming: set[asyncio.Task[None]] = set()
        self._accepting = False
        self._stopping = False
        self._tick: asyncio.TimerHandle | None = None

    @property
    def _open(self) -> int:
        served = len(self._shared.connections) + len(self._coming)
        return served + len(self._waiting) + len(self._taken)

    def accept(self) -> None:
        """Accept connections from now on, as far as there is room."""
        if not self._accepting and not self.retiring:
            self._accepting = True
            self.loop.add_reader(self._listener.fileno(), self._accept)

    def _pause(self) -> None:
        """Leave connections to wait in the kernel."""
        if self._accepting:
            self._accepting = False
            self.loop.remove_reader(self._listener.fileno())

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            if self._open >= self._most:
                self._pause()
                return
            try:
                client, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                _log.error("No connection can be accepted: %s", error.strerror)
                self._pause()
                self.loop.call_later(_AGAIN, self.accept)
                return
            client.setblocking(False)
            self._watch()
            self._receive(client)

    def _receive(self, client: socket.socket) -> None:
        if self.entrance is None:
            self.serve(client)
        else:
            self._waiting[client] = self.loop.time() + self._seconds
            self.loop.add_reader(client.fileno(), self._enter, client)

    def _enter(self, client: socket.socket) -> None:
        """Ask who may take a connection, now that its first bytes are there."""
        self.loop.remove_reader(client.fileno())
        del self._waiting[client]
        if self.entrance is not None and self.entrance.enter(client):
            self._taken.add(client)
        else:
            self.serve(client)

    def again(self, client: socket.socket) -> None:
        """Show a connection that was taken to the entrance anew, at its next request."""
        self._taken.discard(client)
        if self.retiring:
            self.serve(client)
        else:
            self._receive(client)

    def serve(
        self, client: socket.socket, written: bytes = b"", failed: HsgraphError | None = None
    ) -> None:
        """Answer a connection here, beginning with what is unread in it.

        `written` is sent before: the rest of an answer begun elsewhere. `failed` is what the first
        request met elsewhere; the application is told of it.
        """
        self._taken.discard(client)
        self._watch()
        task = self.loop.create_task(self._attach(client, written, failed))
        self._coming.add(task)
        task.add_done_callback(self._attached)

    async def _attach(
        self, client: socket.socket, written: bytes, failed: HsgraphError | None
    ) -> None:
        idle = self._stopping and not _has_unread(client)

        def make() -> Connection:
            return Connection(self._config, self._shared, self.loop, written, failed)

        try:
            _, connection = await self.loop.connect_accepted_socket(make, client)
        except OSError:
            client.close()
        else:
            if idle:
                connection.shutdown()

    def _attached(self, task: asyncio.Task[None]) -> None:
        self._coming.discard(task)
        self._make_room()

    def gone(self, client: socket.socket) -> None:
        """Close a connection that was taken and has ended."""
        self._taken.discard(client)
        client.close()
        self._make_room()

    def _lost(self, connection: Connection) -> None:
        self._make_room()

    def _make_room(self) -> None:
        """Accept again, or end, after a connection has ended."""
        if self._stopping and self._open == 0:
            self.ended.set()
        elif self._open < self._most:
            self.accept()

    def retire(self) -> None:
        """Accept no more; every answer from now on is the last of its connection."""
        self._pause()
        self.retiring = True
        self._listener.close()
        self._date()
        if self.entrance is not None:
            self.entrance.retire()

    def stop(self) -> None:
        """Close idle connections; `ended` is set when the others have got their answers."""
        if not self.retiring:
            self.retire()
        self._stopping = True
        for client in list(self._waiting):
            self._forget(client)
        for connection in list(self._shared.connections):
            connection.shutdown()
        self._make_room()

    def _forget(self, client: socket.socket) -> None:
        self.loop.remove_reader(client.fileno())
        del self._waiting[client]
        client.close()

    def _watch(self) -> None:
        """Look at the time as long as there are connections."""
        if self._tick is None:
            self._date()
            self._tick = self.loop.call_later(_TICK, self._look)

    def _look(self) -> None:
        now = self.loop.time()
        self._date()
        for connection in list(self._shared.connections):
            connection.expire(now)  # type: ignore[union-attr]
        for client in [client for client, end in self._waiting.items() if end <= now]:
            self._forget(client)
        self._make_room()
        self._tick = self.loop.call_later(_TICK, self._look) if self._open else None

    def _date(self) -> None:
        self._shared.give(format_date_time(time.time()).encode(), closing=self.retiring)


def _has_unread(client: socket.socket) -> bool:
    try:
        return bool(client.recv(1, socket.MSG_PEEK))
    except OSError:
        return False
