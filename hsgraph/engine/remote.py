"""The remote engine: any server that speaks the SPARQL 1.1 Protocol, through SPARQLWrapper.

Answers are fetched as JSON or N-Triples and written in the format asked for here, so every server
gives the same formats, limits and errors. Its default graph must be the union of its graphs.
"""

from __future__ import annotations

import hashlib
import http.client
import random
import time
import urllib.error
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from hsgraph.engine.bind import bind
from hsgraph.engine.breaker import Breaker
from hsgraph.engine.diagnose import syntax_error
from hsgraph.engine.guard import LENGTH, inspect, undeclared
from hsgraph.engine.protocol import (
    Answer,
    DatasetClause,
    Limits,
    Parameters,
    QueryForm,
    Solutions,
)
from hsgraph.engine.writing import write
from hsgraph.errors import (
    EngineBusy,
    EngineUnavailable,
    HsgraphError,
    QueryTimeout,
    ResultTooLarge,
)
from hsgraph.formats import Format
from hsgraph.namespaces import PREFIXES

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper

_RESULTS: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples, text/turtle;q=0.5"
_FAILURES: Final = 5
_REST: Final = 5.0
_BACKOFF: Final = 0.1
_CHUNK: Final = 65536
_VERSION_SECONDS: Final = 60
_ROOM: Final = 4


@dataclass(frozen=True)
class Remote:
    """Where the engine is and how to ask it. The password is in no address, log or message."""

    url: str
    user: str = ""
    password: str = ""
    seconds: float = 10.0
    attempts: int = 3


class RemoteEngine:
    """Answers from a server elsewhere; raises EngineUnavailable when that does not.

    A request that finds no connection is tried again after a moment; one that was answered with
    an error is not. After failures in a row the server is left alone for some seconds.
    """

    def __init__(
        self, remote: Remote, *, length: int = LENGTH, allow_service: Sequence[str] = ()
    ) -> None:
        self._remote = remote
        self._length = length
        self._allow_service = tuple(allow_service)
        self._breaker = Breaker(_FAILURES, _REST)

    @property
    def version(self) -> str:
        """A stand-in: servers tell no version, so it changes every minute, in all workers alike."""
        minute = int(time.time() / _VERSION_SECONDS)
        return hashlib.sha256(f"{self._remote.url} {minute}".encode()).hexdigest()[:16]

    def select(self, query: str, parameters: Parameters = {}) -> Solutions:
        """The rows of one of our own SELECT queries."""
        result = self._results(bind(query, parameters), DatasetClause(), None)
        if not isinstance(result, QuerySolutions):
            raise TypeError("select() takes a SELECT query.")
        names = tuple(variable.value for variable in result.variables)
        rows = tuple(
            {name: term for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in result
        )
        return Solutions(names, rows)

    def ask(self, query: str, parameters: Parameters = {}) -> bool:
        """The answer to one of our own ASK queries."""
        result = self._results(bind(query, parameters), DatasetClause(), None)
        if not isinstance(result, QueryBoolean):
            raise TypeError("ask() takes an ASK query.")
        return bool(result)

    def construct(self, query: str, parameters: Parameters = {}) -> list[Triple]:
        """The triples of one of our own CONSTRUCT or DESCRIBE queries."""
        return list(self._triples(bind(query, parameters), DatasetClause(), None))

    def answer(
        self,
        query: str,
        formats: Mapping[QueryForm, Format],
        *,
        dataset: DatasetClause = DatasetClause(),
        limits: Limits | None = None,
    ) -> Answer:
        """Answer a query from outside: scanned, bounded and written as by the embedded engine.

        Raises besides: EngineUnavailable, and EngineBusy when the server says so. What a
        stopped query goes on to cost on the server is up to the server's own timeout.
        """
        form = inspect(query, length=self._length, allow_service=self._allow_service).form
        if form is None:
            raise syntax_error(query, "a query starts with SELECT, ASK, CONSTRUCT or DESCRIBE")
        if form in ("construct", "describe"):
            return write(self._triples(query, dataset, limits), form, formats, limits)
        return write(self._results(query, dataset, limits), form, formats, limits)

    def close(self) -> None:
        """There is nothing to close: each request has its own connection."""

    def _results(
        self, query: str, dataset: DatasetClause, limits: Limits | None
    ) -> QuerySolutions | QueryBoolean:
        body, _ = self._fetch(query, dataset, limits, _RESULTS)
        try:
            return parse_query_results(body, QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise _not_understood(error) from error

    def _triples(
        self, query: str, dataset: DatasetClause, limits: Limits | None
    ) -> Iterator[Triple]:
        body, media_type = self._fetch(query, dataset, limits, _TRIPLES)
        written = RdfFormat.from_media_type(media_type) or RdfFormat.N_TRIPLES
        try:
            for quad in parse(body, written):
                yield quad.triple
        except SyntaxError as error:
            raise _not_understood(error) from error

    def _fetch(
        self, query: str, dataset: DatasetClause, limits: Limits | None, accept: str
    ) -> tuple[bytes, str]:
        """The body and media type of the server's answer."""
        seconds = min(limits.seconds, self._remote.seconds) if limits else self._remote.seconds
        deadline = time.monotonic() + seconds
        most = limits.bytes * _ROOM if limits else None

        def ask() -> tuple[bytes, str]:
            request = self._request(query, dataset, accept)
            # `setTimeout` would cut the fraction off, and 0 means for ever.
            request.timeout = cast(int, max(deadline - time.monotonic(), 0.001))
            return _read(_open(request), deadline, most)

        try:
            return self._persist(ask, deadline)
        except TimeoutError as error:
            raise QueryTimeout(seconds) from error
        except ResultTooLarge:
            raise
        except Exception as error:
            known = _translated(error, query, seconds)
            if known is None:
                raise
            raise known from error

    def _persist(self, ask: Callable[[], tuple[bytes, str]], deadline: float) -> tuple[bytes, str]:
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

    def _request(self, query: str, dataset: DatasetClause, accept: str) -> SPARQLWrapper:
        from SPARQLWrapper import BASIC, POST, SELECT, SPARQLWrapper

        request = SPARQLWrapper(self._remote.url, agent="hsgraph")
        prologue = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in undeclared(query))
        request.setQuery(prologue + query)
        request.queryType = SELECT
        request.setMethod(POST)
        request.setOnlyConneg(True)
        request.addCustomHttpHeader("Accept", accept)
        for graph in dataset.default_graphs:
            request.addParameter("default-graph-uri", graph)
        for graph in dataset.named_graphs:
            request.addParameter("named-graph-uri", graph)
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


def _read(response: Any, deadline: float, most: int | None) -> tuple[bytes, str]:
    with response:
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if most is not None and len(body) > most:
                raise ResultTooLarge(f"The database sends more than {most:,} bytes.")
            if time.monotonic() > deadline:
                raise TimeoutError
        if response.length:
            raise http.client.IncompleteRead(bytes(body[:0]), response.length)
        return bytes(body), response.headers.get_content_type()


def _translated(error: Exception, query: str, seconds: float) -> HsgraphError | None:
    """Our error for one of SPARQLWrapper or urllib, None for any other."""
    from SPARQLWrapper import SPARQLExceptions

    if isinstance(error, SPARQLExceptions.QueryBadFormed):
        return syntax_error(query, _said(error))
    if isinstance(error, SPARQLExceptions.Unauthorized):
        return EngineUnavailable(
            "The database behind this site does not accept our user and password.",
            remedy="The operator should check the credentials in the settings.",
        )
    if isinstance(error, SPARQLExceptions.SPARQLWrapperException):
        return EngineUnavailable(f"The database behind this site failed: {_said(error)}")
    if isinstance(error, urllib.error.HTTPError):
        if error.code == 504:
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


def _not_understood(error: Exception) -> EngineUnavailable:
    return EngineUnavailable(f"The database behind this site sent what is not RDF: {error}.")
