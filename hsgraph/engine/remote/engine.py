"""The remote engine: any server that speaks the SPARQL 1.1 Protocol, through SPARQLWrapper.

Answers are fetched as JSON or N-Triples, made alike, and written in the format asked for here, so
every server gives the same values, formats, limits and errors. Its default graph must be the
union of its graphs.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
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
from hsgraph.engine.remote.connection import Connection, Credentials
from hsgraph.engine.remote.data_version import Version
from hsgraph.engine.remote.values import alike, alike_triple
from hsgraph.engine.sparql.bind import bind
from hsgraph.engine.sparql.diagnose import syntax_error
from hsgraph.engine.sparql.guard import DatasetClause, undeclared
from hsgraph.engine.writing import write
from hsgraph.errors import EngineUnavailable
from hsgraph.namespaces import PREFIXES
from hsgraph.settings import Settings

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


class RemoteEngine(Engine):
    """Answers from a server elsewhere; raises EngineUnavailable when that does not.

    It has no `lookups`: each would be a request of its own.
    """

    lookups = None

    def __init__(
        self, url: str, settings: Settings = Settings(), credentials: Credentials = Credentials()
    ) -> None:
        self.settings = settings
        self._url = url
        self._connection = Connection(url, credentials, settings.query_seconds)
        self._version = Version(url, self.counts)

    @property
    def version(self) -> str:  # type: ignore[override]
        """A stand-in, since servers tell no version; see `hsgraph.engine.remote.data_version`."""
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
        if not self.ask("ASK { GRAPH ?graph { ?s ?p ?o } }"):
            raise EngineUnavailable(
                f"There is no data in a named graph at {self._url}.",
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
