"""The head of a request as it lies in a connection, for those that answer before the web server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from httptools import HttpParserError, HttpRequestParser

from hsgraph.server.runtime.wsgi import Environ, environ_of

ROUTE: Final = "/sparql"
_BEGINNING: Final = b"GET /sparql?"
_END: Final = b"\r\n\r\n"
_BASE: Final = {"SCRIPT_NAME": "", "wsgi.url_scheme": "http"}
_NOT_PLAIN: Final = frozenset(
    {
        "authorization",
        "content-length",
        "cookie",
        "expect",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "range",
        "transfer-encoding",
        "upgrade",
    }
)
"""Fields of requests that need more than a query's answer."""


@dataclass(frozen=True, slots=True)
class Head:
    """A plain request for the answer to a query; `fields` by their names in small letters."""

    query_string: bytes
    fields: Mapping[str, str]
    headers: Sequence[tuple[bytes, bytes]]
    """The fields as they came."""
    length: int
    """How many bytes it is in the connection."""
    last: bool
    """Whether the client wants the connection closed after the answer."""

    @property
    def environ(self) -> Environ:
        """What the cache of answers looks at, as WSGI has it."""
        return environ_of(_BASE, "GET", ROUTE.encode(), self.query_string, "1.1", self.headers)


class _Fields:
    """What the parser calls."""

    def __init__(self) -> None:
        self.url = b""
        self.fields: dict[str, str] = {}
        self.headers: list[tuple[bytes, bytes]] = []
        self.plain = True
        self.whole = False

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        key = name.decode("latin-1").lower()
        self.plain = self.plain and key not in _NOT_PLAIN and key not in self.fields
        self.fields[key] = value.decode("latin-1")
        self.headers.append((name, value))

    def on_message_complete(self) -> None:
        self.whole = True


def plain_query(data: bytes, longest: int) -> Head | None:
    """The request that these bytes are; None unless they are one whole plain GET of a query.

    `longest` is how long the address may be.
    """
    if not data.startswith(_BEGINNING) or not data.endswith(_END) or data.count(_END) > 1:
        return None
    found = _Fields()
    parser = HttpRequestParser(found)
    try:
        parser.feed_data(data)
    except HttpParserError:
        return None
    path, _, query_string = found.url.partition(b"?")
    plain = found.whole and found.plain and "host" in found.fields
    plain = plain and path == ROUTE.encode() and b"query=" in query_string
    if not plain or len(found.url) > longest or parser.get_http_version() != "1.1":
        return None
    last = "close" in found.fields.get("connection", "").lower()
    return Head(query_string, found.fields, found.headers, len(data), last)
