"""Writes a question as RDF, by the convention of SPARQL examples that editors load.

The convention is that of https://github.com/sib-swiss/sparql-examples: a SHACL executable with
rdfs:comment, the query text, the prefixes it was written with and the endpoint it is for.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from hsgraph.namespaces import BASE, DATASET, DCTERMS, RDF, RDFS, SCHEMA, SH
from hsgraph.questions.question import Question

ENDPOINT: Final = BASE + "sparql"
_CLASSES: Final = {
    "select": "SPARQLSelectExecutable",
    "ask": "SPARQLAskExecutable",
    "construct": "SPARQLConstructExecutable",
}


def triples(question: Question) -> list[Triple]:
    """What the graph says about a question; the defaults stand in the query."""
    node = NamedNode(question.iri)
    type_ = NamedNode(RDF + "type")
    keywords = dict.fromkeys((question.theme, *question.keywords))
    return [
        Triple(node, type_, NamedNode(SH + "SPARQLExecutable")),
        Triple(node, type_, NamedNode(SH + _CLASSES[question.form])),
        Triple(node, NamedNode(RDFS + "comment"), _english(question.title)),
        Triple(node, NamedNode(DCTERMS + "description"), _english(question.description)),
        *(Triple(node, NamedNode(SCHEMA + "keywords"), _english(word)) for word in keywords),
        Triple(node, NamedNode(SH + question.form), Literal(question.with_defaults)),
        Triple(node, NamedNode(SH + "prefixes"), NamedNode(DATASET)),
        Triple(node, NamedNode(SCHEMA + "target"), NamedNode(ENDPOINT)),
    ]


def _english(text: str) -> Literal:
    return Literal(text, language="en")
