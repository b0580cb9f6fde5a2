"""Fragments over nodes without an IRI: each has an address that can be asked for."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.cases.strangers import BROWSER, Served

NT = {"Accept": "application/n-triples"}
V = "http://example.org/vocab#"


def objects(visitor: FlaskClient, **pattern: str) -> list[str]:
    answer = visitor.get("/fragments", query_string=pattern, headers=NT)
    assert answer.status_code == 200
    found = [line for line in answer.text.splitlines() if "example.org" in line.split(" ")[1]]
    return [line.split(" ", 2)[2].rstrip(" .") for line in found]


@pytest.fixture(scope="module")
def visitor(served: Served) -> FlaskClient:
    return served(
        'ex:a v:address [ v:street "Street 1" ; v:in [ v:name "Town" ] ] . ex:b v:list ( ex:a 2 ) .'
    )


def test_a_join_over_a_node_without_an_iri_has_its_row(visitor: FlaskClient) -> None:
    (node,) = objects(visitor, subject="http://example.org/a", predicate=V + "address")
    assert node.startswith("<http")
    assert objects(visitor, subject=node[1:-1], predicate=V + "street") == ['"Street 1"']
    assert objects(visitor, subject=node, object='"Street 1"') == ['"Street 1"']
    assert objects(visitor, predicate=V + "address", object=node[1:-1]) == [node]
    (inner,) = objects(visitor, subject=node[1:-1], predicate=V + "in")
    assert objects(visitor, subject=inner[1:-1]) == ['"Town"']
    assert objects(visitor, subject=inner[1:-1], predicate=V + "street") == []
    assert objects(visitor, subject=node[1:-1], predicate=V + "in", object=inner[1:-1]) == [inner]


def test_no_node_goes_out_without_an_address(visitor: FlaskClient) -> None:
    for format in ("nt", "ttl", "jsonld", "trig"):
        text = visitor.get(f"/fragments?format={format}").text
        assert "/.well-known/genid/" in text
        assert not re.search(r"_:b\w+n\d", text)
    assert visitor.get("/fragments", headers=BROWSER).status_code == 200


@pytest.mark.parametrize("name", ["none", "b" * 500, "x/y", "%3Cx%3E", "1"])
def test_a_node_that_is_not_there_has_no_triples(visitor: FlaskClient, name: str) -> None:
    subject = f"http://localhost/.well-known/genid/{name}"
    assert visitor.get("/fragments", query_string={"subject": subject}).status_code in {200, 400}
    assert objects(visitor, subject="http://localhost/.well-known/genid/none") == []


def test_pages_beyond_the_count_cost_nothing(visitor: FlaskClient) -> None:
    for page in ("2", "1000000", "999999999"):
        answer = visitor.get("/fragments", query_string={"page": page}, headers=NT)
        assert answer.status_code == 200
        assert "example.org/vocab" not in answer.text


@pytest.mark.parametrize(
    "term",
    ['"x"@en--ltr', '"3"^^xsd:integer', '"3"^^http://www.w3.org/2001/XMLSchema#integer', '"y"@fr'],
)
def test_literals_are_asked_for_as_they_are_written(served: Served, term: str) -> None:
    visitor = served('ex:a v:p "x"@en--ltr , "x"@en--rtl , "x"@en , 3 , "y"@fr .')
    found = visitor.get("/fragments", query_string={"object": term}, headers=NT)
    assert found.status_code == 200
    assert found.text.count("<http://example.org/a> ") == 1
