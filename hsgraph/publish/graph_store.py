"""Writes to a remote store: graphs by the Graph Store Protocol, the rest by SPARQL Update."""

from __future__ import annotations

import time
import urllib.parse
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
from pyoxigraph import NamedNode

from hsgraph.engine.remote.connection import Credentials
from hsgraph.engine.remote.engine import COUNTS, NOT_RESULTS
from hsgraph.errors import BadRequest, EngineUnavailable
from hsgraph.settings.addresses import PASSWORD_VARIABLE, USER_VARIABLE

_SECONDS: Final = 600.0
_ACCEPTED: Final = "application/sparql-results+json, */*;q=0.1"
_SAID: Final = 300
_LONGEST: Final = 20_000_000
"""Bytes of an answer: the longest names every graph of a store, with a number."""
_WHO: Final = 401


@dataclass(frozen=True)
class Addresses:
    """The three addresses of a store, and whether one update request is one transaction."""

    graphs: str
    query: str
    update: str
    atomic: bool

    @classmethod
    def of(cls, graphs: str, *, query: str | None = None, update: str | None = None) -> Addresses:
        """The addresses that belong to that of the graph store; the other two may be given.

        Knows Virtuoso, Oxigraph's server, Fuseki, RDF4J and GraphDB, and Neptune by the paths
        they have. Raises BadRequest for any other when `query` and `update` are not given.
        """
        for address in filter(None, (graphs, query, update)):
            try:
                split = urllib.parse.urlsplit(address)
            except ValueError as error:
                raise BadRequest(f"“{address}” is no address: {error}.") from error
            if split.scheme not in ("http", "https") or not split.hostname:
                raise BadRequest(f"“{address}” is not an http or https address.")
            if split.username or split.password:
                raise BadRequest(
                    "The address of a store must not hold a user or password.",
                    remedy=f"Put them into {USER_VARIABLE} and {PASSWORD_VARIABLE}.",
                )
        for known in _KNOWN.values():
            if urllib.parse.urlsplit(graphs).path.endswith(known.graphs):
                start = graphs[: graphs.rindex(known.graphs)]
                query, update = query or start + known.query, update or start + known.update
                return cls(graphs, query, update, known.atomic)
        if query and update:
            return cls(graphs, query, update, atomic=False)
        raise BadRequest(
            f"“{graphs}” is no address of a graph store that is known.",
            remedy="Known are the paths "
            + ", ".join(f"…{known.graphs} ({name})" for name, known in _KNOWN.items())
            + "; for another store give --query and --update too.",
        )


_KNOWN: Final = {
    "Virtuoso": Addresses("/sparql-graph-crud-auth", "/sparql-auth", "/sparql-auth", False),
    "Oxigraph": Addresses("/store", "/query", "/update", True),
    "Fuseki": Addresses("/data", "/sparql", "/update", True),
    "RDF4J, GraphDB": Addresses("/rdf-graphs/service", "", "/statements", True),
    "Neptune": Addresses("/sparql/gsp", "/sparql", "/sparql", True),
}
"""How the addresses of the stores that are known end."""


class GraphStore:
    """A remote store that can be written to. Raises EngineUnavailable with the server's words."""

    def __init__(self, addresses: Addresses, credentials: Credentials = Credentials()) -> None:
        self.addresses = addresses
        self._credentials = credentials
        headers = {"User-Agent": "hsgraph", "Accept": _ACCEPTED, "Accept-Encoding": "identity"}
        self._client = httpx.Client(timeout=_SECONDS, headers=headers)
        weakref.finalize(self, self._client.close)

    def counts(self) -> dict[str, int]:
        """How many triples each named graph has."""
        response = self._send("POST", self.addresses.query, data={"query": COUNTS})
        try:
            rows: list[dict[str, Any]] = response.json()["results"]["bindings"]
            found = {
                NamedNode(row["graph"]["value"]).value: int(row["count"]["value"])
                for row in rows
                if "graph" in row
            }
        except NOT_RESULTS as error:
            raise EngineUnavailable(
                "The store does not answer a query as SPARQL asks for."
            ) from error
        return {graph: count for graph, count in found.items() if count}

    def put(self, graph: str, triples: bytes) -> None:
        """Replace a graph by these N-Triples."""
        kind = {"Content-Type": "application/n-triples"}
        address = f"{self.addresses.graphs}?{urllib.parse.urlencode({'graph': graph})}"
        self._send("PUT", address, content=triples, headers=kind)

    def update(self, operations: Sequence[str]) -> None:
        """Run update operations in one request."""
        self._send("POST", self.addresses.update, data={"update": " ;\n".join(operations)})

    def _send(self, method: str, url: str, **content: Any) -> httpx.Response:
        """Send a request, with credentials once the store has asked for them."""
        try:
            response = self._whole(method, url, **content)
            if response.status_code == _WHO and self._credentials.user and not self._client.auth:
                digest = "digest" in response.headers.get("WWW-Authenticate", "").lower()
                kind = httpx.DigestAuth if digest else httpx.BasicAuth
                self._client.auth = kind(self._credentials.user, self._credentials.password)
                response = self._whole(method, url, **content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            address = url.partition("?")[0]
            raise EngineUnavailable(
                f"The store at {address} cannot be reached: {error or type(error).__name__}."
            ) from error
        if response.is_success:
            return response
        raise _failure(response)

    def _whole(self, method: str, url: str, **content: Any) -> httpx.Response:
        """The answer to a request, its body as it came and within bounds of length and time."""
        body, end = bytearray(), time.monotonic() + _SECONDS
        with self._client.stream(method, url, **content) as response:
            for piece in response.iter_raw():
                body += piece
                if len(body) > _LONGEST or time.monotonic() > end:
                    raise EngineUnavailable("The answer of the store does not end.")
        who = {name: v for name, v in response.headers.items() if name == "www-authenticate"}
        return httpx.Response(
            response.status_code, headers=who, content=bytes(body), request=response.request
        )


def _failure(response: httpx.Response) -> EngineUnavailable:
    code = response.status_code
    if code in (_WHO, 403):
        return EngineUnavailable(
            f"The store does not let this user write (it answered {code}).",
            remedy=f"Give the user and password in {USER_VARIABLE} and {PASSWORD_VARIABLE}.",
        )
    said = " ".join(response.text.split())[:_SAID]
    address = str(response.url).partition("?")[0]
    return EngineUnavailable(
        f"The store answered {code} at {address}: {said or response.reason_phrase}"
    )
