"""A yes to what came about rests on reported results, or on what was tried, and says so."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hsgraph.graph import KnowledgeGraph


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Were health workers trained in Semipalatinsk?", "Yes, as sources report"),
        ("Were ex-combatants reintegrated in Uganda?", "Yes, as sources report"),
        ("Did former soldiers learn a trade in Uganda?", "Yes, as sources report"),
        ("Les routes ont-elles été réparées en Afghanistan ?", "Oui, d'après les sources"),
        ("Y a-t-il eu des formations professionnelles en Ouganda ?", "Oui, d'après les sources"),
        ("¿Se reintegraron excombatientes en Uganda?", "Sí, según las fuentes"),
        ("¿Se recogió la basura en Phnom Penh?", "Sí, según las fuentes"),
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
        ("Did anybody find a job in Sandžak?", "Planned or tried, by programmes: 1. No reported"),
        ("Were jobs created in Sandžak?", "Planned or tried, by programmes: 1. No reported"),
        ("Were houses rebuilt in Kosovo?", "Planned or tried, by programmes: 1. No reported"),
        ("Did trafficking victims get help in Thailand?", "Planned or tried, by programmes: 1."),
        ("Des emplois ont-ils été créés au Sandjak ?", "Prévu ou tenté, par des programmes : 1."),
        ("Des maisons ont-elles été reconstruites au Kosovo ?", "Prévu ou tenté"),
        ("Les enfants ont-ils reçu des repas scolaires en Angola ?", "Prévu ou tenté"),
        ("Les victimes de la traite ont-elles été aidées en Thaïlande ?", "Prévu ou tenté"),
        ("A-t-on formé des femmes au Népal ?", "Prévu ou tenté"),
        ("Des femmes ont-elles été formées au Népal ?", "Prévu ou tenté"),
        ("¿Se crearon empleos en Sandžak?", "Previsto o intentado, por programas: 1."),
        ("¿Se reconstruyeron viviendas en Kosovo?", "Previsto o intentado"),
        ("¿Recibieron los niños comidas escolares en Angola?", "Previsto o intentado"),
        ("¿Hubo cursos de formación en Kosovo?", "Previsto o intentado"),
        (
            "Did the unemployed find work in Serbia?",
            "Planned or tried, by programmes: 1. No reported",
        ),
        ("Was there unemployment in Serbia?", "Programmes that name this as a threat: 1."),
        ("¿Hubo algo en Cuba sobre el sida?", "Programas que lo nombran como amenaza: 1."),
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
        "Was drug use reduced in Afghanistan?",
        "Has poverty been reduced in Armenia?",
        "La pauvreté a-t-elle diminué au Laos ?",
        "Le chômage a-t-il baissé au Sandjak ?",
        "La malnutrition a-t-elle été réduite en Angola ?",
        "¿Disminuyó la pobreza en Laos?",
        "¿Se redujo la violencia en Kosovo?",
        "¿Ha aumentado el desempleo en Serbia?",
    ],
)
def test_how_a_threat_went_on_is_refused_with_what_was_reported(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert "hs:Outcome" in answer.alternatives[0].query


@pytest.mark.parametrize(
    "question", ["Was anything achieved in Yumbe?", "¿Se logró algo en Yumbe?"]
)
def test_what_was_achieved_is_what_sources_report(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.asked_for == "Outcome"
    assert len(answer.rows) == 2


def test_a_page_answers_no_by_its_sentence_alone(client: FlaskClient) -> None:
    asked = {"q": "Were wells dug in Ghana?"}
    page = client.get("/ask", query_string=asked, headers={"Accept": "text/html"}).text
    assert 'class="answer-text"' in page
    assert "<table" not in page
