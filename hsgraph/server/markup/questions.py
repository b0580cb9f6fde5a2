"""The questions that can be asked of the dataset served, and of one thing in it."""

from __future__ import annotations

from flask import request

from hsgraph.describe.words.labels import kind_of
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import BASE
from hsgraph.questions import Question, questions
from hsgraph.server.site import current, once_a_version


def questions_about(iri: str) -> tuple[tuple[Question, str], ...]:
    """The questions that can be asked about a thing, each with the address that asks it."""
    kind = kind_of(iri)
    name = iri.removeprefix(BASE).removeprefix("id/")
    found = ((q, q.parameter_for(kind)) for q in questions_here() if kind in q.suits)
    return tuple(
        (q, f"{request.script_root}/query?example={q.slug}&{parameter.name}={name}")
        for q, parameter in found
        if parameter is not None
    )


@once_a_version
def questions_here(graph: KnowledgeGraph) -> tuple[Question, ...]:
    """They ask about programmes: a dataset without any has no use for them."""
    return questions() if current().of_programmes else ()
