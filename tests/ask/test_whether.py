"""Yes or no: when it is asked, what a yes rests on, and the programmes that it names."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID

SANDZAK = f"{ID}project/serbia-southwest-sandzak"


@pytest.mark.parametrize(
    ("question", "class_"),
    [
        ("Were health workers trained in Semipalatinsk?", "Outcome"),
        ("Were jobs created in Sandžak?", "Intervention"),
        ("Was there anything for refugees in Gabon?", "Intervention"),
        ("¿Hubo algo en Cuba sobre el sida?", "Threat"),
        ("La pauvreté aggrave-t-elle la traite des êtres humains ?", "Interlinkage"),
        ("Has UN-Habitat ever worked in Cambodia?", "Project"),
        ("Has UN-Habitat ever worked in Bhutan?", None),
        ("programmes in Kenya", None),
    ],
)
def test_what_a_yes_rests_on_is_told_as_json(
    client: FlaskClient, question: str, class_: str | None
) -> None:
    found = client.get(
        "/ask", query_string={"q": question}, headers={"Accept": "application/json"}
    ).get_json()
    assert found["answered"]
    assert found["rests_on"] == class_


def test_a_yes_names_the_programmes_that_it_rests_on(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Were jobs created in Sandžak?")
    name = "Human security for vulnerable communities in south-west Serbia (Sandžak)"
    assert answer.columns == ("answer", "programmes", "programme", "name")
    assert answer.rows == ((True, 1, SANDZAK, name),)


def test_a_yes_of_many_programmes_names_a_few(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Does drought make food insecurity worse?")
    assert [row[:2] for row in answer.rows] == [(True, 8)] * 5
    assert len({row[2] for row in answer.rows}) == 5


def test_a_no_names_none(graph: KnowledgeGraph) -> None:
    assert graph.ask("Has UN-Habitat ever worked in Bhutan?").rows == ((False, 0, None, None),)


def test_a_page_links_the_programmes_of_a_yes_and_says_no_true(client: FlaskClient) -> None:
    page = client.get(
        "/ask", query_string={"q": "Were jobs created in Sandžak?"}, headers={"Accept": "text/html"}
    ).text
    table = page.partition("<table")[2].partition("</table>")[0]
    assert 'href="/project/serbia-southwest-sandzak"' in table
    assert "True" not in table


@pytest.mark.parametrize(
    "question",
    [
        "Does drought make food insecurity worse?",
        "Does drought worsen food insecurity?",
        "Is displacement caused by drought?",
        "Le chômage alimente-t-il la violence ?",
        "Est-ce que la sécheresse aggrave l'insécurité alimentaire ?",
        "La traite est-elle causée par la pauvreté ?",
        "¿La sequía causa desplazamiento?",
        "¿Empeora la sequía la inseguridad alimentaria?",
        "¿Provoca la sequía hambre?",
    ],
)
def test_whether_one_threat_leads_to_another_is_yes_by_a_link_of_both(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert answer.kind == "boolean"
    assert answer.rests_on == "Interlinkage"
    assert answer.query is not None
    assert "hs:from" in answer.query


@pytest.mark.parametrize(
    "question",
    [
        "What makes malnutrition worse in the DRC?",
        "What causes drought and hunger?",
        "¿Qué causa la pobreza y la violencia?",
        "Qu'est-ce qui aggrave la faim ?",
    ],
)
def test_what_causes_a_threat_is_a_list_of_threats(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).asked_for == "Threat"


@pytest.mark.parametrize(
    "question",
    [
        "Des anciens combattants ont-ils trouvé un emploi en Sierra Leone ?",
        "Les anciens combattants ont trouvé du travail en Sierra Leone ?",
        "¿Encontraron trabajo los excombatientes en Sierra Leona?",
        "¿Alguien encontró trabajo en Sandžak?",
        "¿Los jóvenes encontraron trabajo en Timor-Leste?",
    ],
)
def test_whether_somebody_found_work_is_asked_of_the_creation_of_jobs(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert answer.kind == "boolean"
    assert answer.rests_on == "Intervention"
    assert answer.query is not None
    assert "intervention-type/job-creation" in answer.query


@pytest.mark.parametrize(
    "question",
    [
        "How many people found work in Kosovo?",
        "Combien de jeunes ont trouvé un emploi au Kosovo ?",
        "¿Cuántos jóvenes encontraron trabajo en Egipto?",
    ],
)
def test_how_many_found_work_is_refused(graph: KnowledgeGraph, question: str) -> None:
    assert not graph.ask(question).answered


@pytest.mark.parametrize(
    "question",
    [
        "¿Los niños recibieron comidas escolares en Angola?",
        "Les enfants ont reçu des repas scolaires en Angola ?",
        "¿Aprendieron un oficio los excombatientes en Uganda?",
    ],
)
def test_a_group_and_what_it_got_ask_whether_in_the_order_of_a_statement(
    graph: KnowledgeGraph, question: str
) -> None:
    assert graph.ask(question).kind == "boolean"


@pytest.mark.parametrize(
    "question", ["los jóvenes y el empleo en Egipto", "La formation des jeunes au Népal"]
)
def test_a_group_and_a_deed_without_a_verb_ask_for_a_list(
    graph: KnowledgeGraph, question: str
) -> None:
    assert graph.ask(question).kind == "list"


@pytest.mark.parametrize(
    "question",
    [
        "is there anything on landmines in Lebanon",
        "is there something about malaria in Nigeria",
        "Y a-t-il quelque chose sur les mines au Liban ?",
    ],
)
def test_whether_there_is_anything_asks_for_programmes_not_for_the_present(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert answer.kind == "boolean"
    assert answer.rows[0][0] is True


def test_a_group_that_only_an_intervention_serves_makes_no_no(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Were fishers trained in Timor-Leste?")
    assert answer.rows[0][:2] == (True, 1)
    assert graph.asker.lexicon.text("note-served", "en") in answer.notes


def test_a_threat_alone_helps_no_group(graph: KnowledgeGraph) -> None:
    assert graph.ask("has anyone worked in Mongolia with herders?").rows[0][0] is False


def test_a_page_past_the_end_of_an_answer_is_not_found(client: FlaskClient) -> None:
    page = {"q": "programmes in Africa", "page": "2"}
    assert client.get("/ask", query_string=page).status_code == 200
    assert client.get("/ask", query_string=page | {"page": "5"}).status_code == 404
