"""The ontology as those check it who look for new ones: described, citable, free of pitfalls."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, URIRef
from rdflib.term import Node

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ADMS, HS

ABOUT = URIRef(HS[:-1])
FILE = Path(__file__).resolve().parents[2] / "ontology" / "hsgraph.ttl"
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
HEADER = (
    *(DCTERMS.title, DCTERMS.description, DCTERMS.creator, DCTERMS.contributor),
    *(DCTERMS.publisher, DCTERMS.license, DCTERMS.created, DCTERMS.modified, DCTERMS.issued),
    *(DCTERMS.bibliographicCitation, OWL.versionIRI, OWL.versionInfo, URIRef(ADMS + "status")),
    *(VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri, VANN.example),
)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(FILE)


def own(ontology: Graph, *kinds: Node) -> list[URIRef]:
    found = {term for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    return sorted(t for t in found if isinstance(t, URIRef) and t.startswith(HS))


def disjoint(ontology: Graph) -> list[tuple[Node, Node]]:
    pairs = list(ontology.subject_objects(OWL.disjointWith))
    assert pairs
    return pairs


def test_the_ontology_says_who_made_it_and_how_to_use_and_cite_it(ontology: Graph) -> None:
    assert [each for each in HEADER if ontology.value(ABOUT, each) is None] == []
    version = str(ontology.value(ABOUT, OWL.versionInfo))
    assert str(ontology.value(ABOUT, OWL.versionIRI)) == f"{ABOUT}/{version}"
    assert version in str(ontology.value(ABOUT, DCTERMS.bibliographicCitation))


def test_every_term_is_named_defined_and_bounded(ontology: Graph) -> None:
    properties = own(ontology, *KINDS)
    wanted = [(t, (RDFS.label, RDFS.comment)) for t in own(ontology, OWL.Class)]
    wanted += [(t, (RDFS.label, RDFS.comment, RDFS.domain, RDFS.range)) for t in properties]
    lacking = [(t, p) for t, needed in wanted for p in needed if ontology.value(t, p) is None]
    assert lacking == []
    labels = [str(ontology.value(t, RDFS.label)) for t in own(ontology, OWL.Class)]
    assert len(labels) == len(set(labels))


def test_terms_are_described_in_the_working_languages(ontology: Graph) -> None:
    for term in own(ontology, OWL.Class, *KINDS):
        said = {text.language for text in ontology.objects(term, RDFS.comment)}
        assert said == {"en", "fr", "es"}, term


def test_a_property_is_of_one_kind(ontology: Graph) -> None:
    """OWL 2 DL: also what is taken from others, so that reasoners read the file."""
    terms = {term for kind in KINDS for term in ontology.subjects(RDF.type, kind)}
    double = [t for t in terms if sum((t, RDF.type, k) in ontology for k in KINDS) > 1]
    assert double == []
    for wide, narrow in ((p, n) for n, p in ontology.subject_objects(RDFS.subPropertyOf)):
        kinds = [k for k in KINDS if (narrow, RDF.type, k) in ontology]
        assert any((wide, RDF.type, k) in ontology for k in kinds), (narrow, wide)


def test_relations_between_concepts_are_not_used_between_terms(ontology: Graph) -> None:
    for predicate in (SKOS.closeMatch, SKOS.exactMatch, SKOS.broader):
        assert list(ontology.subjects(predicate, None)) == []


@pytest.mark.parametrize("step", [RDFS.subClassOf, RDFS.subPropertyOf])
def test_no_term_is_wider_than_itself(ontology: Graph, step: URIRef) -> None:
    for term in set(ontology.subjects(step, None)):
        above = {
            wider
            for near in ontology.objects(term, step)
            for wider in ontology.transitive_objects(near, step)
        }
        assert term not in above


def test_inverses_swap_domain_and_range(ontology: Graph) -> None:
    pairs = list(ontology.subject_objects(OWL.inverseOf))
    assert pairs
    for one, other in pairs:
        assert ontology.value(one, RDFS.domain) == ontology.value(other, RDFS.range)
        assert ontology.value(one, RDFS.range) == ontology.value(other, RDFS.domain)


def test_no_class_is_below_two_that_exclude_each_other(ontology: Graph) -> None:
    above = {
        c: set(ontology.transitive_objects(c, RDFS.subClassOf)) for c in own(ontology, OWL.Class)
    }
    for one, other in disjoint(ontology):
        assert [c for c, wider in above.items() if {one, other} <= wider] == []


def test_nothing_in_the_data_is_of_two_classes_that_exclude_each_other(
    ontology: Graph, graph: KnowledgeGraph
) -> None:
    pairs = " ".join(f"(<{one}> <{other}>)" for one, other in disjoint(ontology))
    found = graph.query(
        f"SELECT ?thing ?a ?b {{ VALUES (?a ?b) {{ {pairs} }} ?thing a ?a , ?b }} LIMIT 5"
    )
    assert [tuple(row) for row in found] == []
