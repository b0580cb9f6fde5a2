"""Search: what matches, what comes first, and how slips are forgiven."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hsgraph.build.index.entries import ACRONYM, LABEL, OTHER
from hsgraph.build.index.fulltext import index
from hsgraph.build.read.reader import read_files
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.search import fulltext
from hsgraph.search.fulltext import IndexSearch
from hsgraph.search.ranking import Candidate, score, words
from hsgraph.search.search import EngineSearch
from hsgraph.search.spelling import alternatives, completions, distance, is_known

DATA = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix id: <https://w3id.org/hsgraph/id/> .
@prefix hs: <https://w3id.org/hsgraph/ontology#> .
@prefix type: <https://w3id.org/hsgraph/vocab/threat-type/> .
hs:acronym rdfs:subPropertyOf skos:altLabel .
<https://w3id.org/hsgraph/id/place/sandzak> a hs:Region ; skos:prefLabel "Sandžak"@en .
<https://w3id.org/hsgraph/id/place/poland> a hs:Country ; skos:prefLabel "Łódź"@en .
<https://w3id.org/hsgraph/id/organisation/ilo> a hs:Agency ;
  skos:prefLabel "International Labour Organization"@en ; hs:acronym "ILO" .
<https://w3id.org/hsgraph/id/organisation/ilopango> a hs:Partner ; skos:prefLabel "Ilopango"@en .
type:unemployment a skos:Concept ; skos:prefLabel "Unemployment"@en ;
  skos:altLabel "lack of jobs"@en .
<https://w3id.org/hsgraph/id/threat/one> a hs:Threat ; skos:prefLabel "Unemployment"@en .
<https://w3id.org/hsgraph/id/project/jobs> a hs:Project ; skos:prefLabel "Jobs for the young"@en ;
  dcterms:description "Works against unemployment in mountain villages."@en ;
  hs:takesPlaceIn <https://w3id.org/hsgraph/id/place/sandzak> ;
  hs:leadAgency <https://w3id.org/hsgraph/id/organisation/ilo> .
<https://w3id.org/hsgraph/id/project/mountains> a hs:Project ; skos:prefLabel "Mountain paths"@en .
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    (folder / "x.ttl").write_text(DATA, encoding="utf-8")
    index(read_files([folder / "x.ttl"]).store, folder / "search.sqlite")
    return folder / "search.sqlite"


@pytest.fixture
def search(path: Path) -> IndexSearch:
    return IndexSearch(path)


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def found(search: IndexSearch, text: str, *kinds: str) -> list[str]:
    return [hit.iri.split("/", 4)[4] for hit in search.search(text, kinds=kinds).results]


def test_a_whole_label_comes_before_a_beginning_and_a_mention(search: IndexSearch) -> None:
    assert found(search, "unemployment") == [
        "vocab/threat-type/unemployment",
        "id/threat/one",
        "id/project/jobs",
    ]
    assert found(search, "mountain")[0] == "id/project/mountains"


def test_an_acronym_comes_before_names_that_begin_with_it(search: IndexSearch) -> None:
    assert found(search, "ilo")[:2] == ["id/organisation/ilo", "id/organisation/ilopango"]


@pytest.mark.parametrize("text", ["Sandžak", "sandzak", "SANDŽAK", "sandz", "sanzak", "sanjak"])
def test_accents_case_beginnings_and_slips_are_forgiven(search: IndexSearch, text: str) -> None:
    assert found(search, text)[0] == "id/place/sandzak"


def test_strokes_are_forgiven(search: IndexSearch) -> None:
    assert found(search, "lodz") == ["id/place/poland"]


def test_a_programme_is_found_by_its_place_and_its_agency(search: IndexSearch) -> None:
    assert found(search, "sandzak ilo") == ["id/project/jobs"]


def test_another_name_says_that_it_was_met(search: IndexSearch) -> None:
    hit = search.search("lack of jobs").results[0]
    assert (hit.label, hit.matched) == ("Unemployment", "lack of jobs")
    assert search.search("unemployment").results[0].matched == ""


def test_words_that_nobody_has_together_are_found_one_by_one(search: IndexSearch) -> None:
    results = search.search("mountain zzzzz")
    assert results.partly
    assert results.results[0].label == "Mountain paths"


def test_it_says_what_was_looked_for_instead(search: IndexSearch) -> None:
    assert search.search("sanjak").near == "sandzak"
    assert search.search("sandzak").near == ""


def test_kinds_are_counted_whichever_are_asked_for(search: IndexSearch) -> None:
    results = search.search("unemployment", kinds=["threat"])
    assert dict(results.kinds) == {"concept": 1, "threat": 1, "project": 1}
    assert results.total == len(results.results) == 1


def test_pages_follow_one_another(search: IndexSearch) -> None:
    whole = search.search("unemployment", limit=20).results
    pieces = [search.search("unemployment", limit=1, offset=n).results[0].iri for n in range(3)]
    assert pieces == [hit.iri for hit in whole]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> IndexSearch:
    """Search over three kinds of 200 things each, of which the last in the index fit best."""
    folder = tmp_path_factory.mktemp("many")
    lines = [
        f"<https://w3id.org/hsgraph/id/{kind}/{n:03}> <http://www.w3.org/2004/02/skos/core#prefLabel>"
        f' "{"Long years of hard work" if n < 150 else "Work"} {kind} {n:03}"@en .'
        for kind in ("intervention", "threat", "place")
        for n in range(200)
    ]
    (folder / "x.ttl").write_text("\n".join(lines), encoding="utf-8")
    index(read_files([folder / "x.ttl"]).store, folder / "search.sqlite")
    return IndexSearch(folder / "search.sqlite")


@pytest.mark.parametrize(
    ("text", "kinds", "total", "listed"),
    [
        ("work", ["threat"], 200, 200),
        ("work", ["threat", "place"], 400, 400),
        ("work threat", [], 200, 200),
        ("work", [], 600, 180),
    ],
)
def test_paging_gives_everything_that_is_listed_once_and_in_one_order(
    many: IndexSearch, text: str, kinds: list[str], total: int, listed: int
) -> None:
    whole = many.search(text, kinds=kinds, limit=1000)
    assert (whole.total, whole.listed) == (total, listed)
    pages = [
        many.search(text, kinds=kinds, limit=10, offset=n).results for n in range(0, total + 10, 10)
    ]
    assert [hit.iri for page in pages for hit in page] == [hit.iri for hit in whole.results]
    assert len({hit.iri for hit in whole.results}) == listed


def test_a_brief_search_ranks_a_sample(many: IndexSearch) -> None:
    brief = many.search("work", kinds=["threat"], limit=5, brief=True)
    assert len(brief.results) == 5
    assert 60 <= brief.listed < brief.total == 200


@pytest.mark.parametrize(
    "text", ["", "  ", "!?", '"', "AND", "label:", "a" * 5000, "*", "-x", "NEAR("]
)
def test_any_text_can_be_searched_for(search: IndexSearch, text: str) -> None:
    assert search.search(text).total >= 0


def test_more_than_can_be_ranked_is_counted_and_said(
    search: IndexSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "COUNTED", 1)
    results = search.search("mountain")
    assert results.more
    assert results.total == 1


def test_all_programmes_that_match_can_be_had(search: IndexSearch) -> None:
    assert [iri.rsplit("/", 1)[1] for iri in search.programmes("mountain")] == ["mountains", "jobs"]


def test_without_an_index_labels_are_looked_through(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(DATA, encoding="utf-8")
    engine = EmbeddedEngine(read_files([tmp_path / "x.ttl"]).quads)
    results = EngineSearch(engine).search("unemploy", kinds=["concept"])
    assert [hit.label for hit in results.results] == ["Unemployment"]
    assert dict(results.kinds) == {"concept": 1, "threat": 1}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("youth", "yuoth", 1),
        ("sanjak", "sandzak", 2),
        ("abc", "abc", 0),
        ("abcd", "ab", 2),
        ("abcdef", "uvwxyz", None),
        ("a", "abcd", None),
    ],
)
def test_how_far_words_are_apart(one: str, other: str, apart: int | None) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == apart


def test_only_words_that_are_near_are_alternatives(database: sqlite3.Connection) -> None:
    assert alternatives(database, "unemploiment") == ["unemployment"]
    assert alternatives(database, "xylophone") == []


def test_a_word_is_completed_by_itself_first(database: sqlite3.Connection) -> None:
    assert completions(database, "ilo", 5) == ["ilo", "ilopango"]
    assert is_known(database, "mount")
    assert not is_known(database, "mounta1n")


def test_words_lose_all_that_is_no_letter_or_digit() -> None:
    assert words("Fushë Kosovë/Kosovo (2012)") == ["fushe", "kosove", "kosovo", "2012"]
    assert words("_-*") == []


def test_where_and_how_a_word_matches_is_what_counts() -> None:
    def points(folded: str, way: int | None = None, links: int = 0) -> float:
        return score(Candidate(1, "place", links, folded), ["ilo"], way)

    ordered = [
        points("ilo", LABEL),
        points("labour organization\nilo", ACRONYM),
        points("labour organization\nilo", OTHER),
        points("ilo office"),
        points("ilopango lake"),
        points("office of ilo"),
        points("office of ilopango"),
        points("labour organization\nilo bureau"),
        points("labour organization"),
    ]
    assert ordered == sorted(ordered, reverse=True)
    assert len(set(ordered)) == len(ordered)
    assert points("ilo office", links=50) > points("ilo office", links=5)


def test_another_name_that_several_things_have_counts_less_than_a_word_of_a_label() -> None:
    called = Candidate(1, "concept", 10, "radioactive contamination\nchernobyl")
    titled = Candidate(2, "project", 10, "people affected by chernobyl")
    wanted = ["chernobyl"]
    assert score(called, wanted, OTHER) > score(titled, wanted, None)
    assert score(called, wanted, OTHER, bearers=2) < score(titled, wanted, None)
