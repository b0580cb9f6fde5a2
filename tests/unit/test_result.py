"""Results: Python values from typed literals, and how a result is shown and written."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.errors import NotAcceptable
from hsgraph.formats import NTRIPLES, RESULTS_JSON
from hsgraph.namespaces import XSD
from hsgraph.result import SHOWN_ROWS, Result, value_of

A, B = NamedNode("https://example.org/a"), NamedNode("https://example.org/b")
NAME = NamedNode("https://example.org/name")
CONTROL = Literal("\x01")


def ask(query: str, *triples: Triple) -> Result:
    engine = EmbeddedEngine([Quad(t.subject, t.predicate, t.object, A) for t in triples])
    formats = {
        "select": RESULTS_JSON,
        "ask": RESULTS_JSON,
        "construct": NTRIPLES,
        "describe": NTRIPLES,
    }
    return Result(engine.answer(query, formats))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("7", "integer", 7),
        ("07", "nonNegativeInteger", 7),
        ("876579.00", "decimal", Decimal("876579.00")),
        ("1e3", "double", 1000.0),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("2012-10-01", "date", datetime.date(2012, 10, 1)),
        (
            "2012-10-01T12:00:00Z",
            "dateTime",
            datetime.datetime(2012, 10, 1, 12, tzinfo=datetime.UTC),
        ),
        ("soon", "date", "soon"),
        ("many", "integer", "many"),
        ("perhaps", "boolean", "perhaps"),
        ("2012", "gYear", "2012"),
        ("text", "string", "text"),
    ],
)
def test_literals_become_values_of_their_datatype(text: str, datatype: str, value: object) -> None:
    made = value_of(Literal(text, datatype=NamedNode(XSD + datatype)))
    assert made == value
    assert type(made) is type(value)


def test_rows_answer_to_positions_and_names() -> None:
    result = ask(
        "SELECT ?name ?thing ?none { ?thing ?p ?name }",
        Triple(A, NAME, Literal("Sandžak", language="sr")),
    )
    row = result.rows[0]
    assert row == ("Sandžak", A.value, None)
    assert (row[0], row["name"], row["none"]) == ("Sandžak", "Sandžak", None)
    assert row.term("name") == Literal("Sandžak", language="sr")
    assert result.to_dicts() == [{"name": "Sandžak", "thing": A.value, "none": None}]
    with pytest.raises(KeyError):
        row["nothing"]


def test_dataframe_has_the_columns_of_the_query_even_when_empty() -> None:
    frame = ask("SELECT ?a ?b { ?a ?p ?b }").to_dataframe()
    assert list(frame.columns) == ["a", "b"]
    assert len(frame) == 0


def test_dataframe_holds_values() -> None:
    frame = ask("SELECT (6 * 7 AS ?answer) {}").to_dataframe()
    assert frame["answer"].tolist() == [42]


@pytest.mark.parametrize(("query", "yes"), [("ASK {}", True), ("ASK { ?a ?b ?c }", False)])
def test_ask_is_its_truth(query: str, yes: bool) -> None:
    result = ask(query)
    assert result.boolean is yes
    assert bool(result) is yes


def test_construct_has_triples_and_rows_of_them() -> None:
    triple = Triple(A, NAME, B)
    result = ask("CONSTRUCT WHERE { ?s ?p ?o }", triple)
    assert result.triples == (triple,)
    assert result.rows == ((A.value, NAME.value, B.value),)
    assert result.boolean is None


def test_results_are_written_in_standard_formats(tmp_path: Path) -> None:
    result = ask("SELECT ?name { ?s ?p ?name }", Triple(A, NAME, Literal("a,b")))
    assert result.write() == 'name\r\n"a,b"\r\n'
    assert json.loads(result.write("json"))["head"] == {"vars": ["name"]}
    result.write(to=tmp_path / "names.tsv")
    assert (tmp_path / "names.tsv").read_text(encoding="utf-8") == '?name\n"a,b"\n'


@pytest.mark.parametrize(
    ("triple", "said"),
    [(Triple(A, NamedNode("http://e/1"), B), "http://e/1"), (Triple(A, NAME, CONTROL), "U.0001")],
)
def test_what_xml_cannot_hold_is_refused(triple: Triple, said: str) -> None:
    with pytest.raises(NotAcceptable, match=said):
        ask("CONSTRUCT WHERE { ?s ?p ?o }", triple).write("rdf")


def test_a_table_in_xml_holds_no_control_characters() -> None:
    with pytest.raises(NotAcceptable, match=r"U\+0001"):
        ask("SELECT ?o { ?s ?p ?o }", Triple(A, NAME, CONTROL)).write("xml")


def test_triples_are_written_in_rdf_formats() -> None:
    result = ask("CONSTRUCT WHERE { ?s ?p ?o }", Triple(A, NAME, B))
    assert result.write("nt") == f"{A} {NAME} {B} .\n"
    assert json.loads(result.write("jsonld"))


@pytest.mark.parametrize(
    ("query", "format"), [("SELECT * {}", "ttl"), ("CONSTRUCT WHERE { ?s ?p ?o }", "csv")]
)
def test_a_format_of_the_other_kind_is_refused_with_those_there_are(
    query: str, format: str
) -> None:
    with pytest.raises(NotAcceptable) as caught:
        ask(query).write(format)
    assert len(caught.value.available) == 4


def test_notebook_table_escapes_and_links_only_to_the_web() -> None:
    bad = Literal("<script>alert(1)</script>")
    shown = ask("SELECT ?s ?o { ?s ?p ?o }", Triple(NamedNode("javascript:alert(1)"), NAME, bad))
    html = shown._repr_html_()
    assert "<script>" not in html
    assert "href" not in html
    linked = ask("SELECT ?s { ?s ?p ?o }", Triple(NamedNode("https://a/?x&y"), NAME, bad))
    assert '<a href="https://a/?x&amp;y' in linked._repr_html_()


def test_notebook_table_says_when_it_is_cut() -> None:
    many = [Triple(A, NAME, Literal(str(number))) for number in range(SHOWN_ROWS + 1)]
    html = ask("SELECT ?n { ?s ?p ?n }", *many)._repr_html_()
    assert html.count("<tr>") == SHOWN_ROWS + 1
    assert "first 50 of 51 rows" in html
