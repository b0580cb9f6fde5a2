"""The query page over HTTP: examples, what an address fills in, completions, questions as RDF."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from hsgraph.questions import questions

SELECT = "SELECT * WHERE { ?s ?p ?o } LIMIT 1"


def text_of(page: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_every_question_is_an_example_with_its_theme(client: FlaskClient) -> None:
    page = client.get("/query").text
    for question in questions():
        assert f"/query?example={question.slug}" in page
        assert html.escape(question.theme) in page


@pytest.mark.parametrize("question", questions(), ids=lambda q: q.slug)
def test_the_query_of_an_example_is_answered(client: FlaskClient, question: object) -> None:
    slug = question.slug  # type: ignore[attr-defined]
    query = text_of(client.get(f"/query?example={slug}").text)
    assert client.post("/sparql", data={"query": query}).status_code == 200


def test_an_address_puts_its_thing_into_the_example(client: FlaskClient) -> None:
    page = client.get("/query?example=programmes-of-agency&agency=organisation/unicef").text
    assert "<https://w3id.org/hsgraph/id/organisation/unicef>" in text_of(page)
    assert "United Nations Children" in page


def test_a_year_is_put_in_as_a_number(client: FlaskClient) -> None:
    page = client.get("/query?example=programmes-running-in-year&year=2007").text
    assert "2007" in text_of(page)
    assert client.get("/query?example=programmes-running-in-year&year=x").status_code == 400


def test_a_query_in_the_address_is_shown_as_text(client: FlaskClient) -> None:
    hostile = "</textarea><script>alert(1)</script>"
    page = client.get("/query", query_string={"query": hostile}).text
    assert hostile not in page
    assert text_of(page) == hostile


def test_without_a_script_the_form_is_answered(client: FlaskClient) -> None:
    page = client.get("/query").text
    assert re.search(r'<form[^>]*action="/sparql" method="post"', page)
    for suffix in re.findall(r'<option value="(\w+)"', page):
        form = "CONSTRUCT { ?s ?p ?o }" + SELECT.removeprefix("SELECT *")
        query = form if suffix in ("ttl", "nt", "jsonld", "rdf", "trig", "nq") else SELECT
        answered = client.post("/sparql", data={"query": query, "format": suffix})
        assert answered.status_code == 200, suffix


def test_a_question_is_a_thing_with_an_address_and_rdf(client: FlaskClient) -> None:
    iri = "https://w3id.org/hsgraph/query/money-by-year"
    assert client.get("/query/money-by-year", headers={"Accept": "text/html"}).status_code == 200
    turtle = client.get("/query/money-by-year", headers={"Accept": "text/turtle"})
    assert turtle.mimetype == "text/turtle"
    assert iri in turtle.text or "query:money-by-year" in turtle.text
    assert client.get("/query/money-by-year.ttl").data == turtle.data
    assert client.get("/query/no-such-question").status_code == 404
    assert client.get("/query?example=no-such-question").status_code == 404


def test_completions_are_few_enough_and_of_this_graph(client: FlaskClient) -> None:
    response = client.get("/query/completions.json")
    told = response.get_json()
    assert told["prefixes"]["hs"] == "https://w3id.org/hsgraph/ontology#"
    kinds = {iri: kind for kind, iri, *_ in told["terms"]}
    names = {iri: names for _, iri, *names in told["terms"]}
    assert "UNICEF" in names["https://w3id.org/hsgraph/id/organisation/unicef"]
    used = told["uses"]["https://w3id.org/hsgraph/ontology#Threat"]
    assert "type of threat" in [told["terms"][place][2] for place in used]
    assert kinds["https://w3id.org/hsgraph/ontology#Project"] == "class"
    assert kinds["https://w3id.org/hsgraph/vocab/threat-type/unemployment"] == "concept"
    assert len(response.data) < 200_000


def test_the_policy_allows_no_inline_script_or_style_for_the_editor(client: FlaskClient) -> None:
    policy = client.get("/query").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    page = client.get("/query").text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert " style=" not in page


def test_pages_link_to_the_questions_about_their_thing(client: FlaskClient) -> None:
    page = html.unescape(client.get("/organisation/undp").text)
    address = re.search(r'href="(/query\?example=[a-z-]+&agency=organisation/undp)"', page)
    assert address
    assert "id/organisation/undp>" in text_of(client.get(address[1]).text)
