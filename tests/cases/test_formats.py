"""What a format cannot hold is refused with the reason, never sent broken: XML above all."""

from __future__ import annotations

import csv
import socket
import xml.etree.ElementTree as ElementTree
from io import BytesIO, StringIO
from urllib.parse import quote

import pytest
import rdflib
import rdflib.compare
from pyoxigraph import RdfFormat, parse

from hsgraph import rdfxml
from hsgraph.engine.runners import wire
from hsgraph.errors import NotAcceptable
from hsgraph.literals import no_formula
from tests.cases.strangers import Opened, Served

RDF = {"Accept": "application/rdf+xml"}
XML = {"Accept": "application/sparql-results+xml"}
RDF_NAMES = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ASKED = "query=CONSTRUCT WHERE { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@pytest.mark.parametrize(
    "property_",
    [
        "http://example.org/prop/123",
        "http://example.org/",
        "http://example.org/p/(x)",
        "urn:x:1",
        "http://www.w3.org/2000/xmlns/x",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#li",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#about",
        "http://example.org/\U00010000a",
        "http://example.org/\u1200",
    ],
)
def test_a_property_that_is_no_name_in_xml_is_refused(served: Served, property_: str) -> None:
    visitor = served(f'ex:a a v:T ; rdfs:label "a" ; <{property_}> "x" .')
    for path in ("/describe?iri=http://example.org/a&format=rdf", "/data/graph?default"):
        answer = visitor.get(path, headers=RDF)
        assert answer.status_code == 406
        assert "RDF/XML cannot hold" in answer.text
    answer = visitor.get("/sparql", query_string={"query": CONSTRUCT}, headers=RDF)
    assert answer.status_code == 406
    assert visitor.get("/describe?iri=http://example.org/a&format=ttl").status_code == 200


@pytest.mark.parametrize(
    ("data", "accept", "given"),
    [
        (
            '<http://example.org/prop/1> "x"',
            "application/rdf+xml, text/turtle;q=0.5",
            "text/turtle",
        ),
        ('v:p "a\\u0001b"', "application/rdf+xml, */*;q=0.1", None),
        (
            'rdf:about "x"',
            "application/rdf+xml;q=0.9, application/n-triples",
            "application/n-triples",
        ),
        ('rdf:about "x"', "application/rdf+xml, text/csv", "application/problem+json"),
    ],
)
def test_what_one_format_cannot_hold_is_given_in_another_that_is_taken(
    served: Served, data: str, accept: str, given: str | None
) -> None:
    """RFC 9110, 15.5.7: 406 says that nothing that would be acceptable is there."""
    visitor = served(f'ex:a rdfs:label "a" ; {data} .'.replace("rdf:about", f"<{RDF_NAMES}about>"))
    for path in ("/describe?iri=http://example.org/a", "/data/graph?default", f"/sparql?{ASKED}"):
        answer = visitor.get(path, headers={"Accept": accept})
        assert answer.status_code == (406 if given == "application/problem+json" else 200)
        assert given in (None, answer.mimetype)
        assert answer.mimetype != "application/rdf+xml"
        assert "Accept" in answer.headers["Vary"]
        named = visitor.get(f"{path}&format=rdf", headers={"Accept": accept})
        assert named.status_code == 406


def test_a_result_that_xml_cannot_hold_is_given_in_another_format(served: Served) -> None:
    visitor = served('ex:a v:p "a\\u0001b" .')
    accept = {"Accept": "application/sparql-results+xml, application/sparql-results+json;q=0.8"}
    answer = visitor.get("/sparql?query=SELECT * {?s ?p ?o}", headers=accept)
    assert answer.status_code == 200
    assert answer.json["results"]["bindings"][0]["o"]["value"] == "a\x01b"


@pytest.mark.parametrize(
    ("data", "query", "format"),
    [
        ('ex:a <http://example.org/prop/123> "x" .', CONSTRUCT, "rdf"),
        ('ex:a v:p "a\\u0001b" .', CONSTRUCT, "rdf"),
        ('ex:a v:p "a\\u0001b" .', "SELECT ?o { ?s ?p ?o }", "xml"),
    ],
)
def test_what_xml_cannot_hold_is_refused_without_a_server_too(
    opened: Opened, data: str, query: str, format: str
) -> None:
    result = opened(data).query(query)
    with pytest.raises(NotAcceptable, match="XML cannot hold"):
        result.write(format)
    assert result.write("nt" if format == "rdf" else "json")


def test_classes_need_no_name_in_xml(served: Served) -> None:
    visitor = served('ex:b a <http://example.org/class/42> ; rdfs:label "b" .')
    for path in ("/describe?iri=http://example.org/b&format=rdf", "/data/graph?default"):
        answer = visitor.get(path, headers=RDF)
        assert answer.status_code == 200
        ElementTree.fromstring(answer.data)
        assert 'rdf:resource="http://example.org/class/42"' in answer.text
    answer = visitor.get("/sparql", query_string={"query": CONSTRUCT}, headers=RDF)
    assert b"class/42" in ElementTree.tostring(ElementTree.fromstring(answer.data))


@pytest.mark.parametrize("sign", [r"\u0001", r"\u0000", r"\u001F", r"\uFFFE", r"\u000B"])
def test_control_characters_are_refused_in_xml(served: Served, sign: str) -> None:
    visitor = served(f'ex:a a v:T ; rdfs:label "a{sign}b" .')
    query = {"query": "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }"}
    answer = visitor.get("/sparql", query_string=query, headers=XML)
    assert answer.status_code == 406
    assert "U+" in answer.text
    assert visitor.get("/sparql", query_string=query).status_code == 200
    assert visitor.get("/describe?iri=http://example.org/a", headers=RDF).status_code == 406
    assert visitor.get("/data/graph?default", headers=RDF).status_code == 406


def test_all_that_xml_holds_comes_back_the_same(served: Served) -> None:
    text = r'"tab\tcr\rlf\n <&>\"\' \u0085 \u00A0 \U0001F600 é"'
    data = (
        f"ex:a a v:T ; rdfs:label {text}, 'de'@de-AT ; v:n 1.5 ; <http://example.org/1abc> ex:b ;"
        " v:list ( 1 [ v:x <http://example.org/?a=1&b='2'> ] ) . ex:été v:prop.x-1 'é' ."
    )
    visitor = served(data)
    query = {"query": "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }"}
    rows = visitor.get("/sparql", query_string=query, headers=XML)
    values = {element.text for element in ElementTree.fromstring(rows.data).iter() if element.text}
    assert any("cr\rlf" in value for value in values)
    answer = visitor.get("/data/graph?default", headers=RDF)
    turtle = visitor.get("/data/graph?default", headers={"Accept": "text/turtle"})
    found, wanted = (
        rdflib.Graph().parse(data=body.data, format=kind)
        for body, kind in ((answer, "xml"), (turtle, "turtle"))
    )
    assert rdflib.compare.isomorphic(found, wanted)
    ours = {str(q.object) for q in parse(answer.data, RdfFormat.RDF_XML)}
    assert any("cr\\rlf" in value for value in ours)


def test_nothing_at_all_is_a_document_too() -> None:
    output = BytesIO()
    rdfxml.write([], output, {})
    assert len(ElementTree.fromstring(output.getvalue())) == 0


def test_the_refusal_passes_from_a_runner() -> None:
    error = NotAcceptable("RDF/XML cannot hold it.", available=("text/turtle",))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(wire.pack_error(error))
        with pytest.raises(NotAcceptable) as caught:
            wire.unpack_answer(*wire.receive(theirs, 0))
    again = caught.value
    assert (again.message, tuple(again.available)) == (error.message, error.available)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("+cmd", "'+cmd"),
        ("\tx", "'\tx"),
        ("-5.5", "-5.5"),
        ("+3", "+3"),
        ("plain =1", "plain =1"),
        ("", ""),
    ],
)
def test_no_cell_of_a_table_is_a_formula(cell: str, written: str) -> None:
    assert no_formula(cell) == written


COMMAS = r"""
ex:a v:p <http://e/Paris,_Texas> , "x,\"y\"" , "a\nb" , "" , 1.5 ; v:q <http://e/,> .
"""


@pytest.mark.parametrize(
    "query",
    ["SELECT ?o { ?s v:p ?o }", "SELECT ?s ?o ?none ?q { ?s v:p ?o ; v:q ?q }", "SELECT * {}"],
)
def test_commas_in_iris_make_no_columns(opened: Opened, served: Served, query: str) -> None:
    """RFC 4180, 2.6."""
    prefixed = f"PREFIX v: <http://example.org/vocab#> {query}"
    visitor = served(COMMAS)
    body = visitor.get(f"/sparql?format=csv&query={quote(prefixed)}").text
    assert body == opened(COMMAS).query(prefixed).write("csv")
    told = visitor.get(f"/sparql?format=json&query={quote(prefixed)}").json
    names = told["head"]["vars"]
    expected = [
        [row[name]["value"] if name in row else "" for name in names]
        for row in told["results"]["bindings"]
    ]
    head, *rows = csv.reader(StringIO(body, newline=""))
    assert head == names
    assert sorted(row or [""] * len(names) for row in rows) == sorted(expected)


def test_blank_nodes_beside_commas_keep_their_sign(served: Served) -> None:
    answer = served("ex:a v:p [] ; v:q <http://e/,> .").get(
        f"/sparql?format=csv&query={quote('SELECT ?x ?y { ?s ?p ?x ; ?q ?y }')}"
    )
    rows = list(csv.reader(StringIO(answer.text, newline="")))
    assert {len(row) for row in rows} == {2}
    assert any(row[0].startswith("_:") for row in rows)
