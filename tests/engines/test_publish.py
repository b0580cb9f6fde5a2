"""Publishing into real servers: graphs arrive, old ones go, a failure leaves all as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode

from benchmarks.servers import Server, free_port
from hsgraph.build.artifacts.metadata import GRAPH as METADATA
from hsgraph.build.snapshot import Snapshot
from hsgraph.cli import run
from hsgraph.engine.lookups import Term
from hsgraph.engine.protocol import Engine
from hsgraph.engine.remote.connection import Credentials
from hsgraph.engine.remote.engine import RemoteEngine
from hsgraph.errors import BadRequest, EngineUnavailable, SnapshotError
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import GRAPH
from hsgraph.publish.graph_store import Addresses, GraphStore
from hsgraph.publish.upload import STAGED, PublishFailed, publish
from hsgraph.settings import Settings
from hsgraph.settings.addresses import PASSWORD_VARIABLE, USER_VARIABLE

pytestmark = pytest.mark.timeout(300)
A, B, C = (f"{GRAPH}data/{name}" for name in "abc")
OTHER = "http://example.org/of-others"
AS_WKT = NamedNode("http://www.opengis.net/ont/geosparql#asWKT")


@dataclass(frozen=True)
class Content:
    """A snapshot as far as publishing needs one."""

    version: str
    data: Path
    metadata: Path | None = None


def content(folder: Path, **graphs: int) -> Content:
    """Graphs a, b, c with as many triples as said."""
    path = folder / "data.nq"
    path.write_text(
        "".join(
            f'<http://e/{number}> <http://e/p> "{name} {number}" <{GRAPH}data/{name}> .\n'
            for name, count in graphs.items()
            for number in range(count)
        )
    )
    return Content("0123456789abcdef", path)


def ours(store: GraphStore) -> dict[str, int]:
    """The graphs of the server but for those that it brought along."""
    known = (GRAPH, "urn:hsgraph:", OTHER)
    return {iri: count for iri, count in store.counts().items() if iri.startswith(known)}


@pytest.fixture
def empty(store: GraphStore) -> GraphStore:
    """The server without graphs of ours."""
    for iri in ours(store):
        store.update([f"DROP SILENT GRAPH <{iri}>"])
    return store


class Failing(GraphStore):
    """A store whose connection breaks at a certain update."""

    def __init__(self, store: GraphStore, credentials: Credentials, fails_at: int) -> None:
        super().__init__(store.addresses, credentials)
        self._left = fails_at

    def update(self, operations: Sequence[str]) -> None:
        self._left -= 1
        if self._left == 0:
            raise EngineUnavailable("The connection broke.")
        super().update(operations)


def test_a_project_reads_back_as_it_was_built(
    empty: GraphStore, running: Server, small_graph: KnowledgeGraph
) -> None:
    """Names and values of every kind but points; publishing itself counts them.

    Virtuoso keeps the numbers of points in 32 bits.
    """
    assert small_graph.snapshot is not None
    publish(small_graph.snapshot, empty)
    built = statements(small_graph.engine)
    assert len(built) > 1000
    missing = built - statements(RemoteEngine(running.query, Settings(query_seconds=60)))
    assert {row for row in missing if row[2] != AS_WKT} == set()


def statements(engine: Engine) -> set[tuple[Term, ...]]:
    """Those of our graphs, but for those about nodes that a server names as it likes."""
    starts = f'STRSTARTS(STR(?g), "{GRAPH}")'
    found = engine.select(f"SELECT ?g ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({starts}) }}")
    rows = [tuple(row[name] for name in "gspo") for row in found.rows]
    return {row for row in rows if not any(isinstance(term, BlankNode) for term in row)}


def test_every_graph_arrives_and_publishing_again_changes_nothing(
    empty: GraphStore, tmp_path: Path
) -> None:
    snapshot = content(tmp_path, a=3, b=200, c=1)
    plan = publish(snapshot, empty)
    assert ours(empty) == {A: 3, B: 200, C: 1} == plan.graphs
    assert plan.replaced == ()
    assert publish(snapshot, empty).replaced == (A, B, C)
    assert ours(empty) == {A: 3, B: 200, C: 1}


def test_the_description_of_a_snapshot_goes_with_it(
    empty: GraphStore, small_snapshot: Snapshot
) -> None:
    """The graph that says what a snapshot holds is put and counted like the others."""
    snapshot = small_snapshot
    assert snapshot.metadata is not None
    described = snapshot.metadata.read_bytes().count(b"\n")
    plan = publish(snapshot, empty)
    assert plan.graphs[METADATA] == described > 100
    assert plan.triples == snapshot.manifest.quads + described
    assert ours(empty) == plan.graphs


@pytest.mark.parametrize("fails_at", [1, 3])
def test_a_failure_leaves_the_older_description_too(
    empty: GraphStore, running: Server, tmp_path: Path, fails_at: int
) -> None:
    publish(content(tmp_path, a=3), empty)
    empty.put(METADATA, b"<http://e/s> <http://e/p> <http://e/o> .\n")
    about = tmp_path / "metadata.nq"
    lines = (f'<http://e/s> <http://e/p> "{n}" <{METADATA}> .\n' for n in range(5))
    about.write_text("".join(lines))
    newer = content(tmp_path, a=3)
    credentials = Credentials(running.user, running.password)
    steps = 1 if empty.addresses.atomic else fails_at
    with pytest.raises(PublishFailed):
        publish(Content(newer.version, newer.data, about), Failing(empty, credentials, steps))
    assert ours(empty) == {A: 3, METADATA: 1}


def test_graphs_of_an_older_version_go_and_those_of_others_stay(
    empty: GraphStore, tmp_path: Path
) -> None:
    publish(content(tmp_path, a=3, b=2), empty)
    empty.put(OTHER, b"<http://e/s> <http://e/p> <http://e/o> .\n")
    plan = publish(content(tmp_path, b=1, c=4), empty)
    assert ours(empty) == {B: 1, C: 4, OTHER: 1}
    assert plan.removed == (A,)
    assert OTHER in plan.others


def test_a_dry_run_tells_and_does_nothing(empty: GraphStore, tmp_path: Path) -> None:
    publish(content(tmp_path, a=3), empty)
    plan = publish(content(tmp_path, b=2), empty, dry_run=True)
    assert (plan.graphs, plan.removed, plan.replaced) == ({B: 2}, (A,), ())
    assert ours(empty) == {A: 3}


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_failure_on_the_way_leaves_the_old_graphs(
    empty: GraphStore, running: Server, tmp_path: Path, fails_at: int
) -> None:
    publish(content(tmp_path, a=3, b=2), empty)
    credentials = Credentials(running.user, running.password)
    steps = 1 if empty.addresses.atomic else fails_at
    with pytest.raises(PublishFailed, match="The connection broke"):
        publish(content(tmp_path, a=30, c=40), Failing(empty, credentials, steps))
    assert ours(empty) == {A: 3, B: 2}


def test_what_an_interrupted_run_left_is_removed(empty: GraphStore, tmp_path: Path) -> None:
    empty.put(f"{STAGED}7", b"<http://e/s> <http://e/p> <http://e/o> .\n")
    publish(content(tmp_path, a=3), empty)
    assert ours(empty) == {A: 3}


def test_the_command_reports_what_it_did(
    empty: GraphStore,
    running: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv(USER_VARIABLE, running.user)
    monkeypatch.setenv(PASSWORD_VARIABLE, running.password)
    file = tmp_path / "mine.ttl"
    file.write_text("<http://e/s> <http://e/p> 1, 2, 3 .")
    assert run(["publish", "--in", str(file), running.publish]) == 0
    said = capsys.readouterr()
    assert "1 graphs with 3 triples were put (1 new, 0 replaced), 0 removed." in said.out
    assert "counted" in said.err
    assert 3 in empty.counts().values()


def test_a_wrong_password_is_told_without_showing_it(
    running: Server, store: GraphStore, tmp_path: Path
) -> None:
    """Of these servers only Virtuoso asks for one; the others take any."""
    wrong = GraphStore(store.addresses, Credentials("dba", "hidden-word"))
    if running.user:
        with pytest.raises(EngineUnavailable, match="does not let this user write") as caught:
            publish(content(tmp_path, a=1), wrong)
        assert PASSWORD_VARIABLE in str(caught.value.remedy)
        assert "hidden-word" not in f"{caught.value} {caught.value.remedy} {wrong.addresses}"
    else:
        publish(content(tmp_path, a=1), wrong)
        assert ours(store)[A] == 1


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text("<http://e/s> <http://e/p> 1 .")
    url = f"http://127.0.0.1:{free_port()}/store"
    assert run(["publish", "--in", str(file), url, "--dry-run"]) == 4


def test_statements_without_graph_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_text('<http://e/s> <http://e/p> "a <b> c" .\n')
    store = GraphStore(Addresses.of("http://127.0.0.1:9/store"))
    with pytest.raises(SnapshotError, match="outside of named graphs"):
        publish(Content("0" * 16, path), store, dry_run=True)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://e/store", "not an http"),
        ("http://[zz]/store", "is no address"),
        ("http://me:secret@e/store", "must not hold"),
        ("http://e/unknown", "no address of a graph store"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str, says: str) -> None:
    with pytest.raises(BadRequest, match=says) as caught:
        Addresses.of(url)
    assert "secret" not in str(caught.value)


def test_the_addresses_of_an_unknown_store_can_be_given() -> None:
    addresses = Addresses.of("http://e/gsp", query="http://e/q", update="http://e/u")
    assert (addresses.query, addresses.update, addresses.atomic) == (
        "http://e/q",
        "http://e/u",
        False,
    )
