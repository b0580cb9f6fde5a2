"""Word forms and orders of words that mean what others do, whatever they are about."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID, VOCAB


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("anything newer than 2020?", "programmes after 2020"),
        ("programmes older than 2005", "programmes before 2005"),
        ("projets plus récents que 2018", "projets après 2018"),
        ("proyectos más antiguos que 2005", "proyectos antes de 2005"),
        ("what was going on in 2012", "programmes running in 2012"),
        ("projects from 2003", "projects in 2003"),
        ("projets de 2003", "projets en 2003"),
        ("proyectos de 2003", "proyectos en 2003"),
        ("programmes from the nineties", "programmes in the nineties"),
        ("projects from 2003 onwards", "projects since 2003"),
        ("projects from 2003 to 2005", "projects between 2003 and 2005"),
        ("programmes w/o budget", "programmes without budget"),
        ("Où trouve-t-on des projets sur les mines ?", "Où y a-t-il des projets sur les mines ?"),
    ],
)
def test_another_form_of_words_means_the_same(
    graph: KnowledgeGraph, question: str, same: str
) -> None:
    answer = graph.ask(question)
    assert answer.rows
    assert answer.rows == graph.ask(same).rows


def test_a_month_may_be_tied_to_its_year(graph: KnowledgeGraph) -> None:
    query = graph.ask("proyectos aprobados después de mayo de 2012").query
    assert query is not None
    assert "2012-06-01" in query


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("what's a lead agency?", "role/lead-agency"),
        ("what is an implementing agency?", "role/implementing-agency"),
        ("what does medium confidence mean?", "confidence/medium"),
        ("¿Qué es un organismo principal?", "role/lead-agency"),
    ],
)
def test_a_word_of_the_grammar_can_be_defined(
    graph: KnowledgeGraph, question: str, concept: str
) -> None:
    answer = graph.ask(question)
    assert answer.kind == "definition"
    assert [row[0] for row in answer.rows] == [VOCAB + concept]


@pytest.mark.parametrize(
    "question",
    [
        "How many people did the project in Madagascar reach?",
        "Combien de personnes le projet de Madagascar a-t-il aidées ?",
        "¿Cuántas personas alcanzó el proyecto de Madagascar?",
        "How many people did the independent media project in Kosovo reach?",
    ],
)
def test_people_that_a_programme_reached_are_counted_not_the_programme(
    graph: KnowledgeGraph, question: str
) -> None:
    assert {"250000", "1400000"} & {str(row[0]) for row in graph.ask(question).rows}


@pytest.mark.parametrize(
    "question",
    [
        "What were the results of the drug treatment project in Cambodia?",
        "resultados del proyecto de Soacha",
    ],
)
def test_the_results_of_a_programme_are_what_was_recorded(
    graph: KnowledgeGraph, question: str
) -> None:
    assert graph.ask(question).asked_for == "Outcome"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("most common way to fight unemployment", "vocational-training"),
        ("most frequent response to drought", "water-supply"),
    ],
)
def test_what_was_tried_most_often_is_a_kind_of_intervention(
    graph: KnowledgeGraph, question: str, kind: str
) -> None:
    assert [row[0] for row in graph.ask(question).rows] == [VOCAB + "intervention-type/" + kind]


@pytest.mark.parametrize("question", ["hurricane recovery", "flood recovery"])
def test_the_noun_after_a_threat_is_no_condition(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).rows == graph.ask("floods").rows


def test_a_word_for_a_time_is_no_part_of_a_name(graph: KnowledgeGraph) -> None:
    query = graph.ask("schools rebuilt after war").query
    assert query is not None
    assert "threat-type/conflict>" in query


def test_ideas_that_nothing_has_together_will_do_alone(graph: KnowledgeGraph) -> None:
    answer = graph.ask("support to widows and orphans")
    assert len(answer.rows) == 5
    assert any("at least one" in note for note in answer.notes)


@pytest.mark.parametrize(
    "question", ["projects funded by Japan", "proyectos financiados por Japón"]
)
def test_a_country_that_pays_stands_for_its_funders(graph: KnowledgeGraph, question: str) -> None:
    found = [row[0] for row in graph.ask(question).rows]
    assert found == [ID + "project/mali-timbuktu-women-youth"]


def test_what_a_country_did_not_pay_for_is_all_else(graph: KnowledgeGraph) -> None:
    everything = {row[0] for row in graph.ask("all programmes").rows}
    paid = {row[0] for row in graph.ask("projects funded by Japan").rows}
    others = {row[0] for row in graph.ask("projects not funded by Japan").rows}
    assert others == everything - paid


@pytest.mark.parametrize("question", ["projects in Japan", "how much money went to Japan"])
def test_a_country_without_programmes_is_still_said_to_be_so(
    graph: KnowledgeGraph, question: str
) -> None:
    assert not graph.ask(question).answered


@pytest.mark.parametrize(
    "question", ["who works with child soldiers", "¿Quién trabaja con niños soldados?"]
)
def test_who_works_with_people_is_an_agency(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).asked_for == "Agency"


@pytest.mark.parametrize(
    "question", ["regional projects in Africa", "proyectos regionales en África"]
)
def test_programmes_have_a_scope(graph: KnowledgeGraph, question: str) -> None:
    query = graph.ask(question).query
    assert query is not None
    assert "vocab/scope/regional" in query


@pytest.mark.parametrize(
    "question",
    ["why do people leave the Rasht valley?", "Pourquoi quitte-t-on la vallée de Rasht ?"],
)
def test_why_people_leave_is_asked_of_migration(graph: KnowledgeGraph, question: str) -> None:
    query = graph.ask(question).query
    assert query is not None
    assert "labour-emigration" in query


def test_why_young_men_leave_is_told_by_the_threats_that_drive_them(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Why do young men leave Tajikistan?")
    assert len(answer.rows) == 6


@pytest.mark.parametrize(
    "question",
    [
        "Is there a maternity leave programme in Kenya?",
        "parental leave in Kenya",
        "Y a-t-il un programme de congé de maternité au Kenya ?",
        "¿Hay un programa de licencia de maternidad en Kenia?",
    ],
)
def test_a_leave_from_work_is_not_held(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert any(
        piece.words.endswith(("leave", "maternité", "maternidad")) for piece in answer.reading
    )


@pytest.mark.parametrize(
    "question",
    [
        "Which programmes in Kenya leave no one behind?",
        "Quels programmes au Kenya ne laissent personne de côté ?",
        "¿Qué programas en Kenia no dejan a nadie atrás?",
    ],
)
def test_to_leave_no_one_behind_makes_no_condition(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).rows == graph.ask("programmes in Kenya").rows


@pytest.mark.parametrize(
    "question",
    [
        "I'm giving a lesson on drought: which programmes dealt with it?",
        "I have to teach a lesson about drought. Which programmes dealt with it?",
        "I'm writing a lesson on drought: which programmes dealt with it?",
        "Je donne une leçon sur la sécheresse : quels programmes luttent contre elle ?",
        "Estoy preparando una lección sobre la sequía: ¿qué programas la abordaron?",
    ],
)
def test_a_lesson_that_somebody_gives_is_not_one_that_was_learned(
    graph: KnowledgeGraph, question: str
) -> None:
    assert graph.ask(question).rows == graph.ask("Which programmes dealt with drought?").rows


def test_lessons_are_asked_for_as_such(graph: KnowledgeGraph) -> None:
    assert "outcome-kind/lesson" in (graph.ask("Which lessons on drought are there?").query or "")


_APPLIED = ("how to apply", "comment postuler", "cómo postular")


@pytest.mark.parametrize(
    "question",
    [
        "How can my village get money from the Fund?",
        "How can my company get funding?",
        "How could our town receive a grant?",
        "How can a village get a programme?",
        "Comment mon village peut-il obtenir de l'argent du Fonds ?",
        "¿Cómo puede mi empresa obtener financiación?",
    ],
)
def test_how_to_come_by_money_is_not_held(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert answer.reason in {graph.ask(applied).reason for applied in _APPLIED}


@pytest.mark.parametrize(
    "question",
    ["How can my community prevent floods?", "How can my community get clean water?"],
)
def test_what_a_community_can_do_is_asked_of_programmes(
    graph: KnowledgeGraph, question: str
) -> None:
    assert graph.ask(question).answered


@pytest.mark.parametrize(
    "question",
    [
        "average age of beneficiaries",
        "Quel est l'âge moyen des bénéficiaires ?",
        "average income in Peru",
        "How can my NGO get money from the Fund?",
        "Which programme reached the most people?",
        "Which country has most refugees?",
        "Quel programme a touché le plus de personnes ?",
        "¿Qué programa llegó a más mujeres?",
    ],
)
def test_what_no_source_measures_is_refused(graph: KnowledgeGraph, question: str) -> None:
    assert not graph.ask(question).answered


def test_what_is_mostly_so_is_in_no_order_of_money(graph: KnowledgeGraph) -> None:
    assert graph.ask("programmes mostly for women").rows == graph.ask("programmes for women").rows


@pytest.mark.parametrize(
    "question",
    [
        "programmes that started in 2009 and ended in 2012",
        "projets commencés en 2009 et terminés en 2012",
    ],
)
def test_each_date_has_its_own_year(graph: KnowledgeGraph, question: str) -> None:
    found = [row[0] for row in graph.ask(question).rows]
    assert found == [ID + "project/mongolia-rural-disadvantaged"]


def test_three_dates_have_three_years(graph: KnowledgeGraph) -> None:
    query = graph.ask("projects approved in 2009, started in 2010 and ended in 2013").query
    assert query is not None
    for date, year in (("approved", 2009), ("start", 2010), ("end", 2013)):
        part = query.partition(f"hs:{date}Date")[2] or query.partition(f"#{date}Date")[2]
        assert f'"{year}-12-31"' in part.partition("\n")[0]


@pytest.mark.parametrize(
    "question", ["how many projects are finished", "cuántos proyectos terminaron"]
)
def test_programmes_that_are_over_have_an_end(graph: KnowledgeGraph, question: str) -> None:
    query = graph.ask(question).query
    assert query is not None
    assert "endDate" in query


@pytest.mark.parametrize(
    ("question", "threat"),
    [
        ("programmes where the conflict has ended", "conflict"),
        ("programmes that helped end hunger", "food-shortage"),
    ],
)
def test_what_others_end_is_no_end_of_a_programme(
    graph: KnowledgeGraph, question: str, threat: str
) -> None:
    query = graph.ask(question).query
    assert query is not None
    assert f"threat-type/{threat}>" in query
    assert "endDate" not in query


@pytest.mark.parametrize(
    "question", ["completed youth projects", "programmes against poverty that have ended"]
)
def test_an_idea_beside_an_end_leaves_it_to_the_programme(
    graph: KnowledgeGraph, question: str
) -> None:
    query = graph.ask(question).query
    assert query is not None
    assert "endDate" in query


def test_who_after_a_group_asks_nothing(graph: KnowledgeGraph) -> None:
    assert graph.ask("girls who can't go to school").asked_for == "Project"


@pytest.mark.parametrize("question", ["agencies ranked by number of programmes"])
def test_what_is_sorted_begins_with_the_most(graph: KnowledgeGraph, question: str) -> None:
    rows = graph.ask(question).rows
    assert len(rows) == 10
    assert rows[0][0] == ID + "organisation/undp"


def test_programmes_by_threat_are_counted_by_its_kind(graph: KnowledgeGraph) -> None:
    rows = graph.ask("how many programmes per threat").rows
    assert str(rows[0][0]).startswith(VOCAB + "threat-type/")
