"""Fixtures shared by all tests: the real project, built once, and servers over it."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.order import LONGEST, ByFile

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from xdist.remote import Producer

    from hsgraph.build.snapshot import Snapshot
    from hsgraph.graph import KnowledgeGraph

ROOT = Path(__file__).resolve().parent.parent
SMALL = Path(__file__).resolve().parent / "fixtures" / "small"
START_SECONDS = 60
ALSO = ("palestine-jordan-valley-livelihoods", "serbia-southwest-sandzak")
"""Programmes by which each rule derives something, and which tests name."""


def pytest_report_header() -> list[str]:
    """Say which of the optional servers and clients the tests have."""
    jar = os.environ.get("HSGRAPH_TEST_FUSEKI_JAR")
    java = shutil.which("javac")
    return [
        f"fuseki, jena: {jar or 'not tested, since HSGRAPH_TEST_FUSEKI_JAR names no jar'}",
        f"java's HttpClient: {java or 'not tested, since there is no JDK'}",
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others in their order."""
    places = {f"{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get("/".join(item.path.parts[-2:]), len(places)))


def pytest_collection_finish() -> None:
    """Collect garbage rarely, and never look through the tests themselves for it.

    Each process holds half a million objects, of tests and of graphs, that stay to the end.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile | None:
    """With `--dist loadfile`, processes take files as `ByFile` gives them."""
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session", autouse=True)
def _compiled(shared: Path) -> None:
    """What templates are compiled to, kept for all applications of a run."""
    from hsgraph.server.markup.translate import keep_compiled

    keep_compiled(shared / "compiled-templates")


@pytest.fixture(scope="session", autouse=True)
def _compiled_routes() -> Iterator[None]:
    """What builds the address of a route, compiled once for all applications of a process.

    It depends on how the route is written alone; making an application is little else.
    """
    from werkzeug.routing import Rule

    compile_one = Rule._compile_builder
    made: dict[Hashable, Callable[..., tuple[str, str]]] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in made:
            made[key] = compile_one(rule, append_unknown)
        return made[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Rule, "_compile_builder", compiled)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of a run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def built(project: Path, target: Path) -> Path:
    """The folder with the built snapshot of a project, built by one test process for all."""
    from hsgraph.build.pipeline import build_project, fresh

    with one_at_a_time(target):
        if fresh(project, target) is None:
            build_project(project, target)
    return target


@contextmanager
def one_at_a_time(target: Path) -> Iterator[None]:
    """What test processes have in common is made by one of them while the others wait."""
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def snapshots(shared: Path) -> Path:
    """A folder with the built snapshot of the real project."""
    return built(ROOT, shared / "snapshots")


@pytest.fixture(scope="session")
def tenth(shared: Path) -> Path:
    """The project with every tenth programme, for what would take minutes over all."""
    folder = shared / "tenth"
    with one_at_a_time(folder):
        if not folder.exists():
            for name in ("ontology", "data"):
                shutil.copytree(ROOT / name, folder / name)
            for number, file in enumerate(sorted((folder / "data" / "projects").glob("*.ttl"))):
                if number % 10 and file.stem not in ALSO:
                    file.unlink()
    return folder


@pytest.fixture(scope="session")
def tenth_snapshot(tenth: Path, shared: Path) -> Snapshot:
    """The project with every tenth programme, built."""
    from hsgraph.build.snapshot import Snapshot

    return Snapshot.current(built(tenth, shared / "tenth-snapshots"))


@pytest.fixture(scope="session")
def tenth_graph(tenth_snapshot: Snapshot) -> Iterator[KnowledgeGraph]:
    """The project with every tenth programme, opened."""
    from hsgraph.graph import KnowledgeGraph

    with KnowledgeGraph.open(tenth_snapshot.path) as opened:
        yield opened


@pytest.fixture(scope="session")
def snapshot(snapshots: Path) -> Snapshot:
    """The real project, built."""
    from hsgraph.build.snapshot import Snapshot

    return Snapshot.current(snapshots)


@pytest.fixture(scope="session")
def graph(snapshot: Snapshot) -> Iterator[KnowledgeGraph]:
    """The real project, opened."""
    from hsgraph.graph import KnowledgeGraph

    with KnowledgeGraph.open(snapshot.path) as opened:
        yield opened


@pytest.fixture(scope="session")
def small_snapshot(shared: Path) -> Snapshot:
    """The small fixture project, built: a few things of every class."""
    from hsgraph.build.snapshot import Snapshot

    return Snapshot.current(built(SMALL, shared / "small-snapshots"))


@pytest.fixture(scope="session")
def small_graph(small_snapshot: Snapshot) -> Iterator[KnowledgeGraph]:
    """The small fixture project, opened."""
    from hsgraph.graph import KnowledgeGraph

    with KnowledgeGraph.open(small_snapshot.path) as opened:
        yield opened


@pytest.fixture(scope="session")
def app(graph: KnowledgeGraph) -> Flask:
    """The Flask application over the real project."""
    from hsgraph.server.app import create_app
    from hsgraph.settings import load

    return create_app(graph, load(environ={}))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session", autouse=True)
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """With HSGRAPH_TEST_FRONT=nginx, all test clients ask over nginx."""
    if os.environ.get("HSGRAPH_TEST_FRONT") != "nginx":
        yield
        return
    from tests.deploy.in_front import over_nginx

    with over_nginx(tmp_path_factory.mktemp("front")):
        yield


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return once the server is ready; fail with its exit code when it ended."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"hsgraph serve ended with {process.returncode}")
        try:
            with urllib.request.urlopen(address + "readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"hsgraph serve was not ready after {START_SECONDS} s")


@pytest.fixture(scope="session")
def server(snapshots: Path) -> Iterator[str]:
    """The address, with a slash at the end, of a real `hsgraph serve` over the real project.

    One worker is enough for one who reads, and learns the words of the graph once.
    """
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "hsgraph", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "HSGRAPH_SNAPSHOTS": str(snapshots), "HSGRAPH_WORKERS": "1"},
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_until_ready(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
