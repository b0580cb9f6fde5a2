"""What is refused before the application sees it: counted and logged like all other requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final

from werkzeug import Response
from werkzeug.wsgi import get_path_info

from hsgraph.server.http.observe import ROUTE, observed
from hsgraph.server.http.problems import PROBLEM, RETRY_SECONDS, problem
from hsgraph.server.http.security import REQUEST_ID, protected, request_id
from hsgraph.server.http.wsgi import Environ, StartResponse, Wsgi
from hsgraph.server.site import Site

REFUSAL: Final = "hsgraph.refusal"
"""Where in the WSGI environment the status of a refusal and its reason stand."""
_QUERIES: Final = "/sparql"


def refuse(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the refusal that stands in the environment, as a problem (RFC 9457)."""
    status, detail = HTTPStatus(environ[REFUSAL][0]), environ[REFUSAL][1]
    slug = status.phrase.lower().replace(" ", "-")
    known = environ.get(REQUEST_ID) or request_id(None)
    body = problem(status, slug, status.phrase, detail, get_path_info(environ), known)
    response = Response(body, status, content_type=PROBLEM.media_type)
    response.cache_control.no_store = True
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.retry_after = RETRY_SECONDS
    start_response(response.status, response.get_wsgi_headers(environ).to_wsgi_list())
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.get_data()]


def refusing(site: Callable[[], Site]) -> Wsgi:
    """`refuse`, counted and logged; queries also among those that were refused."""

    def counted(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith(_QUERIES):
            environ[ROUTE] = _QUERIES
            if environ[REFUSAL][0] == HTTPStatus.SERVICE_UNAVAILABLE:
                site().metrics.refused_queries.inc()
        return refuse(environ, start_response)

    return protected(observed(counted, site))
