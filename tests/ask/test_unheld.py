"""What the graph does not measure, count or date is refused; what it holds beside it is told."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph


@pytest.mark.parametrize(
    "question",
    [
        "How many earthquakes hit Peru?",
        "Combien d'emplois ont été créés au Kosovo ?",
        "What percentage of women in Nepal can read?",
        "When was UNDP founded?",
        "¿Cuándo fue el terremoto de Haití?",
        "How poor is Liberia?",
        "Which countries border Kenya?",
        "Why was the Sudan project late?",
        "Who signed the agreement for the Laos programme?",
        "Did it snow in Mongolia in 2009?",
        "How much money was lost to corruption?",
    ],
)
def test_what_is_no_matter_of_programmes_is_refused(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert answer.rows == ()


@pytest.mark.parametrize(
    "question",
    [
        "How many food security projects are there in Peru?",
        "When did UNDP start working in Kenya?",
        "Why is there hunger in Nepal?",
        "How is climate change addressed in Kenya?",
        "Who worked in Peru?",
        "How much money went to Liberia?",
    ],
)
def test_its_neighbours_are_answered(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).answered


@pytest.mark.parametrize(
    "question", ["Which donors other than Japan?", "¿Qué donantes además de Japón?"]
)
def test_a_country_left_out_of_funders_is_its_government(
    graph: KnowledgeGraph, question: str
) -> None:
    found = {str(row[0]).rsplit("/", 1)[-1] for row in graph.ask(question).rows}
    assert "government-of-sweden" in found
    assert "government-of-japan" not in found


@pytest.mark.parametrize(
    "question",
    ["which two agencies work together most", "Quels deux pays vont le plus ensemble ?"],
)
def test_those_that_are_together_most_are_told_in_pairs(
    graph: KnowledgeGraph, question: str
) -> None:
    first, second = graph.ask(question).rows
    assert first == (*second[2:4], *second[:2], second[4])


def test_what_is_told_is_named_in_the_language_of_the_question(graph: KnowledgeGraph) -> None:
    pairs = graph.ask("Quels pays vont le plus souvent ensemble ?").rows
    names = {row[0]: row[1] for row in pairs}
    assert "Cambodge" in names.values()
    assert all(row[3] == names.get(row[2], row[3]) for row in pairs)
    near = graph.ask("projets au Japon").alternatives
    assert [alternative.text for alternative in near] == ["programmes · Asie de l’Est"]


@pytest.mark.parametrize(
    "question", ["What part of Peru did UNICEF work in?", "¿Dónde trabajó UNICEF en Perú?"]
)
def test_where_in_a_country_is_a_place_in_it(graph: KnowledgeGraph, question: str) -> None:
    found = {str(row[0]).rsplit("/", 1)[-1] for row in graph.ask(question).rows}
    assert found
    assert "peru" not in found


def test_sums_by_kind_are_sums_of_that_kind(graph: KnowledgeGraph) -> None:
    by_kind = {str(row[0]): row[2] for row in graph.ask("money by kind").rows}
    whole = graph.ask("total money").rows[0][0]
    assert by_kind["https://w3id.org/hsgraph/vocab/budget-kind/fund-contribution"] == whole


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("¿En qué gastó el Fondo el dinero en Bolivia?", "Intervention"),
        ("What did the Mae Hong Son programme achieve?", "Outcome"),
        ("Agencias en Centroamérica y número de programas de cada una", "Agency"),
    ],
)
def test_what_is_asked_for_is_known_by_its_verb_or_place(
    graph: KnowledgeGraph, question: str, kind: str
) -> None:
    answer = graph.ask(question)
    assert answer.asked_for == kind
    assert answer.rows
