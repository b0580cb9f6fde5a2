"""Which programme is meant by words of its name beside "project"."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph

PROJECT = "https://w3id.org/hsgraph/id/project/"


@pytest.mark.parametrize(
    ("question", "words", "programme"),
    [
        (
            "Has the Tanzania northwest project been evaluated?",
            "Tanzania northwest",
            "tanzania-northwest",
        ),
        (
            "Does the Rakhine seed project work with farmers?",
            "Rakhine seed",
            "myanmar-rakhine-seed",
        ),
        (
            "Which groups did the Wa drug control project serve?",
            "Wa drug control",
            "myanmar-wa-drug-control-development",
        ),
        (
            "what is the Ky Son project about?",
            "Ky Son",
            "vietnam-ky-son-minorities",
        ),
    ],
)
def test_words_that_only_one_programme_has_in_its_names_name_it(
    graph: KnowledgeGraph, question: str, words: str, programme: str
) -> None:
    answer = graph.ask(question)
    read = {piece.words: piece.iri for piece in answer.reading}
    assert read[words] == PROJECT + programme
    assert PROJECT + programme in (answer.query or "")


def test_what_is_asked_of_one_programme_is_not_told_of_others_of_its_country(
    graph: KnowledgeGraph,
) -> None:
    assert graph.ask("Has the Tanzania northwest project been evaluated?").rows[0][0] is False
    assert graph.ask("Does the Rakhine seed project work with farmers?").rows[0][0] is True


@pytest.mark.parametrize(
    "question",
    [
        "Is there a refugee project in Zambia?",
        "Did the health projects in Nepal involve UNICEF?",
        "Which is the longest project in Kenya?",
    ],
)
def test_no_programme_is_named_where_none_is_spoken_of_as_known(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert answer.answered
    assert not [p for p in answer.reading if (p.iri or "").startswith(PROJECT)]


@pytest.mark.parametrize(
    "question",
    [
        "Which programmes follow an earlier one?",
        "projects that build on an earlier project",
        "Quels programmes prolongent un précédent ?",
        "¿Qué proyectos continúan uno anterior?",
    ],
)
def test_programmes_that_follow_others_are_those_that_say_so(
    graph: KnowledgeGraph, question: str
) -> None:
    follows = "SELECT ?p WHERE { ?p <https://w3id.org/hsgraph/ontology#follows> ?before }"
    expected = {row["p"].value for row in graph.engine.select(follows).rows}
    assert {row[0] for row in graph.ask(question).rows} == expected


def test_a_lesson_that_is_recorded_is_not_one_that_is_taught(graph: KnowledgeGraph) -> None:
    recorded = graph.ask("projects with a lesson on record")
    assert 0 < len(recorded.rows) < len(graph.ask("projects").rows)
    taught = graph.ask("I'm preparing a lesson on drought: which programmes dealt with it?")
    assert {row[0] for row in taught.rows} == {
        row[0] for row in graph.ask("Which programmes dealt with drought?").rows
    }


@pytest.mark.parametrize(
    ("question", "yes"),
    [
        ("Has the Bosasso project ended?", True),
        ("Does the Wa drug control project still run?", False),
        ("Is the Haiti disaster project finished?", False),
    ],
)
def test_whether_a_programme_is_over_is_told_by_its_end(
    graph: KnowledgeGraph, question: str, yes: bool
) -> None:
    """That there is such a programme is no answer; the last has no end date in the graph."""
    assert graph.ask(question).rows[0][0] is yes


@pytest.mark.parametrize(
    "question",
    [
        "Is it finished?",
        "Is the project finished?",
        "Est-ce terminé ?",
        "¿Ya terminó?",
        "Is it still running?",
        "When did it end?",
    ],
)
def test_a_programme_that_is_not_named_is_asked_for(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.reason == graph.asker.lexicon.text("reason-which", answer.language)


@pytest.mark.parametrize("question", ["Have any programmes ended?", "Did anything start in 2012?"])
def test_any_programme_need_not_be_named(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).rows[0][0] is True
