"""What is refused before the application sees it: counted and logged like all other requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final

from hsgraph.namespaces import BASE
from hsgraph.server.http.observe import ROUTE, observed
from hsgraph.server.http.security import REQUEST_ID, protected, request_id
from hsgraph.server.http.wsgi import Environ, StartResponse, Wsgi
from hsgraph.server.site import Site

REFUSAL: Final = "hsgraph.refusal"
"""Where in the WSGI environment the status of a refusal and its reason stand."""
_QUERIES: Final = "/sparql"
_RETRY_SECONDS: Final = 5


def refuse(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the refusal that stands in the environment, as a problem (RFC 9457)."""
    status, detail = HTTPStatus(environ[REFUSAL][0]), environ[REFUSAL][1]
    problem = {
        "type": BASE + "problem/" + status.phrase.lower().replace(" ", "-"),
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "instance": environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
        "requestId": environ.get(REQUEST_ID) or request_id(None),
    }
    body = json.dumps(problem, ensure_ascii=False, indent=2).encode() + b"\n"
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", str(_RETRY_SECONDS)))
    start_response(f"{status.value} {status.phrase}", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def refusing(site: Callable[[], Site]) -> Wsgi:
    """`refuse`, counted and logged; queries also among those that were refused."""

    def counted(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith(_QUERIES):
            environ[ROUTE] = _QUERIES
            if environ[REFUSAL][0] == HTTPStatus.SERVICE_UNAVAILABLE:
                site().metrics.refused_queries.inc()
        return refuse(environ, start_response)

    return protected(observed(counted, site))
