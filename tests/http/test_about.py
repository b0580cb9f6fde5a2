"""Who makes this and how far to trust it; the key to the marks; a way to answer back."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient

from hsgraph.errors import SettingsError
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import HS
from hsgraph.server.app import create_app
from hsgraph.server.pages.about import feedback
from hsgraph.settings import load

HTML = {"Accept": "text/html"}
WEB = "https://tracker.example/new?title={title}&body={address}"
MAIL = "mailto:data@example.org?subject={title}&body={address}"


def text(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


def leads_to(client: FlaskClient, path: str) -> str:
    """Where “Wrong or missing?” of a page leads."""
    page = client.get(path, headers=HTML).text
    (found,) = re.findall(r'<a href="([^"]*)" rel="nofollow">Wrong or missing\?</a>', page)
    return html.unescape(found)


def test_about_says_who_and_how_far_to_trust_it(client: FlaskClient) -> None:
    page = client.get("/about", headers=HTML).text
    ids = ("who", "official", "complete", "coding", "current", "licence", "contribute", "cite")
    assert [each for each in ids if f'id="{each}"' not in page] == []
    assert page.count("<h1") == 1


def test_about_counts_what_is_in_the_graph_and_names_the_source_of_the_whole(
    client: FlaskClient, graph: KnowledgeGraph
) -> None:
    page = client.get("/about", headers=HTML).text
    (row,) = graph.engine.select(f"SELECT (COUNT(?p) AS ?n) {{ ?p a <{HS}Project> }}").rows
    assert f'href="/browse/project">{int(row["n"].value):,} programmes' in page
    assert 'href="/source/united-nations-2014-06-18-slides-chair-advisory-board"' in page


def test_the_dataset_is_cited_without_saying_its_title_twice(client: FlaskClient) -> None:
    cited = client.get("/cite?of=https%3A%2F%2Fw3id.org%2Fhsgraph%2Fdataset&as=text").text
    assert cited.count("knowledge graph of human security programmes") == 1
    assert cited.strip() in text(client.get("/about", headers=HTML).text)


def test_words_about_the_data_are_not_in_the_template(client: FlaskClient) -> None:
    page = text(client.get("/about", headers=HTML).text)
    said = client.get("/sparql", query_string={"query": SECTIONS, "format": "json"}).get_json()
    texts = [row["text"]["value"] for row in said["results"]["bindings"]]
    assert len(texts) > 5
    assert all(each in page for each in texts)


SECTIONS = """SELECT ?text WHERE { ?section dcterms:isPartOf <https://w3id.org/hsgraph/dataset> ;
  sh:order ?place ; dcterms:description ?text
  FILTER(?place > 0 && LANG(?text) = "en") }"""


def test_help_shows_each_mark_as_pages_show_it(client: FlaskClient) -> None:
    page = client.get("/help", headers=HTML).text
    for mark in ('<details class="mark">', 'class="how">coded', 'class="how">inferred'):
        assert mark in page
    assert 'class="disputed"' in page


@pytest.mark.parametrize("path", ["/", "/project/serbia-southwest-sandzak", "/explore", "/data"])
def test_every_page_leads_to_about_and_help(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=HTML).text
    assert page.count('href="/about"') >= 2
    assert 'href="/help"' in page


def test_the_home_page_says_in_one_line_who_and_how_complete(client: FlaskClient) -> None:
    assert "not an official publication" in text(client.get("/", headers=HTML).text)


def test_without_a_setting_a_reader_is_told_what_to_do(http: FlaskClient) -> None:
    assert leads_to(http, "/project/valley") == "/about#contribute"


@pytest.mark.parametrize("template", [WEB, MAIL])
def test_a_page_says_which_it_is_where_the_setting_leads(
    tiny_graph: KnowledgeGraph, template: str
) -> None:
    settings = load(environ={}, feedback_url=template, base="https://data.example/hs")
    address = leads_to(create_app(tiny_graph, settings).test_client(), "/hs/project/valley")
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(template.split("?", maxsplit=1)[0])
    assert asked["body"] == ["https://data.example/hs/project/valley"]
    assert asked.get("title", asked.get("subject")) == ["Valley programme"]


def test_pages_of_errors_can_be_answered_too(tiny_graph: KnowledgeGraph) -> None:
    client = create_app(tiny_graph, load(environ={}, feedback_url=WEB)).test_client()
    assert "nothing-such" in leads_to(client, "/project/nothing-such")


def test_what_is_put_in_cannot_leave_its_place() -> None:
    title = '"><script>&subject={address}'
    filled = feedback(WEB, "https://a.example/?q=1&r=2", title)
    assert quote(title, safe="") in filled
    assert filled.count("&") == 1


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "ftp://x", "mailto:", "https://x/{page}"])
def test_a_wrong_setting_is_told_at_the_start(tiny_graph: KnowledgeGraph, wrong: str) -> None:
    with pytest.raises(SettingsError, match="feedback_url"):
        create_app(tiny_graph, load(environ={}, feedback_url=wrong))
