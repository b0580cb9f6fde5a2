"""The remote engine: any server that speaks the SPARQL 1.1 Protocol, through SPARQLWrapper.

Answers are fetched as JSON or N-Triples, made alike, and written in the format asked for here, so
every server gives the same values, formats, limits and errors. Its default graph must be the
union of its graphs.
"""

from __future__ import annotations

import hashlib
import logging
import math
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from pyoxigraph import (
    BlankNode,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from hsgraph.engine.protocol import Answer, Engine, Limits, Parameters, Request, Solutions
from hsgraph.engine.remote.connection import Connection, Remote
from hsgraph.engine.remote.values import alike, alike_triple
from hsgraph.engine.sparql.bind import bind
from hsgraph.engine.sparql.diagnose import syntax_error
from hsgraph.engine.sparql.guard import DatasetClause, undeclared
from hsgraph.engine.writing import write
from hsgraph.errors import EngineUnavailable, HsgraphError
from hsgraph.namespaces import PREFIXES
from hsgraph.settings import Settings

_EVERY: Final = 30.0
_SHARE: Final = 20
"""Counting may take one twentieth of the time."""
_LONGEST: Final = 600
"""Seconds after which the version changes in any case: a change that leaves all counts as they
were is seen then."""
_log = logging.getLogger("hsgraph.engine")
__all__ = ["Remote", "RemoteEngine"]
_RESULTS: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples, text/turtle;q=0.5"
_ROOM: Final = 4
"""A server's JSON may be this many times larger than what is written here."""
_OURS: Final = Limits(math.inf, 250_000_000)
"""Limits of a query of ours: enough for a graph of three million statements."""
NOT_RESULTS: Final = (
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
)
"""What reading an answer may raise that is not as SPARQL asks for."""
COUNTS: Final = (
    "SELECT ?graph (COUNT(*) AS ?count) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
)
_GRAPH: Final = "SELECT ?s ?p ?o WHERE { GRAPH $graph { ?s ?p ?o } }"
_OUTSIDE: Final = """ASK {
  { SELECT ?s ?p ?o WHERE { GRAPH ?graph { ?s ?p ?o } } LIMIT 10 }
  FILTER NOT EXISTS { ?s ?p ?o }
}"""


class Version:
    """Changes when the number of triples in a graph does, and every ten minutes.

    Reading it never waits, but for the first time: counting goes on in a thread of its own. When
    to count is by a clock that nobody sets; the ten minutes are the same for all processes.
    """

    def __init__(self, name: str, count: Callable[[], Mapping[str, int]]) -> None:
        self._name = name
        self._count = count
        self._counted = ""
        self._next = 0.0
        self._lock = threading.Lock()

    def read(self) -> str:
        """Sixteen hexadecimal digits."""
        if time.monotonic() >= self._next and self._lock.acquire(blocking=False):
            if self._counted:
                threading.Thread(target=self._poll, daemon=True).start()
            else:
                self._poll()
        return _digest(f"{self._name} {self._counted} {int(time.time() / _LONGEST)}")

    def _poll(self) -> None:
        start = time.monotonic()
        try:
            counts = self._count()
            self._counted = _digest(repr(sorted(counts.items())))
        except HsgraphError as error:
            _log.warning("The remote graphs could not be counted: %s", error.message)
        finally:
            end = time.monotonic()
            self._next = end + max(_EVERY, (end - start) * _SHARE)
            self._lock.release()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class RemoteEngine(Engine):
    """Answers from a server elsewhere; raises EngineUnavailable when that does not.

    It has no `lookups`: each would be a request of its own.
    """

    lookups = None

    def __init__(self, remote: Remote, settings: Settings = Settings()) -> None:
        self.settings = settings
        self._url = remote.url
        self._connection = Connection(remote)
        self._version = Version(remote.url, self.counts)

    @property
    def version(self) -> str:  # type: ignore[override]
        """A stand-in, since servers tell no version; see `Version`."""
        return self._version.read()

    def check(self) -> None:
        """Ask whether the server's default graph is the union of its graphs.

        Raises EngineUnavailable, with what to do, when it is not or when nothing is there.
        """
        if self.ask(_OUTSIDE):
            raise EngineUnavailable(
                f"The default graph at {self._url} is not the union of its graphs.",
                remedy="Start Oxigraph's server with --union-default-graph; give Fuseki's "
                "dataset tdb2:unionDefaultGraph true; for others see docs/engines.md.",
            )
        if not self.ask("ASK { ?s ?p ?o }"):
            raise EngineUnavailable(
                f"There is no data at {self._url}.",
                remedy="Put some there: hsgraph publish …",
            )
        self._version.read()  # the first reading waits, and no answer should

    def run(
        self, query: str, dataset: DatasetClause = DatasetClause(), limits: Limits = _OURS
    ) -> QuerySolutions | QueryBoolean:
        body, _ = self._fetch(query, dataset, limits, _RESULTS)
        with _reading():
            return parse_query_results(alike(body), QueryResultsFormat.JSON)

    def select(self, query: str, parameters: Parameters = {}) -> Solutions:
        with _reading():
            return super().select(query, parameters)

    def ask(self, query: str, parameters: Parameters = {}) -> bool:
        with _reading():
            return super().ask(query, parameters)

    def construct(self, query: str, parameters: Parameters = {}) -> list[Triple]:
        return list(self._triples(bind(query, parameters)))

    def evaluate(self, request: Request) -> Answer:
        """The answer to a query that has been inspected, bounded and written as by other engines.

        Raises besides: EngineUnavailable, and EngineBusy when the server says so. What a
        stopped query goes on to cost on the server is up to the server's own timeout.
        """
        query, form, limits = request.query, request.inspected.form, request.limits
        if form is None:
            raise syntax_error(query, "a query starts with SELECT, ASK, CONSTRUCT or DESCRIBE")
        if form in ("construct", "describe"):
            found = self._triples(query, request.dataset, limits)
            return write(found, form, request.formats, limits)
        with _reading():
            results = self.run(query, request.dataset, limits)
            if isinstance(results, QueryBoolean) is not (form == "ask"):
                raise TypeError(f"no answer to {form.upper()}")
            return write(results, form, request.formats, limits)

    def counts(self) -> dict[str, int]:
        rows = self.select(COUNTS).rows
        with _reading():
            return {row["graph"].value: int(row["count"].value) for row in rows if "graph" in row}

    def copied(self, without: Collection[str] = ()) -> Store:
        """What the server's graphs hold, but for some, in a store of this process."""
        store = Store()
        for graph in sorted(self.counts().keys() - without):
            store.bulk_extend(self._quads(NamedNode(graph)))
        return store

    def close(self) -> None:
        """There is nothing to close: each request has its own connection."""

    def _quads(self, graph: NamedNode) -> Iterator[Quad]:
        for row in self.select(_GRAPH, {"graph": graph}).rows:
            subject, predicate = row["s"], row["p"]
            assert isinstance(subject, NamedNode | BlankNode)
            assert isinstance(predicate, NamedNode)
            yield Quad(subject, predicate, row["o"], graph)

    def _triples(
        self, query: str, dataset: DatasetClause = DatasetClause(), limits: Limits = _OURS
    ) -> Iterator[Triple]:
        body, media_type = self._fetch(query, dataset, limits, _TRIPLES)
        written = RdfFormat.from_media_type(media_type) or RdfFormat.N_TRIPLES
        with _reading():
            for quad in parse(body, written):
                yield alike_triple(quad.triple)

    def _fetch(
        self, query: str, dataset: DatasetClause, limits: Limits, accept: str
    ) -> tuple[bytes, str]:
        prologue = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in undeclared(query))
        room = Limits(limits.seconds, limits.bytes * _ROOM)
        return self._connection.fetch(prologue + query, accept, dataset, room)


@contextmanager
def _reading() -> Iterator[None]:
    """While what the server sent is read, which may be anything."""
    try:
        yield
    except NOT_RESULTS as error:
        raise EngineUnavailable(
            f"The database behind this site sent what is not RDF: {error}."
        ) from error
