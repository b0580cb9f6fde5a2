"""What a kind of things is, told by the ontology."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("What is a threat?", "Threat: An insecurity that people face"),
        ("Qu'est-ce qu'une menace ?", "Menace: "),
        ("¿Qué es una intervención?", "Intervención: "),
        ("what is an agency?", "Agency: "),
        ("what is a programme?", "Programme: "),
    ],
)
def test_a_kind_of_things_is_defined_by_the_ontology(
    graph: KnowledgeGraph, question: str, begins: str
) -> None:
    answer = graph.ask(question)
    assert answer.kind == "definition"
    assert answer.text.startswith(begins)


def test_several_things_of_a_kind_are_listed(graph: KnowledgeGraph) -> None:
    assert graph.ask("What are the threats?").kind == "list"
    assert graph.ask("What are the principles?").kind == "definition"
