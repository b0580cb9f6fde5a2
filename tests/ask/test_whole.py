"""Yes or no about all, most or none of some programmes."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hsgraph.ask.answer import below
from hsgraph.graph import KnowledgeGraph


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Are all programmes in Africa?", (False, 77, 200)),
        ("Did every programme in Kenya involve UNICEF?", (False, 2, 5)),
        ("Do all programmes in Haiti involve UNDP?", (True, 1, 1)),
        ("Are all UNIDO programmes in Africa?", (False, 9, 17)),
        ("Do all programmes that deal with HIV involve UNFPA?", (False, 6, 26)),
        ("Do most programmes involve UNDP?", (False, 100, 200)),
        ("do most programmes in Africa target women?", (False, 35, 77)),
        ("do most programmes in Africa not target women?", (True, 42, 77)),
        ("Do most programmes in Africa involve UNICEF or UNDP?", (True, 48, 77)),
        ("Do most programmes in Asia and Europe involve UNDP, UNICEF or FAO?", (True, 57, 90)),
        ("Are most UNDP or UNICEF programmes in Africa?", (False, 48, 128)),
        ("Are most programmes in Africa or Asia?", (True, 146, 200)),
        ("Have all programmes since 2010 in Africa involved UNDP?", (False, 18, 29)),
        ("Tous les programmes sont-ils en Afrique ?", (False, 77, 200)),
        ("Tous les projets au Pérou sont-ils axés sur les femmes ?", (True, 3, 3)),
        ("La plupart des programmes d'Asie centrale sont-ils menés par le PNUD ?", (True, 6, 10)),
        ("Tous les programmes en Haïti impliquent-ils le PNUD ?", (True, 1, 1)),
        ("Chaque programme au Kenya concerne-t-il la sécheresse ?", (False, 1, 5)),
        ("La plupart des projets au Kenya concernent la sécheresse ?", (False, 1, 5)),
        ("¿Todos los programas están en África?", (False, 77, 200)),
        ("¿Todos los proyectos en Bolivia son de UNICEF?", (True, 2, 2)),
        ("¿Todos los programas de Ecuador trabajan con refugiados?", (True, 2, 2)),
        ("¿La mayoría de los proyectos de Asia son del PNUD?", (False, 26, 73)),
        ("¿La mayoría de los programas de África son de UNICEF o PNUD?", (True, 48, 77)),
        ("¿Involucran la mayoría de los programas de Asia a UNICEF o al PNUD?", (False, 34, 73)),
    ],
)
def test_all_or_most_programmes_are_counted_beside_their_whole(
    graph: KnowledgeGraph, question: str, told: tuple[bool, int, int]
) -> None:
    answer = graph.ask(question)
    assert answer.kind == "boolean"
    assert answer.rows[0][:3] == told
    assert str(told[1]) in answer.text
    assert str(told[2]) in answer.text


def test_a_no_to_all_lists_those_of_which_it_is_not_known(graph: KnowledgeGraph) -> None:
    shown = below(graph.ask("Did every programme in Kenya involve UNICEF?"))
    assert shown.columns == ("programme", "name")
    known = {row[0] for row in graph.ask("UNICEF programmes in Kenya").rows}
    assert len(shown.rows) == 3
    assert not known & {row[0] for row in shown.rows}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Do most programmes involve UNDP?", "programmes: 100 of 200. Of these, listed: 5 of 100."),
        ("Did every programme in Kenya involve UNICEF?", "Of the others, listed: 3 of 3."),
        ("Tous les programmes en Haïti sont-ils menés par le PNUD ?", "programmes : 1 sur 1."),
    ],
)
def test_the_sentence_says_which_programmes_are_listed_and_of_how_many(
    graph: KnowledgeGraph, question: str, told: str
) -> None:
    assert graph.ask(question).text.endswith(told)


def test_a_page_links_the_others_of_a_no(client: FlaskClient) -> None:
    page = client.get(
        "/ask",
        query_string={"q": "Did every programme in Kenya involve UNICEF?"},
        headers={"Accept": "text/html"},
    ).text
    table = page.partition("<table")[2].partition("</table>")[0]
    assert 'href="/project/africa-irin-radio"' in table
    assert "project/kenya-turkana-border" not in table
    assert "False" not in table


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("None of the programmes in the Pacific involve UNHCR?", (True, 0)),
        ("Is it true that no programme in Oceania worked with refugees?", (True, 0)),
        ("Aucun projet au Kenya ne concerne la sécheresse ?", (False, 1)),
        ("¿Ningún proyecto trabajó con pescadores en África?", (False, 2)),
        ("¿Ninguno de los programas de Bolivia trabajó con la FAO?", (False, 1)),
    ],
)
def test_none_of_the_programmes_is_no_where_there_is_one(
    graph: KnowledgeGraph, question: str, told: tuple[bool, int]
) -> None:
    assert graph.ask(question).rows[0][:2] == told


@pytest.mark.parametrize(
    "question",
    [
        "Did all programmes in Kenya start after 2005?",
        "Do all programmes in Kenya involve UNDP and help women?",
        "Are not all programmes in Kenya led by UNDP?",
        "Does every country in Africa have a programme?",
        "Do most countries in Africa have UNICEF or UNDP programmes?",
        "Do most programmes in Africa have a budget or a source?",
        "Do most programmes in Africa receive money?",
        "Are there more programmes in Kenya?",
    ],
)
def test_what_dates_or_two_verbs_leave_open_is_refused(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert answer.alternatives


@pytest.mark.parametrize(
    "question",
    [
        "todos los programas que ayudan a mujeres en Kenia",
        "tous les programmes qui aident les femmes au Kenya",
        "all programmes in Kenya",
    ],
)
def test_all_programmes_without_a_verb_of_their_own_are_a_list(
    graph: KnowledgeGraph, question: str
) -> None:
    assert graph.ask(question).kind == "list"
