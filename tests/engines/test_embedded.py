"""The embedded engine: union, datasets, formats and limits as the standards and settings say."""

import json
from types import SimpleNamespace

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import DatasetClause, Limits
from hsgraph.engine.store import prepare
from hsgraph.errors import BadRequest, QueryRefused, ResultTooLarge, SnapshotError, UpdateRefused
from hsgraph.formats import (
    GRAPH_FORMATS,
    RDF_FORMATS,
    RESULTS_CSV,
    RESULTS_JSON,
    TURTLE,
)

BIG = 'SELECT (CONCAT("0123456789","0123456789") AS ?x) { ?s ?p ?o }'
FORMATS = {"select": RESULTS_CSV, "ask": RESULTS_JSON, "construct": TURTLE, "describe": TURTLE}
TRIG = """
PREFIX e: <http://e/>
GRAPH e:g { e:a e:p 1 . e:a e:q "g" }
GRAPH e:h { e:a e:p 1 . e:b e:p 2 }
"""
APART = TRIG.replace("e:a e:p 1 . e:b", "e:b")


def engine(text=TRIG, **options):
    return EmbeddedEngine(parse(text, RdfFormat.TRIG), **options)


def rows(answering, query, **dataset):
    clause = DatasetClause(**{name: tuple(graphs) for name, graphs in dataset.items()})
    body = answering.answer(query, FORMATS, dataset=clause).body.decode()
    return sorted(body.split("\r\n")[1:-1])


@pytest.mark.parametrize("text", [TRIG, APART])
def test_the_default_graph_is_the_merge_of_all_graphs(text):
    assert rows(engine(text), "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == ["3"]


@pytest.mark.parametrize("text", [TRIG, APART])
def test_named_graphs_stay_apart(text):
    found = rows(engine(text), "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    assert found == ["http://e/g", "http://e/h"]


def test_triples_in_no_graph_are_in_the_default_graph():
    quad = Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal(1), DefaultGraph())
    named = Quad(quad.subject, quad.predicate, quad.object, NamedNode("http://e/g"))
    assert rows(EmbeddedEngine([quad, named]), "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == ["1"]


COUNT = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"
GRAPHS = "SELECT DISTINCT ?g %s { GRAPH ?g { ?s ?p ?o } }"


@pytest.mark.parametrize("text", [TRIG, APART])
@pytest.mark.parametrize(
    ("query", "dataset", "expected"),
    [
        (COUNT % "FROM <http://e/g>", {}, ["2"]),
        (COUNT % "FROM <http://e/g> FROM <http://e/h>", {}, ["3"]),
        (COUNT % "FROM NAMED <http://e/g>", {}, ["0"]),
        (GRAPHS % "FROM <http://e/g>", {}, []),
        (GRAPHS % "FROM NAMED <http://e/h>", {}, ["http://e/h"]),
        (GRAPHS % "FROM <http://e/g> FROM NAMED <http://e/h>", {}, ["http://e/h"]),
        (COUNT % "", {"default_graphs": ["http://e/g"]}, ["2"]),
        (COUNT % "", {"default_graphs": ["http://e/g", "http://e/h"]}, ["3"]),
        (COUNT % "", {"named_graphs": ["http://e/g"]}, ["0"]),
        (GRAPHS % "", {"default_graphs": ["http://e/g"]}, []),
        (GRAPHS % "", {"named_graphs": ["http://e/g"]}, ["http://e/g"]),
        (COUNT % "FROM <http://e/h>", {"default_graphs": ["http://e/g", "http://e/none"]}, ["2"]),
        (COUNT % "FROM <http://e/h>", {"named_graphs": ["http://e/h"]}, ["0"]),
        (GRAPHS % "FROM NAMED <http://e/h>", {"default_graphs": ["http://e/g"]}, []),
        (GRAPHS % "FROM NAMED <http://e/h>", {"named_graphs": ["http://e/g"]}, ["http://e/g"]),
        (
            GRAPHS % "FROM <http://e/g>",
            {"default_graphs": ["http://e/g", "http://e/h"], "named_graphs": ["http://e/h"]},
            ["http://e/h"],
        ),
    ],
)
def test_the_dataset_is_the_requests_then_the_querys_then_all(text, query, dataset, expected):
    assert rows(engine(text), query, **dataset) == expected


def test_a_graph_that_is_no_iri_is_named():
    with pytest.raises(BadRequest, match="“not an iri”"):
        rows(engine(), COUNT % "", default_graphs=["not an iri"])


def test_our_queries_take_terms_and_give_terms():
    answering = engine()
    found = answering.select(
        "PREFIX e: <http://e/> SELECT ?s ?none { ?s e:p $value }", {"value": Literal(2)}
    )
    assert found.variables == ("s", "none")
    assert found.rows == ({"s": NamedNode("http://e/b")},)
    assert answering.ask("ASK { ?s ?p $value }", {"value": Literal("g")})
    assert len(answering.construct("DESCRIBE $thing", {"thing": NamedNode("http://e/a")})) == 2


def test_our_queries_may_name_their_graphs():
    found = engine().select("SELECT ?s FROM $g { ?s ?p ?o }", {"g": NamedNode("http://e/h")})
    assert len(found.rows) == 2


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda chosen: chosen.label)
def test_every_rdf_format_reads_back(chosen):
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    answer = engine().answer(query, {**FORMATS, "construct": chosen})
    assert len(set(parse(answer.body, chosen.rdf))) == 3


def test_graph_formats_are_the_same_graph():
    query = "DESCRIBE <http://e/a>"
    answers = [engine().answer(query, {**FORMATS, "describe": chosen}) for chosen in GRAPH_FORMATS]
    graphs = {frozenset(parse(answer.body, answer.format.rdf)) for answer in answers}
    assert len(graphs) == 1
    assert {answer.form for answer in answers} == {"describe"}


def test_an_ask_is_answered():
    answer = engine().answer("ASK { ?s ?p 2 }", FORMATS)
    assert json.loads(answer.body)["boolean"] is True


@pytest.mark.parametrize("query", [BIG, "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_too_many_bytes_are_an_error_not_a_cut(query):
    whole = engine().answer(query, FORMATS)
    assert engine().answer(query, FORMATS, limits=Limits(1, len(whole.body))) == whole
    with pytest.raises(ResultTooLarge, match="more than 50 bytes"):
        engine().answer(query, FORMATS, limits=Limits(1, 50))


def test_a_store_on_disk_answers_as_one_in_memory(tmp_path):
    snapshot = saved(tmp_path)
    in_memory = EmbeddedEngine(snapshot)
    prepare(snapshot.data, None, in_memory.version)
    from_disk = EmbeddedEngine(snapshot, from_disk=True)
    assert from_disk.version == in_memory.version
    for query in (
        "SELECT * { ?s ?p ?o } ORDER BY ?o",
        "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?o",
    ):
        assert from_disk.answer(query, FORMATS) == in_memory.answer(query, FORMATS)
    assert rows(from_disk, COUNT % "") == ["3"]


def test_a_store_of_other_data_is_made_anew(tmp_path):
    snapshot = saved(tmp_path)
    before = EmbeddedEngine(snapshot).version
    prepare(snapshot.data, None, before)
    snapshot.data.write_text('<http://e/new> <http://e/p> "1" .\n')
    after = EmbeddedEngine(snapshot).version
    prepare(snapshot.data, None, after)
    assert EmbeddedEngine(snapshot, from_disk=True).version == after != before
    assert rows(EmbeddedEngine(snapshot, from_disk=True), COUNT % "") == ["1"]


def test_a_store_is_not_made_of_altered_data(tmp_path):
    snapshot = saved(tmp_path)
    with pytest.raises(SnapshotError, match="not what was built"):
        prepare(snapshot.data, None, "0123456789abcdef")
    with pytest.raises(SnapshotError, match="no store"):
        EmbeddedEngine(snapshot, from_disk=True)
    assert [path.name for path in tmp_path.iterdir()] == ["data.nq"]


def test_a_store_that_was_half_written_is_made_anew(tmp_path):
    snapshot = saved(tmp_path)
    version = EmbeddedEngine(snapshot).version
    prepare(snapshot.data, None, version)
    (tmp_path / "store" / "about.json").write_text("{")
    prepare(snapshot.data, None, version)
    assert rows(EmbeddedEngine(snapshot, from_disk=True), COUNT % "") == ["3"]


def test_updates_and_services_are_refused():
    with pytest.raises(UpdateRefused):
        engine().answer("DELETE WHERE { ?s ?p ?o }", FORMATS)
    with pytest.raises(QueryRefused, match="SERVICE"):
        engine().answer("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", FORMATS)


def test_our_prefixes_need_no_declaration_and_can_be_redeclared():
    query = "SELECT ?x { VALUES ?x { skos:broader } }"
    assert rows(engine(), query) == ["http://www.w3.org/2004/02/skos/core#broader"]
    assert rows(engine(), "PREFIX skos: <http://e/> " + query) == ["http://e/broader"]


def saved(folder):
    """A snapshot of the small graph."""
    path = folder / "data.nq"
    path.write_text("".join(sorted(f"{quad} .\n" for quad in parse(TRIG, RdfFormat.TRIG))))
    return SimpleNamespace(data=path)


def test_a_snapshot_loads_from_its_sorted_quads(tmp_path):
    loaded = EmbeddedEngine(saved(tmp_path))
    assert rows(loaded, COUNT % "") == ["3"]
    assert loaded.version == engine().version
    assert len(loaded.version) == 16


def test_a_damaged_snapshot_says_which_file_and_what_to_do(tmp_path):
    path = tmp_path / "data.nq"
    path.write_text("<http://e/a> <http://e/b>\n")
    with pytest.raises(SnapshotError, match=r"data\.nq") as caught:
        EmbeddedEngine(SimpleNamespace(data=path))
    assert "hsgraph build" in caught.value.remedy
