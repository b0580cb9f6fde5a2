"""What workers count, by the Prometheus client library; all processes of a server are summed.

The library shares counts by files in the folder that PROMETHEUS_MULTIPROC_DIR names; the server
sets it before a worker imports this. Without it (in tests) counts are those of the process.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Final, cast

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
from prometheus_client.registry import Collector

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
        counter = partial(Counter, registry=registry)
        gauge = partial(Gauge, registry=registry, multiprocess_mode="livesum")
        about = "Requests by route and class of status, answered from the cache or not"
        self.answers = counter("hsgraph_answers", "Answers by status", ["status"])
        self.requests = counter("hsgraph_requests", about, ["route", "status"])
        about = "Time to make an answer that was not cached, by route"
        self.answer_seconds = Histogram(
            "hsgraph_answer_seconds", about, ["route"], buckets=BUCKETS, registry=registry
        )
        about = "Requests that the cache of answers could have served"
        cache = counter("hsgraph_cache", about, ["result"])
        self.cache_hits, self.cache_misses = cache.labels("hit"), cache.labels("miss")
        about = "Answers that left the cache to make room"
        self.cache_evictions = counter("hsgraph_cache_evictions", about)
        about = "Bytes of finished answers that are kept, with their keys"
        self.cache_bytes = gauge("hsgraph_cache_bytes", about)
        about = "Requests that the application is at work on"
        self.in_progress = gauge("hsgraph_requests_in_progress", about)
        self.queries = counter("hsgraph_queries", "SPARQL queries from outside")
        about = "Queries refused since all runners were at work"
        self.refused_queries = counter("hsgraph_queries_refused", about)
        about = "Queries that took longer than the setting slow_seconds"
        self.slow_queries = counter("hsgraph_slow_queries", about)

    def answered(self, status: int, route: str = OTHER) -> None:
        self.answers.labels(str(status)).inc()
        self.requests.labels(route, f"{status // 100}xx").inc()

    def text(self, more: Iterable[Metric] = ()) -> bytes:
        """All counts as Prometheus reads them, and more of them."""
        counts: Collector = self._registry
        if folder := os.environ.get(FOLDER_VARIABLE):
            counts = cast(Collector, SimpleNamespace(collect=lambda: _shared(Path(folder))))
        extra = cast(Collector, SimpleNamespace(collect=lambda: more))
        return generate_latest(counts) + generate_latest(extra)


def _shared(folder: Path) -> Iterable[Metric]:
    """What all workers have counted.

    The files of one that starts are empty at first, and stay so where it is killed then; the
    library reads none of them.
    """
    files = [str(file) for file in folder.glob("*.db") if _is_filled(file)]
    return cast(Iterable[Metric], MultiProcessCollector.merge(files))  # type: ignore[no-untyped-call]


def _is_filled(file: Path) -> bool:
    with suppress(FileNotFoundError):
        return file.stat().st_size > 0
    return False
