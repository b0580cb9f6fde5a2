"""The definitions are pages for people and the same graphs for programs."""

from __future__ import annotations

import html
import json
import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, parse

from hsgraph.describe.entity.model import model
from hsgraph.formats import RDF_FORMATS, Format
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.pages.query import ONTOLOGY

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda format: format.name)
@pytest.mark.parametrize(
    ("path", "graph"),
    [("/ontology", "/graph/ontology/hsgraph"), ("/vocab/threat-type", None), ("/vocab", None)],
)
def test_definitions_are_had_in_every_rdf_format(
    http: FlaskClient, path: str, graph: str | None, format: Format
) -> None:
    by_accept = http.get(path, headers={"Accept": format.media_type})
    by_suffix = http.get(f"{path}.{format.suffix}")
    assert by_accept.data == by_suffix.data
    assert by_accept.headers["Content-Type"] == format.content_type
    assert format.rdf is not None
    assert list(parse(by_suffix.data, format=format.rdf))
    if graph:
        assert by_suffix.data == http.get(f"{graph}.{format.suffix}").data


def test_the_ontology_page_shows_each_term_with_definition_domain_and_anchor(
    http: FlaskClient,
) -> None:
    page = http.get("/ontology", headers=HTML).text
    assert 'id="Project"' in page
    assert "What is done." in page
    domain = page.partition('id="takesPlaceIn"')[2]
    assert 'href="/ontology#Project"' in domain
    assert 'href="/ontology#Threat"' in domain


def test_a_class_has_a_card_with_its_use_an_example_and_a_query_that_finds_something(
    client: FlaskClient,
) -> None:
    page = client.get("/ontology", headers=HTML).text
    card = re.search(r'id="Threat".*?</section>', page, re.DOTALL)
    assert card
    assert 'href="#threatType"' in card[0]
    assert "<code>hs:threatType</code>" in card[0]
    assert 'href="/threat/' in card[0]
    asked = client.get("/query?class=Threat").text
    query = re.search(r"<textarea[^>]*>(.*?)</textarea>", asked, re.DOTALL)
    assert query
    answer = client.get("/sparql", query_string={"query": html.unescape(query[1]), "format": "srj"})
    assert any("threatType" in row for row in json.loads(answer.text)["results"]["bindings"])
    assert client.get("/query?class=Nothing").status_code == 404


def test_the_query_of_every_card_finds_things(graph: KnowledgeGraph) -> None:
    cards = [card for card in model(graph.engine, ONTOLOGY) if card.count]
    assert len(cards) > 20
    assert [c.anchor for c in cards if not graph.engine.select(c.query).rows] == []


def test_the_picture_of_the_ontology_leads_to_cards_that_are_there(client: FlaskClient) -> None:
    page = client.get("/ontology", headers=HTML).text
    picture = re.search(r'<svg class="model-chart".*?</svg>', page, re.DOTALL)
    assert picture
    places = set(re.findall(r'href="#([^"]+)"', picture[0]))
    assert {"Project", "Threat", "Intervention", "Organisation", "Place"} <= places
    assert places <= set(re.findall(r'<section class="card" id="([^"]+)"', page))
    assert "mitigates → Threat" in picture[0]


def test_a_vocabulary_page_shows_its_concepts_as_a_tree(http: FlaskClient) -> None:
    page = http.get("/vocab/threat-type", headers=HTML).text
    assert page.index("/vocab/threat-type/water") < page.index("/vocab/threat-type/flood")
    assert "Too much or too little water." in page
    every = http.get("/vocab").text
    assert '<a href="/vocab/threat-type"><bdi>Types of threats</bdi></a>' in every
    assert 'aria-label="1 programme: ' in page


def test_a_vocabulary_named_in_several_languages_is_listed_once_in_english(
    small_graph: KnowledgeGraph,
) -> None:
    from hsgraph.server.app import create_app
    from hsgraph.settings import load

    page = create_app(small_graph, load(environ={})).test_client().get("/vocab", headers=HTML).text
    assert page.count('href="/vocab/principle"') == 1
    assert '<a href="/vocab/principle"><bdi>Principles of human security</bdi></a>' in page


@pytest.mark.parametrize("path", ["/vocab/nothing", "/shapes", "/rules.ttl", "/ontology.exe"])
def test_definitions_that_are_not_there_are_404(http: FlaskClient, path: str) -> None:
    assert http.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/ontology", "/shapes", "/rules", "/vocab"])
def test_the_definitions_of_the_project_have_pages(small_graph: KnowledgeGraph, path: str) -> None:
    from hsgraph.server.app import create_app
    from hsgraph.settings import load

    http = create_app(small_graph, load(environ={})).test_client()
    answer = http.get(path, headers=HTML)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert http.get(path + ".ttl").status_code == 200


def test_every_thing_of_the_small_project_says_the_same_in_every_format(
    small_graph: KnowledgeGraph,
) -> None:
    from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad

    from hsgraph import serialize

    things = small_graph.engine.select(
        "SELECT DISTINCT ?s WHERE { ?s a ?class FILTER(REGEX(STR(?s), '/hsgraph/(id|vocab)/')) }"
    ).rows
    assert len(things) > 50
    for row in things:
        assert isinstance(row["s"], NamedNode)
        document = small_graph.document(row["s"].value)
        expected = {str(triple) for triple in document.triples}
        for format in RDF_FORMATS:
            quads = document.quads if format.rdf.supports_datasets else ()
            statements = [*document.triples, *quads]
            parsed = parse(serialize.write(statements, format), format=format.rdf)
            dataset = Dataset(Quad(q.subject, q.predicate, q.object) for q in parsed)
            dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
            assert {str(quad.triple) for quad in dataset} == expected, (row["s"], format.name)
