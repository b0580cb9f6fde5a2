"""Keeps clients that send or take slowly from holding up the others.

A thread waits for the body of a request, and one for the reader of an answer that is sent piece by
piece. Only so many threads may; further requests of these kinds are answered 503, all others go on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from threading import BoundedSemaphore, Lock
from typing import Final

from hsgraph.server.cache import Environ, StartResponse, Wsgi

BODIES: Final = 16
STREAMS: Final = 16
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_BODY: Final = json.dumps(
    {
        "title": "Too many slow clients at the moment",
        "status": 503,
        "detail": "The places for requests that are sent or taken slowly are all in use.",
    }
).encode()
_HEADERS: Final = (
    ("Content-Type", "application/problem+json"),
    ("Content-Length", str(len(_BODY))),
    ("Cache-Control", "no-store"),
    ("Access-Control-Allow-Origin", "*"),
    ("Retry-After", "5"),
)


class Slow:
    """WSGI middleware; `most` is the most bytes of a body that the application takes."""

    def __init__(self, inner: Wsgi, most: int) -> None:
        self._inner = inner
        self._most = most
        self._bodies = BoundedSemaphore(BODIES)
        self._streams = BoundedSemaphore(STREAMS)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in _WITHOUT_BODY and not self._read(environ):
            return _refuse(start_response)
        answer = self._inner(environ, start_response)
        if isinstance(answer, list):
            return answer
        if not self._streams.acquire(blocking=False):
            close = getattr(answer, "close", None)
            if close is not None:
                close()
            return _refuse(start_response)
        return _Stream(answer, self._streams)

    def _read(self, environ: Environ) -> bool:
        """Read the body as far as it will be looked at; false if no more may wait for one."""
        length = environ.get("CONTENT_LENGTH", "")
        if length.isdigit() and int(length) > self._most:
            return True
        if not self._bodies.acquire(blocking=False):
            return False
        try:
            body = _read(environ, self._most + 1)
        finally:
            self._bodies.release()
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        return True


def _read(environ: Environ, most: int) -> bytes:
    parts: list[bytes] = []
    left = most
    while left > 0 and (part := environ["wsgi.input"].read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


class _Stream:
    """An answer whose place is given back when it has ended."""

    def __init__(self, inner: Iterable[bytes], places: BoundedSemaphore) -> None:
        self._inner = inner
        self._places = places
        self._lock = Lock()
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._inner
        finally:
            self.close()

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._places.release()
        close = getattr(self._inner, "close", None)
        if close is not None:
            close()


def _refuse(start_response: StartResponse) -> Iterable[bytes]:
    start_response("503 SERVICE UNAVAILABLE", list(_HEADERS))
    return [_BODY]
