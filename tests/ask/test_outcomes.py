"""A yes to what came about rests on reported results, or on what was tried, and says so."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Were health workers trained in Semipalatinsk?", "Yes, as sources report"),
        ("Were ex-combatants reintegrated in Uganda?", "Yes, as sources report"),
        ("¿Se reintegraron excombatientes en Uganda?", "Sí, según las fuentes"),
    ],
)
def test_what_sources_report_is_a_yes_by_their_results(
    graph: KnowledgeGraph, question: str, sentence: str
) -> None:
    answer = graph.ask(question)
    assert answer.text.startswith(sentence)
    assert answer.query is not None
    assert "outcome-kind/result" in answer.query
    tried = graph.ask(question, other=1)
    assert tried.query == answer.alternatives[0].query
    assert "hs:Intervention" in tried.query
    assert "outcome-kind" not in tried.query
    assert not tried.text.startswith(sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did anybody find a job in Sandžak?", "Planned or tried, by programmes: 1. Whether"),
        ("Were jobs created in Sandžak?", "Planned or tried, by programmes: 1. Whether"),
        ("Were houses rebuilt in Kosovo?", "Planned or tried, by programmes: 1. Whether"),
        ("Was drug use reduced in Afghanistan?", "Planned or tried, by programmes: 1."),
        ("Des emplois ont-ils été créés au Sandjak ?", "Prévu ou tenté, par des programmes : 1."),
        ("Des maisons ont-elles été reconstruites au Kosovo ?", "Prévu ou tenté"),
        ("Les enfants ont-ils reçu des repas scolaires en Angola ?", "Prévu ou tenté"),
        ("¿Se crearon empleos en Sandžak?", "Previsto o intentado, por programas: 1."),
        ("¿Se reconstruyeron viviendas en Kosovo?", "Previsto o intentado"),
        ("¿Recibieron los niños comidas escolares en Angola?", "Previsto o intentado"),
    ],
)
def test_what_no_source_reports_is_told_as_tried(
    graph: KnowledgeGraph, question: str, sentence: str
) -> None:
    answer = graph.ask(question)
    assert answer.kind == "boolean"
    assert answer.text.startswith(sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Is there a programme with school feeding in Angola?", "Yes; programmes: 1."),
        ("Y a-t-il un programme de cantines scolaires en Angola ?", "Oui ; programmes : 1."),
        ("¿Hay algún programa de alimentación escolar en Angola?", "Sí; programas: 1."),
        ("¿Se financió algo en Nicaragua?", "Sí; programas: 1."),
    ],
)
def test_whether_there_are_programmes_is_answered_by_themselves(
    graph: KnowledgeGraph, question: str, sentence: str
) -> None:
    assert graph.ask(question).text == sentence


@pytest.mark.parametrize(
    "question",
    [
        "Did incomes rise in Laos?",
        "Did violence fall in Kosovo?",
        "La pauvreté a-t-elle diminué au Laos ?",
        "Le chômage a-t-il baissé au Sandjak ?",
        "¿Disminuyó la pobreza en Laos?",
        "¿Ha aumentado el desempleo en Serbia?",
    ],
)
def test_how_a_threat_went_on_is_refused_with_what_was_reported(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert "hs:Outcome" in answer.alternatives[0].query
