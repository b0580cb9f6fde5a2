"""Real servers on loopback: Oxigraph and Virtuoso always, Fuseki where its jar is named."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from benchmarks import servers
from hsgraph.engine.remote.connection import Credentials
from hsgraph.publish.graph_store import Addresses, GraphStore

FUSEKI_JAR = os.environ.get(servers.FUSEKI_VARIABLE, "")
Start = Callable[[Path], AbstractContextManager[servers.Server]]
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""A server that runs for a minute gains nothing by code compiled as well as can be."""
STARTS: dict[str, Start] = {"virtuoso": servers.virtuoso, "oxigraph": servers.oxigraph}
if FUSEKI_JAR:
    STARTS["fuseki"] = lambda folder: servers.fuseki(Path(FUSEKI_JAR), folder, java=BRIEF)


@pytest.fixture(scope="module", params=list(STARTS))
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Server]:
    """A server that was started for one module; fails, with what to install, without one."""
    try:
        with STARTS[request.param](tmp_path_factory.mktemp(request.param)) as server:
            yield server
    except servers.MissingServer as missing:
        pytest.fail(str(missing))


@pytest.fixture(scope="module")
def store(running: servers.Server) -> GraphStore:
    """The way to write to the server."""
    credentials = Credentials(running.user, running.password)
    return GraphStore(Addresses.of(running.publish), credentials)
