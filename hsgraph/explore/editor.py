"""What the query editor has: terms and things to complete, and a question with values put in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.values import per_version
from hsgraph.describe.words.labels import Labels, chosen, words
from hsgraph.engine.protocol import Engine
from hsgraph.engine.sparql.bind import bind
from hsgraph.errors import BadRequest
from hsgraph.explore.queries import query
from hsgraph.languages import later, told
from hsgraph.names import resolve
from hsgraph.namespaces import RDF, local_name
from hsgraph.questions import Parameter, Question

_MOST_NAMES = 6
KINDS = ("class", "property", "concept")


@dataclass(frozen=True)
class Term:
    """An IRI to write, the kind of term it is, and what people call it."""

    iri: str
    kind: str
    label: str
    names: tuple[str, ...] = ()


@per_version(2, by_reader=True)
def terms(engine: Engine) -> tuple[Term, ...]:
    """Classes, properties and concepts of the data that the engine answers from now."""
    found = {(each.kind, each.iri): each for each in _named(engine, "terms")}
    type_ = RDF + "type"
    found.setdefault(("property", type_), Term(type_, "property", words(local_name(type_))))
    terms = sorted(found.values(), key=lambda term: (KINDS.index(term.kind), term.iri))
    return (*terms, *_named(engine, "things"))


def _named(engine: Engine, asked: str) -> Iterator[Term]:
    """What a query finds, by kind, each thing with its label and its other names."""
    labels: dict[tuple[str, str], list[Literal]] = defaultdict(list)
    others: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in engine.select(query(asked)).rows:
        key, name = (row["kind"].value, row["term"].value), row.get("name")
        if "main" in row:
            others[key].add(row["name"].value)
        if "main" not in row or row["main"].value == "true":
            labels[key] += [name] if isinstance(name, Literal) else []
    for (kind, iri), found in sorted(labels.items()):
        label = chosen(found) or words(local_name(iri))
        yield Term(iri, kind, label, tuple(sorted(others[kind, iri] - {label}))[:_MOST_NAMES])


@dataclass(frozen=True)
class Value:
    """The value of a parameter: as people read it, and as it is written."""

    parameter: Parameter
    value: str
    written: str


@dataclass(frozen=True)
class Example:
    """A question, its query with the values in it, and these."""

    question: Question
    text: str
    filled: tuple[Value, ...]


def filled(engine: Engine, question: Question, given: Mapping[str, str]) -> Example:
    """The question with the values given for its parameters, else with its own.

    Raises BadRequest and UnknownEntity for values that are none.
    """
    values = {p.name: _term(engine, p, given.get(p.name, "")) for p in question.parameters}
    labels = Labels.fetch(engine, values.values())
    shown = (
        Value(p, labels.ref(term.value).label, str(term))
        if isinstance(term, NamedNode)
        else Value(p, term.value, term.value)
        for p in question.parameters
        for term in [values[p.name]]
    )
    return Example(question, bind(question.query, values), tuple(shown))


def _term(engine: Engine, parameter: Parameter, given: str) -> NamedNode | Literal:
    if not given:
        return parameter.default
    if parameter.kind == "year":
        if not (given.isascii() and given.isdigit() and len(given) <= 4):
            raise BadRequest(told(later("“{1}” must be a year."), parameter.name))
        return Literal(int(given))
    return NamedNode(resolve(engine, given))
