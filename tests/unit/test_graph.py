"""KnowledgeGraph: what can be opened, how things are named, and what it answers."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import hsgraph
from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.errors import (
    HsgraphError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    SnapshotError,
    SourceError,
    UnknownEntity,
)
from hsgraph.graph import KnowledgeGraph
from hsgraph.names import resolve
from hsgraph.namespaces import BASE, HS, ID
from hsgraph.search.addresses import iris
from hsgraph.settings import load

TURTLE = """@prefix ex: <https://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:novi-pazar a ex:Town ; skos:prefLabel "Novi Pazar"@en ; ex:since "1461-01-01"^^xsd:date .
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "towns.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    return path


def test_public_names_are_these() -> None:
    assert hsgraph.__all__ == ["KnowledgeGraph", "Result", "__version__", "open"]
    assert all(hasattr(hsgraph, name) for name in hsgraph.__all__)
    with pytest.raises(AttributeError, match="'nothing'"):
        hsgraph.nothing  # noqa: B018


def test_a_file_is_opened_and_asked(file: Path) -> None:
    with hsgraph.open(file) as graph:
        rows = graph.query(
            "PREFIX ex: <https://example.org/> SELECT ?name ?since "
            "{ ?town a ex:Town ; skos:prefLabel ?name ; ex:since ?since }"
        ).rows
    assert rows == (("Novi Pazar", datetime.date(1461, 1, 1)),)


def test_several_files_are_one_graph(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.nt"
    other.write_text("<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n")
    with hsgraph.open([file, other]) as graph:
        assert graph.query("ASK { ?s <https://example.org/b> ?o . ?town skos:prefLabel ?l }")


def test_files_leave_nothing_behind(file: Path) -> None:
    graph = hsgraph.open(file)
    assert graph.snapshot is not None
    folder = graph.snapshot.path
    assert folder.is_dir()
    graph.close()
    del graph
    assert not folder.exists()


def test_a_snapshot_is_opened_by_itself_and_by_its_folder(small_snapshot: Snapshot) -> None:
    for source in (small_snapshot.path, small_snapshot.path.parent):
        with KnowledgeGraph.open(source) as graph:
            assert graph.version == small_snapshot.version


def test_the_projects_own_graph_is_taken_from_its_snapshot(
    snapshot: Snapshot, snapshots: Path
) -> None:
    with KnowledgeGraph.open(settings=load(environ={}, snapshots=snapshots)) as graph:
        assert graph.snapshot is not None
        assert graph.snapshot.path == snapshot.path


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"none\.ttl: there is no such file"):
        hsgraph.open(tmp_path / "none.ttl")


def test_a_broken_file_is_told_with_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<https://example.org/a> <https://example.org/b>\n\n oops .\n")
    with pytest.raises(SourceError) as caught:
        hsgraph.open(broken)
    assert caught.value.place.file.endswith("broken.ttl")
    assert caught.value.place.line == 3


PROJECT = ID + "project/serbia-southwest-sandzak"


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        (PROJECT, PROJECT),
        (f"<{PROJECT}>", PROJECT),
        ("project/serbia-southwest-sandzak", PROJECT),
        ("/id/project/serbia-southwest-sandzak", PROJECT),
        ("serbia-southwest-sandzak", PROJECT),
        (" serbia-southwest-sandzak\n", PROJECT),
        (f"{BASE}project/serbia-southwest-sandzak", PROJECT),
        ("http://127.0.0.1:5000/project/serbia-southwest-sandzak.ttl", PROJECT),
        (PROJECT.replace("https", "HTTP"), PROJECT),
        ("http://localhost:5000/vocab/dimension/economic", BASE + "vocab/dimension/economic"),
        ("http://127.0.0.1:5000/vocab/dimension", BASE + "vocab/dimension"),
        ("http://127.0.0.1:5000/ontology#Project", HS + "Project"),
        ("http://[::1]:5000/ontology.ttl", HS[:-1]),
        ("http://127.0.0.1/project/serbia-southwest-sandzak.", PROJECT),
        ("hs:Project", HS + "Project"),
        ("vocab/dimension/economic", BASE + "vocab/dimension/economic"),
        ("dimension", BASE + "vocab/dimension"),
    ],
)
def test_things_are_named_as_people_name_them(graph: KnowledgeGraph, name: str, iri: str) -> None:
    assert graph.resolve(name) == iri
    assert graph.document(name).iri == iri
    assert graph.describe(name).iri == iri


def test_spellings_of_an_address_are_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, asked = EmbeddedEngine([]), []
    run = engine.run
    monkeypatch.setattr(engine, "run", lambda query: asked.append(query) or run(query))
    strange = 'http://x.org/cafe\u0301%20"(a).'
    assert resolve(engine, "http://x.org/caf%C3%A9/.") == "http://x.org/caf%C3%A9/."
    assert len(asked) == 1
    assert len(iris(strange)) <= 24


def test_a_slug_is_looked_up_and_not_sought_in_all_addresses(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert graph.resolve("serbia-southwest-sandzak") == PROJECT
    monkeypatch.setattr(graph.engine, "run", None)
    assert graph.resolve("economic") == BASE + "vocab/dimension/economic"
    with pytest.raises(UnknownEntity, match="names nothing"):
        graph.resolve("no-such-slug")


def test_a_term_that_the_ontology_lacks_is_not_the_ontology(graph: KnowledgeGraph) -> None:
    for address in (HS + "None", "http://localhost/ontology#None", "http://localhost/shapes#None"):
        assert graph.resolve(address) == address


@pytest.mark.parametrize("place", ["www.un.org", "example.org/some/base", "127.0.0.1.example.org"])
def test_addresses_of_other_sites_are_none_of_ours(graph: KnowledgeGraph, place: str) -> None:
    for path in ("project/serbia-southwest-sandzak", f"describe?iri={PROJECT}", "ontology#Project"):
        assert graph.resolve(f"https://{place}/{path}") == f"https://{place}/{path}"
        assert graph.search(f"https://{place}/{path}").results == ()


@pytest.mark.parametrize(
    "name", ["", "no-such-slug", "none:Project", "project/none", "a/b/c", "Südserbien", 'x"}']
)
def test_names_of_nothing_are_refused(graph: KnowledgeGraph, name: str) -> None:
    with pytest.raises(UnknownEntity):
        graph.document(name)


def test_search_finds_names(graph: KnowledgeGraph) -> None:
    found = graph.search("sandzak", kinds=["project"])
    assert found.results[0].iri == PROJECT
    assert found.total == 1


def test_the_graph_has_its_report(graph: KnowledgeGraph) -> None:
    assert graph.validate().conforms


def test_limits_of_bytes_hold(graph: KnowledgeGraph) -> None:
    with pytest.raises(ResultTooLarge):
        graph.query("SELECT * { ?s ?p ?o }", bytes=300)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { ?s ?p", QuerySyntaxError),
        ("DELETE WHERE { ?s ?p ?o }", QueryRefused),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", QueryRefused),
    ],
)
def test_wrong_queries_are_refused(
    graph: KnowledgeGraph, query: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        graph.query(query)


def test_the_deadline_of_a_guarded_graph_holds(small_snapshot: Snapshot) -> None:
    settings = load(environ={}, query_seconds=0.3)
    with KnowledgeGraph.of(small_snapshot, settings=settings, guarded=True) as graph:
        with pytest.raises(QueryTimeout):
            graph.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        assert graph.query("ASK { ?s a hs:Project }").boolean


def test_a_graph_that_cannot_stop_a_query_refuses_a_deadline(graph: KnowledgeGraph) -> None:
    with pytest.raises(HsgraphError) as caught:
        graph.query("ASK { ?s ?p ?o }", seconds=1)
    assert "guarded=True" in (caught.value.remedy or "")
