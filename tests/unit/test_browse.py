"""Lists of programmes: counts for every choice, orders, the same rows as SPARQL, safe exports."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from threading import Event
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from hsgraph.browse.catalogue import Catalogue, bits_of
from hsgraph.browse.choice import NONE, SORTS, Choice, year_range
from hsgraph.browse.drawing import map_view, years
from hsgraph.browse.export import COLUMNS, Dated, export_lines, to_csv, to_json, to_turtle, to_xlsx
from hsgraph.browse.filtering import ChosenList
from hsgraph.browse.lists import chips, facet_view, list_view
from hsgraph.browse.sparql import as_sparql
from hsgraph.build.index.facets import BANDS, BY_NAME, FACETS, band, write_facets
from hsgraph.build.read.reader import read_files
from hsgraph.describe.shared.facets import facets
from hsgraph.describe.words.labels import Labels
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Engine
from hsgraph.errors import BadRequest
from hsgraph.languages import DEFAULT, read_in

DATA = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix hs: <https://w3id.org/hsgraph/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix cur: <http://publications.europa.eu/resource/authority/currency/> .
@prefix project: <https://w3id.org/hsgraph/id/project/> .
@prefix place: <https://w3id.org/hsgraph/id/place/> .
@prefix org: <https://w3id.org/hsgraph/id/organisation/> .
@prefix part: <https://w3id.org/hsgraph/id/threat/> .
@prefix budget: <https://w3id.org/hsgraph/id/budget/> .
@prefix type: <https://w3id.org/hsgraph/vocab/threat-type/> .
@prefix group: <https://w3id.org/hsgraph/vocab/population-group/> .

place:world a hs:Region ; hs:m49 "001" ; skos:prefLabel "World"@en .
place:africa a hs:Region ; hs:m49 "002" ; skos:prefLabel "Africa"@en ; hs:within place:world .
place:kenya a hs:Country ; hs:m49 "404" ; skos:prefLabel "Kenya"@en ;
  hs:within place:africa , place:world ; wgs84:lat 1.0 ; wgs84:long 38.0 .
place:mali a hs:Country ; hs:m49 "466" ; skos:prefLabel "Mali"@en ;
  hs:within place:africa , place:world .
org:a a hs:Agency ; skos:prefLabel "Agency A"@en .
org:b a hs:Agency ; skos:prefLabel "Agency B"@en .
type:poverty a skos:Concept ; skos:prefLabel "Poverty"@en .
type:urban a skos:Concept ; skos:prefLabel "Urban poverty"@en ; skos:broader type:poverty .
type:war a skos:Concept ; skos:prefLabel "War"@en .
group:women a skos:Concept ; skos:prefLabel "Women"@en .

project:one a hs:Project ; skos:prefLabel "=1+1 first"@en ; hs:startDate "2010-05-01"^^xsd:date ;
  hs:takesPlaceIn place:kenya ; hs:worldRegion place:africa ; hs:implementedBy org:a , org:b .
part:one-1 a hs:Threat ; hs:partOf project:one ; hs:threatType type:urban ; hs:affects group:women .
budget:one-1 a hs:Budget ; hs:partOf project:one ; hs:amount 1000000.0 ; hs:currency cur:USD .
budget:one-2 a hs:Budget ; hs:partOf project:one ; hs:amount 9000000.0 ; hs:currency cur:USD ;
  hs:preferred false .
budget:one-3 a hs:Budget ; hs:partOf project:one ; hs:amount 8000000.0 ; hs:currency cur:JPY .
project:two a hs:Project ; skos:prefLabel "Second"@en ; hs:startDate "2012-01-01"^^xsd:date ;
  hs:takesPlaceIn place:kenya , place:mali ; hs:worldRegion place:africa ; hs:implementedBy org:a .
part:two-1 a hs:Threat ; hs:partOf project:two ; hs:threatType type:poverty , type:war .
project:three a hs:Project ; skos:prefLabel "a third"@en ; hs:announcedDate "2011-07-01"^^xsd:date ;
  hs:takesPlaceIn place:mali ; hs:worldRegion place:africa ; hs:implementedBy org:b .
part:three-1 a hs:Threat ; hs:partOf project:three ; hs:threatType type:urban .
budget:three-1 a hs:Budget ; hs:partOf project:three ; hs:amount 700000.5 ; hs:currency cur:USD .
project:four a hs:Project ; skos:prefLabel "Fourth"@en .
"""
START = "https://w3id.org/hsgraph/id/project/"
VALUES = {
    "country": ["kenya", "mali", NONE, "nowhere"],
    "region": ["africa", "world", NONE],
    "agency": ["a", "b", NONE],
    "threat": ["poverty", "urban", "war", NONE],
    "group": ["women", NONE],
    "year": ["2010", "2011", "2012", NONE, "x", "2011-", "2010-2011", "-"],
    "budget": [band(500_000), band(1_000_000), NONE, "7-8", "²"],
    "partner": [NONE],
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    return EmbeddedEngine(parse(DATA, format=RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def catalogue(engine: EmbeddedEngine) -> Catalogue:
    return Catalogue(facets(engine, None))


def names(catalogue: Catalogue, choice: Choice, within: int = -1) -> list[str]:
    found = catalogue.find(choice, within)
    numbers = catalogue.ordered(found.bits, choice.order)
    return [catalogue.programmes[number].iri.removeprefix(START) for number in numbers]


def counts(catalogue: Catalogue, name: str, **chosen: list[str]) -> dict[str, int]:
    found = catalogue.find(Choice.of(chosen)).counts[name]
    return {counted.name: counted.count for counted in found}


def test_the_latest_come_first_and_those_without_a_date_last(catalogue: Catalogue) -> None:
    assert names(catalogue, Choice()) == ["two", "three", "one", "four"]


def test_values_of_one_facet_add_and_facets_narrow(catalogue: Catalogue) -> None:
    assert names(catalogue, Choice.of({"country": ["kenya"]})) == ["two", "one"]
    assert names(catalogue, Choice.of({"country": ["kenya", "mali"]})) == ["two", "three", "one"]
    both = Choice.of({"country": ["kenya", "mali"], "agency": ["b"]})
    assert names(catalogue, both) == ["three", "one"]


def test_all_values_of_one_facet_can_be_asked_for_at_once(catalogue: Catalogue) -> None:
    """Counts then say what another value would leave, of those that have the chosen ones."""
    both = {"agency": ["a", "b"]}
    assert names(catalogue, Choice.of(both)) == ["two", "three", "one"]
    choice = Choice.of(both, every=["agency"])
    assert names(catalogue, choice) == ["one"]
    one = Choice.of({"agency": ["b"]}, every=["agency"])
    found = {c.name: c.count for c in catalogue.find(one).counts["agency"]}
    assert found == {"a": 1, "b": 2, NONE: 0}
    assert choice.together("agency", False) == Choice.of(both)
    assert choice.toggled("agency", "a").toggled("agency", "b") == Choice()


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("2011-2012", ["two", "three"]),
        ("2011-", ["two", "three"]),
        ("-2010", ["one"]),
        ("2013-", []),
        ("-", []),
    ],
)
def test_years_can_be_a_range(catalogue: Catalogue, span: str, expected: list[str]) -> None:
    assert names(catalogue, Choice.of({"year": [span]})) == expected


def test_what_is_chosen_is_said_in_words(engine: EmbeddedEngine, catalogue: Catalogue) -> None:
    def said(every: list[str], **values: list[str]) -> list[tuple[str, str]]:
        choice = Choice.of(values, every=every)
        return [(chip.joined, chip.label) for chip in chips(catalogue, choice, Labels())]

    assert said([], country=["kenya", "mali"]) == [("", "Kenya"), ("or", "Mali")]
    assert said(["country"], country=["kenya", "mali"]) == [("", "Kenya"), ("and", "Mali")]
    assert said([], year=["2010-2012", "2015-"]) == [("", "2010 to 2012"), ("or", "since 2015")]


def test_a_broader_type_holds_its_narrower_ones(catalogue: Catalogue) -> None:
    assert names(catalogue, Choice.of({"threat": ["poverty"]})) == ["two", "three", "one"]
    assert names(catalogue, Choice.of({"threat": ["urban"]})) == ["three", "one"]


def test_counts_leave_the_choice_of_their_own_facet_aside(catalogue: Catalogue) -> None:
    assert counts(catalogue, "country") == {"kenya": 2, "mali": 2, NONE: 1}
    assert counts(catalogue, "country", country=["kenya"]) == {"kenya": 2, "mali": 2, NONE: 1}
    assert counts(catalogue, "country", agency=["b"]) == {"kenya": 1, "mali": 1, NONE: 0}
    assert counts(catalogue, "agency", country=["kenya"]) == {"a": 2, "b": 1, NONE: 0}


def test_every_count_is_the_length_of_the_list_it_leads_to(catalogue: Catalogue) -> None:
    chosen = Choice.of({"agency": ["a"], "threat": ["poverty"]})
    for name, found in catalogue.find(chosen).counts.items():
        for counted in found:
            alone = Choice.of({**dict(chosen.values), name: [counted.name]})
            assert counted.count == len(names(catalogue, alone)), (name, counted.name)


def test_the_absence_of_a_value_is_a_value(catalogue: Catalogue) -> None:
    assert names(catalogue, Choice.of({"year": [NONE]})) == ["four"]
    assert names(catalogue, Choice.of({"budget": [NONE]})) == ["two", "four"]


def test_a_sum_in_another_currency_or_set_aside_is_no_budget(catalogue: Catalogue) -> None:
    by_name = {p.iri.removeprefix(START): p.amount for p in catalogue.programmes}
    assert str(by_name["one"]).startswith("1000000")
    assert names(catalogue, Choice.of({"budget": [band(1_000_000)]})) == ["one"]


def test_a_value_that_is_not_there_leaves_nothing(catalogue: Catalogue) -> None:
    assert names(catalogue, Choice.of({"country": ["nowhere"]})) == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("oldest", ["one", "three", "two", "four"]),
        ("title", ["one", "three", "four", "two"]),
        ("budget", ["one", "three", "four", "two"]),
    ],
)
def test_orders(catalogue: Catalogue, sort: str, expected: list[str]) -> None:
    assert names(catalogue, Choice.of({}, sort=sort)) == expected


def test_the_best_match_comes_first_where_there_are_words(catalogue: Catalogue) -> None:
    best = (START + "four", START + "one")
    choice = Choice.of({}, text="words")
    found = catalogue.find(choice, catalogue.bits(best))
    ordered = catalogue.ordered(found.bits, choice.order, best)
    assert [catalogue.programmes[n].iri for n in ordered] == list(best)


chosen_values = st.fixed_dictionaries(
    {},
    optional={n: st.lists(st.sampled_from(v), min_size=1, max_size=3) for n, v in VALUES.items()},
)


@settings(max_examples=150, deadline=None)
@given(
    chosen=chosen_values,
    sort=st.sampled_from(["", *SORTS]),
    every=st.sets(st.sampled_from(["country", "agency", "threat", "region"])),
)
def test_sparql_gives_the_same_rows_in_the_same_order(
    chosen: dict[str, list[str]], sort: str, every: set[str]
) -> None:
    engine = EmbeddedEngine(parse(DATA, format=RdfFormat.TURTLE))
    choice = Choice.of(chosen, sort=sort, every=every)
    rows = engine.select(as_sparql(choice)).rows
    listed = [row["project"].value.removeprefix(START) for row in rows]
    assert listed == names(Catalogue(facets(engine, None)), choice)


def test_sparql_names_what_words_found(engine: EmbeddedEngine) -> None:
    choice = Choice.of({}, text='x } # "')
    rows = engine.select(as_sparql(choice, [START + "one", START + "four"])).rows
    assert [row["project"].value for row in rows] == [START + "one", START + "four"]


def test_sparql_says_when_it_leaves_words_aside(engine: EmbeddedEngine) -> None:
    text = as_sparql(Choice.of({}, text="peace\nSELECT"), [START + str(n) for n in range(501)])
    assert "left aside" in text
    assert len(engine.select(text).rows) == 4


def test_sparql_narrows_by_what_programmes_have_to_do_with(engine: EmbeddedEngine) -> None:
    about = "https://w3id.org/hsgraph/vocab/population-group/women"
    rows = engine.select(as_sparql(Choice.of({}, about=[about]))).rows
    assert [row["project"].value for row in rows] == [START + "one"]


def test_a_snapshot_and_an_engine_give_the_same(tmp_path: Path, engine: EmbeddedEngine) -> None:
    (tmp_path / "x.ttl").write_text(DATA, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "index")) as database:
        write_facets(read_files([tmp_path / "x.ttl"]).store, database)
        database.commit()
    read, asked = Catalogue(facets(engine, tmp_path / "index")), Catalogue(facets(engine, None))
    assert read.programmes == asked.programmes
    for name, counted in read.find(Choice()).counts.items():
        assert set(counted) == set(asked.find(Choice()).counts[name])


def test_a_tree_opens_below_what_is_chosen(engine: EmbeddedEngine, catalogue: Catalogue) -> None:
    def tree(**chosen: list[str]) -> list[tuple[str, int, int]]:
        choice = Choice.of(chosen)
        view = facet_view(BY_NAME["threat"], catalogue.find(choice), choice, Labels())
        return [(value.label, value.count, value.depth) for value in view.values]

    assert tree() == [("Poverty", 3, 0), ("War", 1, 0), ("not stated", 1, 0)]
    assert tree(threat=["poverty"])[:2] == [("Poverty", 3, 0), ("Urban poverty", 2, 1)]


def test_what_is_above_everything_is_left_out(catalogue: Catalogue) -> None:
    choice = Choice()
    view = facet_view(BY_NAME["region"], catalogue.find(choice), choice, Labels())
    assert [value.label for value in view.values] == ["Africa", "not stated"]


def asked(catalogue: Catalogue, choice: Choice) -> ChosenList:
    return ChosenList(catalogue, choice, catalogue.find(choice))


def test_a_page_shows_facets_chips_and_rows(engine: EmbeddedEngine, catalogue: Catalogue) -> None:
    choice = Choice.of({"country": ["kenya"], "budget": [band(1_000_000)]})
    view = list_view(engine, asked(catalogue, choice), page=1, size=10)
    assert [chip.label for chip in view.chips] == ["Kenya", "US$ 1 m – US$ 1.5 m"]
    assert view.chips[0].choice == Choice.of({"budget": [band(1_000_000)]})
    assert [row.ref.label for row in view.rows] == ["=1+1 first"]
    assert view.rows[0].other is not None
    assert view.rows[0].kind_of_other == "kind not stated"
    assert (view.total, view.size, view.pages) == (1, 4, 1)


def test_years_have_no_gaps_and_lead_to_their_programmes(catalogue: Catalogue) -> None:
    found = years(asked(catalogue, Choice()))
    assert [(year.label, year.count) for year in found] == [("2010", 1), ("2011", 1), ("2012", 1)]
    assert found[0].choice == Choice.of({"year": ["2010"]})


def test_a_map_counts_what_it_cannot_place(engine: EmbeddedEngine, catalogue: Catalogue) -> None:
    view = map_view(engine, asked(catalogue, Choice()), None)
    assert [(mark.label, mark.count, mark.x > 0) for mark in view.marks] == [
        ("Kenya", 2, True),
        ("Mali", 2, False),
    ]
    assert view.elsewhere == 1


def test_a_map_shows_the_part_of_the_world_that_was_asked_for(
    engine: EmbeddedEngine, catalogue: Catalogue
) -> None:
    kenya = Choice.of({"country": ["kenya"]})
    view = map_view(engine, asked(catalogue, kenya), None)
    left, top, width, height = view.box
    mark = next(mark for mark in view.marks if mark.label == "Kenya")
    assert (view.scale, width, height) == (0.2, 480, 240)
    assert left < mark.x < left + width
    assert top < mark.y < top + height


def test_csv_holds_no_formula(engine: EmbeddedEngine, catalogue: Catalogue) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(export_lines(engine, catalogue, range(4))))))
    assert tuple(rows[0]) == COLUMNS
    by_iri = {row[1].removeprefix(START): row for row in rows[1:]}
    assert by_iri["one"][0] == "'=1+1 first"
    assert by_iri["one"][COLUMNS.index("agencies")] == "Agency A; Agency B"
    assert by_iri["three"][COLUMNS.index("announced")] == "2011-07-01"


def test_a_spreadsheet_holds_texts_not_formulas(
    engine: EmbeddedEngine, catalogue: Catalogue
) -> None:
    made = to_xlsx(export_lines(engine, catalogue, range(4)))
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<t>=1+1 first</t>" in texts
    assert re.search(r"<v>700000\.5</v>", sheet)
    assert made == to_xlsx(export_lines(engine, catalogue, range(4)))


def test_a_spreadsheet_holds_real_dates_links_and_what_it_is(
    engine: EmbeddedEngine, catalogue: Catalogue
) -> None:
    made = to_xlsx(export_lines(engine, catalogue, range(4)), [("Version", "=v1")])
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        about = book.read("xl/worksheets/sheet2.xml").decode()
        links = book.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    days = (date(2010, 5, 1) - date(1899, 12, 30)).days
    assert re.search(rf'<c r="C\d+" s="\d+"><v>{days}</v>', sheet)
    assert "<t>2010-05-01</t>" not in texts
    assert f'Target="{START}one"' in links
    assert 'name="About"' in names
    assert "<t>=v1</t>" in texts
    assert "<f>" not in about


def test_files_say_no_more_of_a_date_than_is_known() -> None:
    from openpyxl import load_workbook  # with NumPy, in every process that collects tests

    dates = {"start": Dated("2007-12-01", "month"), "end": Dated("2009-12-31", "year")}
    dates["approved"] = Dated("2007-10-02", "day")
    line = tuple(dates.get(name, "") for name in COLUMNS)
    row = next(csv.DictReader(io.StringIO(to_csv([line]))))
    assert (row["start"], row["end"], row["approved"]) == ("2007-12", "2009", "2007-10-02")
    (told,) = json.loads(to_json([line], ""))["programmes"]
    assert (told["start"], told["end"], told["approved"]) == ("2007-12", "2009", "2007-10-02")
    sheet = load_workbook(io.BytesIO(to_xlsx([line]))).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    start = sheet[2][heads.index("start")]
    assert (start.value, start.number_format) == (datetime(2007, 12, 1), "yyyy-mm")
    assert sheet[2][heads.index("precision of the start")].value == "month"
    assert sheet[2][heads.index("end")].number_format == "yyyy"


def test_names_of_columns_are_in_the_language_of_the_reader(
    engine: EmbeddedEngine, catalogue: Catalogue
) -> None:
    read_in("fr")
    try:
        lines = export_lines(engine, catalogue, range(4))
        heads = next(csv.reader(io.StringIO(to_csv(lines))))
        keys = json.loads(to_json(lines, ""))["programmes"][0]
    finally:
        read_in(DEFAULT)
    assert heads[:4] == ["titre", "iri", "début", "fin"]
    assert not {*heads} & ({*COLUMNS} - {"iri", "dimensions"})
    assert list(keys)[:4] == ["title", "iri", "start", "end"]


def test_json_holds_the_list_and_its_query(engine: EmbeddedEngine, catalogue: Catalogue) -> None:
    told = json.loads(to_json(export_lines(engine, catalogue, [0, 1]), "SELECT"))
    assert (told["total"], told["sparql"]) == (2, "SELECT")
    assert told["programmes"][0]["countries"] == ["Kenya", "Mali"]
    assert told["programmes"][1]["other_sum_in_US_dollars"] == "700000.5"


def test_turtle_holds_the_statements_and_names(engine: EmbeddedEngine) -> None:
    written = to_turtle(engine, [START + "one"])
    told = {str(quad.triple) for quad in parse(written, format=RdfFormat.TURTLE)}
    assert any("startDate" in triple for triple in told)
    assert any("Agency B" in triple for triple in told)


def test_other_threads_go_on_while_a_long_list_is_written() -> None:
    named = [NamedNode(f"http://e/{number}") for number in range(100_000)]
    triples = [Triple(each, each, each) for each in named]

    class Long:
        def construct(self, *_: object) -> list[Triple]:
            return triples

    written, waits, last = Event(), list[float](), time.monotonic()
    with ThreadPoolExecutor(1) as thread:
        work = thread.submit(to_turtle, cast(Engine, Long()), ["http://e/0"])
        work.add_done_callback(lambda _: written.set())
        while not written.wait(0.001):
            waits.append(time.monotonic() - last)
            last = time.monotonic()
    assert max(waits) < 0.5 * sum(waits)
    assert work.result().count(b"<http://e/7> <http://e/7> <http://e/7> .") == 1


def test_an_address_says_all_of_a_choice() -> None:
    choice = Choice.of({"year": ["2010"], "country": ["kenya"]}, text=" a  b ", sort="title")
    pairs = (("q", "a b"), ("country", "kenya"), ("year", "2010"), ("sort", "title"))
    assert choice.pairs() == pairs
    assert choice.toggled("year", "2010").pairs() == (pairs[0], pairs[1], pairs[3])


@pytest.mark.parametrize("name", ["year", "budget", "colour"])
def test_nothing_can_have_two_of_what_there_is_one_of(name: str) -> None:
    with pytest.raises(BadRequest, match=name):
        Choice.of({name: ["1"]}, every=[name])


def test_an_order_of_years_does_not_matter_but_years_do() -> None:
    assert year_range("2015", "2010") == "2010-2015"
    for first, last in (("", ""), ("x", "2010"), ("2010", "12"), ("²⁰¹⁰", "")):
        with pytest.raises(BadRequest, match="year"):
            year_range(first, last)


@pytest.mark.parametrize("sort", ["random", "START", "title;"])
def test_an_unknown_order_is_refused(sort: str) -> None:
    with pytest.raises(BadRequest, match="sort"):
        Choice.of({}, sort=sort)


def test_too_many_values_are_refused() -> None:
    with pytest.raises(BadRequest, match="50"):
        Choice.of({"country": [str(n) for n in range(51)]})


@given(st.sets(st.integers(0, 3000)))
def test_bits_hold_just_their_numbers(numbers: set[int]) -> None:
    assert bits_of(numbers, 3001) == sum(1 << number for number in numbers)


def test_every_facet_can_be_asked_for_in_portable_sparql() -> None:
    assert len({facet.name for facet in FACETS}) == len(FACETS)
    for facet in FACETS:
        assert "?project" in facet.pattern
        assert not re.search(r"\w\?[\s/|;.)]", facet.pattern), "an optional step in a path"
    assert list(BANDS) == sorted(set(BANDS))
