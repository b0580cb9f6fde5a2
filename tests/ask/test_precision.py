"""Dates and lengths in answers: no more exact than the source states them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hsgraph.ask.answer import below
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import VOCAB


@pytest.mark.parametrize(
    ("question", "date"),
    [
        ("When did the Bosasso programme end?", "Jun 2010"),
        ("Quand a pris fin le programme du Lesotho ?", "févr. 2013"),
        ("¿Cuándo empezó el programa de Hidalgo?", "oct 2021"),
        ("When was the North Ossetia programme announced?", "15 May 2007"),
        ("When did the Aral Sea livelihoods programme begin?", "2012"),
        ("earliest programme in Kenya", "20 Oct 2005"),
    ],
)
def test_a_date_is_told_as_exactly_as_it_is_known(
    graph: KnowledgeGraph, question: str, date: str
) -> None:
    answer = graph.ask(question)
    assert date in answer.text, answer.text


def test_json_says_beside_a_date_how_exactly_it_is_known(client: FlaskClient) -> None:
    found = client.get(
        "/ask?q=When did the Bosasso programme end?", headers={"Accept": "application/json"}
    ).get_json()
    row = dict(zip(found["columns"], found["rows"][0], strict=True))
    assert row["date"] == "2010-06-30"
    assert row["datePrecision"] == VOCAB + "date-precision/month"


def test_a_table_has_dates_as_far_as_they_are_known(graph: KnowledgeGraph) -> None:
    shown = below(graph.ask("When did the Bosasso programme end?"))
    assert shown.columns == ("date", "project", "name")
    assert shown.rows[0][0] == "2010-06"


def test_a_page_has_dates_as_far_as_they_are_known(client: FlaskClient) -> None:
    page = client.get("/ask?q=When did the Bosasso programme end?", headers={"Accept": "text/html"})
    table = page.text.partition("<table")[2].partition("</table>")[0]
    assert "Jun 2010" in table
    assert "30 Jun" not in table


@pytest.mark.parametrize(
    ("question", "length"),
    [
        ("How long did the Mae Hong Son project run?", "49 months"),
        ("How long did the Rasht migration programme in Tajikistan last?", "2 years"),
        ("How long did the Rwanda Ngororero programme last?", "2 years"),
        ("How long did the Aral Sea livelihoods programme last?", "2012 – 2016"),
        ("longest programme in Asia", "135 months"),
    ],
)
def test_months_are_counted_where_both_ends_are_known_to_the_month(
    graph: KnowledgeGraph, question: str, length: str
) -> None:
    assert length in graph.ask(question).text
