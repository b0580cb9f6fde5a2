"""Sends queries to a SPARQL server, written by SPARQLWrapper, and reads answers within bounds."""

from __future__ import annotations

import http.client
import os
import random
import re
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from threading import Lock, Timer
from typing import Final
from urllib.request import Request

from hsgraph.engine.protocol import DatasetClause, Limits
from hsgraph.engine.runners.disconnect import hang_up
from hsgraph.engine.sparql.diagnose import syntax_error
from hsgraph.errors import EngineBusy, EngineUnavailable, HsgraphError, QueryTimeout, ResultTooLarge
from hsgraph.settings.addresses import PASSWORD_VARIABLE, USER_VARIABLE

_ATTEMPTS: Final = 3
_FAILURES: Final = 5
_REST: Final = 5.0
_BACKOFF: Final = 0.1
_CHUNK: Final = 65536
_ADDRESS: Final = 2000
"""Longest query, percent-encoded, that goes into the address, where caches see it."""
_LATE: Final = re.compile(r"time[ds]?[- ]?out|S1T00|timeout|cancelled", re.IGNORECASE)
_CUT: Final = "X-SPARQL-MaxRows"
"""Virtuoso says by this header that it left out rows."""
Reply = tuple[bytes, str]
"""The body of an answer, and its media type."""


@dataclass(frozen=True)
class Credentials:
    """A user and a password; the password is in no address, log or message."""

    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls) -> Credentials:
        """Those of `HSGRAPH_ENDPOINT_USER` and `HSGRAPH_ENDPOINT_PASSWORD`; none without them."""
        return cls(os.environ.get(USER_VARIABLE, ""), os.environ.get(PASSWORD_VARIABLE, ""))


class Breaker:
    """Spares a failing server, and whoever waits for it.

    It opens after some failures in a row, and lets one attempt through every few seconds.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0
        self._lock = Lock()

    def allows(self) -> bool:
        """Whether to try; an attempt let through while open counts as the trial."""
        with self._lock:
            if self._failures < _FAILURES:
                return True
            if time.monotonic() < self._until:
                return False
            self._until = time.monotonic() + _REST
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._until = time.monotonic() + _REST


class Connection:
    """Asks one server; raises EngineUnavailable when it does not answer.

    A request that finds no connection is tried again after a moment; one that was answered with
    an error is not. After failures in a row the server is left alone for some seconds.
    """

    def __init__(self, url: str, credentials: Credentials, seconds: float) -> None:
        self._url = url
        self._credentials = credentials
        self._seconds = seconds
        self._breaker = Breaker()

    def fetch(self, query: str, accept: str, dataset: DatasetClause, limits: Limits) -> Reply:
        """The reply to a query; limits can only lower the time that the remote is given."""
        seconds = min(limits.seconds, self._seconds)
        deadline = time.monotonic() + seconds
        request = self._request(query, accept, dataset)

        def ask() -> Reply:
            with _opened(request, deadline) as reply:
                good = 200 <= reply.status < 300
                body = _read(reply, limits.bytes) if good else reply.read(_CHUNK)
            if time.monotonic() >= deadline:
                raise TimeoutError
            if not good:
                raise _failure(reply, body, query, seconds)
            return body, reply.headers.get_content_type()

        try:
            return self._persist(ask, deadline)
        except TimeoutError as error:
            raise QueryTimeout(seconds) from error
        except (OSError, http.client.HTTPException) as error:
            raise EngineUnavailable("The database behind this site cannot be reached.") from error

    def _persist(self, ask: Callable[[], Reply], deadline: float) -> Reply:
        for attempt in range(_ATTEMPTS):
            if not self._breaker.allows():
                raise EngineUnavailable(
                    "The database behind this site has not answered for a while.",
                    remedy=f"Try again in {_REST:g} s.",
                )
            try:
                answer = ask()
            except HsgraphError:
                self._breaker.succeeded()
                raise
            except (OSError, http.client.HTTPException) as error:
                if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
                    raise TimeoutError from error
                self._breaker.failed()
                pause = _BACKOFF * 4**attempt * random.uniform(0.5, 1.5)  # noqa: S311
                if attempt + 1 == _ATTEMPTS or time.monotonic() + pause > deadline:
                    raise
                time.sleep(pause)
            else:
                self._breaker.succeeded()
                return answer
        raise AssertionError("at least one attempt is made")

    def _request(self, query: str, accept: str, dataset: DatasetClause) -> Request:
        from SPARQLWrapper import BASIC, GET, POST, SELECT, SPARQLWrapper

        request = SPARQLWrapper(self._url, agent="hsgraph")
        request.setQuery(query)
        request.queryType = SELECT
        short = len(urllib.parse.quote_plus(query)) <= _ADDRESS
        request.setMethod(GET if short and dataset == DatasetClause() else POST)
        request.setOnlyConneg(True)
        request.addCustomHttpHeader("Accept", accept)
        for graph in dataset.default_graphs:
            request.addDefaultGraph(graph)
        for graph in dataset.named_graphs:
            request.addNamedGraph(graph)
        if self._credentials.user:
            request.setHTTPAuth(BASIC)
            request.setCredentials(*astuple(self._credentials))
        # SPARQLWrapper only writes the request: it would read an answer without any bounds.
        return request._createRequest()


@contextmanager
def _opened(request: Request, deadline: float) -> Iterator[http.client.HTTPResponse]:
    """The reply to a request, from the address itself: one that sends on is not followed.

    At the deadline the connection ends, which time limits for each piece would not do to a server
    that sends a byte now and then.
    """
    secure = request.type == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(request.host, timeout=max(deadline - time.monotonic(), 0.001))
    connection.connect()
    end = Timer(deadline - time.monotonic(), hang_up, (connection.sock,))
    end.start()
    try:
        headers = {**dict(request.header_items()), "Connection": "close"}
        connection.request(request.get_method(), request.selector, request.data, headers)
        with connection.getresponse() as reply:
            yield reply
    finally:
        end.cancel()
        connection.close()


def _read(response: http.client.HTTPResponse, most: int) -> bytes:
    if _CUT in response.headers:
        raise ResultTooLarge(
            "The result has more rows than the database behind this site gives.",
            remedy="Page through it with ORDER BY, LIMIT and OFFSET, or download the data.",
        )
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > most:
            raise ResultTooLarge(f"The database sends more than {most:,} bytes.")
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return bytes(body)


def _failure(
    reply: http.client.HTTPResponse, body: bytes, query: str, seconds: float
) -> HsgraphError:
    """Our error for one that the server answered with."""
    said = body.decode(errors="replace").strip()
    said = said.partition("\n")[0][:300] or "no reason given"
    if reply.status == 400:
        return syntax_error(query, said)
    if reply.status == 401:
        return EngineUnavailable(
            "The database behind this site does not accept our user and password.",
            remedy=f"The operator should check {USER_VARIABLE} and {PASSWORD_VARIABLE}.",
        )
    if reply.status == 504 or _LATE.search(f"{reply.reason} {said}"):
        return QueryTimeout(seconds)
    if reply.status in (429, 503):
        return EngineBusy("The database behind this site has too much to do.", retry_after=5)
    if reply.status in (404, 414, 500):
        return EngineUnavailable(f"The database behind this site failed: {said}")
    if 300 <= reply.status < 400:
        return EngineUnavailable(
            "The database behind this site sends on to another address.",
            remedy="The operator should give that address as the endpoint, if it is trusted.",
        )
    return EngineUnavailable(f"The database behind this site answered {reply.status}.")
