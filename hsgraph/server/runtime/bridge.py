"""Between uvicorn, which speaks ASGI, and the application, which speaks WSGI (PEP 3333).

What is kept is given in the thread of the loop; all else is made in threads, which wait for no
client: bodies are read before, and answers that come in pieces go on when the client takes them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any, Final, TypeVar

from hsgraph.engine.runners.departure import ABANDONED, DEPARTURE, Departure
from hsgraph.server.runtime.wsgi import Environ, Headers, Wsgi, length_of_body

ENVIRON: Final = "hsgraph.environ"
"""Where in an ASGI scope the WSGI environment stands that was made of it."""
LEFT: Final = "hsgraph.left"
"""Where in an ASGI scope the event stands that the client has hung up."""
BODIES: Final = 64
STREAMS: Final = 32
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PIECE: Final = 262_144
_IN_MEMORY: Final = 1_000_000
_REFUSED: Final = json.dumps(
    {
        "title": "Too many slow clients at the moment",
        "status": 503,
        "detail": "The places for requests that are sent or taken slowly are all in use.",
    }
).encode()
_ABOUT_REFUSED: Final = (
    ("Content-Type", "application/problem+json"),
    ("Content-Length", str(len(_REFUSED))),
    ("Cache-Control", "no-store"),
    ("Access-Control-Allow-Origin", "*"),
    ("Retry-After", "5"),
)
Scope = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
AtHand = Callable[[Environ], tuple[bytes, bytes] | None]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer of the application: whole, or its pieces, and what is to be closed at the end."""

    status: str
    headers: Headers
    body: bytes = b""
    pieces: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None


_BUSY: Final = _Answer("503 SERVICE UNAVAILABLE", list(_ABOUT_REFUSED), _REFUSED)


class Bridge:
    """ASGI application; `most` is the most bytes of a body that the application takes.

    `at_hand` gives head and body of an answer that is kept; None if it is not.
    """

    def __init__(self, inner: Wsgi, at_hand: AtHand, threads: int, most: int) -> None:
        self._inner = inner
        self.at_hand = at_hand
        self.most = most
        self._threads = ThreadPoolExecutor(threads, "answer")
        self._bodies = 0
        self._streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        environ: Environ = scope[ENVIRON]
        context = copy_context()
        try:
            length = length_of_body(scope["headers"])
            if scope["method"] not in _WITHOUT_BODY and length <= self.most:
                body = await self._body(receive)
                environ["wsgi.input"] = BytesIO(body)
                environ["CONTENT_LENGTH"] = str(len(body))
            answer = await self._answer(context, environ, scope[LEFT])
            if answer.pieces is not None and self._streams >= STREAMS:
                await self._run(context, answer.close)
                answer = _BUSY
        except _Busy:
            answer = _BUSY
        except _Gone:
            return
        headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.headers]
        status = int(answer.status[:3])
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if answer.pieces is None:
            await send({"type": "http.response.body", "body": answer.body})
        else:
            await self._stream(context, answer, answer.pieces, receive, send)

    async def _answer(self, context: Context, environ: Environ, left: asyncio.Event) -> _Answer:
        """Ask the application; where that takes long, tell it that the client has left."""
        departure = Departure()
        context.run(DEPARTURE.set, departure)
        answering = asyncio.ensure_future(self._run(context, self._begin, environ))
        if not (await asyncio.wait({answering}, timeout=ABANDONED))[0]:
            leaving = asyncio.ensure_future(left.wait())
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                departure.leave()
            leaving.cancel()
        return await answering

    async def _body(self, receive: Receive) -> bytes:
        """The body of a request, as far as it will be looked at.

        Raises `_Busy` where too many send theirs slowly, `_Gone` where the client has left.
        """
        message = await receive()
        parts, length = [_part(message)], len(_part(message))
        if not message["more_body"]:
            return parts[0]
        if self._bodies >= BODIES:
            raise _Busy
        self._bodies += 1
        try:
            while message["more_body"] and length <= self.most:
                message = await receive()
                parts.append(_part(message))
                length += len(parts[-1])
        finally:
            self._bodies -= 1
        return b"".join(parts)[: self.most + 1]

    async def _stream(
        self,
        context: Context,
        answer: _Answer,
        pieces: Iterator[bytes],
        receive: Receive,
        send: Send,
    ) -> None:
        """Send an answer piece by piece, as long as there is a client."""
        leaving = asyncio.ensure_future(_left(receive))
        self._streams += 1
        try:
            while not leaving.done() and (piece := await self._run(context, _gather, pieces)):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._streams -= 1
            leaving.cancel()
            await self._run(context, answer.close)

    async def _run(self, context: Context, work: Callable[..., _T], *given: Any) -> _T:
        """Do something in a thread; all that is done for a request has one context."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, context.run, work, *given)

    def _begin(self, environ: Environ) -> _Answer:
        """Ask the application."""
        started: list[Any] = []
        found = self._inner(environ, lambda *arguments: started.extend(arguments[:2]))
        status, headers = started
        close = getattr(found, "close", _nothing)
        if isinstance(found, list):
            return _Answer(status, headers, b"".join(found))
        if environ["REQUEST_METHOD"] == "HEAD":
            close()
            return _Answer(status, headers)
        if environ["SERVER_PROTOCOL"] == "HTTP/1.0" and not _has_length(headers):
            try:
                return _measured(status, headers, found)
            finally:
                close()
        return _Answer(status, headers, b"", iter(found), close)


class _Busy(Exception):
    """There is no place for what takes long."""


class _Gone(Exception):
    """The client has closed the connection."""


def _part(message: Any) -> bytes:
    """The bytes of a message of a body. Raises `_Gone`."""
    if message["type"] == "http.disconnect":
        raise _Gone
    part: bytes = message["body"]
    return part


async def _left(receive: Receive) -> None:
    """Return once the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _gather(pieces: Iterator[bytes]) -> bytes:
    """The next pieces as one; nothing at the end."""
    parts: list[bytes] = []
    length = 0
    for piece in pieces:
        parts.append(piece)
        length += len(piece)
        if length >= _PIECE:
            break
    return b"".join(parts)


def _has_length(headers: Headers) -> bool:
    return any(name.lower() == "content-length" for name, _ in headers)


def _measured(status: str, headers: Headers, pieces: Iterable[bytes]) -> _Answer:
    """The answer with its length, for clients that know of no pieces (HTTP/1.0)."""
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when the answer is
    for piece in pieces:
        file.write(piece)
    length = ("Content-Length", str(file.tell()))
    file.seek(0)
    rest = iter(lambda: file.read(_PIECE), b"")
    return _Answer(status, [*headers, length], b"", rest, file.close)


def _nothing() -> None:
    """What closes an answer that needs no closing."""
