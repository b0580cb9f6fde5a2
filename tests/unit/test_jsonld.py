"""Compact JSON-LD made straight from statements reads back as the same statements."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from hsgraph import jsonld
from hsgraph.namespaces import HS, RDF, SKOS, XSD

THING = NamedNode("https://w3id.org/hsgraph/id/project/x")
DATE = NamedNode(XSD + "date")
PROPERTIES = [HS + "startDate", SKOS + "prefLabel", HS + "addresses", RDF + "type", RDF + "value"]


def again(triples: set[Triple]) -> set[str]:
    return {str(q.triple) for q in parse(jsonld.write(triples), format=RdfFormat.JSON_LD)}


values = st.one_of(
    st.sampled_from(["https://w3id.org/hsgraph/id/threat/a", HS + "Coded", "urn:x:y"]).map(
        NamedNode
    ),
    st.text(max_size=5).map(Literal),
    st.builds(Literal, st.text(max_size=5), language=st.sampled_from(["en", "de", "sr-latn"])),
    st.builds(
        Literal,
        st.sampled_from(["2012-10-01", "true", "1", "x"]),
        datatype=st.sampled_from([XSD + n for n in ("date", "integer", "boolean")]).map(NamedNode),
    ),
)
triples = st.builds(
    Triple, st.just(THING), st.sampled_from([NamedNode(p) for p in PROPERTIES]), values
)


@given(st.sets(triples, max_size=12))
def test_any_values_under_any_terms_are_kept(given_triples: set[Triple]) -> None:
    assert again(given_triples) == {str(triple) for triple in given_triples}


@pytest.mark.parametrize("iri", ["geo:45.1,20.2", "skos:x", "label:y", "urn:isbn:1"])
def test_an_iri_that_looks_like_a_prefixed_name_stays_whole(iri: str) -> None:
    found = {
        Triple(THING, NamedNode(HS + "addresses"), NamedNode(iri)),
        Triple(NamedNode(iri), NamedNode(SKOS + "prefLabel"), Literal("A", language="en")),
    }
    assert again(found) == {str(triple) for triple in found}


def test_one_thing_reads_as_people_would_write_it() -> None:
    found = {
        Triple(THING, NamedNode(RDF + "type"), NamedNode(HS + "Project")),
        Triple(THING, NamedNode(SKOS + "prefLabel"), Literal("X", language="en")),
        Triple(THING, NamedNode(HS + "startDate"), Literal("2012-10-01", datatype=DATE)),
    }
    document = json.loads(jsonld.write(found))
    context = document.pop("@context")
    assert document == {
        "@id": THING.value,
        "@type": "Project",
        "prefLabel": {"en": "X"},
        "startDate": "2012-10-01",
    }
    assert set(context) == {"@version", "hs", "skos", "xsd", "Project", "prefLabel", "startDate"}


def test_blank_nodes_and_nothing_at_all() -> None:
    node = BlankNode("b")
    found = jsonld.write({Triple(THING, NamedNode(HS + "addresses"), node)})
    assert json.loads(found)["addresses"] == "_:b"
    assert again(set()) == set()


def test_the_same_statements_give_the_same_bytes() -> None:
    found = [Triple(THING, NamedNode(HS + "addresses"), NamedNode(f"urn:x:{n}")) for n in range(50)]
    assert jsonld.write(found) == jsonld.write(reversed(found))
