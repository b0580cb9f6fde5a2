"""Questions in plain words are answered rightly, or refused with a reason, as often as promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsgraph.ask.answer import headings
from hsgraph.graph import KnowledgeGraph
from tests.ask.measure import HERE, NONE, Score, mean, measure, questions, table

COLUMNS = (
    "programmes in Kenya", "how many programmes are in Kenya?", "money by country", "average grant",
    "How much went to Kenya?", "budget of the Mae Hong Son programme", "threats in Kenya",
    "When did the Semipalatinsk programme end?", "How long did the Canton 10 project last?",
    "oldest project", "longest project", "What is food insecurity?", "programmes by year",
    "source of the end date of the Canton 10 project", "How many people were reached in Peru?",
    "What was done about malnutrition in Africa and by whom?", "Has FAO worked in Peru?",
    "countries with more than three programmes", "average duration of programmes in Asia",
)  # fmt: skip
"""Questions whose answers have all columns that there are."""
pytestmark = pytest.mark.timeout(900)
"""The first test waits for all answers and for those of the gold queries."""


@pytest.fixture(scope="module")
def scores(graph: KnowledgeGraph) -> list[Score]:
    """The scores of every eighth question of each list; `make ask-eval` measures all."""
    found: list[Score] = []
    for path in sorted(Path(HERE).glob("*.jsonl")):
        found += measure(graph, questions(path)[::8])
    return found


def test_questions_of_every_language_get_right_answers(scores: list[Score]) -> None:
    for language, least in (("en", 0.9), ("fr", 0.8), ("es", 0.8)):
        those = [score for score in scores if score.question.language == language]
        assert mean(those) >= least, table(those)


def test_what_the_graph_does_not_hold_is_refused_with_a_reason_and_no_rows(
    scores: list[Score],
) -> None:
    those = [score for score in scores if score.question.answer_type == NONE]
    refused = [score for score in those if score.refused]
    assert len(refused) >= 0.9 * len(those), table(those)
    for score in refused:
        assert score.answer.reason
        assert not score.answer.rows
        assert score.answer.query is None


def test_hardly_a_question_with_an_answer_is_refused(scores: list[Score]) -> None:
    those = [score for score in scores if score.question.answer_type != NONE]
    refused = [score.question.text for score in those if score.refused]
    assert len(refused) <= 0.05 * len(those), refused


def test_an_answer_shows_how_each_piece_was_read(graph: KnowledgeGraph) -> None:
    answer = graph.ask("How many projects has UNIDO implemented in Lebanon?")
    read = {piece.words: piece.iri for piece in answer.reading}
    assert read["UNIDO"] == "https://w3id.org/hsgraph/id/organisation/unido"
    assert read["Lebanon"] == "https://w3id.org/hsgraph/id/place/lebanon"
    assert answer.query is not None
    assert answer.query.count("SELECT") == 1


def test_a_name_that_leads_nowhere_is_read_with_its_next_meaning_and_said_so(
    graph: KnowledgeGraph,
) -> None:
    answer = graph.ask("proyectos para jóvenes desempleados en Egipto")
    read = {piece.words: piece.iri for piece in answer.reading}
    threat = "https://w3id.org/hsgraph/vocab/threat-type/youth-unemployment"
    assert answer.rows
    assert read["jóvenes desempleados"] == threat
    assert answer.query is not None
    assert threat in answer.query


def test_words_that_mean_nothing_here_are_named(graph: KnowledgeGraph) -> None:
    answer = graph.ask("projects about zeppelins in Kenya")
    assert not answer.answered
    assert answer.unknown == ["zeppelins"]
    assert answer.alternatives


def test_a_country_without_a_programme_is_told_and_what_is_near(graph: KnowledgeGraph) -> None:
    answer = graph.ask("projects in Iceland")
    assert not answer.answered
    assert "Iceland" in (answer.reason or "")
    assert [alternative.query for alternative in answer.alternatives]


def test_the_same_question_has_the_same_answer(graph: KnowledgeGraph) -> None:
    question = "What was done about food insecurity in Africa?"
    assert graph.ask(question).as_json() == graph.ask(question).as_json()


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("projets de moins de 500 000 dollars", "projects under half a million dollars"),
        ("projets en Ouganda ou au Kenya", "projects in Uganda or Kenya"),
        ("le Népal a-t-il eu plus de projets que la Bolivie ?", "more projects: Nepal or Bolivia"),
        ("agencias que trabajaron con FAO y UNESCO", "which agencies worked with FAO and UNESCO?"),
    ],
)
def test_the_same_question_in_other_words_gets_the_same_answer(
    graph: KnowledgeGraph, asked: str, same: str
) -> None:
    one, other = graph.ask(asked), graph.ask(same)
    assert one.answered
    assert {row[0] for row in one.rows} == {row[0] for row in other.rows}


def test_one_of_two_conditions_of_different_kinds_will_do(graph: KnowledgeGraph) -> None:
    either = graph.ask("programmes in Peru or by UNESCO").rows
    assert {row[0] for row in either} == {
        row[0]
        for text in ("programmes in Peru", "UNESCO programmes")
        for row in graph.ask(text).rows
    }


def test_a_clause_after_a_name_asks_for_nobody(graph: KnowledgeGraph) -> None:
    answer = graph.ask("projets de l'OIM qui viennent en aide aux migrants")
    assert answer.rows
    assert all("/id/project/" in str(row[0]) for row in answer.rows)


def test_words_taken_for_themselves_are_no_news(graph: KnowledgeGraph) -> None:
    read = {
        piece.words: piece.is_plain("es") for piece in graph.ask("proyectos en el Perú").reading
    }
    assert read == {"proyectos": False, "Perú": True}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("lessons learned in Kenya", "Outcome"),
        ("evaluations of projects in Cambodia", "Outcome"),
        ("¿Qué lecciones dejaron los proyectos sobre trata de personas?", "Outcome"),
        ("Which projects were evaluated?", "Project"),
    ],
)
def test_lessons_and_evaluations_are_what_is_asked_for_not_their_programmes(
    graph: KnowledgeGraph, question: str, kind: str
) -> None:
    answer = graph.ask(question)
    assert answer.rows
    assert answer.asked_for == kind


def test_documents_are_found_by_their_own_date_and_publisher(graph: KnowledgeGraph) -> None:
    answer = graph.ask("documents published by UNICEF since 2015")
    assert answer.rows
    assert answer.query is not None
    assert "dcterms:publisher" in answer.query
    assert "dcterms:date" in answer.query


@pytest.mark.parametrize(
    ("question", "months"),
    [
        ("projects that took at least a year", '"12"'),
        ("proyectos que duraron menos de un año", '"11"'),
        ("Programmes lasting two years or less", '"24"'),
        ("programmes that lasted more than 100 months", '"101"'),
        ("programmes of exactly 135 months", '"135"'),
        ("programas de más de 9000 meses", '"9001"'),
    ],
)
def test_years_and_months_are_a_length_with_a_word_that_compares(
    graph: KnowledgeGraph, question: str, months: str
) -> None:
    query = graph.ask(question).query
    assert query is not None
    assert months in query


@pytest.mark.parametrize("question", ["projects with more than", "projets de moins de"])
def test_a_comparison_without_its_number_is_refused_not_passed_over(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert not answer.rows


def test_where_people_come_from_is_no_place_of_their_programme_and_said_so(
    graph: KnowledgeGraph,
) -> None:
    answer = graph.ask("When did the programme for Ukrainian refugees in Moldova start?")
    assert answer.rows[0][0] == "2023-01-01"
    assert graph.asker.lexicon.text("note-origin", "en") in answer.notes


def test_a_part_of_a_country_is_no_condition_and_said_so(graph: KnowledgeGraph) -> None:
    answer = graph.ask("programas en el norte de Kenia")
    assert answer.rows
    assert graph.asker.lexicon.text("note-direction", "es") in answer.notes
    assert not graph.ask("projects in the south").answered


def test_those_who_gain_in_any_way_are_told_where_a_group_is_nowhere_a_beneficiary(
    graph: KnowledgeGraph,
) -> None:
    answer = graph.ask("¿Qué proyectos hay en la frontera entre Colombia y Ecuador?")
    assert answer.rows
    assert graph.asker.lexicon.text("note-wider", "es") in answer.notes


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_column_has_a_heading_in_each_language(graph: KnowledgeGraph, language: str) -> None:
    for question in COLUMNS:
        answer = graph.ask(question)
        assert answer.rows, question
        said = headings(graph.asker.lexicon, answer, language)
        assert len(said) == len(answer.columns)
        assert not {text for text in said if text in answer.columns}, (question, said)
