"""Search over HTTP: the page grouped by kind, JSON, and suggestions."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.settings import load

JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def small(small_graph: KnowledgeGraph) -> FlaskClient:
    return create_app(small_graph, load(environ={})).test_client()


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_hits_are_shown_before_the_words_of_questions_are_read(graph: KnowledgeGraph) -> None:
    asked = "/search?q=How many programmes are there%3F"
    client = create_app(graph, load(environ={})).test_client()
    with graph.asker._reading:
        early = client.get(asked, headers=HTML)
        assert client.get("/", headers=HTML).status_code == 200
    assert early.status_code == 200
    assert early.headers["Cache-Control"] == "no-store"
    assert "search-answer" not in early.text
    later = client.get(asked, headers=HTML)
    assert "search-answer" in later.text
    assert later.headers["Cache-Control"] != "no-store"


def test_programs_get_json_of_one_shape(small: FlaskClient) -> None:
    answer = small.get("/search?q=youth", headers=JSON)
    assert answer.mimetype == "application/json"
    assert "Accept" in answer.headers["Vary"]
    found = answer.get_json()
    assert sorted(found) == ["listed", "query", "results", "total"]
    assert found["query"] == "youth"
    assert found["total"] == found["listed"] == len(found["results"]) > 0
    for result in found["results"]:
        assert sorted(result) == ["iri", "kind", "label", "matched", "score"]
    scores = [result["score"] for result in found["results"]]
    assert scores == sorted(scores, reverse=True)


def test_json_can_be_narrowed_and_paged(small: FlaskClient) -> None:
    whole = small.get("/search?q=youth&kind=threat&kind=project", headers=JSON).get_json()
    assert {result["kind"] for result in whole["results"]} <= {"threat", "project"}
    second = small.get(
        "/search?q=youth&kind=threat&kind=project&limit=1&offset=1", headers=JSON
    ).get_json()
    assert second["results"] == whole["results"][1:2]
    assert second["total"] == whole["total"]


def test_paging_through_json_reaches_the_total(graph: KnowledgeGraph) -> None:
    client = create_app(graph, load(environ={})).test_client()
    whole = client.get("/search?q=health&limit=500", headers=JSON).get_json()
    assert whole["total"] == whole["listed"] == len(whole["results"]) > 300
    asked = "/search?q=health&kind=intervention&limit=10&offset="
    first = client.get(f"{asked}0", headers=JSON).get_json()
    offsets = range(0, first["total"] + 10, 10)
    pages = [client.get(f"{asked}{n}", headers=JSON).get_json()["results"] for n in offsets]
    found = [result["iri"] for page in pages for result in page]
    assert len(found) == len({*found}) == first["total"] == first["listed"] > 70


@pytest.mark.parametrize("asked", ["q=youth&page=2", "q=youth&kind=project&page=99", "page=2"])
def test_a_page_past_the_end_is_not_there(small: FlaskClient, asked: str) -> None:
    assert small.get(f"/search?{asked}", headers=HTML).status_code == 404


@pytest.mark.parametrize("window", ["limit=0", "limit=x", "offset=-1", "limit=100000", "page=0"])
def test_an_impossible_window_is_refused(small: FlaskClient, window: str) -> None:
    headers = HTML if "page" in window else JSON
    assert small.get(f"/search?q=youth&{window}", headers=headers).status_code == 400


def test_an_unknown_kind_is_refused_with_those_there_are(small: FlaskClient) -> None:
    answer = small.get("/search?q=youth&kind=nokind", headers=JSON)
    assert answer.status_code == 400
    assert "threat" in answer.get_json()["detail"]


def test_what_is_found_is_grouped_by_kind_with_counts_that_lead_to_it(small: FlaskClient) -> None:
    page = small.get("/search?q=youth", headers=HTML).text
    tallies = re.findall(r'class="tally" href="([^"]+)"[^>]*>([\d,]+)<', page)
    assert len(tallies) > 1
    for address, number in tallies:
        assert f"{number} result" in text(small, html.unescape(address))


def test_slips_are_mended_and_said(small: FlaskClient) -> None:
    seen = text(small, "/search?q=yuoth")
    assert "for “ youth ”" in seen
    assert "spelt much like" in seen


def test_nothing_found_says_what_next(small: FlaskClient) -> None:
    assert "Try fewer or other words" in text(small, "/search?q=zzzzzz")
    assert "Look at all kinds" in text(small, "/search?q=youth&kind=place")


def test_the_search_page_is_not_indexed(small: FlaskClient) -> None:
    assert '<meta name="robots" content="noindex">' in small.get("/search?q=x", headers=HTML).text


def test_suggestions_name_the_kind_and_the_address(small: FlaskClient) -> None:
    answer = small.get("/suggest?q=Youth")
    assert answer.headers["Cache-Control"].startswith("public")
    told = answer.get_json()
    assert told["query"] == "Youth"
    assert 0 < len(told["suggestions"]) <= 8
    for suggestion in told["suggestions"]:
        assert sorted(suggestion) == ["address", "iri", "kind", "label", "matched"]
        assert small.get(suggestion["address"], headers=HTML).status_code in (200, 303)


def test_one_letter_suggests_nothing(small: FlaskClient) -> None:
    assert small.get("/suggest?q=y").get_json()["suggestions"] == []
    assert small.get("/suggest").get_json()["suggestions"] == []


def test_every_search_box_is_a_plain_form_and_the_script_comes_from_here(
    small: FlaskClient,
) -> None:
    page = small.get("/", headers=HTML).text
    assert re.search(r'<form[^>]*action="/search"[^>]*method="get"[^>]*role="search"', page)
    assert re.search(r'<script type="module" src="/static/suggest\.js', page)
    with small.get("/static/suggest.js") as script:
        assert script.status_code == 200
        assert "innerHTML" not in script.text
