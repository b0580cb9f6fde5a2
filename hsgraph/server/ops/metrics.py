"""What workers count, by the Prometheus client library; all processes of a server are summed.

The library shares counts by files in the folder that PROMETHEUS_MULTIPROC_DIR names; the server
sets it before a worker imports this. Without it (in tests) counts are those of the process.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS: Final = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0)
OTHER: Final = "other"
"""The route of requests that no route is for."""

disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The counters of a server; each is a public attribute."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.answers = Counter(
            "hsgraph_answers", "Answers by status", ["status"], registry=registry
        )
        self.requests = Counter(
            "hsgraph_requests",
            "Requests by route and class of status, answered from the cache or not",
            ["route", "status"],
            registry=registry,
        )
        self.answer_seconds = Histogram(
            "hsgraph_answer_seconds",
            "Time to make an answer that was not cached, by route",
            ["route"],
            buckets=BUCKETS,
            registry=registry,
        )
        self.cache = Counter(
            "hsgraph_cache",
            "Requests that the cache of answers could have served",
            ["result"],
            registry=registry,
        )
        self.cache_hits = self.cache.labels("hit")
        self.cache_misses = self.cache.labels("miss")
        self.cache_evictions = Counter(
            "hsgraph_cache_evictions",
            "Answers that left the cache to make room",
            registry=registry,
        )
        self.cache_bytes = Gauge(
            "hsgraph_cache_bytes",
            "Bytes of finished answers that are kept, with their keys",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.in_progress = Gauge(
            "hsgraph_requests_in_progress",
            "Requests that the application is at work on",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.queries = Counter("hsgraph_queries", "SPARQL queries from outside", registry=registry)
        self.refused_queries = Counter(
            "hsgraph_queries_refused",
            "Queries refused since all runners were at work",
            registry=registry,
        )
        self.slow_queries = Counter(
            "hsgraph_slow_queries",
            "Queries that took longer than the setting slow_seconds",
            registry=registry,
        )

    def answered(self, status: int, route: str = OTHER) -> None:
        """Count an answer by its status and its route."""
        self.answers.labels(str(status)).inc()
        self.requests.labels(route, f"{status // 100}xx").inc()

    def made(self, status: int, route: str, seconds: float) -> None:
        """Count an answer, and the time that it took to make."""
        self.answered(status, route)
        self.answer_seconds.labels(route).observe(seconds)

    def text(self, more: Iterable[Metric] = ()) -> bytes:
        """All counts as Prometheus reads them, and more of them."""
        registry = self._registry
        if os.environ.get(FOLDER_VARIABLE):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        extra = CollectorRegistry()
        extra.register(_Given(more))
        return generate_latest(registry) + generate_latest(extra)


class _Given:
    """Metrics that were worked out already, as a registry collects them."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        return self._metrics
