"""What an answer says of itself: where words are narrower, or more would fit or are not listed."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID


def said(graph: KnowledgeGraph, code: str, language: str = "en") -> str:
    return graph.asker.lexicon.text(code, language)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("programmes for refugees in Africa", "en"),
        ("How many programmes for refugees in Africa?", "en"),
        ("projets pour les réfugiés au Kenya", "fr"),
        ("proyectos para refugiados en Kenia", "es"),
    ],
)
def test_a_list_for_a_group_says_where_more_programmes_concern_it(
    graph: KnowledgeGraph, question: str, language: str
) -> None:
    assert said(graph, "note-narrow", language) in graph.ask(question).notes


def test_a_list_for_a_group_says_nothing_where_no_more_concern_it(graph: KnowledgeGraph) -> None:
    answer = graph.ask("programmes for herders in Nigeria")
    assert len(answer.rows) == 1
    assert said(graph, "note-narrow") not in answer.notes


@pytest.mark.parametrize(
    ("question", "language"),
    [("tsunami", "en"), ("programmes on volcanoes", "en"), ("projets sur les volcans", "fr")],
)
def test_a_word_without_a_kind_of_its_own_is_told(
    graph: KnowledgeGraph, question: str, language: str
) -> None:
    answer = graph.ask(question)
    assert answer.rows
    assert said(graph, "note-wider-kind", language) in answer.notes


def test_disasters_are_no_narrower_than_their_kind(graph: KnowledgeGraph) -> None:
    assert said(graph, "note-wider-kind") not in graph.ask("programmes on disasters").notes


@pytest.mark.parametrize(
    "question",
    ["Was there a programme on tsunamis in Jamaica?", "¿Hubo programas sobre volcanes en Perú?"],
)
def test_a_yes_is_not_given_for_a_wider_kind(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert "natural-disaster" in answer.alternatives[0].query


def test_a_no_to_a_wider_kind_is_a_no(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Was there a programme on tsunamis in Sri Lanka?")
    assert answer.answered
    assert answer.rows[0][0] is False


@pytest.mark.parametrize(
    ("question", "noted"),
    [
        ("Were boreholes drilled in Kenya?", True),
        ("Has UNICEF worked in Asia?", False),
        ("Is there a school feeding programme in Angola?", False),
        ("Were boreholes drilled in Ghana?", False),
    ],
)
def test_a_yes_by_another_name_than_that_of_the_kind_is_told(
    graph: KnowledgeGraph, question: str, noted: bool
) -> None:
    assert (said(graph, "note-by-kind") in graph.ask(question).notes) is noted


@pytest.mark.parametrize(
    ("question", "tail"),
    [
        ("Has UNICEF worked in Asia?", "programmes: 18. The first 5 of them are listed."),
        ("L'UNICEF a-t-elle travaillé en Asie ?", "18. Les 5 premiers sont dans la liste."),
        ("¿Ha trabajado UNICEF en Asia?", "18. Se listan los primeros 5."),
        ("Were jobs created in Sandžak?", "tell what came of them."),
    ],
)
def test_a_yes_says_that_it_lists_but_the_first(
    graph: KnowledgeGraph, question: str, tail: str
) -> None:
    assert graph.ask(question).text.endswith(tail)


def test_what_any_programme_did_was_planned_or_tried(graph: KnowledgeGraph) -> None:
    answer = graph.ask("did any project dig boreholes in Somalia?")
    assert answer.rests_on == "Intervention"
    assert answer.rows[0][2] == f"{ID}project/somalia-bosasso-idps"


@pytest.mark.parametrize(
    "question",
    [
        "Has any programme built schools in Kosovo?",
        "Existe-t-il un programme contre les mariages d'enfants en Afrique de l'Ouest ?",
    ],
)
def test_any_programme_is_not_one_that_is_known(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).rows[0][0] is True


def test_another_reading_of_the_same_words_says_what_kind_it_is(graph: KnowledgeGraph) -> None:
    texts = [other.text for other in graph.ask("programmes for refugees in Africa").alternatives]
    assert "refugees as refugees (keywords)" in texts


def test_a_place_is_not_read_as_an_organisation_named_after_it(graph: KnowledgeGraph) -> None:
    assert not [o for o in graph.ask("Timor-Leste").alternatives if "Seeds of Life" in o.text]


def test_what_was_got_is_told_as_money(graph: KnowledgeGraph) -> None:
    pieces = {p.words: p.taken_for for p in graph.ask("how much did Senegal get").reading}
    assert pieces["get"] == "money received"


@pytest.mark.parametrize(
    ("question", "project"),
    [
        ("What's the smallest grant in Asia?", "global-south-dialogue"),
        ("What is the earliest programme in Nepal?", "nepal-kaski-trafficking"),
    ],
)
def test_an_end_of_an_order_is_no_definition(
    graph: KnowledgeGraph, question: str, project: str
) -> None:
    assert [row[0] for row in graph.ask(question).rows] == [f"{ID}project/{project}"]


@pytest.mark.parametrize(
    "question",
    [
        "how many kids benefitted from school feeding in Angola?",
        "How many women received loans in Tajikistan?",
    ],
)
def test_how_many_people_got_something_is_no_sum_of_money(
    graph: KnowledgeGraph, question: str
) -> None:
    assert graph.ask(question).kind != "money"


def test_how_many_dollars_people_got_is_a_sum(graph: KnowledgeGraph) -> None:
    assert graph.ask("How many dollars did farmers in Grenada get?").kind == "money"


@pytest.mark.parametrize(
    "question",
    [
        "Did the programme in Nigeria reduce malaria?",
        "Did the Timor-Leste programme reduce post-harvest losses?",
        "Did UNICEF reduce malaria in Nigeria?",
    ],
)
def test_no_yes_is_given_to_an_effect(graph: KnowledgeGraph, question: str) -> None:
    assert not graph.ask(question).answered
