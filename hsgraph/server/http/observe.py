"""What operators see of each request: one line in the log, and the counters.

A line never holds a query as it was sent, nor anything of a request's credentials: a query is known
by a digest, by which requests for the same can be found, and its text is logged, shortened, only
where it was slow, or whole at the level debug.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from time import perf_counter
from typing import Any, Final

from flask import Flask, Response, g, request

from hsgraph.server.http.openapi import template
from hsgraph.server.ops.metrics import OTHER
from hsgraph.server.site import current

ROUTE: Final = "hsgraph.route"
"""Where in the WSGI environment the route of a request stands, for the cache in front."""
_AGENT: Final = 60
_SHOWN: Final = 300
_log = logging.getLogger("hsgraph.server")


def observe(app: Flask) -> None:
    """Count and log the requests of an application; call it before other parts add checks."""

    @app.before_request
    def _start() -> None:
        g.started = perf_counter()
        current().metrics.in_progress.inc()
        g.counted = True
        request.environ[ROUTE] = route()

    @app.after_request
    def _end(response: Response) -> Response:
        seconds = perf_counter() - g.get("started", perf_counter())
        current().metrics.made(response.status_code, route(), seconds)
        log_request(
            method=request.method,
            path=request.path,
            route=route(),
            status=response.status_code,
            milliseconds=milliseconds(seconds),
            bytes=response.content_length,
            request=g.get("request_id"),
            query=g.get("query"),
            runner_milliseconds=milliseconds(g.query_seconds) if "query_seconds" in g else None,
            agent=request.headers.get("User-Agent", ""),
        )
        return response

    @app.teardown_request
    def _leave(_: BaseException | None) -> None:
        if g.pop("counted", False):
            current().metrics.in_progress.dec()


def route() -> str:
    """The template of the address of this request, such as /{kind}/{slug}."""
    return template(request.url_rule) if request.url_rule else OTHER


@contextmanager
def query_timer(query: str) -> Iterator[None]:
    """Time the answer to a query from outside, and log it when it is slow."""
    started = perf_counter()
    try:
        yield
    finally:
        g.query_seconds = perf_counter() - started
        g.query = _log_query(query, g.query_seconds)


def _log_query(query: str, seconds: float) -> str | None:
    """Log a query that was slow; its digest where the log tells of requests."""
    site = current()
    slow = seconds >= site.settings.slow_seconds
    if slow:
        site.metrics.slow_queries.inc()
    if not slow and not _log.isEnabledFor(logging.INFO):
        return None
    name = digest(query)
    facts = {"query": name, "milliseconds": milliseconds(seconds), "request": g.get("request_id")}
    if slow:
        _log.warning("slow query", extra={"facts": facts | {"text": shortened(query, _SHOWN)}})
    if _log.isEnabledFor(logging.DEBUG):
        _log.debug("query", extra={"facts": facts | {"text": query}})
    return name


def log_request(*, agent: str, **facts: Any) -> None:
    """One line about a request; facts that are None are left out."""
    if _log.isEnabledFor(logging.INFO):
        facts["agent"] = shortened(agent, _AGENT) or None
        known = {name: value for name, value in facts.items() if value is not None}
        _log.info("request", extra={"facts": known})


def digest(query: str) -> str:
    """A short name for a query, the same however its white space is set."""
    return sha256(" ".join(query.split()).encode()).hexdigest()[:12]


def shortened(text: str, length: int) -> str:
    """Text on one line, cut with a sign that it was."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def milliseconds(seconds: float) -> float:
    """Seconds as a log shows them."""
    return round(seconds * 1000, 1)
