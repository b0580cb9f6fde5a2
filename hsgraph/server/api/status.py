"""The state of the server for operators: what is served since when, builds, runners."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from hsgraph.describe.service import graph_sizes
from hsgraph.engine.runners.client import GuardedEngine
from hsgraph.errors import EngineUnavailable
from hsgraph.server.ops.run_folder import Status
from hsgraph.server.site import Site

_REASONS: Final = ("timeout", "memory", "stack", "crash", "abandoned", "preempted")


def of_builds(site: Site) -> dict[str, Any]:
    """What /readyz says besides its checks; nothing where there is no parent process."""
    if site.run_folder is None:
        return {}
    status = site.run_folder.status()
    return {
        "generation": status.generation,
        "since": _time(status.since),
        "build": {
            "ok": status.build_ok,
            "building": status.building,
            "at": _time(status.build_at),
            "seconds": status.build_seconds,
            "error": status.error or None,
            "places": status.places,
        },
    }


def of_runners(site: Site) -> dict[str, int]:
    """The counters of the runners; empty for an engine without. Raises `EngineUnavailable`."""
    engine = site.engine
    return engine.client.statistics() if isinstance(engine, GuardedEngine) else {}


def metrics(site: Site) -> Iterator[Metric]:
    """All that /metrics says besides what the workers count themselves."""
    named, triples = graph_sizes(site.engine, site.version)
    yield _gauge("hsgraph_triples", "Triples that are served", triples)
    yield _gauge("hsgraph_graphs", "Named graphs that are served", len(named))
    about = "The version of the data that is served"
    version = GaugeMetricFamily("hsgraph_snapshot_info", about, labels=["version"])
    version.add_metric([site.version], 1)
    yield version
    yield from _runner_metrics(site)
    if site.run_folder is not None:
        yield from _status_metrics(site.run_folder.status())


def _runner_metrics(site: Site) -> Iterator[Metric]:
    up = "Whether the query host answers"
    try:
        found = of_runners(site)
    except EngineUnavailable:
        yield _gauge("hsgraph_query_host_up", up, 0)
        return
    if not found:
        return
    busy = found["running"]
    yield _gauge("hsgraph_query_host_up", up, 1)
    yield _labelled(
        GaugeMetricFamily("hsgraph_runners", "Runners by what they do", labels=["state"]),
        (("busy", busy), ("idle", found["runners"] - busy)),
    )
    yield _gauge("hsgraph_runner_queue", "Whether a query waits for a runner", found["waiting"])
    isolated = "Whether runners are in a network namespace of their own"
    yield _gauge("hsgraph_runners_isolated", isolated, found["isolated"])
    yield _counter("hsgraph_runner_queries", "Queries that reached a runner", found["queries"])
    yield _counter("hsgraph_runner_forks", "Runners started", found.get("forks", 0))
    failed = found.get("fork_failures", 0)
    yield _counter("hsgraph_runner_fork_failures", "Runners that could not be started", failed)
    stops = "Queries that ended with their runner, by reason"
    yield _labelled(
        CounterMetricFamily("hsgraph_runner_stops", stops, labels=["reason"]),
        ((reason, found.get("stopped_" + reason, 0)) for reason in _REASONS),
    )


def _status_metrics(status: Status) -> Iterator[Metric]:
    age = time.time() - status.since if status.since else 0.0
    yield _gauge("hsgraph_snapshot_age_seconds", "Since when these data are served", age)
    yield _labelled(
        CounterMetricFamily("hsgraph_builds", "Builds while serving, by result", labels=["result"]),
        (("ok", status.builds), ("failed", status.failed_builds)),
    )
    yield _gauge("hsgraph_build_ok", "Whether the last build came to data", status.build_ok)
    yield _gauge("hsgraph_build_seconds", "How long the last build took", status.build_seconds)
    yield _counter("hsgraph_reloads", "Times that newer data took over", status.reloads)
    yield _labelled(
        CounterMetricFamily(
            "hsgraph_restarts", "Processes that died and were started again", labels=["process"]
        ),
        (
            ("query_host", status.host_restarts),
            ("web_server", status.web_restarts),
            ("worker", status.worker_restarts),
        ),
    )


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _counter(name: str, about: str, value: float) -> Metric:
    return CounterMetricFamily(name, about, value=value)


def _labelled(
    family: GaugeMetricFamily | CounterMetricFamily, samples: Iterable[tuple[str, float]]
) -> Metric:
    for label, value in samples:
        family.add_metric([label], value)
    return family


def _time(seconds: float) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None
