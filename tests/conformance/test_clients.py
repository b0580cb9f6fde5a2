"""The clients that people use get what they ask for, with their defaults, from a real server."""

from __future__ import annotations

import http.client

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML
from SPARQLWrapper import SPARQLWrapper as Wrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

FLOODS = "https://w3id.org/hsgraph/id/threat/valley-floods"
SELECT = 'SELECT ?s WHERE { ?s skos:prefLabel "Floods"@en }'
CONSTRUCT = f"CONSTRUCT {{ <{FLOODS}> ?p ?o }} WHERE {{ <{FLOODS}> ?p ?o }}"


@pytest.mark.parametrize("format", [JSON, XML, CSV, TSV])
@pytest.mark.parametrize(("method", "sending"), [("GET", None), (POST, None), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_selects(
    small_server: str, format: str, method: str, sending: str | None
) -> None:
    client = Wrapper(small_server + "sparql", returnFormat=format)
    client.setQuery(SELECT)
    client.setMethod(method)
    if sending:
        client.setRequestMethod(sending)
    answer = client.query().convert()
    text = answer.toxml() if format == XML else answer
    assert FLOODS in (text.decode() if isinstance(text, bytes) else str(text))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # SPARQLWrapper's own
@pytest.mark.parametrize("format", [TURTLE, N3, RDFXML, XML, JSONLD, None])
def test_sparqlwrapper_constructs(small_server: str, format: str | None) -> None:
    client = Wrapper(small_server + "sparql")
    client.setQuery(CONSTRUCT)
    if format:
        client.setReturnFormat(format)
    answer = client.queryAndConvert()
    graph = answer if isinstance(answer, Graph) else Graph().parse(data=answer, format="turtle")
    assert len(graph) == 4


def test_sparqlwrapper_asks_and_is_told_of_mistakes(small_server: str) -> None:
    client = Wrapper(small_server + "sparql", returnFormat=JSON)
    client.setQuery("ASK { ?s ?p ?o }")
    assert client.queryAndConvert()["boolean"] is True
    client.setQuery("ASK { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="column"):
        client.query()


def test_rdflib_follows_a_thing_to_its_document(small_server: str) -> None:
    graph = Graph().parse(small_server + "id/project/valley")
    assert (URIRef("https://w3id.org/hsgraph/id/project/valley"), None, None) in graph


def test_rdflib_queries_as_a_store(small_server: str) -> None:
    graph = Graph(SPARQLStore(small_server + "sparql", context_aware=False))
    assert [str(row[0]) for row in graph.query(SELECT)] == [FLOODS]


def test_a_body_in_chunks_is_read_and_bounded(small_server: str) -> None:
    host = small_server.removeprefix("http://").rstrip("/")
    headers = {"Content-Type": "application/sparql-query"}
    for size, status in ((1, 200), (5_000, 413)):
        connection = http.client.HTTPConnection(host, timeout=20)
        chunks = [b"ASK {}", *[b" " * 1000] * size]
        try:
            connection.request("POST", "/sparql", iter(chunks), headers, encode_chunked=True)
            assert connection.getresponse().status == status
        except (BrokenPipeError, ConnectionResetError):
            assert status == 413
        finally:
            connection.close()
