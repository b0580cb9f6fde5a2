"""One connection of a client: uvicorn's HTTP protocol, with the limits that it lacks.

These are deadlines for the head and the body of a request and for the next request, bounds for the
head and for what is sent in advance, and an end that lets the client read why. Answers that are at
hand are written at once, past everything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from hsgraph.errors import HsgraphError
from hsgraph.server.api.sparql import FAILED
from hsgraph.server.runtime.bridge import ENVIRON, LEFT, Bridge
from hsgraph.server.runtime.refusal import LARGEST_HEAD, MOST_FIELDS, refusal
from hsgraph.server.runtime.wsgi import Environ, base_environ, environ_of, length_of_body

_SLICE: Final = 4096
"""Bytes that are looked at in one go; what follows waits while requests wait for their answer."""
_BODY_TIMES: Final = 4
"""A body may take so many times as long as a head."""
_LINGER: Final = 2.0
"""Seconds in which what is still sent is thrown away, so that the client can read the answer."""
_WITHOUT_CHANGE: Final = (b"GET", b"HEAD")
_NEVER: Final = float("inf")
_log = logging.getLogger("hsgraph.server")


class Shared(ServerState):
    """What the connections of a worker share."""

    def __init__(
        self, bridge: Bridge, header_seconds: float, ended: Callable[[Connection], None]
    ) -> None:
        super().__init__()
        self.bridge = bridge
        self.header_seconds = header_seconds
        self.ended = ended
        self.closing = False
        self.date = self.fixed = b""

    def give(self, date: bytes, *, closing: bool) -> None:
        """Set what every answer from now on carries; `closing` ends connections with it."""
        self.closing = closing
        self.default_headers[:] = [(b"date", date)]
        if closing:
            self.default_headers.append((b"connection", b"close"))
        self.date = b"date: %b\r\n" % date
        self.fixed = self.date + (b"connection: close\r\n" if closing else b"")


class Connection(HttpToolsProtocol):
    """`written` goes to the client first; `failed` is what the first request met before."""

    def __init__(
        self,
        config: Config,
        shared: Shared,
        loop: asyncio.AbstractEventLoop,
        written: bytes = b"",
        failed: HsgraphError | None = None,
    ) -> None:
        super().__init__(config, shared, {}, _loop=loop)
        self.logger = _log
        self.access_log = False
        self._shared = shared
        self._written = written
        self._failed = failed
        self._unparsed = b""
        self._parsing = False
        self._in_head = False
        self._pending = 0
        """Bytes since the last of which something came: those of a head, or after a body."""
        self._refusal = 0
        self._over = False
        self._lingering = False
        self._body = 0
        self._base: Environ = {}
        self._left = asyncio.Event()
        self._too_large = False
        self._deadline = _NEVER

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._base = base_environ(self.server, self.client)
        self._wait(self._shared.header_seconds)
        if self._written:
            self.transport.write(self._written)
            self._written = b""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._left.set()
        self.pipeline.clear()
        self._unparsed = b""
        self._over = True
        self._shared.ended(self)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the way to a client that has asked all it wanted until it is answered.

        Or until it is plain that nobody waits: one that hung up looks the same.
        """
        self._left.set()
        if self._over or not self._answering or self.cycle.more_body:
            return False
        if not self._unparsed:
            self.cycle.keep_alive = False
        return True

    def expire(self, now: float) -> None:
        """Close the connection if the client has let the time for what is awaited pass."""
        if now < self._deadline:
            return
        if self._lingering:
            self.transport.close()
        elif self._answering:
            if self.cycle.more_body and not self.cycle.response_started:
                self._refuse(408)
        elif self._in_head and not self._over:
            self._refuse(408)
        else:
            self.transport.close()

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self, seconds: float) -> None:
        self._deadline = self.loop.time() + seconds

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        if self._unparsed or self.pipeline or len(data) > _SLICE:
            self._unparsed += data
        else:
            self._feed(data)
        if self._unparsed:
            self._parse()

    def _parse(self) -> None:
        """Look at what has come, as long as no request waits for the answer to another."""
        if self._parsing:
            return
        self._parsing = True
        while self._unparsed and not self.pipeline and not self._over:
            part, self._unparsed = self._unparsed[:_SLICE], self._unparsed[_SLICE:]
            self._feed(part)
        self._parsing = False
        if self._unparsed and not self._over:
            self.flow.pause_reading()

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._unparsed = data[upgrade.args[0] :] + self._unparsed
        except httptools.HttpParserError as error:
            _log.debug("A request could not be understood: %s", error)
            self._refuse(self._refusal or 400)
        self._pending += len(data)
        if self._pending > LARGEST_HEAD + _SLICE:
            self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._pending = 0
        self._wait(self._shared.header_seconds)

    def on_headers_complete(self) -> None:
        if self._over or self.transport.is_closing():
            raise ValueError("no more requests are answered here")
        self._in_head = False
        if len(self.headers) > MOST_FIELDS or (
            self._pending and self._length_of_head() > LARGEST_HEAD
        ):
            self._refusal = 431
            raise ValueError("head too large")
        self._pending = self._body = 0
        if not self._answering and self._answer_at_once():
            return
        super().on_headers_complete()
        self._make_environ(self.scope)
        if self._answering:
            self._wait(self._shared.header_seconds * _BODY_TIMES)
            self._count_body(length_of_body(self.scope["headers"]))

    def on_body(self, body: bytes) -> None:
        self._pending = 0
        if self._answering:
            super().on_body(body)
            self._count_body(len(body))

    def _count_body(self, length: int) -> None:
        """Have a connection that would be closed after this answer end so that it arrives."""
        self._body += length
        if self._body > self._shared.bridge.most and not self.cycle.keep_alive:
            self._too_large = self.cycle.keep_alive = True

    def _length_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _answer_at_once(self) -> bool:
        """Answer from what is at hand, past everything else; whether that was possible."""
        method, url = self.parser.get_method(), self.url
        if method not in _WITHOUT_CHANGE or url[:1] != b"/" or b"#" in url or self._failed:
            return False
        if self.flow.write_paused:
            return False
        path, _, query = url.partition(b"?")
        version = self.parser.get_http_version()
        environ = environ_of(self._base, method.decode(), path, query, version, self.headers)
        kept = self._shared.bridge.at_hand(environ)
        if kept is None:
            return False
        head, body = kept
        fixed = self._shared.fixed
        last = self._shared.closing
        if not last and (version == "1.0" or not self.parser.should_keep_alive()):
            last = True
            fixed += b"connection: close\r\n"
        self.transport.write(b"%b%b\r\n%b" % (head, fixed, body))
        if last:
            self._over = True
            self.transport.close()
        else:
            self._wait(self._shared.header_seconds)
        return True

    def _make_environ(self, scope: Any) -> None:
        """Add to a request what the application is given, before its task runs."""
        version, path, query = scope["http_version"], scope["raw_path"], scope["query_string"]
        headers = scope["headers"]
        environ = environ_of(self._base, scope["method"], path, query, version, headers)
        if self._failed is not None:
            environ[FAILED], self._failed = self._failed, None
        scope[ENVIRON], scope[LEFT] = environ, self._left

    def on_message_complete(self) -> None:
        if self._answering:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, or wait for it."""
        if self.transport.is_closing():
            return
        if self._too_large and self.cycle.more_body:
            self._linger()
            return
        self._wait(self._shared.header_seconds)
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            task = self.loop.create_task(cycle.run_asgi(app))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        if not self.pipeline:
            self.flow.resume_reading()
            self._parse()

    def shutdown(self) -> None:
        """Close an idle connection; one that is answering ends with its answer."""
        if self._answering:
            self.cycle.keep_alive = False
            for cycle, _ in self.pipeline:
                cycle.keep_alive = False
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        """Say what is wrong, unless an answer is under way, and close the connection."""
        if self._over or self.transport.is_closing():
            return
        self._over = True
        if self._answering and not (self.cycle.more_body and not self.cycle.response_started):
            self.cycle.keep_alive = False
            return
        if self._answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(refusal(status, self._shared.date))
        if status == 408:
            self.transport.close()
        else:
            self._linger()

    def _linger(self) -> None:
        """Close our side; theirs goes on for a while, since closing it could lose the answer."""
        self._over = self._lingering = True
        self._unparsed = b""
        self._wait(_LINGER)
        self.flow.resume_reading()
        self.transport.write_eof()
