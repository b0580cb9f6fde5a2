"""Between the web server, which speaks ASGI 3, and the application, which speaks WSGI (PEP 3333).

Kept answers are given in the loop; all else is made in threads, which never wait for a client:
bodies are read before, within a time, and large answers go out as the client takes them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from hsgraph.engine.runners.disconnect import DISCONNECT, Disconnect
from hsgraph.server.http.bounded import most_of_a_body
from hsgraph.server.http.cache import ONLY_KEPT, NotKept
from hsgraph.server.http.problems import REFUSAL
from hsgraph.server.http.wsgi import Environ, Headers, Wsgi, environ_of, join, malformed, seen_past
from hsgraph.server.runtime.pools import Busy, Shares, Threads
from hsgraph.settings import Settings

ABANDONED: Final = 1.0
"""Seconds that work goes on when its client has hung up."""
BODIES: Final = 64
"""Bodies that are read at the same time in one process; more are answered 503."""
BODY_SHARE: Final = 4
"""A body may take so many times as long as a head."""
WAITING: Final = 256
"""Requests that wait for a thread in one process: pages, and as many of strangers' work."""
STREAMS: Final = 64
"""Answers that are sent piece by piece at the same time in one process."""
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PIECE: Final = 262_144
_PIECE_SECONDS: Final = 30.0
"""Seconds in which a client takes a piece of a large answer, or is cut off."""
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer of the application: whole, or its pieces, and what is to be closed at the end."""

    status: int
    headers: Headers
    body: bytes = b""
    pieces: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None


class Bridge:
    """ASGI application around a WSGI one.

    Work on what strangers sent (`queries`: the first parts of their paths) has threads of its own,
    so that pages never wait for it; so much of it is done for one client at the same time, and
    twice that for all, besides what is not known to take long. A client is known by its address.
    `background` runs while the server does.
    """

    def __init__(
        self,
        inner: Wsgi,
        refuse: Wsgi,
        settings: Settings,
        queries: tuple[str, ...],
        background: Callable[[], Awaitable[None]],
    ) -> None:
        """`refuse` answers what is refused here, as REFUSAL in its environment says."""
        self._inner = inner
        self._refuse = refuse
        self._settings = settings
        self._most = most_of_a_body(settings)
        self._queries = queries
        self._background = background
        answered = settings.runners + settings.queue
        threads = answered + settings.threads
        begun = threads if settings.endpoint else settings.runners + 1  # who waits asks for room
        share = max(1, answered // (2 * settings.workers))
        self._pages = Threads(settings.threads, WAITING)
        self._strangers = Threads(threads, WAITING)
        self._shares = Shares(begun, share, settings.queue_seconds, WAITING)
        self._bodies = 0
        self._streams = 0
        self._unsent = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            environ = environ_of(scope)
            answer = await self._answer(scope, environ, receive)
            await self._send(answer, environ, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        running = asyncio.ensure_future(self._background())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        running.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, environ: Environ, receive: Receive) -> _Answer:
        if told := malformed(scope):
            return self._refusal(environ, *told)
        with suppress(NotKept):
            return _answer_of(self._inner, {**environ, ONLY_KEPT: True})
        try:
            if scope["method"] not in _WITHOUT_BODY:
                await self._take_body(environ, receive)
            return await self._ask(environ, receive)
        except TimeoutError:
            told = 408, "The body of the request did not come in time."
        except _Cut:
            told = 400, "The body of the request is cut off, or its chunks are none."
        except Busy:
            told = 503, "This server is at work on as much as it can be; try again soon."
        return self._refusal(environ, *told)

    async def _take_body(self, environ: Environ, receive: Receive) -> None:
        """Read the body, up to a byte more than may be sent. Raises _Cut, Busy, TimeoutError."""
        length = environ.get("CONTENT_LENGTH", "0")
        if length.isdigit() and int(length) > self._most:
            return
        if self._bodies >= BODIES:
            raise Busy
        self._bodies += 1
        try:
            async with asyncio.timeout(BODY_SHARE * self._settings.header_seconds):
                body = await _read(receive, self._most + 1)
        finally:
            self._bodies -= 1
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))

    async def _ask(self, environ: Environ, receive: Receive) -> _Answer:
        """Ask the application; strangers' work waits until its client has a place."""
        if not environ["PATH_INFO"].startswith(self._queries):
            return await self._ask_in(self._pages, environ, receive, Disconnect())
        disconnect = Disconnect()
        async with self._shares.one(seen_past(environ, self._settings.proxies), disconnect):
            if not environ["PATH_INFO"].endswith("/sparql"):
                disconnect.lengthen()
            return await self._ask_in(self._strangers, environ, receive, disconnect)

    async def _ask_in(
        self, threads: Threads, environ: Environ, receive: Receive, disconnect: Disconnect
    ) -> _Answer:
        """Ask in a thread; where that takes long, tell the application that the client left."""
        context = copy_context()
        context.run(DISCONNECT.set, disconnect)
        watching: list[asyncio.Future[None]] = []

        def watch() -> None:
            watching.append(asyncio.ensure_future(_tell(receive, disconnect)))

        timer = asyncio.get_running_loop().call_later(ABANDONED, watch)
        try:
            return await threads.start(context, self._ask_for, disconnect, environ)
        finally:
            timer.cancel()
            for each in watching:
                each.cancel()

    def _ask_for(self, disconnect: Disconnect, environ: Environ) -> _Answer:
        """Ask the application, unless the client left while the request waited for a thread."""
        if disconnect.is_set:
            return self._refusal(environ, 503, "Nobody waits for the answer any more.")
        return _answer_of(self._inner, environ)

    def _refusal(self, environ: Environ, status: int, detail: str) -> _Answer:
        return _answer_of(self._refuse, {**environ, REFUSAL: (status, detail)})

    async def _send(self, answer: _Answer, environ: Environ, receive: Receive, send: Send) -> None:
        large = answer.pieces is not None or len(answer.body) > _PIECE
        unsent = self._unsent + len(answer.body)
        full = unsent > self._settings.unsent_bytes or self._streams >= STREAMS
        if large and full:
            await self._pages.go_on(copy_context(), answer.close)
            answer = self._refusal(environ, 503, "Too many large answers are being sent.")
            large = False
        headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        if not large:
            await send({"type": "http.response.body", "body": answer.body})
            return
        self._streams += 1
        self._unsent += len(answer.body)
        try:
            await self._send_pieces(answer, receive, send)
        finally:
            self._streams -= 1
            self._unsent -= len(answer.body)
            await self._pages.go_on(copy_context(), answer.close)

    async def _send_pieces(self, answer: _Answer, receive: Receive, send: Send) -> None:
        leaving = asyncio.ensure_future(_left(receive))
        try:
            async for piece in self._pieces(answer):
                if leaving.done():
                    return
                message = {"type": "http.response.body", "body": piece, "more_body": True}
                async with asyncio.timeout(_PIECE_SECONDS):
                    await send(message)
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()

    async def _pieces(self, answer: _Answer) -> AsyncIterator[bytes]:
        """What is sent at once of a large answer; only what is yet to be made needs a thread."""
        for start in range(0, len(answer.body), _PIECE):
            yield answer.body[start : start + _PIECE]
        if answer.pieces is not None:
            context = copy_context()
            while piece := await self._pages.go_on(context, join, answer.pieces, _PIECE):
                yield piece


class _Cut(Exception):
    """A body ends early: its client has left, or sends what HTTP does not have."""


async def _read(receive: Receive, most: int) -> bytes:
    """The first bytes of a body. Raises _Cut."""
    body = b""
    while len(body) < most:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Cut
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body[:most]


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _tell(receive: Receive, disconnect: Disconnect) -> None:
    await _left(receive)
    disconnect.set()


def _answer_of(application: Wsgi, environ: Environ) -> _Answer:
    """What an application answers. Raises NotKept where only a kept answer was wanted."""
    started: list[Any] = []
    found = application(environ, lambda *arguments: started.extend(arguments[:2]))
    status, headers = started
    number = int(status[:3])
    if isinstance(found, list):
        return _Answer(number, headers, b"".join(found))
    close = getattr(found, "close", lambda: None)
    if environ["REQUEST_METHOD"] == "HEAD":
        close()
        return _Answer(number, headers)
    return _Answer(number, headers, b"", iter(found), close)
