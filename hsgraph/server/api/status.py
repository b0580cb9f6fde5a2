"""The state of the server for operators: what is served since when, builds, runners."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from hsgraph.engine.runners.client import GuardedEngine
from hsgraph.errors import EngineUnavailable
from hsgraph.server.api.service_description import graph_sizes
from hsgraph.server.ops.shared_status import State
from hsgraph.server.site import Site

_STOPPED: Final = ("timeout", "memory", "stack", "crash", "abandoned")
_COUNTED: Final = (
    ("hsgraph_runner_queries_total", "queries", "Queries that reached the runners"),
    ("hsgraph_runner_refused_total", "refused_busy", "Queries refused since all runners were busy"),
    ("hsgraph_runner_forks_total", "forks", "Runners started"),
    ("hsgraph_runner_fork_failures_total", "fork_failures", "Runners that could not be started"),
)
Family = tuple[str, str, Sequence[tuple[str, float]]]


def told(site: Site) -> dict[str, Any]:
    """What /readyz says besides its checks; nothing where there is no supervisor."""
    if site.board is None:
        return {}
    state = site.board.read()
    return {
        "generation": state.generation,
        "since": _time(state.since),
        "build": {
            "ok": state.build_ok,
            "building": state.building,
            "at": _time(state.build_at),
            "seconds": state.build_seconds,
            "error": state.error or None,
            "places": state.places,
        },
    }


def runners(site: Site) -> dict[str, int]:
    """The counters of the runners; empty for an engine without. Raises `EngineUnavailable`."""
    engine = site.engine
    return engine.client.statistics() if isinstance(engine, GuardedEngine) else {}


def gauges(site: Site) -> Iterator[Family]:
    """All that /metrics says besides what the workers count themselves."""
    named, triples = graph_sizes(site, site.version)
    yield "hsgraph_triples", "Triples that are served", [("", triples)]
    yield "hsgraph_graphs", "Named graphs that are served", [("", len(named))]
    version = [(f'{{version="{site.version}"}}', 1.0)]
    yield "hsgraph_snapshot_info", "The version of the data that is served", version
    yield from _of_runners(site)
    if site.board is not None:
        yield from _of_builds(site.board.read())


def _of_runners(site: Site) -> Iterator[Family]:
    try:
        found = runners(site)
    except EngineUnavailable:
        yield "hsgraph_runner_host_up", "Whether the runners' host answers", [("", 0)]
        return
    if not found:
        return
    yield "hsgraph_runner_host_up", "Whether the runners' host answers", [("", 1)]
    busy = found["running"]
    states = [('{state="busy"}', float(busy)), ('{state="idle"}', float(found["runners"] - busy))]
    yield "hsgraph_runners", "Runners by what they do", states
    yield "hsgraph_runner_queue", "Queries that wait for a runner", [("", found["waiting"])]
    for name, key, about in _COUNTED:
        yield name, about, [("", found.get(key, 0))]
    kills = [(f'{{reason="{why}"}}', float(found.get("stopped_" + why, 0))) for why in _STOPPED]
    yield "hsgraph_runner_stops_total", "Queries that ended with their runner, by reason", kills


def _of_builds(state: State) -> Iterator[Family]:
    age = time.time() - state.since if state.since else 0.0
    yield "hsgraph_snapshot_age_seconds", "Since when these data are served", [("", age)]
    results = [('{result="ok"}', float(state.builds)), ('{result="failed"}', state.failed_builds)]
    yield "hsgraph_builds_total", "Builds while serving, by result", results
    yield "hsgraph_build_ok", "Whether the last build came to data", [("", state.build_ok)]
    yield "hsgraph_build_seconds", "How long the last build took", [("", state.build_seconds)]
    yield "hsgraph_reloads_total", "Times that newer data took over", [("", state.reloads)]
    restarts = [("", float(state.restarts))]
    yield "hsgraph_generation_restarts_total", "Times that serving processes had died", restarts
    hosts = [("", float(state.host_restarts))]
    yield "hsgraph_runner_host_restarts_total", "Times that the runners' host had died", hosts


def _time(seconds: float) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None
