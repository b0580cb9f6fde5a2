"""Writes to a remote store: graphs by the Graph Store Protocol, the rest by SPARQL Update."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.request import Request

from hsgraph.errors import BadRequest, EngineUnavailable

USER_VARIABLE: Final = "HSGRAPH_ENDPOINT_USER"
PASSWORD_VARIABLE: Final = "HSGRAPH_ENDPOINT_PASSWORD"  # noqa: S105 - a name, no password
_SECONDS: Final = 600.0
_SAID: Final = 300
_COUNTS: Final = (
    "SELECT ?graph (COUNT(*) AS ?count) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
)


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
        split = urllib.parse.urlsplit(graphs)
        if split.scheme not in ("http", "https") or not split.hostname:
            raise BadRequest(f"“{graphs}” is not an http or https address.")
        if split.username or split.password:
            raise BadRequest(
                "The address of a store must not hold a user or password.",
                remedy=f"Put them into {USER_VARIABLE} and {PASSWORD_VARIABLE}.",
            )
        for known in _KNOWN:
            if split.path.endswith(known.graphs):
                start = graphs[: graphs.rindex(known.graphs)]
                return cls(
                    graphs,
                    query or start + known.query,
                    update or start + known.update,
                    known.atomic,
                )
        if query and update:
            return cls(graphs, query, update, atomic=False)
        raise BadRequest(
            f"“{graphs}” is no address of a graph store that is known.",
            remedy="Known are the paths "
            + ", ".join(f"…{known.graphs} ({known.name})" for known in _KNOWN)
            + "; for another store give --query and --update too.",
        )


@dataclass(frozen=True)
class _Known:
    name: str
    graphs: str
    query: str
    update: str
    atomic: bool


_KNOWN: Final = (
    _Known("Virtuoso", "/sparql-graph-crud-auth", "/sparql-auth", "/sparql-auth", False),
    _Known("Oxigraph", "/store", "/query", "/update", True),
    _Known("Fuseki", "/data", "/sparql", "/update", True),
    _Known("RDF4J, GraphDB", "/rdf-graphs/service", "", "/statements", True),
    _Known("Neptune", "/sparql/gsp", "/sparql", "/sparql", True),
)


class GraphStore:
    """A remote store that can be written to. Raises EngineUnavailable with the server's words."""

    def __init__(self, addresses: Addresses, credentials: Credentials = Credentials()) -> None:
        self.addresses = addresses
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        for url in (addresses.graphs, addresses.query, addresses.update):
            passwords.add_password(None, url, credentials.user, credentials.password)
        handlers = [_Digest(passwords), _Basic(passwords)]
        self._opener = urllib.request.build_opener(*(handlers if credentials.user else ()))

    def counts(self) -> dict[str, int]:
        """How many triples each named graph has."""
        body = self._send(
            "POST",
            self.addresses.query,
            urllib.parse.urlencode({"query": _COUNTS}).encode(),
            "application/x-www-form-urlencoded",
        )
        try:
            rows: list[dict[str, Any]] = json.loads(body)["results"]["bindings"]
            found = {
                row["graph"]["value"]: int(row["count"]["value"]) for row in rows if "graph" in row
            }
        except (ValueError, KeyError, TypeError) as error:
            raise EngineUnavailable(
                "The store does not answer a query as SPARQL asks for."
            ) from error
        return {graph: count for graph, count in found.items() if count}

    def put(self, graph: str, triples: bytes) -> None:
        """Replace a graph by these N-Triples."""
        address = f"{self.addresses.graphs}?{urllib.parse.urlencode({'graph': graph})}"
        self._send("PUT", address, triples, "application/n-triples")

    def update(self, operations: Sequence[str]) -> None:
        """Run update operations in one request."""
        body = urllib.parse.urlencode({"update": " ;\n".join(operations)}).encode()
        self._send("POST", self.addresses.update, body, "application/x-www-form-urlencoded")

    def _send(self, method: str, url: str, body: bytes, media_type: str) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - Addresses lets http and https through
            url,
            data=body,
            method=method,
            headers={
                "Content-Type": media_type,
                "Accept": "application/sparql-results+json, */*;q=0.1",
                "User-Agent": "hsgraph",
            },
        )
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                content: bytes = response.read()
                return content
        except urllib.error.HTTPError as error:
            with error:
                raise _failure(error) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise EngineUnavailable(
                f"The store at {url.partition('?')[0]} cannot be reached: {reason}."
            ) from error


def _failure(error: urllib.error.HTTPError) -> EngineUnavailable:
    if error.code in (401, 403):
        return EngineUnavailable(
            f"The store does not let this user write (it answered {error.code}).",
            remedy=f"Give the user and password in {USER_VARIABLE} and {PASSWORD_VARIABLE}.",
        )
    said = " ".join(error.read(_SAID * 4).decode("utf-8", "replace").split())[:_SAID]
    address = error.geturl().partition("?")[0]
    return EngineUnavailable(
        f"The store answered {error.code} at {address}: {said or error.reason}"
    )


class _Basic(urllib.request.HTTPBasicAuthHandler):
    """Basic authentication that closes the challenge it answers."""

    def http_error_401(self, req: Request, fp: Any, code: int, msg: str, headers: Any) -> Any:
        with _closed_unless_passed_on(fp) as keep:
            return keep(super().http_error_401(req, fp, code, msg, headers))


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Digest authentication that answers the first challenge again with every later request, so
    that the body of a request is not sent twice."""

    _challenge: dict[str, str] | None = None

    def http_request(self, request: Request) -> Request:
        if self._challenge and not request.has_header("Authorization"):
            answer = self.get_authorization(request, self._challenge)
            if answer:
                request.add_unredirected_header("Authorization", f"Digest {answer}")
        return request

    https_request = http_request

    def http_error_401(self, req: Request, fp: Any, code: int, msg: str, headers: Any) -> Any:
        with _closed_unless_passed_on(fp) as keep:
            return keep(super().http_error_401(req, fp, code, msg, headers))

    def retry_http_digest_auth(self, request: Request, auth: str) -> Any:
        challenge = urllib.request.parse_http_list(auth.partition(" ")[2])
        self._challenge = urllib.request.parse_keqv_list(challenge)
        request.remove_header("Authorization")
        return super().retry_http_digest_auth(request, auth)


@contextmanager
def _closed_unless_passed_on(challenge: Any) -> Iterator[Callable[[Any], Any]]:
    """Close the response with a challenge, which urllib leaves open when it sends an answer.

    It stays open when no answer was sent: it goes to the next handler then.
    """
    answered = True

    def keep(response: Any) -> Any:
        nonlocal answered
        answered = response is not None
        return response

    try:
        yield keep
    finally:
        if answered:
            challenge.close()
