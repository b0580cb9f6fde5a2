"""What the query editor has: terms and things to complete, and a question with values put in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.words.labels import Labels, choose, words
from hsgraph.engine.protocol import Engine
from hsgraph.engine.sparql.bind import bind
from hsgraph.errors import BadRequest, UnknownEntity
from hsgraph.explore.queries import query
from hsgraph.languages import later, per_reader, told
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


def terms(engine: Engine) -> tuple[Term, ...]:
    """Classes, properties and concepts of the data that the engine answers from now."""
    return _terms(engine, engine.version)


@per_reader(2)
def _terms(engine: Engine, version: str) -> tuple[Term, ...]:
    labels: dict[tuple[str, str], list[Literal]] = {}
    for row in engine.select(query("terms")).rows:
        found = labels.setdefault((row["kind"].value, row["term"].value), [])
        label = row.get("label")
        if isinstance(label, Literal):
            found.append(label)
    labels.setdefault(("property", RDF + "type"), [])
    order = sorted(labels, key=lambda key: (KINDS.index(key[0]), key[1]))
    terms = [Term(iri, kind, _said(labels[kind, iri], iri)) for kind, iri in order]
    return (*terms, *_things(engine))


def _things(engine: Engine) -> Iterator[Term]:
    """What queries name most besides: organisations and places, each by all of its names."""
    labels: dict[tuple[str, str], list[Literal]] = defaultdict(list)
    others: dict[str, set[str]] = defaultdict(set)
    for row in engine.select(query("things")).rows:
        kind, iri, name = row["kind"].value, row["thing"].value, row["name"]
        if isinstance(name, Literal):
            others[iri].add(name.value)
            if row["main"].value == "true":
                labels[kind, iri].append(name)
    for (kind, iri), found in sorted(labels.items()):
        label = _said(found, iri)
        yield Term(iri, kind, label, tuple(sorted(others[iri] - {label}))[:_MOST_NAMES])


def _said(labels: list[Literal], iri: str) -> str:
    label = choose(labels)
    return label.value if label is not None else words(local_name(iri))


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
    iri = resolve(engine, given)
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise UnknownEntity(told(later("“{1}” is not an IRI."), iri[:200])) from error
