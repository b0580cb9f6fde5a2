"""For operators: is it up, is it ready, how much is it used."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, jsonify
from prometheus_client.metrics_core import CounterMetricFamily as Count
from prometheus_client.metrics_core import GaugeMetricFamily as Gauge
from prometheus_client.metrics_core import Metric

from hsgraph.describe.dataset import graph_sizes
from hsgraph.engine.protocol import Limits
from hsgraph.engine.runners.client import GuardedEngine
from hsgraph.errors import EngineBusy, EngineUnavailable, HsgraphError
from hsgraph.formats import RESULTS_JSON
from hsgraph.server.http.representation import not_stored
from hsgraph.server.ops import metrics
from hsgraph.server.ops.run_folder import Status
from hsgraph.server.site import Site, current

health: Final = Blueprint("health", __name__)
_REASONS: Final = ("timeout", "memory", "stack", "crash", "abandoned", "preempted")


@health.get("/healthz")
def alive() -> Response:
    """Whether this process answers; it says nothing of the data."""
    return not_stored(Response("ok\n", content_type="text/plain; charset=utf-8"))


@health.get("/readyz")
def ready() -> Response:
    """Whether data is loaded, our own queries are answered, and runners answer those of others.

    A last build that failed does not make it unready, since the data of before are served; it is
    told. Nor do runners that are all at work: pages answer, and queries wait or are told to. It is
    told, too, whether runners are in a network namespace of their own; null where none answers.
    """
    site = current()
    started = time.monotonic()
    runners = None
    with suppress(EngineUnavailable):
        runners = _of_runners(site)
    checks = {
        "snapshot": not site.damage,
        "search": _passes(lambda: bool(site.graph.search("human security", limit=1))),
        "data": _passes(lambda: site.engine.ask("ASK { ?s ?p ?o }")),
        "queries": _passes(lambda: _asks(site, runners)),
    }
    good = all(checks.values())
    response = jsonify(
        ready=good,
        isolated=bool(runners["isolated"]) if runners else None,
        version=site.version if checks["data"] else None,
        checks=checks,
        **_of_builds(site),
        seconds=round(time.monotonic() - started, 4),
    )
    response.status_code = 200 if good else 503
    return not_stored(response)


def _asks(site: Site, runners: Mapping[str, Any] | None) -> bool:
    """Whether queries from outside are answered, or only wait since all runners are at work."""
    if runners and runners["running"] >= site.settings.runners:
        return True
    limits = Limits(seconds=2.0, bytes=1000)
    try:
        return bool(site.engine.answer("ASK {}", {"ask": RESULTS_JSON}, limits=limits).body)
    except EngineBusy:
        return True


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except HsgraphError:
        return False


@health.get("/metrics")
def counters() -> Response:
    """Counters of all workers, in Prometheus' text form."""
    text = current().metrics.text(_metrics(current()))
    return not_stored(Response(text, content_type=metrics.CONTENT_TYPE))


def _of_builds(site: Site) -> dict[str, Any]:
    """What /readyz says besides its checks; nothing where there is no parent process."""
    if site.run_folder is None:
        return {}
    status = site.run_folder.status()
    return {
        "generation": status.generation,
        "since": _time(status.since),
        "build": {
            "ok": not status.error,
            "building": status.building,
            "at": _time(status.build_at),
            "seconds": status.build_seconds,
            "error": status.error or None,
            "places": status.places,
        },
    }


def _of_runners(site: Site) -> dict[str, int]:
    """The counters of the runners; empty for an engine without. Raises `EngineUnavailable`."""
    engine = site.engine
    return engine.client.statistics() if isinstance(engine, GuardedEngine) else {}


def _metrics(site: Site) -> Iterator[Metric]:
    """All that /metrics says besides what the workers count themselves."""
    named, triples = graph_sizes(site.engine)
    yield Gauge("hsgraph_triples", "Triples that are served", triples)
    yield Gauge("hsgraph_graphs", "Named graphs that are served", len(named))
    about = "The version of the data that is served"
    yield _labelled(Gauge("hsgraph_snapshot_info", about, labels=["version"]), {site.version: 1})
    up = "Whether the query host answers"
    try:
        if found := _of_runners(site):
            yield Gauge("hsgraph_query_host_up", up, 1)
            yield from _runner_metrics(found)
    except EngineUnavailable:
        yield Gauge("hsgraph_query_host_up", up, 0)
    if site.run_folder is not None:
        yield from _status_metrics(site.run_folder.status())


def _runner_metrics(found: Mapping[str, int]) -> Iterator[Metric]:
    busy = found["running"]
    runners = Gauge("hsgraph_runners", "Runners by what they do", labels=["state"])
    yield _labelled(runners, {"busy": busy, "idle": found["runners"] - busy})
    yield Gauge("hsgraph_runner_queue", "Whether a query waits for a runner", found["waiting"])
    isolated = "Whether runners are in a network namespace of their own"
    yield Gauge("hsgraph_runners_isolated", isolated, found["isolated"])
    yield Count("hsgraph_runner_queries", "Queries that reached a runner", found["queries"])
    yield Count("hsgraph_runner_forks", "Runners started", found.get("forks", 0))
    failed = found.get("fork_failures", 0)
    yield Count("hsgraph_runner_fork_failures", "Runners that could not be started", failed)
    about = "Queries that ended with their runner, by reason"
    stops = Count("hsgraph_runner_stops", about, labels=["reason"])
    yield _labelled(stops, {reason: found.get("stopped_" + reason, 0) for reason in _REASONS})


def _status_metrics(status: Status) -> Iterator[Metric]:
    age = time.time() - status.since if status.since else 0.0
    yield Gauge("hsgraph_snapshot_age_seconds", "Since when these data are served", age)
    builds = Count("hsgraph_builds", "Builds while serving, by result", labels=["result"])
    yield _labelled(builds, {"ok": status.builds, "failed": status.failed_builds})
    yield Gauge("hsgraph_build_ok", "Whether the last build came to data", not status.error)
    yield Gauge("hsgraph_build_seconds", "How long the last build took", status.build_seconds)
    yield Count("hsgraph_reloads", "Times that newer data took over", status.generation - 1)
    about = "Processes that died and were started again"
    restarts = {
        "query_host": status.host_restarts,
        "web_server": status.web_restarts,
        "worker": status.worker_restarts,
    }
    yield _labelled(Count("hsgraph_restarts", about, labels=["process"]), restarts)


def _labelled(family: Gauge | Count, samples: Mapping[str, float]) -> Metric:
    for label, value in samples.items():
        family.add_metric([label], value)
    return family


def _time(seconds: float) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None
