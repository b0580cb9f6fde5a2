"""Triple Pattern Fragments: the right triples, counts, pages, controls; and odd patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

HYDRA = "http://www.w3.org/ns/hydra/core#"
VOID = "http://rdfs.org/ns/void#"
MakeClient = Callable[..., FlaskClient]


def ask(client: FlaskClient, **pattern: str) -> tuple[set[Quad], dict[str, list[str]], str]:
    """The data, the controls of the page by property, and the address of the page."""
    query = ("?" + urlencode(pattern)) if pattern else ""
    address = "http://localhost/fragments" + query
    answer = client.get("/fragments" + query, headers={"Accept": "application/trig"})
    assert answer.status_code == 200, answer.text
    data, controls = set(), {}
    for quad in parse(answer.data, format=RdfFormat.TRIG):
        if isinstance(quad.graph_name, NamedNode):
            assert quad.graph_name.value == address + "#metadata"
            if quad.subject == NamedNode(address):
                controls.setdefault(quad.predicate.value, []).append(quad.object.value)
        else:
            data.add(quad)
    return data, controls, address


def _by_label(term: object) -> str:
    """A term as the graph has it: nodes without an IRI are given one on the way out."""
    return re.sub(r"<http://localhost/\.well-known/genid/(\w+)>", r"_:\1", str(term))


def test_all_triples_over_all_pages_are_the_graph(
    http_with: MakeClient, tiny_graph: object
) -> None:
    client = http_with(fragment_size=7)
    everything, page = set(), 1
    while True:
        data, controls, _ = ask(client, page=str(page))
        assert len(data) <= 7
        assert not everything & data
        everything |= data
        if HYDRA + "next" not in controls:
            break
        assert controls[HYDRA + "next"] == [f"http://localhost/fragments?page={page + 1}"]
        page += 1
    rows = tiny_graph.engine.select("SELECT * WHERE { ?s ?p ?o }").rows  # type: ignore[attr-defined]
    assert {tuple(map(_by_label, q.triple)) for q in everything} == {
        tuple(str(row[name]) for name in "spo") for row in rows
    }
    assert controls[VOID + "triples"] == [str(len(rows))]


@pytest.mark.parametrize(
    ("pattern", "sparql"),
    [
        ({"predicate": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}, "?s a ?o"),
        ({"predicate": "rdf:type", "object": "hs:Project"}, "?s a hs:Project"),
        ({"object": '"Floods"@en'}, '?s ?p "Floods"@en'),
        ({"object": '"Floods"'}, '?s ?p "Floods"'),
        ({"subject": "?x", "object": "?x"}, "?x ?p ?x"),
        ({"subject": "<https://w3id.org/hsgraph/id/project/valley>"},
         "<https://w3id.org/hsgraph/id/project/valley> ?p ?o"),
        ({"subject": '"text"'}, "?s ?p ?o FILTER(false)"),
        ({"subject": "_:b0"}, "?s ?p ?o FILTER(false)"),
        ({"subject": "http://nothing.example/"}, "<http://nothing.example/> ?p ?o"),
    ],
)  # fmt: skip
def test_a_pattern_gets_the_triples_that_fit(
    http_with: MakeClient, tiny_graph: object, pattern: dict[str, str], sparql: str
) -> None:
    data, controls, _ = ask(http_with(fragment_size=10_000), **pattern)
    (row,) = tiny_graph.engine.select(  # type: ignore[attr-defined]
        f"SELECT (COUNT(*) AS ?n) WHERE {{ {sparql} }}"
    ).rows
    assert len(data) == int(row["n"].value)
    assert controls[VOID + "triples"] == controls[HYDRA + "totalItems"] == [row["n"].value]


def test_a_whole_triple_is_there_or_not(http: FlaskClient) -> None:
    whole = {"subject": "https://w3id.org/hsgraph/id/project/valley", "predicate": "rdf:type"}
    assert len(ask(http, **whole, object="hs:Project")[0]) == 1
    assert len(ask(http, **whole, object="hs:Threat")[0]) == 0


def test_the_controls_tell_how_to_ask(http: FlaskClient) -> None:
    answer = http.get("/fragments.nq")
    quads = list(parse(answer.data, format=RdfFormat.N_QUADS))
    templates = [q.object.value for q in quads if q.predicate.value == HYDRA + "template"]
    assert templates == ["http://localhost/fragments{?subject,predicate,object}"]
    properties = {q.object.value for q in quads if q.predicate.value == HYDRA + "property"}
    assert {iri.rpartition("#")[2] for iri in properties} == {"subject", "predicate", "object"}
    variables = [q.object for q in quads if q.predicate.value == HYDRA + "variable"]
    assert sorted(v.value for v in variables if isinstance(v, Literal)) == [
        "object",
        "predicate",
        "subject",
    ]


@pytest.mark.parametrize(
    "query",
    ["subject=a b", 'object="open', "page=0", "page=x", "object=<>", 'object="x"@9'],
)
def test_what_is_no_pattern_is_told_so(http: FlaskClient, query: str) -> None:
    answer = http.get("/fragments?" + query.replace(" ", "%20"))
    assert answer.status_code == 400
    assert answer.get_json()["detail"]


def test_a_page_for_people_with_a_form(http: FlaskClient) -> None:
    answer = http.get("/fragments?predicate=rdf:type", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert re.search(r'<input[^>]+name="predicate"[^>]+value="rdf:type"', answer.text)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("stray", ["%", "%zz", "a%4", "%25%"])
def test_a_stray_percent_sign_in_the_address_is_no_failure(client: FlaskClient, stray: str) -> None:
    answer = client.get(f"/fragments.trig?other={stray}")
    assert answer.status_code == 200
    assert any(quad.graph_name for quad in parse(answer.data, format=RdfFormat.TRIG))
