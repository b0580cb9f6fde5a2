"""Short forms, and everyday words that were passed over, taken for others or not known."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID


@pytest.mark.parametrize(
    "question", ["Des projets en Asie", "Des programmes sur la faim au Burundi ?"]
)
def test_an_article_that_begins_a_question_is_no_word_for_a_time(
    graph: KnowledgeGraph, question: str
) -> None:
    assert "Des" not in {piece.words for piece in graph.ask(question).reading}


@pytest.mark.parametrize("question", ["Ou travaille l'OIM ?", "Où travaille l'OIM ?"])
def test_a_word_that_asks_may_lack_its_accent(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).asked_for == "Country"


def test_a_word_for_a_time_may_begin_a_question(graph: KnowledgeGraph) -> None:
    since = graph.ask("Dès 2010, quels projets en Afrique ?")
    assert since.rows == graph.ask("projets en Afrique depuis 2010").rows


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("projets sur la traite", "threat-type/human-trafficking"),
        ("Quels projets contre la traite ?", "threat-type/human-trafficking"),
        ("Formation au Népal", "intervention-type/vocational-training"),
        ("semillas en Burundi", "intervention-type/agricultural-inputs"),
        ("shelters for women in Nepal", "intervention-type/shelters"),
        ("Were schools rebuilt in Kosovo?", "intervention-type/school-building"),
        ("Qui a reconstruit des écoles au Kosovo ?", "intervention-type/school-building"),
        ("¿Se reconstruyeron escuelas en Kosovo?", "intervention-type/school-building"),
    ],
)
def test_a_word_for_an_idea_is_a_condition(
    graph: KnowledgeGraph, question: str, concept: str
) -> None:
    query = graph.ask(question).query
    assert query is not None
    assert concept in query


def test_a_verb_of_the_same_letters_is_none(graph: KnowledgeGraph) -> None:
    query = graph.ask("le projet qui traite de la malnutrition en Angola").query
    assert query is not None
    assert "human-trafficking" not in query


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("avg grant size in Central America", "average grant size in Central America"),
        ("projects b4 2005 in Africa", "projects before 2005 in Africa"),
        ("projects w/ UNICEF in Asia", "projects with UNICEF in Asia"),
        ("approx how many programmes in Asia", "how many programmes in Asia"),
        ("nb de projets en Afrique", "nombre de projets en Afrique"),
        ("legal aid services in Africa", "legal aid in Africa"),
        ("drug treatment services in Asia", "drug treatment in Asia"),
    ],
)
def test_a_short_or_a_fuller_form_means_the_same(
    graph: KnowledgeGraph, short: str, whole: str
) -> None:
    answer = graph.ask(short)
    assert answer.answered
    assert answer.rows == graph.ask(whole).rows


@pytest.mark.parametrize(
    "question", ["Who led the Vanuatu programme?", "Qui a piloté le projet au Vanuatu ?"]
)
def test_the_lead_agency_is_that_of_the_one_programme(graph: KnowledgeGraph, question: str) -> None:
    assert [str(row[0]).rsplit("/", 1)[-1] for row in graph.ask(question).rows] == ["unicef"]


@pytest.mark.parametrize(
    ("question", "part", "whole"),
    [
        ("share of programmes in asia that deal with hiv", 6, 73),
        ("share of UNICEF programmes that are in Asia", 18, 73),
        ("part des programmes qui touchent les réfugiés", 27, 200),
        ("proporción de programas con UNICEF en Asia", 18, 200),
    ],
)
def test_a_share_of_programmes_is_a_part_of_their_number(
    graph: KnowledgeGraph, question: str, part: int, whole: int
) -> None:
    assert graph.ask(question).rows[0][1:] == (part, whole)


def test_the_share_of_an_agency_in_one_programme_is_a_sum(graph: KnowledgeGraph) -> None:
    answer = graph.ask("What was the share of FAO in the dry corridor programme?")
    assert answer.kind == "money"
    assert answer.rows[0][0] == 700083.27


@pytest.mark.parametrize(
    "question",
    [
        "average duration of UNIDO programmes",
        "durée moyenne des programmes de l'ONUDI",
        "¿Cuál es la duración media de los proyectos de la ONUDI?",
    ],
)
def test_an_average_of_durations_is_in_months(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.columns == ("average", "projects")
    assert round(float(str(answer.rows[0][0])), 2) == 36.17


@pytest.mark.parametrize(
    "question",
    [
        "Would you be so kind as to tell me which agencies worked in Bhutan?",
        "Je vous saurais gré de me préciser quelles agences ont travaillé au Bhoutan",
        "Auriez-vous l'amabilité de m'indiquer quelles agences ont travaillé au Bhoutan ?",
        "¿Tendría la amabilidad de indicarme qué agencias trabajaron en Bután?",
        "Le agradecería que me dijera qué agencias trabajaron en Bután",
    ],
)
def test_polite_words_ask_nothing_of_their_own(graph: KnowledgeGraph, question: str) -> None:
    assert len(graph.ask(question).rows) == 4


@pytest.mark.parametrize(
    "question",
    [
        "¿Tuvo Nepal menos proyectos que Camboya?",
        "Did Nepal have fewer projects than Cambodia?",
        "Le Népal a-t-il eu moins de projets que le Cambodge ?",
    ],
)
def test_fewer_than_another_is_no_exception(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).rows[0][0] == ID + "place/nepal"


def test_to_get_involved_is_to_take_part_not_to_get_money(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Did UNHCR get involved in more projects in Africa than in Asia?")
    assert answer.rows[0][0] == ID + "place/africa"
    assert "US$" not in answer.text


def test_what_the_fund_gave_to_one_programme_is_no_table_by_programme(
    graph: KnowledgeGraph,
) -> None:
    answer = graph.ask("montant accordé par le Fonds au programme de Soacha")
    assert answer.kind == "money"
    assert answer.rows[0][0] == 2547654.01
