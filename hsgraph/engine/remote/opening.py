"""Opens an address for a time that holds for all of the answer, and follows it nowhere else.

The timeouts of urllib are for one piece each: a server that sends a byte now and then would hold a
thread for hours.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from io import BufferedReader, RawIOBase
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


def opener(deadline: float) -> OpenerDirector:
    """Opens addresses; reading after a moment of the monotonic clock raises TimeoutError."""
    return build_opener(_Http(deadline), _Https(deadline), _Stays())


class _Http(HTTPHandler):
    def __init__(self, deadline: float) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, req: Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)

    def _connection(self, host: str, **options: Any) -> http.client.HTTPConnection:
        return _timely(http.client.HTTPConnection(host, **options), self._deadline)


class _Https(HTTPSHandler):
    def __init__(self, deadline: float) -> None:
        super().__init__()
        self._deadline = deadline

    def https_open(self, req: Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)

    def _connection(self, host: str, **options: Any) -> http.client.HTTPConnection:
        context = ssl.create_default_context()
        made = http.client.HTTPSConnection(host, context=context, **options)
        return _timely(made, self._deadline)


def _timely(connection: http.client.HTTPConnection, deadline: float) -> http.client.HTTPConnection:
    """A connection whose socket is read until the deadline only."""
    connect = connection.connect

    def and_bound() -> None:
        connect()
        connection.sock = _Socket(connection.sock, deadline)

    connection.connect = and_bound  # type: ignore[method-assign]
    return connection


class _Socket:
    """What http.client asks of a socket."""

    def __init__(self, inner: socket.socket, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline
        self.sendall = inner.sendall
        self.close = inner.close

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(_Pieces(self._inner, self._deadline))


class _Pieces(RawIOBase):
    def __init__(self, inner: socket.socket, deadline: float) -> None:
        self._inner = inner
        self._file = cast(RawIOBase, inner.makefile("rb", buffering=0))
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._inner.settimeout(left)
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Stays(HTTPRedirectHandler):
    """Goes nowhere else, least of all with a password: the answer that sends on is an error."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        return None
