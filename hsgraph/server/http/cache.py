"""A thin layer before the application that keeps finished answers and gives them again.

What it keeps is bounded in bytes; what was used longest ago goes first. Only whole answers (200)
to GET and HEAD without credentials are kept, each for one version of the data.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from threading import Lock
from typing import Any, Final

from werkzeug.http import parse_etags, unquote_etag
from werkzeug.wsgi import ClosingIterator

from hsgraph.server.http.encoding import Finished, accepted, finish
from hsgraph.server.http.language import language_of
from hsgraph.server.http.observe import ROUTE
from hsgraph.server.http.security import REQUEST_ID, request_id
from hsgraph.server.http.wsgi import CONDITIONS, Environ, StartResponse, Wsgi, join
from hsgraph.server.ops.metrics import OTHER, Metrics

Key = tuple[str, ...]

_VARIES_BY: Final = frozenset({"accept", "accept-encoding", "accept-language"})
_WITHOUT_CAPITALS: Final = frozenset({"HTTP_HOST", "wsgi.url_scheme"})
"""What of an address is the same in capitals (RFC 3986, section 6.2.2.1)."""
_ABOUT_THE_BODY: Final = frozenset(
    {"content-type", "content-length", "content-encoding", "content-location"}
)
_SHARE: Final = 8
"""One answer may take this part of the cache at most."""
_OVERHEAD: Final = 1000
"""Bytes that an answer and its key take besides their text."""
_LARGEST: Final = 8_000_000
"""Answers longer than this are sent as they come, whatever the size of the cache."""
_LONGEST_KEY: Final = 2000
"""Characters of an address and headers above which an answer is not kept: few clients ask so."""
ONLY_KEPT: Final = "hsgraph.only_kept"
"""Where in the WSGI environment it stands that an answer is only wanted if it is kept."""
_PATIENCE: Final = 0.5
"""Seconds to wait for another thread's answer; an error is not kept, so waiting can be in vain."""


class NotKept(Exception):
    """There is no kept answer to a request, and none was to be made."""


class AnswerCache:
    """WSGI middleware around the application.

    `version` tells which data answers now, `limit` is how many bytes to keep, keys among them.
    Addresses with one of the `passed` parts go by untouched: files that are sent as they lie on
    the disk. With ONLY_KEPT in the environment nothing is made: what is not kept is NotKept.
    """

    def __init__(
        self,
        inner: Wsgi,
        version: Callable[[], str],
        limit: int,
        metrics: Metrics,
        passed: tuple[str, ...] = (),
    ) -> None:
        self._inner = inner
        self._version = version
        self._limit = limit
        self._metrics = metrics
        self._passed = passed
        self._kept: OrderedDict[Key, Finished] = OrderedDict()
        self._making: dict[Key, Lock] = {}
        self.size = 0
        """The bytes kept now."""
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        for name in environ.keys() & _WITHOUT_CAPITALS:
            environ[name] = environ[name].lower()
        only_kept = environ.get(ONLY_KEPT, False)
        passed = any(part in environ["PATH_INFO"] for part in self._passed)
        if passed and not only_kept:
            return self._inner(environ, start_response)
        coding = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = self._key(environ, coding) if _cacheable(environ) else None
        found = self._find(key) if key else None
        if found is None and only_kept:
            raise NotKept
        if key is None or sum(map(len, key)) > _LONGEST_KEY:
            return self._answer(environ, start_response, coding, None)
        if found is None:
            with self._alone(key):
                found = self._find(key)
                if found is None:
                    self._metrics.cache_misses.inc()
                    return self._answer(environ, start_response, coding, key)
        self._metrics.cache_hits.inc()
        return self._send(found, environ, start_response)

    def _find(self, key: Key) -> Finished | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    @contextmanager
    def _alone(self, key: Key) -> Iterator[None]:
        """Let one thread make an answer while others wait a little for it, so it is made once."""
        making = self._making.setdefault(key, Lock())
        held = making.acquire(timeout=_PATIENCE)
        try:
            yield
        finally:
            if held:
                making.release()
                self._making.pop(key, None)

    def _key(self, environ: Environ, coding: str) -> Key:
        return (
            self._version(),
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_ACCEPT", ""),
            coding,
            language_of(environ),
            environ.get("HTTP_HOST", ""),
            environ["wsgi.url_scheme"],
            environ.get("SCRIPT_NAME", ""),
        )

    def _answer(
        self, environ: Environ, start_response: StartResponse, coding: str, key: Key | None
    ) -> Iterable[bytes]:
        """Ask the application; keep the answer under `key` if it may be kept."""
        started: list[Any] = []
        inner = dict(environ)
        if key is not None:
            inner["REQUEST_METHOD"] = "GET"
            for name in CONDITIONS:
                inner.pop(name, None)
        chunks = self._inner(inner, lambda *arguments: started.extend(arguments[:2]))
        head, rest = _collect(chunks, _LARGEST)
        status, headers = started
        if rest is not None:
            start_response(status, headers)
            return chain((head,), rest)
        if environ["REQUEST_METHOD"] == "HEAD" and key is None:
            start_response(status, headers)
            return [b""]
        fields = {name.lower(): value for name, value in headers}
        finished = finish(status, headers, head, coding, fields, inner.get(ROUTE, OTHER))
        if key is not None and _keepable(status, fields):
            self._keep(key, finished)
        return self._send(finished, environ, start_response, inner.get(REQUEST_ID))

    def _keep(self, key: Key, finished: Finished) -> None:
        size = _size(key, finished)
        if size * _SHARE > self._limit:
            return
        with self._lock:
            before = self.size
            if replaced := self._kept.pop(key, None):
                self.size -= _size(key, replaced)
            self._kept[key] = finished
            self.size += size
            while self.size > self._limit:
                self.size -= _size(*self._kept.popitem(last=False))
                self._metrics.cache_evictions.inc()
            self._metrics.cache_bytes.inc(self.size - before)

    def _send(
        self,
        answer: Finished,
        environ: Environ,
        start_response: StartResponse,
        made_for: str | None = None,
    ) -> Iterable[bytes]:
        """Send an answer to this client: not again if it has it, without the body for HEAD.

        One that was made for the request with this id has been counted.
        """
        number = made_for or request_id(environ.get("HTTP_X_REQUEST_ID"))
        status, headers, body = answer.status, answer.headers, answer.body
        known = environ.get("HTTP_IF_NONE_MATCH") if status.startswith("200") else None
        etag, _ = unquote_etag(answer.etag)
        if known and etag and parse_etags(known).contains_weak(etag):
            headers = [pair for pair in headers if pair[0].lower() not in _ABOUT_THE_BODY]
            status, body = "304 NOT MODIFIED", b""
        if made_for is None:
            self._metrics.answered(int(status[:3]), answer.route)
        start_response(status, [*headers, ("X-Request-Id", number)])
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _size(key: Key, finished: Finished) -> int:
    texts = chain(key, *finished.headers)
    return len(finished.body) + sum(map(len, texts)) + _OVERHEAD


def _cacheable(environ: Environ) -> bool:
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and "HTTP_AUTHORIZATION" not in environ
        and "HTTP_COOKIE" not in environ
    )


def _keepable(status: str, fields: Mapping[str, str]) -> bool:
    control = fields.get("cache-control", "").lower()
    varies = {name.strip() for name in fields.get("vary", "").lower().split(",") if name.strip()}
    return (
        status.startswith("200")
        and "no-store" not in control
        and "private" not in control
        and "set-cookie" not in fields
        and varies <= _VARIES_BY
    )


def _collect(chunks: Iterable[bytes], limit: int) -> tuple[bytes, Iterator[bytes] | None]:
    """The whole body, or its beginning and the rest if it is longer than the limit."""
    iterator, close = iter(chunks), getattr(chunks, "close", lambda: None)
    head = join(iterator, limit + 1)
    if len(head) > limit:
        return head, ClosingIterator(iterator, close)
    close()
    return head, None
