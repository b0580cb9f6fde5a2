"""/sparql: every way to send a query, every format to get an answer in, and plain refusals."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, parse, parse_query_results

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Answer, Request
from hsgraph.formats import RDF_FORMATS, RESULT_FORMATS, Format

SD = "http://www.w3.org/ns/sparql-service-description#"
MakeClient = Callable[..., FlaskClient]

SELECT = 'SELECT ?s WHERE { ?s skos:prefLabel "Floods"@en }'
FLOODS = "https://w3id.org/hsgraph/id/threat/valley-floods"
CONSTRUCT = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }"
QUERY_TYPE = {"Content-Type": "application/sparql-query"}


def test_a_query_can_be_sent_in_every_way_of_the_protocol(http: FlaskClient) -> None:
    answers = [
        http.get("/sparql", query_string={"query": SELECT}),
        http.get("/sparql/", query_string={"query": SELECT}),
        http.post("/sparql", data={"query": SELECT}),
        http.post("/sparql", data=SELECT, headers=QUERY_TYPE),
        http.post("/sparql", data=SELECT, content_type="application/sparql-query; charset=UTF-8"),
        http.post("/sparql", data=f"\ufeff{SELECT}".encode(), headers=QUERY_TYPE),
        http.open("/sparql", method="QUERY", data=SELECT, headers=QUERY_TYPE),
    ]
    for answer in answers:
        assert answer.status_code == 200
        (row,) = answer.get_json(force=True)["results"]["bindings"]
        assert row["s"]["value"] == FLOODS


@pytest.mark.parametrize("format", RESULT_FORMATS, ids=lambda format: format.name)
def test_select_answers_in_every_format_of_results(http: FlaskClient, format: Format) -> None:
    by_accept = http.get(
        "/sparql", query_string={"query": SELECT}, headers={"Accept": format.media_type}
    )
    by_name = http.get("/sparql", query_string={"query": SELECT, "format": format.name})
    assert by_accept.headers["Content-Type"] == format.content_type
    assert by_accept.data == by_name.data
    assert FLOODS in by_accept.text
    if format.name == "csv":
        assert list(csv.reader(by_accept.text.splitlines())) == [["s"], [FLOODS]]
    elif format.results is not None:
        results = parse_query_results(by_accept.data, format.results)
        assert isinstance(results, QuerySolutions)
        assert [row["s"] for row in results] == [NamedNode(FLOODS)]


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda format: format.name)
@pytest.mark.parametrize("query", [CONSTRUCT, f"DESCRIBE <{FLOODS}>"])
def test_graph_forms_answer_in_every_rdf_format(
    http: FlaskClient, query: str, format: Format
) -> None:
    answer = http.get(
        "/sparql", query_string={"query": query}, headers={"Accept": format.media_type}
    )
    assert answer.headers["Content-Type"] == format.content_type
    assert format.rdf is not None
    assert any(quad.subject == NamedNode(FLOODS) for quad in parse(answer.data, format=format.rdf))


@pytest.mark.parametrize("accept", ["application/sparql-results+xml", "application/json", "*/*"])
def test_ask_answers_in_the_formats_that_have_booleans(http: FlaskClient, accept: str) -> None:
    answer = http.get("/sparql", query_string={"query": "ASK {}"}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert "true" in answer.text


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("ASK {}", "text/csv"),
        (SELECT, "text/turtle"),
        (CONSTRUCT, "application/sparql-results+json"),
        (CONSTRUCT, "image/png"),
    ],
)
def test_the_form_of_the_query_decides_what_is_offered(
    http: FlaskClient, query: str, accept: str
) -> None:
    answer = http.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.get_json()["available"]
    assert accept not in answer.get_json()["available"]


def test_parameters_that_clients_always_send_do_no_harm(http: FlaskClient) -> None:
    parameters = {"query": CONSTRUCT, "format": "json", "output": "json", "results": "json"}
    assert http.get("/sparql", query_string=parameters).mimetype == "application/ld+json"
    odd = {"query": SELECT, "format": "pdf", "debug": "on", "timeout": ""}
    answer = http.get("/sparql", query_string=odd, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")


def test_the_query_is_decoded_once(http: FlaskClient) -> None:
    answer = http.get("/sparql?query=SELECT%20(%22a%2541%2Bb%22%20AS%20%3Fx)%20%7B%7D")
    assert answer.get_json(force=True)["results"]["bindings"][0]["x"]["value"] == "a%41+b"


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ({"query_string": {"query": ["ASK {}", "ASK {}"]}}, 400, "more than once"),
        ({"query_string": "query=%ff"}, 400, "UTF-8"),
        ({"query_string": {"query": "ASK {}", "timeout": "soon"}}, 400, "timeout"),
        ({"query_string": {"query": "ASK {}", "timeout": "-1"}}, 400, "timeout"),
        ({"query_string": {"query": "ASK {}", "timeout": "nan"}}, 400, "timeout"),
        ({"query_string": {"query": "ASK {}", "default-graph-uri": "<x"}}, 400, "default-graph"),
        ({"query_string": {"update": "CLEAR ALL"}}, 403, "updates"),
        ({"query_string": {"query": "CLEAR ALL"}}, 403, "CLEAR"),
        ({"query_string": {"query": "ASK { SERVICE <http://x/> {} }"}}, 400, "SERVICE"),
        ({"method": "POST"}, 415, "Content-Type"),
        ({"method": "POST", "data": "ASK {}", "content_type": "text/plain"}, 415, "text/plain"),
        ({"method": "POST", "data": {}}, 415, "missing"),
        ({"method": "POST", "data": {"x": "y"}}, 400, "missing"),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 403, "updates"),
        (
            {"method": "POST", "data": b"\xff", "content_type": "application/sparql-query"},
            400,
            "UTF-8",
        ),
        (
            {
                "method": "POST",
                "data": "ASK {}".encode("utf-16"),
                "content_type": "application/sparql-query; charset=utf-16",
            },
            415,
            "UTF-8",
        ),
        (
            {"method": "POST", "data": "CLEAR ALL", "content_type": "application/sparql-update"},
            403,
            "updates",
        ),
        ({"method": "PUT", "query_string": {"query": "ASK {}"}}, 405, "PUT"),
        ({"method": "DELETE"}, 405, "DELETE"),
    ],
)
def test_what_is_not_the_query_protocol_is_refused_with_a_reason(
    http: FlaskClient, arguments: dict[str, object], status: int, says: str
) -> None:
    answer = http.open("/sparql", **arguments)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert says in answer.get_json()["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_mistake_in_a_query_is_told_with_its_place(http: FlaskClient) -> None:
    problem = http.get("/sparql", query_string={"query": "SELECT *\nWHERE { ?s ?p }"}).get_json()
    assert problem["status"] == 400
    assert problem["type"].endswith("/problem/query-syntax")
    assert (problem["line"], problem["column"]) == (2, 15)
    assert "lacks a value" in problem["detail"]


def test_a_person_gets_the_mistake_as_a_page(http: FlaskClient) -> None:
    answer = http.get(
        "/sparql",
        query_string={"query": "SELECT <script>"},
        headers={"Accept": "text/html,*/*;q=0.8"},
    )
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "<h1>" in answer.text
    assert "<script>" not in answer.text


def test_too_long_is_413_or_414_with_the_limit(http_with: MakeClient) -> None:
    http = http_with(query_length=1000, url_length=2000)
    long = "ASK {} #" + "x" * 1500
    assert http.get("/sparql", query_string={"query": long}).status_code == 413
    assert http.get("/sparql", query_string={"query": long * 2}).status_code == 414
    posted = http.post("/sparql", data=long * 100, headers=QUERY_TYPE)
    assert posted.status_code == 413
    assert posted.mimetype == "application/problem+json"


def test_the_dataset_of_a_request_replaces_that_of_the_query(http: FlaskClient) -> None:
    ask = f"ASK FROM <https://example.org/other> {{ <{FLOODS}> a ?type }}"
    parameters = {"query": ask}
    assert http.get("/sparql", query_string=parameters).get_json(force=True)["boolean"] is False
    parameters["default-graph-uri"] = "https://w3id.org/hsgraph/graph/data/projects/valley"
    assert http.get("/sparql", query_string=parameters).get_json(force=True)["boolean"] is True


@pytest.mark.parametrize(("asked", "given"), [("", 3.0), ("1.5", 1.5), ("60", 3.0)])
def test_a_client_may_only_lower_the_deadline(
    http_with: MakeClient, monkeypatch: pytest.MonkeyPatch, asked: str, given: float
) -> None:
    seen: list[float] = []
    evaluate = EmbeddedEngine.evaluate

    def seeing(engine: EmbeddedEngine, request: Request) -> Answer:
        seen.append(request.limits.seconds)
        return evaluate(engine, request)

    monkeypatch.setattr(EmbeddedEngine, "evaluate", seeing)
    query = {"query": "ASK {}", "timeout": asked}
    assert http_with(query_seconds=3.0).get("/sparql", query_string=query).status_code == 200
    assert seen == [given]


def test_head_and_options(http: FlaskClient) -> None:
    head = http.head("/sparql", query_string={"query": SELECT})
    assert (head.status_code, head.data) == (200, b"")
    assert head.mimetype == "application/sparql-results+json"
    preflight = http.options(
        "/sparql",
        headers={"Origin": "https://app.example", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "POST", "QUERY"} <= set(
        preflight.headers["Access-Control-Allow-Methods"].split(", ")
    )
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda format: format.name)
def test_without_a_query_the_service_describes_itself(http: FlaskClient, format: Format) -> None:
    answer = http.get("/sparql", headers={"Accept": format.media_type})
    assert answer.mimetype == format.media_type
    assert SD + "endpoint" in answer.text.replace("sd:", SD) or "xmlns" in answer.text


def test_the_description_is_about_the_address_asked_and_counts_each_graph(
    http: FlaskClient, http_with: MakeClient
) -> None:
    query = f"""SELECT ?endpoint ?graph ?triples WHERE {{
      ?service <{SD}endpoint> ?endpoint ; <{SD}defaultDataset>/<{SD}namedGraph> ?entry .
      ?entry <{SD}name> ?graph ;
        <{SD}graph>/<http://rdfs.org/ns/void#triples> ?triples }}"""
    from pyoxigraph import Store

    def described(client: FlaskClient) -> dict[str, tuple[str, int]]:
        store = Store()
        body = client.get("/sparql", base_url="http://graph.example").data
        store.load(body, format=RdfFormat.TURTLE)
        rows = store.query(query)
        assert isinstance(rows, QuerySolutions)
        return {
            row["graph"].value: (row["endpoint"].value, int(row["triples"].value)) for row in rows
        }

    found = described(http)
    assert found["https://example.org/other"] == ("http://graph.example/sparql", 2)
    assert len(found) == 6
    public = described(http_with(base="https://data.example.org/hs/"))
    assert public["https://example.org/other"][0] == "https://data.example.org/hs/sparql"


def test_browsers_are_sent_to_the_editor(http: FlaskClient) -> None:
    answer = http.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/query")


def test_union_default_graph_holds_every_graph_once(http: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    answer = http.get("/sparql", query_string={"query": query}).get_json(force=True)
    default = http.get("/data/graph?default", headers={"Accept": "application/n-triples"})
    count = int(answer["results"]["bindings"][0]["n"]["value"])
    assert count == len(default.text.splitlines())
    assert json.dumps(answer)
