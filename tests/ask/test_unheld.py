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
        "Is Kosovo independent?",
        "Where are UNICEF's headquarters?",
        "What are the criteria for funding?",
        "How much money was lost to corruption?",
        "Which project built the most beautiful schools?",
        "¿Cuántos goles marcó Perú?",
        "How many were affected in Peru?",
        "Combien de personnes ont été touchées au Pérou ?",
        "Why is UNDP in Kosovo?",
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
        "Why do people around the Aral Sea fall ill?",
        "Why don't girls go to school in Burkina Faso?",
        "How many programmes are there for people affected by floods?",
        "How is climate change addressed in Kenya?",
        "Who worked in Peru?",
        "How did Liberia get money?",
        "¿Cómo obtuvo Liberia dinero?",
        "How much money went to Liberia?",
    ],
)
def test_its_neighbours_are_answered(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).answered


@pytest.mark.parametrize(
    "question",
    [
        "Did the Sandžak programme create jobs?",
        "Le programme de Sandžak a-t-il créé des emplois ?",
        "¿Creó empleos el programa de Sandžak?",
        "Were jobs created by the Sandžak project?",
    ],
)
def test_what_was_planned_is_no_answer_to_what_was_done(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert "hs:Intervention" in answer.alternatives[0].query


def test_what_was_done_is_answered_by_what_sources_report_of_it(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Did the Semipalatinsk programme train health workers?")
    assert answer.asked_for == "Outcome"
    assert len(answer.rows) == 1
    assert graph.ask("Did the Canton 10 programme include job creation?").kind == "boolean"
    assert graph.ask("Has Bhutan had vocational training?").rows[0][:2] == (True, 1)


@pytest.mark.parametrize(
    "question",
    [
        "Is malaria still a problem in Kenya?",
        "Y a-t-il encore des mines au Liban ?",
        "La malaria est-elle encore un problème au Nigeria ?",
        "¿Hay todavía pobreza en Honduras?",
    ],
)
def test_how_things_stand_now_is_refused_with_the_threats_that_were_named(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert "hs:Threat" in answer.alternatives[0].query


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


@pytest.mark.parametrize(
    "question",
    [
        "Les habitants du Liberia font-ils confiance à l'ONU ?",
        "Do people trust the UN in Liberia?",
        "¿La gente confía en la ONU en Liberia?",
        "¿Cuánto cuesta vivir en Soacha?",
        "Quel est le coût de la vie à Soacha ?",
    ],
)
def test_trust_and_the_cost_of_living_are_not_held(graph: KnowledgeGraph, question: str) -> None:
    assert not graph.ask(question).answered


def test_to_build_trust_is_an_intervention(graph: KnowledgeGraph) -> None:
    assert graph.ask("programmes that build trust between communities in Kosovo").answered
