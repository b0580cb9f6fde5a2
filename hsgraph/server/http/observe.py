"""What operators see of each request: one line in the log, and the counters.

A line never holds a query as it was sent, nor anything of a request's credentials: a query is known
by a digest, by which requests for the same can be found, and its text is logged, shortened, only
where it was slow, or whole at the level debug.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from time import perf_counter
from typing import Final

from flask import request
from werkzeug.wsgi import get_path_info

from hsgraph.server.http.openapi import template
from hsgraph.server.http.security import REQUEST_ID, completed, request_id
from hsgraph.server.http.wsgi import Environ, Headers, StartResponse, Wsgi
from hsgraph.server.ops.metrics import OTHER
from hsgraph.server.site import Site, current

ROUTE: Final = "hsgraph.route"
"""Where in the WSGI environment the route of a request stands, for the cache in front."""
_QUERY: Final = "hsgraph.query"
"""Where in the WSGI environment that stands which a line of the log says of a query."""
_log = logging.getLogger("hsgraph.server")


def observed(inner: Wsgi, site: Callable[[], Site]) -> Wsgi:
    """An application whose requests are counted and logged.

    Every answer, errors too, has the id of its request and the headers that all have.
    """

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started = perf_counter()
        environ[REQUEST_ID] = request_id(environ.get("HTTP_X_REQUEST_ID"))
        metrics = site().metrics

        def begin(status: str, headers: Headers, *error: object) -> object:
            seconds, route = perf_counter() - started, environ.get(ROUTE, OTHER)
            metrics.answered(int(status[:3]), route)
            metrics.answer_seconds.labels(route).observe(seconds)
            if _log.isEnabledFor(logging.INFO):
                _log_request(environ, int(status[:3]), headers, seconds)
            return start_response(status, completed(environ, headers), *error)

        with metrics.in_progress.track_inprogress():
            return inner(environ, begin)

    return answer


def name_route() -> None:
    """Note the template of the address of this request, such as /{kind}/{slug}."""
    request.environ[ROUTE] = template(request.url_rule.rule) if request.url_rule else OTHER


@contextmanager
def query_timer(query: str) -> Iterator[None]:
    """Time the answer to a query from outside, and log it when it is slow."""
    started = perf_counter()
    try:
        yield
    finally:
        seconds = perf_counter() - started
        name, spent = digest(query), round(seconds * 1000, 1)
        request.environ[_QUERY] = {"query": name, "runner_milliseconds": spent}
        facts = {"query": name, "milliseconds": spent, "request": request.environ.get(REQUEST_ID)}
        if seconds >= current().settings.slow_seconds:
            current().metrics.slow_queries.inc()
            _log.warning("slow query", extra={"facts": facts | {"text": shortened(query, 300)}})
        _log.debug("query", extra={"facts": facts | {"text": query}})


def _log_request(environ: Environ, status: int, headers: Headers, seconds: float) -> None:
    """One line about a request; facts that there are none of are left out."""
    length = dict(headers).get("Content-Length")
    facts = {
        "method": environ["REQUEST_METHOD"],
        "path": get_path_info(environ),
        "route": environ.get(ROUTE, OTHER),
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "bytes": int(length) if length else None,
        "request": environ.get(REQUEST_ID),
        **environ.get(_QUERY, {}),
        "agent": shortened(environ.get("HTTP_USER_AGENT", ""), 60) or None,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    _log.info("request", extra={"facts": known})


def digest(query: str) -> str:
    """A short name for a query, the same however its white space is set."""
    return sha256(" ".join(query.split()).encode()).hexdigest()[:12]


def shortened(text: str, length: int) -> str:
    """Text on one line, cut with a sign that it was."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
