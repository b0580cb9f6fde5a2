"""The index: one row a thing, found by words, prefixes, accents aside, and typing errors."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hsgraph.build.index.entries import ACRONYM, CODE, LABEL, OTHER
from hsgraph.build.index.fulltext import index
from hsgraph.build.index.words import fold
from hsgraph.build.read.reader import read_files

DATA = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix place: <https://w3id.org/hsgraph/id/place/> .
@prefix org: <https://w3id.org/hsgraph/id/organisation/> .
@prefix hs: <https://w3id.org/hsgraph/ontology#> .
hs:acronym rdfs:subPropertyOf skos:altLabel .
place:sandzak a hs:Region ; skos:prefLabel "Sandschak"@de , "Sandžak"@en .
org:undp a hs:Agency ;
  skos:prefLabel "United Nations Development Programme"@en ;
  hs:acronym "UNDP" ; skos:altLabel "PNUD"@fr , "UNDP" ;
  dcterms:description "Works on poverty in Sandžak."@en .
<https://w3id.org/hsgraph/id/project/x> a hs:Project ; skos:prefLabel "Programme"@en ;
  hs:leadAgency org:undp ;
  hs:takesPlaceIn place:sandzak .
<https://w3id.org/hsgraph/vocab/dimension/food> a skos:Concept ; skos:prefLabel "Food"@en .
<https://w3id.org/hsgraph/vocab/dimension> a skos:ConceptScheme ; skos:prefLabel "Dimensions"@en .
<http://e/nameless> hs:leadAgency org:undp .
<http://e/other> rdfs:label "Something else" .
"""
Rows = list[tuple[object, ...]]
SMALL = Path(__file__).resolve().parents[1] / "fixtures" / "small"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    (tmp_path / "x.ttl").write_text(DATA)
    index(read_files([tmp_path / "x.ttl"]).store, tmp_path / "search.sqlite")
    with closing(sqlite3.connect(tmp_path / "search.sqlite")) as connection:
        yield connection


def labels(database: sqlite3.Connection, table: str, match: str) -> list[str]:
    query = f"SELECT label FROM thing WHERE id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)"
    return [row[0] for row in database.execute(query, (match,))]


def test_identifiers_without_an_iri_give_codes_too(tmp_path: Path) -> None:
    text = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix adms: <http://www.w3.org/ns/adms#> .
    <http://e/a> adms:identifier [ skos:notation "XK-4711" ] , <http://e/b> .
    <http://e/b> skos:notation "ZZ-99" ."""
    (tmp_path / "x.ttl").write_text(text)
    index(read_files([tmp_path / "x.ttl"]).store, tmp_path / "search.sqlite")
    with closing(sqlite3.connect(tmp_path / "search.sqlite")) as database:
        rows = database.execute(
            "SELECT name.folded FROM name JOIN thing ON thing = id WHERE iri = ? AND way = ?",
            ("http://e/a", CODE),
        )
        assert {name for (name,) in rows} == {"xk 4711", "zz 99"}


def test_what_people_look_for_has_a_row_the_first_kinds_first(
    database: sqlite3.Connection,
) -> None:
    rows: Rows = database.execute(
        "SELECT kind, label, names, links FROM thing ORDER BY id"
    ).fetchall()
    assert rows == [
        ("project", "Programme", "", 0),
        ("concept", "Food", "", 0),
        ("place", "Sandžak", "Sandschak", 1),
        ("organisation", "United Nations Development Programme", "UNDP\nPNUD", 2),
        ("scheme", "Dimensions", "", 0),
        ("thing", "Something else", "other", 0),
    ]


def test_the_ids_of_each_kind_are_known(database: sqlite3.Connection) -> None:
    for kind, first, last in database.execute("SELECT * FROM kind"):
        between = "SELECT DISTINCT kind FROM thing WHERE id BETWEEN ? AND ?"
        assert database.execute(between, (first, last)).fetchall() == [(kind,)]


def test_parts_that_nobody_looks_for_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(
        DATA + '<https://w3id.org/hsgraph/id/participation/x> skos:prefLabel "UNDP, partner"@en .'
    )
    index(read_files([tmp_path / "x.ttl"]).store, tmp_path / "search.sqlite")
    with closing(sqlite3.connect(tmp_path / "search.sqlite")) as connection:
        assert (
            connection.execute("SELECT 1 FROM thing WHERE kind = 'participation'").fetchall() == []
        )


def test_names_are_told_apart(database: sqlite3.Connection) -> None:
    rows = database.execute("SELECT folded, way FROM name WHERE thing = 4 ORDER BY folded")
    assert rows.fetchall() == [
        ("pnud", OTHER),
        ("undp", ACRONYM),
        ("united nations development programme", LABEL),
    ]


def test_a_programme_is_found_by_what_it_has_to_do_with(database: sqlite3.Connection) -> None:
    assert labels(database, "text", "undp AND sandschak") == ["Programme"]


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Sandžak", "sandzak"),
        ("ŁÓDŹ", "lodz"),
        ("Straße", "strasse"),
        ("Tromsø", "tromso"),
        ("Đakovica", "dakovica"),
        ("Iğdır", "igdir"),
    ],
)
def test_letters_lose_accents_strokes_and_case(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_a_row_has_the_description(database: sqlite3.Connection) -> None:
    query = "SELECT description FROM thing WHERE kind = 'organisation'"
    assert database.execute(query).fetchone() == ("Works on poverty in Sandžak.",)


def test_words_are_found_without_accents_by_prefix_and_by_acronym(
    database: sqlite3.Connection,
) -> None:
    assert labels(database, "text", "label:sandzak") == ["Sandžak"]
    assert labels(database, "text", "label:develop*") == ["United Nations Development Programme"]
    assert labels(database, "text", "names:undp") == ["United Nations Development Programme"]


def test_columns_can_be_told_apart(database: sqlite3.Connection) -> None:
    assert labels(database, "text", "label:sandzak") == ["Sandžak"]
    described = labels(database, "text", "description:sandzak")
    assert described == ["United Nations Development Programme"]
    assert labels(database, "text", "context:sandzak") == ["Programme"]


def test_words_are_found_by_parts_of_them(database: sqlite3.Connection) -> None:
    query = (
        "SELECT word FROM spelling WHERE id IN (SELECT rowid FROM trigram WHERE trigram MATCH ?)"
    )
    assert database.execute(query, (fold('"NDŽA"'),)).fetchall() == [("sandzak",)]


def test_the_words_of_the_index_are_counted(database: sqlite3.Connection) -> None:
    uses = database.execute("SELECT uses FROM spelling WHERE word = 'sandzak'").fetchone()
    assert uses == (3,)


def test_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(DATA)
    store = read_files([tmp_path / "x.ttl"]).store
    for name in ("a", "b"):
        index(store, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


SHARED = """
import sys
from pathlib import Path
from hsgraph.build.index.aggregates import write_shared
from hsgraph.build.read.reader import read_project
write_shared(read_project(Path(sys.argv[1])).store, Path(sys.argv[2]))
"""


def test_what_programmes_share_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    for seed in ("0", "1"):
        arguments = [sys.executable, "-c", SHARED, str(SMALL), str(tmp_path / seed)]
        subprocess.run(arguments, env=os.environ | {"PYTHONHASHSEED": seed}, check=True)
    assert (tmp_path / "0").read_bytes() == (tmp_path / "1").read_bytes()
