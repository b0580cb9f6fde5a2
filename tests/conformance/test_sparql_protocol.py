"""The W3C's tests of the SPARQL 1.1 Protocol, each under its own name, over a real connection.

The suite is sparql/sparql11/protocol/manifest.ttl of w3c/rdf-tests. Its query tests pass. Its
update tests ask for what a read-only service declares it does not do; each is sent and refused.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import RdfFormat, parse

from hsgraph.namespaces import RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
DATA = "http://kasei.us/2009/09/sparql/data/"
DATA0, DATA1, DATA2, DATA3 = (f"{DATA}data{number}.rdf" for number in range(4))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
IN_DEFAULT = f"ASK {{ <{DATA1}> a ?type . <{DATA2}> a ?type }}"
IN_NAMED = f"GRAPH ?g1 {{ <{DATA1}> a ?type }} GRAPH ?g2 {{ <{DATA2}> a ?type }}"
NOWHERE = urlencode({"default-graph-uri": DATA0})
TABULAR = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
BOOLEAN = {"application/sparql-results+json", "application/sparql-results+xml"}
GRAPH = {"text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"}


@dataclass(frozen=True)
class Sent:
    """One test: its name in the manifest, the request, and for a boolean answer its value."""

    name: str
    method: str = "GET"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    types: frozenset[str] = frozenset(BOOLEAN)
    value: bool | None = True


def direct(name: str, text: str, query: str = "", **more: object) -> Sent:
    return Sent(name, "POST", query, QUERY, text.encode(), **more)  # type: ignore[arg-type]


def graphs(**names: list[str]) -> str:
    return urlencode({n.replace("_", "-"): values for n, values in names.items()}, doseq=True)


GOOD = [
    Sent("query_post_form", "POST", NOWHERE, FORM, b"query=ASK%20%7B%7D"),
    Sent(
        "query_dataset_default_graphs_get",
        query=f"query={quote(IN_DEFAULT)}&{graphs(default_graph_uri=[DATA1, DATA2])}",
    ),
    direct(
        "query_dataset_default_graphs_post", IN_DEFAULT, graphs(default_graph_uri=[DATA1, DATA2])
    ),
    direct(
        "query_dataset_named_graphs_post",
        f"ASK {{ {IN_NAMED} }}",
        graphs(named_graph_uri=[DATA1, DATA2]),
    ),
    Sent(
        "query_dataset_named_graphs_get",
        query=f"query={quote(f'ASK {{ {IN_NAMED} }}')}&{graphs(named_graph_uri=[DATA1, DATA2])}",
    ),
    direct(
        "query_dataset_full",
        f"ASK {{ <{DATA3}> a ?type {IN_NAMED} }}",
        graphs(default_graph_uri=[DATA3], named_graph_uri=[DATA1, DATA2]),
    ),
    direct(
        "query_multiple_dataset",
        f"ASK FROM <{DATA3}> {{ {IN_NAMED} }}",
        graphs(named_graph_uri=[DATA1, DATA2]),
    ),
    Sent("query_get", query="query=ASK%20%7B%7D&" + NOWHERE),
    direct(
        "query_content_type_select",
        "SELECT (1 AS ?value) {}",
        NOWHERE,
        types=frozenset(TABULAR),
        value=None,
    ),
    direct("query_content_type_ask", "ASK {}", NOWHERE, value=None),
    direct(
        "query_content_type_describe",
        "DESCRIBE <http://example.org/>",
        NOWHERE,
        types=frozenset(GRAPH),
        value=None,
    ),
    direct(
        "query_content_type_construct",
        "CONSTRUCT { <s> <p> 1 } WHERE {}",
        NOWHERE,
        types=frozenset(GRAPH),
        value=None,
    ),
    direct("query_post_direct", "ASK {}"),
]
BAD = [
    Sent("bad_query_method", "PUT", "query=ASK%20%7B%7D&" + NOWHERE, FORM),
    Sent("bad_multiple_queries", query="query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"),
    Sent("bad_query_wrong_media_type", "POST", "", {"Content-Type": "text/plain"}, b"ASK {}"),
    Sent("bad_query_missing_form_type", "POST", body=b"query=ASK%20%7B%7D"),
    Sent("bad_query_missing_direct_type", "POST", body=b"ASK {}"),
    Sent(
        "bad_query_non_utf8",
        "POST",
        "",
        {"Content-Type": "application/sparql-query; charset=UTF-16"},
        "ASK {}".encode("utf-16"),
    ),
    Sent("bad_query_syntax", query="query=ASK%20%7B"),
]
INSERT = (
    b"INSERT { GRAPH <http://example.org/g> { ?s a <http://example.org/c> } } WHERE { ?s ?p ?o }"
)
DECLARED_NOT_SUPPORTED = [
    Sent("update_dataset_default_graph", "POST", graphs(using_graph_uri=[DATA1]), UPDATE, INSERT),
    Sent(
        "update_dataset_default_graphs",
        "POST",
        graphs(using_graph_uri=[DATA1, DATA2]),
        UPDATE,
        INSERT,
    ),
    Sent(
        "update_dataset_named_graphs",
        "POST",
        graphs(using_named_graph_uri=[DATA1, DATA2]),
        UPDATE,
        INSERT,
    ),
    Sent(
        "update_dataset_full",
        "POST",
        graphs(using_graph_uri=[DATA1], using_named_graph_uri=[DATA2]),
        UPDATE,
        INSERT,
    ),
    Sent("update_post_form", "POST", "", FORM, b"update=CLEAR%20ALL"),
    Sent("update_post_direct", "POST", "", UPDATE, b"CLEAR ALL"),
    Sent("update_base_uri", "POST", "", UPDATE, b"CLEAR GRAPH <http://example.org/base/>"),
    Sent("bad_update_get", query="update=CLEAR%20ALL"),
    Sent("bad_multiple_updates", "POST", "", FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),
    Sent("bad_update_wrong_media_type", "POST", "", {"Content-Type": "text/plain"}, b"CLEAR NAMED"),
    Sent("bad_update_missing_form_type", "POST", body=b"update=CLEAR%20NAMED"),
    Sent(
        "bad_update_non_utf8",
        "POST",
        "",
        {"Content-Type": "application/sparql-update; charset=UTF-16"},
        "CLEAR NAMED".encode("utf-16"),
    ),
    Sent("bad_update_syntax", "POST", "", FORM, b"update=CLEAR%20XYZ"),
    Sent(
        "bad_update_dataset_conflict",
        "POST",
        graphs(using_named_graph_uri=["http://example/people"]),
        UPDATE,
        b"WITH <http://example/addresses> DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { ?s ?p 1 }",
    ),
]


def send(server: tuple[str, int], test: Sent) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(*server, timeout=30)
    try:
        path = "/sparql/" + (f"?{test.query}" if test.query else "")
        connection.request(test.method, path, body=test.body or None, headers=test.headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def named(test: Sent) -> str:
    return test.name


@pytest.mark.parametrize("test", GOOD, ids=named)
def test_queries_are_answered(protocol_server: tuple[str, int], test: Sent) -> None:
    status, headers, body = send(protocol_server, test)
    assert status == 200, body
    assert headers.get_content_type() in test.types
    if test.value is not None:
        assert json.loads(body)["boolean"] is test.value


@pytest.mark.parametrize("test", BAD, ids=named)
def test_what_is_no_proper_query_is_refused(protocol_server: tuple[str, int], test: Sent) -> None:
    status, headers, body = send(protocol_server, test)
    assert 400 <= status < 500, body
    assert headers.get_content_type() == "application/problem+json"


@pytest.mark.parametrize("test", DECLARED_NOT_SUPPORTED, ids=named)
def test_updates_are_refused_and_change_nothing(
    protocol_server: tuple[str, int], test: Sent
) -> None:
    status, _, body = send(protocol_server, test)
    assert status in (400, 403, 415), body
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    _, _, counted = send(protocol_server, direct("count", count))
    assert json.loads(counted)["results"]["bindings"][0]["n"]["value"] == "3"


def test_every_test_of_the_suite_is_here() -> None:
    names = {test.name for test in (*GOOD, *BAD, *DECLARED_NOT_SUPPORTED)}
    assert (len(GOOD), len(BAD), len(DECLARED_NOT_SUPPORTED), len(names)) == (13, 7, 14, 34)


def test_two_graphs_run_together_by_escaped_separators_are_one_graph_that_is_not_there(
    protocol_server: tuple[str, int],
) -> None:
    """The manifest sends `query_multiple_dataset` with `&` and `=` between its two graphs escaped.

    Read to the letter that names one graph, which nobody has, so the answer is false; the test
    above sends the two graphs it means.
    """
    query = "named-graph-uri=" + quote(f"{DATA1}&named-graph-uri={DATA2}", safe="")
    test = direct("query_multiple_dataset", f"ASK FROM <{DATA3}> {{ {IN_NAMED} }}", query)
    _, _, body = send(protocol_server, test)
    assert json.loads(body)["boolean"] is False


def description(server: tuple[str, int]) -> set[tuple[str, str, str]]:
    status, headers, body = send(server, Sent("service-description"))
    assert status == 200
    assert headers.get_content_type() == "text/turtle"
    triples = parse(body, format=RdfFormat.TURTLE)
    return {(str(t.subject), t.predicate.value, t.object.value) for t in triples}  # type: ignore[union-attr]


def test_returns_rdf(protocol_server: tuple[str, int]) -> None:
    assert description(protocol_server)


def test_has_endpoint_triple(protocol_server: tuple[str, int]) -> None:
    host, port = protocol_server
    endpoints = {o for _, p, o in description(protocol_server) if p == SD + "endpoint"}
    assert endpoints == {f"http://{host}:{port}/sparql"}


def test_conforms_to_schema(protocol_server: tuple[str, int]) -> None:
    """Every sd: term is one of the vocabulary's, on a subject of the class that it is for."""
    of_class = {
        "endpoint": "Service",
        "supportedLanguage": "Service",
        "resultFormat": "Service",
        "feature": "Service",
        "defaultDataset": "Service",
        "defaultGraph": "Dataset",
        "namedGraph": "Dataset",
        "name": "NamedGraph",
        "graph": "NamedGraph",
    }
    found = description(protocol_server)
    types = {s: o.removeprefix(SD) for s, p, o in found if p == RDF + "type"}
    used = {(p.removeprefix(SD), types[s]) for s, p, _ in found if p.startswith(SD)}
    assert used == set(of_class.items())
    graphs_named = {o for _, p, o in found if p == SD + "name"}
    assert graphs_named == {DATA1, DATA2, DATA3}
