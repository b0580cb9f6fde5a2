"""Two things set against each other: the one that has more, or both where they are level."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("Did Honduras get more money than El Salvador?", "place/el-salvador"),
        ("Le Honduras a-t-il reçu plus d'argent que le Salvador ?", "place/el-salvador"),
        ("¿Recibió Honduras más dinero que El Salvador?", "place/el-salvador"),
        ("¿Ghana tuvo más proyectos que Senegal?", "place/ghana"),
        ("Are there more programmes on drought or on floods?", "threat-type/drought"),
        ("Did more programmes deal with drought or with floods?", "threat-type/drought"),
        ("Y a-t-il plus de programmes sur la sécheresse ou les inondations ?", "type/drought"),
        ("¿Hay más programas sobre sequía o sobre inundaciones?", "threat-type/drought"),
        ("La FAO a-t-elle participé à plus de projets en Afrique ou en Asie ?", "place/africa"),
        ("Did more programmes work with refugees or with returnees?", "group/refugees"),
        ("Were there more programmes for housing or for clean water?", "type/water-supply"),
    ],
)
def test_the_one_with_more_is_told(graph: KnowledgeGraph, question: str, more: str) -> None:
    answer = graph.ask(question)
    assert [str(row[0]).endswith(more) for row in answer.rows] == [True]


def test_what_is_level_is_told_of_both(graph: KnowledgeGraph) -> None:
    answer = graph.ask("¿Honduras tuvo más proyectos que Guatemala?")
    assert {str(row[0]).rpartition("/")[2] for row in answer.rows} == {"honduras", "guatemala"}
    assert "Guatemala: 2, Honduras: 2" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "how much more did Liberia get than Ghana",
        "How many more programmes did UNDP run than UNICEF?",
        "Did Kenya have as many programmes as Uganda?",
        "Le Kenya a-t-il reçu autant d'argent que l'Ouganda ?",
        "¿Tuvo Kenia tantos programas como Uganda?",
    ],
)
def test_how_much_more_and_as_many_tell_both_figures(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert len(answer.rows) == 2
    assert all(len(row) > 2 and row[2] for row in answer.rows)


@pytest.mark.parametrize(
    "question",
    [
        "Did more programmes deal with women or with floods?",
        "¿Tiene Perú más programas que Bolivia y Colombia?",
        "Les programmes pour les femmes sont-ils plus nombreux que ceux pour les enfants ?",
    ],
)
def test_things_of_two_kinds_or_three_are_not_compared(
    graph: KnowledgeGraph, question: str
) -> None:
    assert not graph.ask(question).answered


def test_what_has_no_known_sum_is_not_compared_by_money(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Le Tchad a-t-il reçu moins que le Mali ?")
    assert answer.kind == "list"
    assert not answer.rows


def test_a_relative_clause_compares_nothing(graph: KnowledgeGraph) -> None:
    answer = graph.ask("el proyecto más grande que hubo en Perú y Bolivia")
    assert answer.asked_for == "Project"
