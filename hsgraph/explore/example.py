"""A question of the project with the things and years that somebody puts into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.words.labels import Labels
from hsgraph.engine.protocol import Engine
from hsgraph.engine.sparql.bind import bind
from hsgraph.errors import BadRequest, UnknownEntity
from hsgraph.languages import later, told
from hsgraph.names import resolve
from hsgraph.questions import Parameter, Question


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
