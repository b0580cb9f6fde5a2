"""Dates and lengths in answers: no more exact than the source states them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hsgraph.ask.answer import below
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import VOCAB
from tests.ask.measure import column


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
    assert "Jun 2010" in page.text
    assert "30 Jun" not in page.text


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("Which country has the most programmes?", "Programmes: "),
        ("Where is the biggest programme?", "Programmes: "),
        ("Quel programme a le plus de partenaires ?", "Partenaires : "),
        ("biggest agency", "US$ "),
        ("longest programme", " months"),
    ],
)
def test_the_number_of_the_first_of_a_list_says_what_it_counts(
    graph: KnowledgeGraph, question: str, unit: str
) -> None:
    text = graph.ask(question).text
    assert unit in text, text


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("When did the Bosasso programme end?", "/project/somalia-bosasso-idps"),
        ("Who led the Tripoli programme in Lebanon?", "/organisation/un-habitat"),
        ("Which agency has the most programmes in Asia?", "/organisation/undp"),
        ("What is the largest programme?", "/project/africa-millennium-villages"),
    ],
)
def test_a_page_tells_a_single_row_once_with_its_link(
    client: FlaskClient, question: str, address: str
) -> None:
    page = client.get("/ask", query_string={"q": question}, headers={"Accept": "text/html"}).text
    sentence = page.partition('class="answer-text"')[2].partition("</p>")[0]
    assert f'{address}"' in sentence
    assert "<table" not in page


_ENDED = "?p hs:endDate ?end FILTER (?end <= xsd:date(NOW()))"


@pytest.mark.parametrize(
    ("question", "gold"),
    [
        ("agencies of completed programmes", f"SELECT ?x {{ ?p hs:implementedBy ?x . {_ENDED} }}"),
        (
            "países con proyectos terminados",
            f"SELECT ?x {{ ?p hs:takesPlaceIn ?x . ?x a hs:Country . {_ENDED} }}",
        ),
        (
            "How much money went to completed programmes?",
            f"SELECT (SUM(?usd) AS ?x) {{ ?p hs:fundContributionUSD ?usd . {_ENDED} }}",
        ),
        *(
            (
                question,
                "SELECT ?x { ?p hs:endDate ?end } GROUP BY (YEAR(?end) AS ?x) "
                "ORDER BY DESC(COUNT(?p)) ?x LIMIT 1",
            )
            for question in (
                "When did most projects end?",
                "En quelle année la plupart des projets ont-ils pris fin ?",
            )
        ),
    ],
)
def test_what_has_ended_is_known_by_its_end(
    graph: KnowledgeGraph, question: str, gold: str
) -> None:
    answer = graph.ask(question)
    assert answer.query is not None
    assert column(graph, answer.query) == column(graph, gold)


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
