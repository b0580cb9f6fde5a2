"""Data of others served: described as theirs, with a way to every format, and no claims of ours."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cases.strangers import BROWSER, Served, page_of, read

TURTLE = {"Accept": "text/turtle"}
SKOS = """
ex:s a skos:ConceptScheme ; skos:prefLabel "Subjects"@en ; skos:hasTopConcept ex:a .
ex:a a skos:Concept ; skos:prefLabel "Above"@en ; skos:topConceptOf ex:s .
ex:b a skos:Concept ; skos:prefLabel "Below"@de ; skos:broader ex:a ; skos:inScheme ex:s .
ex:c a skos:Concept ; rdfs:label "Deep" ; skos:inScheme ex:s . ex:b skos:narrower ex:c .
ex:round skos:inScheme ex:s ; skos:broader ex:square . ex:square skos:broader ex:round .
ex:nolabel a skos:ConceptScheme .
"""


@pytest.fixture(scope="module")
def visitor(served: Served) -> FlaskClient:
    return served('ex:a a v:T ; rdfs:label "a" . ex:b a v:T ; v:of ex:a .')


def test_vocabularies_of_others_are_shown_as_trees(served: Served) -> None:
    visitor = served(SKOS)
    seen = read(visitor.get("/vocab", headers=BROWSER).text)
    assert "Subjects" in seen
    assert "Above Below Deep" in seen
    assert "nolabel" in seen
    assert "programmes" not in seen
    turtle = visitor.get("/vocab", headers=TURTLE).text
    assert "http://example.org/s" in turtle


@pytest.mark.parametrize(
    "data",
    [
        'ex:s a skos:ConceptScheme ; rdfs:label "Top" ; skos:hasTopConcept ex:a .'
        ' ex:a rdfs:label "Above" ; skos:narrower ex:b . ex:b rdfs:label "Below" .',
        'ex:s rdfs:label "Top" . ex:a skos:inScheme ex:s ; rdfs:label "Above" ; skos:broader ex:a .'
        ' ex:b skos:inScheme ex:s ; rdfs:label "Below" ; skos:broader ex:a .',
        'ex:s a skos:Collection ; rdfs:label "Top" ; skos:member ex:a , ex:b .'
        ' ex:a rdfs:label "Above" . ex:b rdfs:label "Below" .',
    ],
)
def test_vocabularies_are_seen_however_they_are_put(served: Served, data: str) -> None:
    visitor = served(data)
    seen = read(visitor.get("/vocab", headers=BROWSER).text)
    assert all(name in seen for name in ("Top", "Above", "Below"))
    assert "http://example.org/s" in visitor.get("/vocab", headers=TURTLE).text


def test_there_is_no_empty_document_of_vocabularies(visitor: FlaskClient) -> None:
    assert visitor.get("/vocab", headers=TURTLE).status_code == 404


@pytest.mark.parametrize("path", ["/llms.txt", "/openapi.json"])
def test_what_programs_are_told_is_not_of_this_project(visitor: FlaskClient, path: str) -> None:
    assert "human security" not in visitor.get(path).text


@pytest.mark.parametrize(
    "path", ["/.well-known/void", "/data.ttl", "/data/catalog.ttl", "/data.nt"]
)
def test_the_description_says_what_there_is(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path, headers=TURTLE, follow_redirects=True)
    assert answer.status_code == 200
    assert "data#dataset" in answer.text
    assert "w3id.org/hsgraph" not in answer.text.replace("@prefix", "").split("\n\n")[-1]
    if "catalog" not in path:
        assert "http://example.org/vocab#T" in answer.text
        assert "http://example.org/vocab#of" in answer.text
        assert "sparql" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/sparql", "/fragments", "/reconcile", "/reconcile/1.0", "/cite?of=http://example.org/a"],
)
def test_nobody_is_told_that_the_data_are_of_this_project(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(
        path, headers={"Accept": "application/n-triples, application/json, */*;q=0.1"}
    )
    assert answer.status_code == 200
    assert "w3id.org/hsgraph/dataset" not in answer.text
    assert "w3id.org/hsgraph/id" not in answer.text
    assert "human security" not in answer.text
    assert "hsgraph" not in answer.text.replace("w3id.org/hsgraph/graph", "")


def test_the_spaces_of_identifiers_are_those_of_the_data(visitor: FlaskClient) -> None:
    manifest = visitor.get("/reconcile").json
    assert manifest["identifierSpace"] == "http://example.org/"
    assert manifest["schemaSpace"].startswith("http://")


@pytest.mark.parametrize("name", ["a", "é中"])
def test_a_described_thing_has_its_formats_as_links(served: Served, name: str) -> None:
    visitor = served(f'<http://example.org/{name}> a v:T ; rdfs:label "x" .')
    answer = visitor.get(f"/describe?iri=http://example.org/{name}", headers=BROWSER)
    assert answer.status_code == 200
    assert 'rel="alternate"; type="text/turtle"' in answer.headers["Link"]
    assert "max-age" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Location"].startswith("/describe?iri=")
    assert answer.headers["ETag"]
    assert "This page as data" in answer.text
    address = next(
        part.split(">")[0].strip(" <")
        for part in answer.headers["Link"].split(",")
        if "text/turtle" in part
    )
    turtle = visitor.get(address)
    assert turtle.content_type.startswith("text/turtle")
    again = visitor.get(address, headers={"If-None-Match": turtle.headers["ETag"]})
    assert again.status_code == 304


def test_there_is_no_site_map_that_leaves_all_things_out(visitor: FlaskClient) -> None:
    for path in ("/sitemap.xml", "/sitemap-1.xml"):
        assert visitor.get(path).status_code == 404
    assert "Sitemap" not in visitor.get("/robots.txt").text
    assert page_of(visitor, "a")


def test_sizes_in_the_catalogue_have_the_type_that_dcat_gives_them(client: FlaskClient) -> None:
    for path in ("/data/catalog.ttl", "/data/catalog.nt", "/data.nt"):
        text = client.get(path).text
        sizes = [line for line in text.replace(";", "\n").splitlines() if "byteSize" in line]
        assert all("nonNegativeInteger" in line for line in sizes)
