"""Anybody's RDF files are served sensibly: no page fails, and nothing leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Answer, Request
from hsgraph.errors import QueryTimeout
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.settings import Settings

PEOPLE = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix : <https://example.org/people/> .

:ada a foaf:Person ; foaf:name "Ada" ; foaf:knows :grace ;
  foaf:made [ foaf:title "Notes" ; foaf:maker :grace ; foaf:page [ foaf:title "Note <G>" ] ] ;
  :order ( "first" :grace [ foaf:title "third" ] ) .
:grace a foaf:Person ; foaf:name "Grace" .
:club a foaf:Group ; foaf:member :ada , :grace .
:stray foaf:name "Stray" .
:concept a <http://www.w3.org/2004/02/skos/core#Concept> ; foaf:name "Idea" .
"""
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
PAGES = (
    *("/", "/search", "/search?q=ada", "/query", "/quality", "/data", "/fragments", "/explore"),
    *("/explore/map", "/explore/time", "/explore/matrix", "/explore/network", "/explore/causes"),
    *("/browse/project", "/browse/place", "/vocab", "/readyz"),
    "/describe?iri=https://example.org/people/ada",
    "/things?class=http://xmlns.com/foaf/0.1/Person",
)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("people")
    file = Path(folder / "people.ttl")
    file.write_text(PEOPLE)
    settings = Settings(snapshots=folder / "var")
    with KnowledgeGraph.open(str(file), settings=settings) as graph:
        yield create_app(graph, settings).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_fails(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path, headers={"Accept": "text/html"}).status_code in {200, 404}
    assert visitor.get(path).status_code < 500


def test_home_says_what_is_in_here_and_its_links_answer(visitor: FlaskClient) -> None:
    home = visitor.get("/", headers={"Accept": "text/html"}).text
    assert "Person" in home
    assert "Group" in home
    links = set(re.findall(r'href="(/[^"#]*)"', home))
    assert "/things?class=http%3A//xmlns.com/foaf/0.1/Person" in links
    for link in links:
        with visitor.get(link.replace("&amp;", "&"), headers={"Accept": BROWSER}) as answer:
            assert answer.status_code in {200, 303}, link


def test_things_of_a_class_are_listed_by_name(visitor: FlaskClient) -> None:
    page = visitor.get("/things?class=http://xmlns.com/foaf/0.1/Person").text
    assert "2 things" in page
    assert "Ada" in page
    assert "Grace" in page


def test_links_lead_to_the_page_about_a_thing(visitor: FlaskClient) -> None:
    grace = "/describe?iri=https%3A%2F%2Fexample.org%2Fpeople%2Fgrace"
    for path in (
        "/things?class=http://xmlns.com/foaf/0.1/Person",
        "/search?q=grace",
        "/describe?iri=https://example.org/people/ada",
    ):
        assert f'href="{grace}"' in visitor.get(path, headers={"Accept": BROWSER}).text, path
    assert visitor.get(grace, headers={"Accept": BROWSER}).status_code == 200


def test_class_without_things_is_not_found(visitor: FlaskClient) -> None:
    assert visitor.get("/things?class=http://xmlns.com/foaf/0.1/Agent").status_code == 404


def test_no_licence_is_claimed_for_data_that_state_none(visitor: FlaskClient) -> None:
    assert "CC BY" not in visitor.get("/").text


def test_editor_offers_no_question_about_what_is_not_there(visitor: FlaskClient) -> None:
    assert "/query?example=" not in visitor.get("/query").text


def test_things_without_a_class_are_listed(visitor: FlaskClient) -> None:
    assert 'href="/things?class="' in visitor.get("/", headers={"Accept": BROWSER}).text
    page = visitor.get("/things?class=").text
    assert "1 thing" in page
    assert "Stray" in page
    assert visitor.get("/things").status_code == 400


@pytest.mark.parametrize("named", ["", "http://xmlns.com/foaf/0.1/Person"])
def test_lists_of_a_class_end_at_the_deadline_of_queries(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    def late(engine: EmbeddedEngine, request: Request) -> Answer:
        raise QueryTimeout(request.limits.seconds)

    monkeypatch.setattr(EmbeddedEngine, "evaluate", late)
    answer = visitor.get("/things", query_string={"class": named, "page": "1"})
    assert (answer.status_code, "was stopped" in answer.text) == (503, True)


def test_quality_says_that_nothing_was_checked(visitor: FlaskClient) -> None:
    page = visitor.get("/quality", headers={"Accept": BROWSER}).text
    assert "not checked against shapes" in page
    assert "checks found" not in page
    assert "No source contradicts" not in page
    assert re.search(r"name</.*?>2<", page, re.DOTALL)


@pytest.mark.parametrize(
    "path", ["/search", "/search?q=xyzzy", "/describe?iri=https://example.org/people/concept"]
)
def test_programmes_are_not_spoken_of_where_there_are_none(visitor: FlaskClient, path: str) -> None:
    page = visitor.get(path, headers={"Accept": BROWSER})
    assert page.status_code == 200
    assert "programme" not in re.sub(r"<meta[^>]*>", "", page.text).lower()


def test_what_nodes_without_an_iri_say_is_on_the_page_and_in_the_document(
    visitor: FlaskClient,
) -> None:
    address = "/describe?iri=https://example.org/people/ada"
    page = visitor.get(address, headers={"Accept": BROWSER}).text
    (made,) = re.findall(r'<ul class="node">(?:(?!<ul class="node">).)*Note &lt;G&gt;', page, re.S)
    assert "Notes" in page
    assert made.count("title") == 1
    items = re.search(r'<ol class="node">(.*?)</ol>', page, re.S)
    assert items is not None
    assert re.findall("first|Grace|third", items[1]) == ["first", "Grace", "third"]
    nquads = visitor.get(address, headers={"Accept": "application/n-triples"}).text
    assert nquads.count("http://xmlns.com/foaf/0.1/title") == 3
    assert nquads.count("rdf-syntax-ns#first") == 3


@pytest.mark.parametrize("path", ["json", "jsonld", "ttl", "rdf", "trig", "nq"])
def test_nodes_without_an_iri_are_in_every_format(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(f"/describe?iri=https://example.org/people/ada&format={path}")
    assert answer.status_code == 200
    assert "third" in answer.text


def test_nodes_that_lead_in_circles_have_an_end(tmp_path: Path) -> None:
    file = tmp_path / "circle.ttl"
    file.write_text(
        "@prefix : <https://example.org/> . :a :p _:x . _:x :p _:y ; :q _:x . _:y :p _:x ."
        " :long :p ( " + "1 " * 300 + ") ."
    )
    with KnowledgeGraph.open(str(file), settings=Settings(snapshots=tmp_path / "var")) as graph:
        client = create_app(graph, Settings(snapshots=tmp_path / "var")).test_client()
        for name in ("a", "long"):
            page = client.get(f"/describe?iri=https://example.org/{name}&format=html")
            assert page.status_code == 200
            assert len(page.data) < 40_000
