"""Named graphs can be read by the Graph Store Protocol and cannot be written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from hsgraph.errors import ResultTooLarge
from hsgraph.formats import RDF_FORMATS, Format
from hsgraph.graph import KnowledgeGraph

OTHER = "https://example.org/other"
VALLEY = "https://w3id.org/hsgraph/graph/data/projects/valley"


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda format: format.name)
def test_a_graph_is_read_by_name_in_every_format(http: FlaskClient, format: Format) -> None:
    answer = http.get(
        "/data/graph", query_string={"graph": OTHER}, headers={"Accept": format.media_type}
    )
    assert answer.headers["Content-Type"] == format.content_type
    assert format.rdf is not None
    assert len(list(parse(answer.data, format=format.rdf))) == 2


def test_a_graph_is_read_at_its_own_address(http: FlaskClient) -> None:
    indirect = http.get("/data/graph", query_string={"graph": VALLEY, "format": "nt"})
    direct = http.get("/graph/data/projects/valley.nt")
    assert direct.status_code == 200
    assert direct.data == indirect.data
    assert http.get("/graph/data/projects/valley?format=nt").data == direct.data


def test_dataset_formats_name_the_graph(http: FlaskClient) -> None:
    quads = parse(http.get("/graph/data/projects/valley.nq").data, format=RdfFormat.N_QUADS)
    assert {str(quad.graph_name) for quad in quads} == {f"<{VALLEY}>"}


def test_head_tells_whether_a_graph_is_there(http: FlaskClient) -> None:
    assert http.head("/data/graph", query_string={"graph": OTHER}).status_code == 200
    assert http.head("/data/graph", query_string={"graph": OTHER + "x"}).status_code == 404
    assert http.head("/graph/data/projects/nothing").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "graph=", "graph=a&default", f"graph={OTHER}&graph={VALLEY}", "graph=<no>"]
)
def test_a_request_must_name_one_graph(http: FlaskClient, query: str) -> None:
    assert http.get("/data/graph?" + query).status_code in (400, 404)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/data/graph?default", "/graph/data/projects/valley"])
def test_graphs_cannot_be_written(http: FlaskClient, method: str, path: str) -> None:
    answer = http.open(path, method=method, data="<a:s> <a:p> 1", content_type="text/turtle")
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda format: format.name)
def test_the_union_of_all_graphs_has_each_triple_once(
    http: FlaskClient, tiny_graph: KnowledgeGraph, format: Format
) -> None:
    answer = http.get("/data/graph?default", headers={"Accept": format.media_type})
    assert answer.headers["Content-Type"] == format.content_type
    assert format.rdf is not None
    triples = [quad.triple for quad in parse(answer.data, format=format.rdf)]
    (row,) = tiny_graph.engine.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
    assert len(triples) == len(set(triples)) == int(row["n"].value)


def test_the_union_has_the_limits_of_a_query(http_with: Callable[..., FlaskClient]) -> None:
    answer = http_with(query_bytes=1000).get("/data/graph?default")
    assert answer.status_code == ResultTooLarge.status
    assert "1,000 bytes" in answer.get_json()["detail"]
