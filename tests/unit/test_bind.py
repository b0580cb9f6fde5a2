"""Binding puts terms into queries as terms: no text of a value can become SPARQL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from hsgraph.engine.sparql.bind import bind

A = NamedNode("http://example.org/a")
B = NamedNode("http://example.org/b")


def test_an_iri_takes_the_place_of_its_parameter():
    assert bind("ASK { $thing ?p ?o }", {"thing": A}) == "ASK { <http://example.org/a> ?p ?o }"


def test_a_list_fills_a_values_block():
    bound = bind("SELECT * { VALUES ?x { $xs } }", {"xs": [A, B]})
    assert "{ <http://example.org/a> <http://example.org/b> }" in bound


def test_an_empty_list_leaves_an_empty_values_block():
    assert "{  }" in bind("SELECT * { VALUES ?x { $xs } }", {"xs": []})


def test_dollar_names_in_strings_iris_and_comments_are_left_alone():
    query = '# $c\nSELECT (\'$s\' AS ?x) ("""$t""" AS ?y) { <http://e/$i> ?p $thing }'
    assert bind(query, {"thing": A}) == query.replace("$thing", str(A))


def test_a_longer_name_is_not_cut_by_a_shorter_one():
    assert bind("ASK { $ab $a $abc }", {"a": A, "ab": B, "abc": A}) == f"ASK {{ {B} {A} {A} }}"


def test_a_parameter_without_a_value_is_an_error():
    with pytest.raises(ValueError, match=r"\$thing"):
        bind("ASK { $thing ?p ?o }")


def test_a_value_without_a_parameter_is_an_error():
    with pytest.raises(ValueError, match=r"no parameter \$other"):
        bind("ASK { ?s ?p ?o }", {"other": A})


def test_a_blank_node_is_refused_since_it_would_be_a_variable():
    with pytest.raises(TypeError, match="IRI or a literal"):
        bind("ASK { $thing ?p ?o }", {"thing": BlankNode("b")})


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_as_the_same_literal(text):
    literal = Literal(text)
    store = Store()
    store.add(Quad(A, B, literal))
    query = bind("SELECT ?s WHERE { ?s ?p $text }", {"text": literal})
    assert [row["s"] for row in store.query(query)] == [A]
