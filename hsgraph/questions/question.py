"""What a question is: its words for people, its query, its parameters; and what the graph says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Triple

from hsgraph.namespaces import BASE, DATASET, DCTERMS, QUERY, RDF, RDFS, SCHEMA, SH

Value = NamedNode | RdfLiteral
Form = Literal["select", "ask", "construct"]

KINDS: Final = ("concept", "scheme", "organisation", "place", "project", "source", "class", "year")
"""What a parameter may ask for; a `concept` also names its scheme."""

_NAME: Final = re.compile(r"\$(\w+)")
_ENDPOINT: Final = BASE + "sparql"
_CLASSES: Final = {
    "select": "SPARQLSelectExecutable",
    "ask": "SPARQLAskExecutable",
    "construct": "SPARQLConstructExecutable",
}


@dataclass(frozen=True)
class Parameter:
    """A `$name` in a query: what it asks for, its label for people, and its default."""

    name: str
    kind: str
    default: Value
    label: str
    scheme: str | None = None

    @property
    def suits(self) -> str:
        """The kind of page whose own thing can be the value: a scheme's slug for concepts."""
        return self.scheme or self.kind


@dataclass(frozen=True)
class Question:
    """A question that the data answers.

    `query` has its prefixes but not the header; its `$name` parameters are bound by the engine.
    `suits` names the kinds of entity page (and, for concepts, the schemes) it belongs on.
    """

    slug: str
    title: str
    description: str
    theme: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    suits: tuple[str, ...]
    may_be_empty: bool
    form: Form
    query: str

    @property
    def iri(self) -> str:
        return QUERY + self.slug

    @property
    def defaults(self) -> dict[str, Value]:
        return {parameter.name: parameter.default for parameter in self.parameters}

    def parameter_for(self, kind: str) -> Parameter | None:
        """The parameter that a page of this kind fills with its own thing, if there is one."""
        found = (parameter for parameter in self.parameters if parameter.suits == kind)
        return next(found, None)

    @property
    def with_defaults(self) -> str:
        """The query as anyone can run it, each `$name` replaced by its default.

        `hsgraph.engine.sparql.bind` does the same for values from outside; a test holds them equal.
        """
        values = self.defaults
        return _NAME.sub(lambda found: str(values[found[1]]), self.query)


def triples(question: Question) -> list[Triple]:
    """What the graph says about a question, as SHACL executables that editors load.

    By the convention of https://github.com/sib-swiss/sparql-examples; defaults stand in the query.
    """
    node = NamedNode(question.iri)
    type_ = NamedNode(RDF + "type")
    keywords = dict.fromkeys((question.theme, *question.keywords))
    return [
        Triple(node, type_, NamedNode(SH + "SPARQLExecutable")),
        Triple(node, type_, NamedNode(SH + _CLASSES[question.form])),
        Triple(node, NamedNode(RDFS + "comment"), _english(question.title)),
        Triple(node, NamedNode(DCTERMS + "description"), _english(question.description)),
        *(Triple(node, NamedNode(SCHEMA + "keywords"), _english(word)) for word in keywords),
        Triple(node, NamedNode(SH + question.form), RdfLiteral(question.with_defaults)),
        Triple(node, NamedNode(SH + "prefixes"), NamedNode(DATASET)),
        Triple(node, NamedNode(SCHEMA + "target"), NamedNode(_ENDPOINT)),
    ]


def _english(text: str) -> RdfLiteral:
    return RdfLiteral(text, language="en")
