"""The JSON-LD context names every term and loses nothing on the way there and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import DefaultGraph, RdfFormat, parse, serialize
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from hsgraph.namespaces import HS

ROOT = Path(__file__).parents[2]
ONTOLOGY = URIRef("https://w3id.org/hsgraph/ontology")
N_QUADS = "application/n-quads"
FILES = [
    "tests/fixtures/small/data/organisations.ttl",
    "tests/fixtures/small/data/places.ttl",
    "tests/fixtures/small/data/sources.ttl",
    "tests/fixtures/small/data/projects/springs-youth.ttl",
    "ontology/vocab/role.ttl",
    "ontology/hsgraph.ttl",
]
AWKWARD = b"""
@prefix hs: <https://w3id.org/hsgraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/hsgraph/id/project/a>
    skos:prefLabel "One"@en , "Eins"@de , "no language" , "1"^^xsd:token , "One"@en-gb ;
    skos:altLabel "a"@en , "b"@en ;
    hs:startDate "2012-10-01"^^xsd:date , "2012"^^xsd:gYear , "October 2012" ;
    hs:amount "1.50"^^xsd:decimal , 2 , 1.0E3 ;
    hs:approximate true , "1"^^xsd:boolean ;
    hs:order 1 , "01"^^xsd:integer ;
    hs:partOf "not a link" , <https://example.org/b> .
"""
SHORT = b"""
@prefix hs: <https://w3id.org/hsgraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/hsgraph/id/project/a> a hs:Project ;
    skos:prefLabel "One"@en , "Eins"@de ;
    hs:startDate "2012-10-01"^^xsd:date ;
    hs:takesPlaceIn <https://w3id.org/hsgraph/id/place/serbia> .
"""


def context() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "ontology" / "context.jsonld").read_text("utf-8"))
    terms: dict[str, Any] = document["@context"]
    return terms


def refuse(url: str, options: object = None) -> Any:
    raise AssertionError(f"{url} must not be loaded")


def nquads(turtle: bytes) -> str:
    quads = list(parse(turtle, RdfFormat.TURTLE))
    assert {quad.graph_name for quad in quads} == {DefaultGraph()}
    found = serialize(quads, format=RdfFormat.N_QUADS)
    assert found is not None
    return found.decode()


def canonical(text: str) -> str:
    options = {"algorithm": "URDNA2015", "format": N_QUADS, "inputFormat": N_QUADS}
    found: str = jsonld.normalize(text, options)
    return found


def compact(text: str) -> dict[str, Any]:
    expanded = jsonld.from_rdf(text, {"format": N_QUADS})
    found: dict[str, Any] = jsonld.compact(expanded, context(), {"documentLoader": refuse})
    return found


def back(document: dict[str, Any]) -> str:
    found: str = jsonld.to_rdf(document, {"format": N_QUADS, "documentLoader": refuse})
    return found


@pytest.mark.parametrize("name", FILES)
def test_compacted_document_gives_the_same_graph(name: str) -> None:
    text = nquads((ROOT / name).read_bytes())
    assert canonical(back(compact(text))) == canonical(text)


def test_values_that_do_not_fit_their_term_are_kept_all_the_same() -> None:
    text = nquads(AWKWARD)
    assert canonical(back(compact(text))) == canonical(text)


def test_short_document_reads_well() -> None:
    document = compact(nquads(SHORT))
    del document["@context"]
    assert document == {
        "@id": "https://w3id.org/hsgraph/id/project/a",
        "@type": "Project",
        "prefLabel": {"en": "One", "de": "Eins"},
        "startDate": "2012-10-01",
        "takesPlaceIn": "https://w3id.org/hsgraph/id/place/serbia",
    }


def test_every_term_of_the_ontology_has_a_name_that_fits_its_range() -> None:
    ontology = Graph().parse(ROOT / "ontology" / "hsgraph.ttl")
    terms = context()
    for term in ontology.subjects(RDFS.isDefinedBy, ONTOLOGY):
        name = str(term).removeprefix(HS)
        found = terms.get(name)
        assert found is not None, name
        assert (found if isinstance(found, str) else found["@id"]) == f"hs:{name}"
        if (term, RDF.type, OWL.ObjectProperty) in ontology:
            assert found["@type"] == "@id", name
        if ontology.value(term, RDFS.range) == RDF.langString:
            assert found["@container"] == "@language", name
