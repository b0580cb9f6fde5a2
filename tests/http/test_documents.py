"""A thing's address leads to the document about it, the same in every format."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from hsgraph.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, RDF_FORMATS, Format
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.http.addresses import local_path

THINGS = """SELECT DISTINCT ?s WHERE { ?s a ?class
  FILTER(REGEX(STR(?s), "^https://w3id.org/hsgraph/(id|vocab)/[^/]+/[^/]+$")) }"""
PROJECT = "/project/valley"


def canonical(body: bytes, format: Format) -> set[str]:
    """The triples of a document, with blank nodes named by RDFC-1.0."""
    assert format.rdf is not None
    quads = parse(body, format=format.rdf)
    dataset = Dataset(Quad(q.subject, q.predicate, q.object) for q in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in dataset}


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/turtle", PROJECT + ".ttl"),
        ("application/ld+json", PROJECT + ".jsonld"),
        ("application/json", PROJECT + ".json"),
        ("application/n-quads, text/html;q=0.5", PROJECT + ".nq"),
        ("text/html", PROJECT),
        ("*/*", PROJECT),
    ],
)
def test_a_thing_sends_to_its_document_in_the_format_asked_for(
    http: FlaskClient, accept: str, location: str
) -> None:
    answer = http.get("/id/project/valley", headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["Location"] == location
    assert "Accept" in answer.headers["Vary"]


def test_format_in_the_address_goes_before_accept(http: FlaskClient) -> None:
    headers = {"Accept": "text/html"}
    thing = http.get("/id/project/valley?format=rdf", headers=headers)
    assert thing.headers["Location"] == PROJECT + ".rdf"
    assert http.get(PROJECT + "?format=nt", headers=headers).mimetype == "application/n-triples"
    assert http.get(PROJECT + ".nq", headers=headers).mimetype == "application/n-quads"


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda format: format.name)
def test_a_document_says_what_it_is_and_what_else_there_is(
    http: FlaskClient, format: Format
) -> None:
    answer = http.get(PROJECT, headers={"Accept": format.media_type})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == format.content_type
    assert answer.headers["Content-Location"] == f"{PROJECT}.{format.suffix}"
    assert "Accept" in answer.headers["Vary"]
    links = answer.headers["Link"]
    for other in DOCUMENT_FORMATS:
        alternate = f'<{PROJECT}.{other.suffix}>; rel="alternate"; type="{other.media_type}"'
        assert (alternate in links) == (other is not format)
    assert '<https://w3id.org/hsgraph/id/project/valley>; rel="canonical"' in links
    assert f'<{PROJECT}.ttl>; rel="describedby"' in links
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links


def test_every_thing_says_the_same_in_every_format(
    http: FlaskClient, tiny_graph: KnowledgeGraph
) -> None:
    paths = [local_path(row["s"].value) or "" for row in tiny_graph.engine.select(THINGS).rows]
    assert len(paths) == 7
    for path in paths:
        documents = {
            frozenset(canonical(http.get(f"{path}.{format.suffix}").data, format))
            for format in RDF_FORMATS
        }
        assert len(documents) == 1, path
        assert documents != {frozenset()}


def test_literals_of_every_kind_survive_in_every_format(http: FlaskClient) -> None:
    for format in RDF_FORMATS:
        triples = canonical(http.get(f"{PROJECT}.{format.suffix}").data, format)
        text = "\n".join(triples)
        assert '"Programme de la vallée"@fr' in text
        assert r"</script><script>alert(1)</script> & to <!-- comments.\nTwo lines." in text
        assert '"876579.1"^^<http://www.w3.org/2001/XMLSchema#decimal>' in text
        assert '"2012-10-01"^^<http://www.w3.org/2001/XMLSchema#date>' in text


def test_dataset_formats_keep_the_graphs_and_show_what_is_inferred(http: FlaskClient) -> None:
    quads = list(parse(http.get(PROJECT + ".nq").data, format=RdfFormat.N_QUADS))
    graphs = {str(quad.graph_name) for quad in quads}
    assert "<https://w3id.org/hsgraph/graph/data/projects/valley>" in graphs
    assert "<https://w3id.org/hsgraph/graph/inferred/includes>" in graphs


def test_json_ld_is_read_without_fetching_anything(http: FlaskClient) -> None:
    document = http.get(PROJECT + ".jsonld").get_json()
    assert isinstance(document["@context"], dict)
    assert "http" not in json.dumps([v for v in document["@context"] if not isinstance(v, str)])


def test_the_same_data_gives_the_same_bytes(http: FlaskClient) -> None:
    for format in RDF_FORMATS:
        path = f"{PROJECT}.{format.suffix}"
        assert http.get(path).data == http.get(path).data


def test_what_a_client_has_already_is_not_sent_again(http: FlaskClient) -> None:
    first = http.get(PROJECT + ".ttl")
    again = http.get(PROJECT + ".ttl", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Accept" in again.headers["Vary"]
    assert http.get(PROJECT + ".ttl", headers={"If-None-Match": '"other"'}).status_code == 200


def test_validators_are_strong_and_differ_by_format_and_address(http: FlaskClient) -> None:
    paths = [f"{PROJECT}.{format.suffix}" for format in RDF_FORMATS] + ["/place/valley.ttl"]
    tags = [http.get(path).headers["ETag"] for path in paths]
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith('"') for tag in tags)


def test_head_is_get_without_the_body(http: FlaskClient) -> None:
    got, head = http.get(PROJECT + ".ttl"), http.head(PROJECT + ".ttl")
    assert head.data == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Link", "Vary", "Content-Location"):
        assert head.headers[name] == got.headers[name]


def test_options_lists_the_methods(http: FlaskClient) -> None:
    answer = http.options(PROJECT)
    assert answer.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_documents_are_not_written_to(http: FlaskClient, method: str) -> None:
    answer = http.open(PROJECT, method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/id/project/nothing",
        "/project/nothing.ttl",
        "/project/Valley",
        "/project/valley.exe",
        "/project/valley.csv",
        "/nothing",
        "/project/a>b",
        "/project/..",
    ],
)
def test_what_is_not_there_is_404_with_a_reason(http: FlaskClient, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"]


def test_a_missing_page_offers_a_search(http: FlaskClient) -> None:
    answer = http.get("/project/green-valleys", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert 'action="/search"' in answer.text
    assert 'value="green valleys"' in answer.text


def test_a_format_nobody_has_is_406_with_the_list(http: FlaskClient) -> None:
    answer = http.get(PROJECT, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.get_json()["available"] == [format.media_type for format in DOCUMENT_FORMATS]


def test_things_of_others_can_be_described_too(http: FlaskClient) -> None:
    answer = http.get("/describe?iri=https://example.org/thing&format=nt")
    assert '"A thing of others"@en' in answer.text
    ours = http.get("/describe?iri=https://w3id.org/hsgraph/id/project/valley&format=ttl")
    assert ours.headers["Location"] == PROJECT + ".ttl"


def test_concepts_are_answered_at_their_own_address(http: FlaskClient) -> None:
    answer = http.get("/vocab/threat-type/flood", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    assert answer.headers["Content-Location"] == "/vocab/threat-type/flood.ttl"


@pytest.mark.parametrize("format", GRAPH_FORMATS, ids=lambda format: format.name)
def test_canonical_iris_stay_whatever_host_serves(http: FlaskClient, format: Format) -> None:
    answer = http.get(f"{PROJECT}.{format.suffix}", base_url="http://staging.example:8080")
    assert "staging.example" not in answer.text
    assert "https://w3id.org/hsgraph/" in answer.text
