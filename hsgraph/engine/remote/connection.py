"""Sends queries to a SPARQL server through SPARQLWrapper and reads its answers within bounds."""

from __future__ import annotations

import http.client
import os
import random
import re
import time
import urllib.error
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from hsgraph.engine.protocol import DatasetClause
from hsgraph.engine.remote.circuit_breaker import Breaker
from hsgraph.engine.sparql.diagnose import syntax_error
from hsgraph.errors import (
    EngineBusy,
    EngineUnavailable,
    HsgraphError,
    QueryTimeout,
    ResultTooLarge,
)

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper

USER_VARIABLE: Final = "HSGRAPH_ENDPOINT_USER"
PASSWORD_VARIABLE: Final = "HSGRAPH_ENDPOINT_PASSWORD"  # noqa: S105 - a name, no password
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


@dataclass(frozen=True)
class Remote:
    """Where the engine is and how to ask it. The password is in no address, log or message."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float = 10.0
    attempts: int = 3


class Connection:
    """Asks one server; raises EngineUnavailable when it does not answer.

    A request that finds no connection is tried again after a moment; one that was answered with
    an error is not. After failures in a row the server is left alone for some seconds.
    """

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._breaker = Breaker(_FAILURES, _REST)

    @property
    def url(self) -> str:
        return self._remote.url

    def fetch(
        self,
        query: str,
        accept: str,
        dataset: DatasetClause,
        *,
        seconds: float | None = None,
        bytes: int | None = None,
    ) -> Reply:
        """The reply to a query; `seconds` can only lower the time that the remote is given."""
        seconds = min(seconds or self._remote.seconds, self._remote.seconds)
        deadline = time.monotonic() + seconds

        def ask() -> Reply:
            request = self._request(query, accept, dataset)
            # `setTimeout` would cut the fraction off, and 0 means for ever.
            request.timeout = cast(int, max(deadline - time.monotonic(), 0.001))
            return _read(_open(request), deadline, bytes)

        try:
            return self._persist(ask, deadline)
        except TimeoutError as error:
            raise QueryTimeout(seconds) from error
        except HsgraphError:
            raise
        except Exception as error:
            if known := _translated(error, query, seconds):
                raise known from error
            raise

    def _persist(self, ask: Callable[[], Reply], deadline: float) -> Reply:
        for attempt in range(self._remote.attempts):
            if not self._breaker.allows():
                raise EngineUnavailable(
                    "The database behind this site has not answered for a while.",
                    remedy=f"Try again in {_REST:g} s.",
                )
            try:
                answer = ask()
            except (urllib.error.URLError, ConnectionError, http.client.HTTPException) as error:
                if isinstance(error, urllib.error.HTTPError):
                    self._breaker.succeeded()
                    raise
                if isinstance(getattr(error, "reason", None), TimeoutError):
                    raise TimeoutError from error
                self._breaker.failed()
                pause = _BACKOFF * 4**attempt * random.uniform(0.5, 1.5)  # noqa: S311
                if attempt + 1 == self._remote.attempts or time.monotonic() + pause > deadline:
                    raise
                time.sleep(pause)
            else:
                self._breaker.succeeded()
                return answer
        raise AssertionError("at least one attempt is made")

    def _request(self, query: str, accept: str, dataset: DatasetClause) -> SPARQLWrapper:
        from SPARQLWrapper import BASIC, GET, POST, SELECT, SPARQLWrapper

        request = SPARQLWrapper(self._remote.url, agent="hsgraph")
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
        if self._remote.user:
            request.setHTTPAuth(BASIC)
            request.setCredentials(self._remote.user, self._remote.password)
        return request


def _open(request: SPARQLWrapper) -> Any:
    """The response, or the error with its connection closed, which SPARQLWrapper leaves open."""
    try:
        return request.query().response
    except Exception as error:
        for failed in (error, error.__context__):
            if isinstance(failed, urllib.error.HTTPError):
                failed.close()
        raise


def _read(response: Any, deadline: float, most: int | None) -> Reply:
    with response:
        if _CUT in response.headers:
            raise ResultTooLarge(
                "The result has more rows than the database behind this site gives.",
                remedy="Page through it with ORDER BY, LIMIT and OFFSET, or download the data.",
            )
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if most is not None and len(body) > most:
                raise ResultTooLarge(f"The database sends more than {most:,} bytes.")
            if time.monotonic() > deadline:
                raise TimeoutError
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return bytes(body), response.headers.get_content_type()


def _translated(error: Exception, query: str, seconds: float) -> HsgraphError | None:
    """Our error for one of SPARQLWrapper or urllib, None for any other."""
    from SPARQLWrapper import SPARQLExceptions

    if isinstance(error, SPARQLExceptions.QueryBadFormed):
        return syntax_error(query, _said(error))
    if isinstance(error, SPARQLExceptions.Unauthorized):
        return EngineUnavailable(
            "The database behind this site does not accept our user and password.",
            remedy=f"The operator should check {USER_VARIABLE} and {PASSWORD_VARIABLE}.",
        )
    if isinstance(error, SPARQLExceptions.SPARQLWrapperException):
        said = _said(error)
        if _LATE.search(said):
            return QueryTimeout(seconds)
        return EngineUnavailable(f"The database behind this site failed: {said}")
    if isinstance(error, urllib.error.HTTPError):
        if error.code == 504 or _LATE.search(str(error.reason)):
            return QueryTimeout(seconds)
        if error.code in (429, 503):
            return EngineBusy("The database behind this site has too much to do.", retry_after=5)
        return EngineUnavailable(f"The database behind this site answered {error.code}.")
    if isinstance(error, OSError | http.client.HTTPException):
        return EngineUnavailable("The database behind this site cannot be reached.")
    return None


def _said(error: Exception) -> str:
    """The server's first line, without SPARQLWrapper's wrapping of it in a bytes literal."""
    said = next((part for part in error.args if isinstance(part, bytes)), b"")
    text = said.decode(errors="replace") if said else str(error)
    text = text.partition("Response:\n")[2] or text
    if text[:2] in ("b'", 'b"'):
        text = text[2:-1].replace("\\n", "\n")
    return text.strip().partition("\n")[0][:300] or "no reason given"
