"""`hsgraph serve --endpoint` over a real server, and what it says when that server is not right."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import servers
from hsgraph.cli import run
from hsgraph.engine.remote import data_version
from hsgraph.engine.remote.data_version import Version
from hsgraph.engine.remote.engine import RemoteEngine
from hsgraph.engine.remote.values import alike, literal
from hsgraph.errors import EngineUnavailable
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import GEO, XSD
from hsgraph.publish.graph_store import Addresses, GraphStore
from hsgraph.publish.upload import publish
from tests.serving import eventually

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def database(
    small_graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Server]:
    """Oxigraph's server with the small project."""
    assert small_graph.snapshot is not None
    with servers.oxigraph(tmp_path_factory.mktemp("database")) as server:
        publish(small_graph.snapshot, GraphStore(Addresses.of(server.publish)))
        yield server


@pytest.fixture(scope="module")
def site(database: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real `hsgraph serve` over it."""
    port = servers.free_port()
    command = [sys.executable, "-m", "hsgraph", "serve", "--endpoint", database.query]
    folder = tmp_path_factory.mktemp("site")
    with servers.running([*command, "--port", str(port)], folder, cwd=ROOT) as process:
        servers.wait_for(f"http://127.0.0.1:{port}/readyz", process, folder)
        yield f"http://127.0.0.1:{port}/"


def get(address: str, accept: str = "text/html") -> str:
    request = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=20) as response:
        return str(response.read().decode())


def test_pages_search_and_queries_answer(site: str, small_graph: KnowledgeGraph) -> None:
    rows = small_graph.engine.select(
        "SELECT ?thing ?label { ?thing a hs:Project ; skos:prefLabel ?label } ORDER BY ?thing"
    ).rows
    slug, label = rows[0]["thing"].value.rpartition("/")[2], rows[0]["label"].value
    assert label in get(f"{site}project/{slug}")
    assert slug in get(f"{site}search?q={label.split()[0]}")
    query = "SELECT%20*%20%7B%20?s%20a%20hs:Project%20%7D"
    found = json.loads(get(f"{site}sparql?query={query}", "application/sparql-results+json"))
    assert len(found["results"]["bindings"]) == len(rows)


def test_no_page_leads_to_checks_that_were_not_made(site: str) -> None:
    for path in ("", "about"):
        assert '/quality"' not in get(f"{site}{path}")


def test_a_default_graph_that_is_not_the_union_is_told(
    small_graph: KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert small_graph.snapshot is not None
    with servers.oxigraph(tmp_path, union=False) as server:
        publish(small_graph.snapshot, GraphStore(Addresses.of(server.publish)))
        with pytest.raises(EngineUnavailable, match="not the union") as caught:
            RemoteEngine(server.query).check()
        assert "--union-default-graph" in str(caught.value.remedy)


def test_an_empty_server_is_told(tmp_path: Path) -> None:
    with servers.oxigraph(tmp_path) as server:
        for _ in range(2):
            with pytest.raises(EngineUnavailable, match="no data in a named graph"):
                RemoteEngine(server.query).check()
            in_no_graph = urllib.request.Request(
                f"{server.publish}?default", b"<a:a> <a:b> 1 .", {"Content-Type": "text/turtle"}
            )
            urllib.request.urlopen(in_no_graph).close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What a version takes for the time; nothing but a test moves it."""
    now = SimpleNamespace(day=1_000_000_000.0, elapsed=1000.0)
    told = SimpleNamespace(time=lambda: now.day, monotonic=lambda: now.elapsed)
    monkeypatch.setattr(data_version, "time", told)
    return now


@pytest.mark.usefixtures("clock")
def test_the_version_changes_with_the_data(database: servers.Server) -> None:
    engine = RemoteEngine(database.query)
    version = Version("one", engine.counts)
    first = version.read()
    assert version.read() == first
    store = GraphStore(Addresses.of(database.publish))
    store.put("http://example.org/new", b"<http://e/s> <http://e/p> <http://e/o> .\n")
    try:
        assert Version("one", engine.counts).read() != first
    finally:
        store.update(["DROP GRAPH <http://example.org/new>"])


def test_a_version_is_polled_now_and_then_and_survives_a_server_that_is_down(
    clock: SimpleNamespace,
) -> None:
    asked = []

    def count() -> dict[str, int]:
        asked.append(clock.elapsed)
        if len(asked) > 1:
            raise EngineUnavailable("Gone.")
        return {"http://e/g": 1}

    version = Version("one", count)
    first = version.read()
    clock.elapsed += 29
    assert version.read() == first
    assert len(asked) == 1
    clock.elapsed += 2
    assert version.read() == first
    assert eventually(lambda: len(asked) == 2)
    assert version.read() == first


def test_a_clock_that_is_set_back_stops_no_counting(clock: SimpleNamespace) -> None:
    counted = []

    def count() -> dict[str, int]:
        counted.append(clock.day)
        return {}

    version = Version("one", count)
    version.read()
    clock.day = 0.0
    clock.elapsed += 31
    assert eventually(lambda: version.read() and 0.0 in counted)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("876579.00", XSD + "decimal"), '"876579"^^<' + XSD + "decimal>"),
        (("1", XSD + "boolean"), '"true"^^<' + XSD + "boolean>"),
        (("007", XSD + "integer"), '"7"^^<' + XSD + "integer>"),
        (("no number", XSD + "integer"), '"no number"^^<' + XSD + "integer>"),
        (
            ("POINT(20 43)", "http://www.openlinksw.com/schemas/virtrdf#Geometry"),
            '"POINT(20 43)"^^<' + GEO + "wktLiteral>",
        ),
    ],
)
def test_values_have_one_form(given: tuple[str, str], kept: str) -> None:
    assert str(literal(*given)) == kept


def test_an_answer_to_ask_in_the_form_of_select_is_understood() -> None:
    row = {"__ASK_RETVAL": {"type": "typed-literal", "value": "1"}}
    answer = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [row]}}
    assert json.loads(alike(json.dumps(answer).encode())) == {"head": {}, "boolean": True}
    answer["results"] = {"bindings": []}
    assert json.loads(alike(json.dumps(answer).encode())) == {"head": {}, "boolean": False}


def test_files_and_an_endpoint_are_not_served_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text("<http://e/s> <http://e/p> 1 .")
    assert run(["serve", str(file), "--endpoint", "http://127.0.0.1:9/"]) == 2


def test_a_server_that_is_not_there_ends_the_command(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{servers.free_port()}/query"
    command = [sys.executable, "-m", "hsgraph", "serve", "--port", "0", "--endpoint", url]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 4
    assert "cannot be reached" in ended.stderr
