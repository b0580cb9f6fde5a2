"""Answers plain SPARQL queries before the framework, which takes longer than many queries do.

Plain is a query in the address, for which nothing of the application needs to be known. All else
goes on to it, and so do errors, as what they are, so that no query is evaluated twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import Final
from urllib.parse import urlsplit

from werkzeug.http import generate_etag

from hsgraph.errors import HsgraphError
from hsgraph.server.api.sparql import FAILED, evaluate, understand
from hsgraph.server.http import observe
from hsgraph.server.http.representation import CACHE_CONTROL
from hsgraph.server.http.security import HEADERS, request_id
from hsgraph.server.ops.metrics import IN_PROGRESS
from hsgraph.server.runtime.head import ROUTE
from hsgraph.server.runtime.wsgi import Environ, Headers, StartResponse, Wsgi
from hsgraph.server.site import Site
from hsgraph.settings import Settings

_FOR_THE_FRAMEWORK: Final = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
STABLE: Final = (*HEADERS.items(), ("Cache-Control", CACHE_CONTROL))
"""The headers that all answers to queries have."""


class QuickQueries:
    """WSGI middleware between the cache of answers and the application."""

    def __init__(self, inner: Wsgi, site: Site) -> None:
        self._inner = inner
        self._site = site
        self._wanted = nothing_to_check(site.settings)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self._wanted and self._plain(environ):
            try:
                return self._answer(environ, start_response)
            except HsgraphError as error:
                environ[FAILED] = error
        return self._inner(environ, start_response)

    def _plain(self, environ: Environ) -> bool:
        address = environ.get("QUERY_STRING", "")
        return (
            FAILED not in environ
            and environ["PATH_INFO"] == ROUTE
            and environ["REQUEST_METHOD"] == "GET"
            and "query=" in address
            and len(address) + len(ROUTE) <= self._site.settings.url_length
            and not any(name in environ for name in _FOR_THE_FRAMEWORK)
        )

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        site, started = self._site, perf_counter()
        asking = understand(environ["QUERY_STRING"].encode("latin-1"))
        if asking.query is None:
            return self._inner(environ, start_response)
        number = request_id(environ.get("HTTP_X_REQUEST_ID"))
        site.metrics.add(IN_PROGRESS)
        try:
            body, content_type = evaluate(site, asking, environ.get("HTTP_ACCEPT"))
        finally:
            site.metrics.add(IN_PROGRESS, -1)
            seconds = perf_counter() - started
            name = observe.asked(site.settings, site.metrics, asking.query, seconds, number)
        environ[observe.ROUTE] = ROUTE
        site.metrics.made(200, ROUTE, seconds)
        observe.log_answer(
            route=ROUTE,
            seconds=seconds,
            size=len(body),
            request=number,
            query=name,
            agent=environ.get("HTTP_USER_AGENT", ""),
        )
        start_response("200 OK", [*changing(body, content_type), *STABLE, ("X-Request-Id", number)])
        return [body]


def nothing_to_check(settings: Settings) -> bool:
    """Whether plain queries may be answered without asking the application about the request."""
    return not settings.trusted_hosts and not urlsplit(settings.base).path.strip("/")


def changing(body: bytes, content_type: str) -> Headers:
    """The headers of the answer to a query that depend on it; `STABLE` are the others."""
    return [
        ("Content-Type", content_type),
        ("Content-Length", str(len(body))),
        ("ETag", f'"{generate_etag(body)}"'),
        ("Vary", "Accept"),
    ]
