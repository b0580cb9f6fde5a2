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
from hsgraph.server.ops.metrics import IN_PROGRESS, OTHER, SLOW, Metrics
from hsgraph.server.site import current
from hsgraph.settings import Settings

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
        current().metrics.add(IN_PROGRESS)
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
            current().metrics.add(IN_PROGRESS, -1)


def route() -> str:
    """The template of the address of this request, such as /{kind}/{slug}."""
    return template(request.url_rule) if request.url_rule else OTHER


@contextmanager
def asking(query: str) -> Iterator[None]:
    """Time the answer to a query from outside, and log it when it is slow."""
    started = perf_counter()
    try:
        yield
    finally:
        g.query_seconds = perf_counter() - started
        site = current()
        seconds, number = g.query_seconds, g.get("request_id")
        g.query = asked(site.settings, site.metrics, query, seconds, number)


def asked(
    settings: Settings, metrics: Metrics, query: str, seconds: float, request_id: str | None
) -> str | None:
    """Log a query from outside if it was slow; its digest where the log tells of requests."""
    slow = seconds >= settings.slow_seconds
    if not slow and not _log.isEnabledFor(logging.INFO):
        return None
    name = digest(query)
    facts = {"query": name, "milliseconds": milliseconds(seconds), "request": request_id}
    if slow:
        metrics.add(SLOW)
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


def log_answer(
    *, route: str, seconds: float, size: int, request: str, query: str | None, agent: str
) -> None:
    """The line about a query that was answered before the application was asked."""
    log_request(
        method="GET",
        path=route,
        route=route,
        status=200,
        milliseconds=milliseconds(seconds),
        bytes=size,
        request=request,
        query=query,
        runner_milliseconds=milliseconds(seconds),
        agent=agent,
    )


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
