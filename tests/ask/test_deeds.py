"""Yes or no about what was done: the verb counts, wherever it stands."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("Were farmers trained in Uganda?", "agricultural-training"),
        ("Were teachers trained in Kosovo?", "teaching-quality"),
        ("Have wells been dug in Kenya?", "water-supply"),
        ("Have schools been repaired in Kosovo?", "school-building"),
        ("Have the schools been rebuilt in Kosovo?", "school-building"),
        ("Has any school been built in Peru?", "school-building"),
        ("Have teachers been trained in Kosovo?", "teaching-quality"),
        ("Are mines being cleared in Lebanon?", "mine-action"),
        ("Des écoles ont-elles été construites au Kosovo ?", "school-building"),
        ("Les écoles ont-elles été réparées au Kosovo ?", "school-building"),
        ("Des puits ont-ils été creusés au Kenya ?", "water-supply"),
        ("Des emplois ont-ils été créés en Égypte ?", "job-creation"),
        ("Des terres ont-elles été déminées au Liban ?", "mine-action"),
        ("¿Las escuelas fueron reparadas en Kosovo?", "school-building"),
        ("¿Los agricultores fueron capacitados en Uganda?", "agricultural-training"),
    ],
)
def test_a_noun_and_what_was_done_to_it_are_read_as_one(
    graph: KnowledgeGraph, question: str, concept: str
) -> None:
    answer = graph.ask(question)
    assert answer.kind == "boolean"
    read = [p.iri.rpartition("/")[2] for p in answer.reading if p.iri and "-type/" in p.iri]
    assert read == [concept]


@pytest.mark.parametrize(
    "question",
    [
        "Were boreholes drilled in Kenya?",
        "Were wells dug in Kenya?",
        "Were boreholes sunk in Kenya?",
        "Des puits ont-ils été forés au Kenya ?",
        "¿Fueron excavados pozos en Kenia?",
    ],
)
def test_a_verb_that_says_no_more_than_its_noun_makes_no_condition(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert answer.rows[0][0] is True
    assert answer.rows[0][2] == ID + "project/kenya-turkana-border"
    assert not answer.unknown


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Quels programmes ont-ils été menés au Kosovo ?", "list"),
        ("Combien de programmes ont-ils été lancés en 2010 ?", "number"),
        ("Quelles agences sont-elles présentes au Kosovo ?", "list"),
        ("¿Cuáles fueron los proyectos en Bolivia?", "list"),
        ("¿Cuántos proyectos fueron aprobados en 2016?", "number"),
        ("proyectos que fueron aprobados en 2016", "list"),
        ("El programa de Soacha fue dirigido por quién", "list"),
        ("Quand les programmes au Kenya ont-ils commencé ?", "date"),
    ],
)
def test_a_verb_after_a_word_that_asks_asks_nothing(
    graph: KnowledgeGraph, question: str, kind: str
) -> None:
    assert graph.ask(question).kind == kind


def test_a_turned_verb_follows_the_word_that_asks_where(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Où des écoles ont-elles été construites ?")
    assert "school-building" in {(p.iri or "").rpartition("/")[2] for p in answer.reading}
    assert answer.asked_for == "Country"


@pytest.mark.parametrize(
    "question",
    [
        "Was the Hidalgo programme funded by Japan?",
        "¿El programa de Hidalgo fue financiado por Japón?",
        "Le programme de Hidalgo a-t-il été financé par le Japon ?",
    ],
)
def test_a_place_without_a_programme_makes_no_yes(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert answer.alternatives
