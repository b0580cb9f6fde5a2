"""Ways to a thing through lists and nodes without an IRI, and what is said of statements."""

from __future__ import annotations

import re

import pytest

from tests.cases.strangers import BROWSER, Served, page_of, read

WAYS = {
    "a list": "ex:whole v:items ( ex:plain 'two' ) .",
    "the end of a list": "ex:whole v:items ( 1 2 3 ex:plain ) .",
    "a node": "ex:whole v:part [ v:of ex:plain ] .",
    "nodes in nodes": "ex:whole v:part [ v:of [ v:of ( [ v:of ex:plain ] ) ] ] .",
    "a restriction": "ex:whole rdfs:subClassOf [ a owl:Restriction ; owl:onClass ex:plain ] .",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_way_back_leads_to_the_thing_that_has_the_node(served: Served, way: str) -> None:
    visitor = served(
        f'ex:plain a v:T ; rdfs:label "Plain" . ex:whole rdfs:label "Whole" . {WAYS[way]}'
    )
    page = page_of(visitor, "plain")
    assert re.search(r"(Items|Part|Sub class of|SubClassOf) \(1\)", read(page), re.I)
    assert "First (" not in page
    assert "Whole" in read(page)
    for link in re.findall(r'href="(/links[^"]*)"', page):
        assert visitor.get(link.replace("&amp;", "&"), headers=BROWSER).status_code == 200
    (name,) = re.findall(r"vocab#(?:items|part)|rdf-schema#subClassOf", WAYS[way] and _iri(way))
    space = "http://example.org/" if "vocab" in name else "http://www.w3.org/2000/01/"
    by = (space + name).replace("#", "%23")
    listed = visitor.get(f"/links?to=http://example.org/plain&by={by}", headers=BROWSER)
    assert "Whole" in listed.text
    assert "1 in all" in read(listed.text)


def _iri(way: str) -> str:
    names = {"v:items": "vocab#items", "v:part": "vocab#part", "rdfs:sub": "rdf-schema#subClassOf"}
    return next(iri for start, iri in names.items() if start in WAYS[way])


def test_no_statement_is_made_up_of_a_way_through_nodes(served: Served) -> None:
    visitor = served(f'ex:plain a v:T ; rdfs:label "Plain" . {WAYS["a list"]}')
    found = visitor.get("/describe?iri=http://example.org/plain&format=nt").text
    assert "vocab#items" not in found


def test_circles_and_nodes_of_nobody_are_no_links(served: Served) -> None:
    visitor = served(
        "ex:plain a v:T . _:x v:p _:y . _:y v:p _:x , ex:plain . [] v:q ex:plain ."
        " ex:plain v:inner [ v:back ex:plain ] ."
    )
    assert "What links here" not in read(page_of(visitor, "plain"))


@pytest.mark.parametrize(
    "annotation",
    [
        "[] a owl:Axiom ; owl:annotatedSource ex:a ; owl:annotatedProperty rdfs:label ;"
        ' owl:annotatedTarget "annotated" ; rdfs:comment "said by somebody" .',
        "ex:ax a owl:Axiom ; owl:annotatedSource ex:a ; owl:annotatedProperty rdfs:label ;"
        ' owl:annotatedTarget "annotated" ; rdfs:comment "said by somebody" .',
        "[] a rdf:Statement ; rdf:subject ex:a ; rdf:predicate rdfs:label ;"
        ' rdf:object "annotated" ; v:who "said by somebody" .',
        "[] a owl:Axiom ; owl:annotatedSource ex:a ; owl:annotatedProperty rdfs:subClassOf ;"
        " owl:annotatedTarget [ a owl:Restriction ] ; rdfs:comment 'said by somebody' .",
        "_:x a owl:Axiom ; owl:annotatedSource ex:a ; owl:annotatedProperty v:n ;"
        " owl:annotatedTarget 5 ; rdfs:comment 'one' . [] owl:annotatedSource _:x ;"
        " owl:annotatedProperty v:o ; owl:annotatedTarget 'one' ; v:who 'said by somebody' .",
        "[] a rdf:Statement ; rdf:subject ex:a ; rdf:predicate v:n ; rdf:object 5 ;"
        " v:by [ v:who 'said by somebody' ] .",
    ],
)
def test_remarks_on_statements_stand_on_the_page(served: Served, annotation: str) -> None:
    for kind in ("v:T", "skos:Concept", "owl:Class"):
        visitor = served(f'ex:a a {kind} ; rdfs:label "annotated" . {annotation}')
        page = page_of(visitor, "a")
        assert "said by somebody" in read(page)
        assert "Annotated source" not in page
        assert (
            "said by somebody" in visitor.get("/describe?iri=http://example.org/a&format=ttl").text
        )
