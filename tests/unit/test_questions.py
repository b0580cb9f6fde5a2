"""Questions: what a header must hold, what is told when it does not, and the RDF made of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from hsgraph.engine.sparql.bind import bind
from hsgraph.errors import SourceError
from hsgraph.languages import INTERFACE, read_in
from hsgraph.namespaces import DATASET, RDF, RDFS, SCHEMA, SH
from hsgraph.questions import Question, questions, read_question, triples

PLACE = "https://w3id.org/hsgraph/id/place/serbia"
HEADER = f"""\
# title: Programmes in a place
# description: Lists the programmes in a place that began in a year.
# theme: Where
# keywords: programmes, places
# parameter: place | place | <{PLACE}> | Place
# parameter: type | concept threat-type | <https://w3id.org/hsgraph/vocab/threat-type/x> | Threat
# parameter: year | year | 2012 | Year
# suits: place, threat-type
"""
QUERY = """\
PREFIX hs: <https://w3id.org/hsgraph/ontology#>
SELECT ?p WHERE { ?p hs:takesPlaceIn $place ; hs:type $type ; hs:year $year } ORDER BY ?p
"""


def read(folder: Path, text: str, name: str = "programmes-in-place.rq") -> Question:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_question(path)


def test_header_and_query_are_read(tmp_path: Path) -> None:
    question = read(tmp_path, f"{HEADER}\n{QUERY}")
    assert question.iri == "https://w3id.org/hsgraph/query/programmes-in-place"
    assert question.title == "Programmes in a place"
    assert question.theme == "Where"
    assert question.keywords == ("programmes", "places")
    assert question.suits == ("place", "threat-type")
    assert question.form == "select"
    assert question.query == QUERY
    assert not question.may_be_empty
    assert question.defaults["place"] == NamedNode(PLACE)
    assert question.defaults["year"] == Literal(2012)


def test_a_question_speaks_the_readers_language_or_english(tmp_path: Path) -> None:
    told = "# title@fr: Programmes dans un lieu\n# parameter@fr: place | Lieu\n"
    question = read(tmp_path, f"{HEADER}{told}\n{QUERY}")
    try:
        read_in("fr")
        assert question.title == "Programmes dans un lieu"
        assert [p.label for p in question.parameters] == ["Lieu", "Threat", "Year"]
        assert getattr(question.theme, "language", "") == "en"
    finally:
        read_in("en")
    assert question.title == "Programmes in a place"
    titles = {t.object for t in triples(question) if t.predicate.value == RDFS + "comment"}
    assert titles == {
        Literal("Programmes in a place", language="en"),
        Literal("Programmes dans un lieu", language="fr"),
    }


def test_every_question_is_told_in_each_language_and_alike() -> None:
    """What is said in English in several questions has one translation."""
    told: dict[str, Mapping[str, str]] = {}
    for question in questions():
        labels = [parameter.labels for parameter in question.parameters]
        for texts in (question.titles, question.descriptions, question.themes, *labels):
            assert texts.keys() >= INTERFACE.keys(), question.slug
            assert told.setdefault(texts["en"], texts) == texts, question.slug


def test_a_page_fills_the_parameter_of_its_own_kind_or_scheme(tmp_path: Path) -> None:
    question = read(tmp_path, f"{HEADER}\n{QUERY}")
    for kind, name in (("place", "place"), ("threat-type", "type"), ("year", "year")):
        found = question.parameter_for(kind)
        assert found is not None
        assert found.name == name
    assert question.parameter_for("organisation") is None


def test_defaults_are_filled_in_as_the_engine_binds_them(tmp_path: Path) -> None:
    question = read(tmp_path, f"{HEADER}\n{QUERY}")
    assert question.with_defaults == bind(question.query, question.defaults)
    assert "$" not in question.with_defaults


def test_a_question_may_say_that_no_rows_are_a_good_answer(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEADER}# may be empty\n\n{QUERY}").may_be_empty


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("# title: Programmes in a place\n", ""), 1, "# title"),
        (("# theme: Where", "# theme:"), 1, "# theme"),
        (("# suits", "# sorts"), 8, "sorts"),
        (("# theme: Where", "# title: Again"), 3, "title"),
        (("# theme: Where", "theme: Where"), 3, "name: value"),
        (("# theme: Where", "# theme: Where\n# theme@xx: Wo"), 4, "languages"),
        (("# suits", "# parameter@fr: yaer | Année\n# suits"), 8, "name | label"),
        (("# keywords", "# keywords@fr"), 4, "keywords"),
        (("| year | 2012 |", "| year |"), 7, "name | kind | default | label"),
        (("| year | 2012 |", "| age | 2012 |"), 7, "kind of a parameter"),
        (("concept threat-type", "concept"), 6, "kind of a parameter"),
        (("| 2012 |", "| soon |"), 7, "default"),
        ((f"<{PLACE}>", "<no iri>"), 5, "default"),
        (("hs:year $year", "hs:year ?year"), 1, "$year is not in the query"),
        (("hs:year $year", "hs:year $years"), 1, "$year is not in the query"),
        (("SELECT ?p WHERE", "DESCRIBE ?p WHERE"), 10, "no SELECT"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, said: str
) -> None:
    text = f"{HEADER}\n{QUERY}"
    assert change[0] in text
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text.replace(*change))
    assert said in caught.value.message
    assert caught.value.place.file == "programmes-in-place.rq"
    assert caught.value.place.line == line


def test_the_name_of_the_file_is_the_slug_and_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="slug"):
        read(tmp_path, f"{HEADER}\n{QUERY}", "Programmes_in_place.rq")


def test_a_question_is_written_as_a_sparql_example(tmp_path: Path) -> None:
    question = read(tmp_path, f"{HEADER}\n{QUERY}")
    said = {(triple.predicate.value, triple.object) for triple in triples(question)}
    assert {triple.subject for triple in triples(question)} == {NamedNode(question.iri)}
    assert {
        (RDF + "type", NamedNode(SH + "SPARQLExecutable")),
        (RDF + "type", NamedNode(SH + "SPARQLSelectExecutable")),
        (RDFS + "comment", Literal("Programmes in a place", language="en")),
        (SCHEMA + "keywords", Literal("places", language="en")),
        (SCHEMA + "target", NamedNode("https://w3id.org/hsgraph/sparql")),
        (SH + "select", Literal(question.with_defaults)),
        (SH + "prefixes", NamedNode(DATASET)),
    } <= said


@pytest.mark.parametrize(
    ("form", "query"),
    [
        ("ask", "ASK { ?s ?p $place }\n"),
        ("construct", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }\n"),
    ],
)
def test_other_forms_have_classes_and_properties_of_their_own(
    tmp_path: Path, form: str, query: str
) -> None:
    header = "".join(line + "\n" for line in HEADER.splitlines()[: 5 if "$" in query else 4])
    question = read(tmp_path, f"{header}\n{query}")
    predicates = {triple.predicate.value for triple in triples(question)}
    classes = {t.object.value for t in triples(question) if t.predicate.value == RDF + "type"}
    assert SH + form in predicates
    assert f"{SH}SPARQL{form.capitalize()}Executable" in classes


def test_questions_come_in_the_order_of_their_slugs_and_none_from_no_folder(tmp_path: Path) -> None:
    for name in ("b.rq", "a.rq"):
        read(tmp_path, f"{HEADER}\n{QUERY}", name)
    assert [question.slug for question in questions(tmp_path)] == ["a", "b"]
    assert questions(tmp_path / "none") == ()
