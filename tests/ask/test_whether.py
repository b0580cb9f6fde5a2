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


@pytest.mark.parametrize(
    ("question", "yes", "count"),
    [
        ("Are there more than 1000 programmes in Kenya?", False, 5),
        ("Are there more than 2000 programmes in Kenya?", False, 5),
        ("Are there more than 4 programmes in Kenya?", True, 5),
        ("Does Kenya have fewer than 3 programmes?", False, 5),
        ("Are there exactly 3 programmes in Kenya?", False, 5),
        ("Are there exactly 5 programmes in Kenya?", True, 5),
        ("Did UNDP carry out more than 500 programmes?", False, 100),
        ("Y a-t-il plus de 100 projets au Sénégal ?", False, 6),
        ("Y a-t-il plus de 5 projets au Sénégal ?", True, 6),
        ("¿Hay más de 50 proyectos en Honduras?", False, 2),
        ("¿Hay más de un proyecto en Honduras?", True, 2),
        ("Has UNICEF taken part in 3 programmes in Kenya?", False, 2),
        ("L'UNICEF a-t-elle participé à un projet au Kenya ?", True, 2),
    ],
)
def test_a_number_of_programmes_is_compared_and_told(
    graph: KnowledgeGraph, question: str, yes: bool, count: int
) -> None:
    answer = graph.ask(question)
    assert answer.rows[0][:2] == (yes, count)
    assert str(count) in answer.text


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Are there no programmes in Kenya?", 5),
        ("Is there not a single programme in Kenya?", 5),
        ("Did UNICEF not work in Kenya?", 2),
        ("Didn't UNICEF work in Kenya?", 2),
        ("Has UNICEF never worked in Kenya?", 2),
        ("Does violence not cause poverty?", 7),
        ("N'y a-t-il aucun projet au Sénégal ?", 6),
        ("N'y a-t-il pas de projets au Sénégal ?", 6),
        ("Il n'y a pas de projets au Sénégal ?", 6),
        ("L'UNICEF n'a-t-elle pas travaillé au Kenya ?", 2),
        ("¿No hay ningún proyecto en Honduras?", 2),
        ("¿No hay proyectos en Honduras?", 2),
        ("¿No trabajó la UNICEF en Kenia?", 2),
        ("¿UNICEF no ha trabajado en Kenia?", 2),
    ],
)
def test_a_denied_question_is_no_where_there_are_programmes(
    graph: KnowledgeGraph, question: str, count: int
) -> None:
    answer = graph.ask(question)
    assert answer.rows[0][:2] == (False, count)
    assert str(count) in answer.text
    assert answer.rests_on is None


@pytest.mark.parametrize(
    "question",
    [
        "Has UN-Habitat never worked in Bhutan?",
        "ONU-Habitat n'a-t-il jamais travaillé au Bhoutan ?",
        "¿ONU-Hábitat no ha trabajado en Bután?",
    ],
)
def test_a_denied_question_is_yes_where_there_is_none(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.rows == ((True, 0, None, None),)
    assert answer.text == graph.asker.lexicon.text("answer-yes-none", answer.language)
    assert answer.rests_on is None


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Are there programmes without women in Kenya?", 4),
        ("Are there programmes that didn't involve women in Kenya?", 4),
        ("Are there programmes in Kenya that do not involve UNICEF?", 3),
        ("Has UNDP worked without UNICEF in Kenya?", 1),
    ],
)
def test_what_programmes_are_to_be_without_stays_a_condition(
    graph: KnowledgeGraph, question: str, count: int
) -> None:
    assert graph.ask(question).rows[0][:2] == (True, count)


@pytest.mark.parametrize(
    "question",
    [
        "Is Kenya the country with most programmes?",
        "Is Kenya the only country with a programme?",
        "Does UNDP work in more than 10 countries?",
        "Was there a second programme in Kenya?",
        "Were no jobs created in Sandžak?",
        "Le Kenya est-il le pays avec le plus de programmes ?",
        "Le Kenya est-il le seul pays avec un programme ?",
        "¿Es Kenia el país con más programas?",
        "¿Es Kenia el único país con un programa?",
    ],
)
def test_what_no_count_of_programmes_decides_is_refused(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert answer.alternatives


def test_who_carries_a_programme_out_counts_where_no_lead_is_known(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Was the Bhutan programme led by UNICEF?")
    assert answer.rows[0][:2] == (True, 1)
    assert graph.asker.lexicon.text("note-led", "en") in answer.notes
    assert graph.ask("Was the Bhutan programme led by UN-Habitat?").rows[0][0] is False


def test_a_page_past_the_end_of_an_answer_is_not_found(client: FlaskClient) -> None:
    page = {"q": "programmes in Africa", "page": "2"}
    assert client.get("/ask", query_string=page).status_code == 200
    assert client.get("/ask", query_string=page | {"page": "5"}).status_code == 404


@pytest.mark.parametrize(
    "question",
    [
        "Are there programmes in Kenya or not?",
        "Y a-t-il des programmes au Kenya ou non ?",
        "¿Hay programas en Kenia o no?",
    ],
)
def test_or_not_denies_nothing(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).rows[0][:2] == (True, 5)


def test_how_long_a_programme_lasts_is_no_end_of_an_order(graph: KnowledgeGraph) -> None:
    assert graph.ask("Did any programme last longer than 3 years in Kenya?").answered
