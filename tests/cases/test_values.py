"""Values of strangers stand on pages as they were meant: numbers, ill-typed ones, markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hsgraph.assistants.server import Tools
from hsgraph.cli import run
from hsgraph.describe.words import wording
from hsgraph.literals import plain
from hsgraph.namespaces import RDF
from tests.cases.strangers import HEAD, Opened, Served, page_of, read
from tests.clock import measured

DIGITS = [f"1{'2345678901' * 5}"[:length] for length in (18, 28, 29, 30, 31, 32, 41)]


@pytest.mark.parametrize("digits", [*DIGITS, f"-{DIGITS[3]}", f"{DIGITS[3]}.5", "9" * 5000])
def test_long_numbers_are_shown_whole(served: Served, digits: str) -> None:
    visitor = served(f'ex:a a v:T ; rdfs:label "a" ; v:n {digits} .')
    seen = read(page_of(visitor, "a"))
    assert digits[:600] in seen
    for format in ("json", "ttl"):
        found = visitor.get(f"/describe?iri=http://example.org/a&format={format}")
        assert digits in found.text
    assert visitor.get("/statements?of=http://example.org/a").status_code == 200


def test_our_figures_are_grouped_however_long() -> None:
    assert wording.number("123456789012345678901234567890") == (
        "123,456,789,012,345,678,901,234,567,890"
    )
    assert wording.number("2859659.50") == "2,859,659.5"
    assert wording.number("-1000") == "-1,000"
    assert wording.money("2859659.50", "USD").exact == "US$ 2,859,659.50"
    for odd in ("NaN", "INF", "1e5", "1_000", "٣٤٥٦", ""):
        assert wording.number(odd) == odd
        assert wording.money(odd, "USD").compact == f"US$ {odd}".strip()


def test_years_codes_and_numbers_of_others_are_not_grouped(served: Served) -> None:
    visitor = served(
        'ex:a a v:T ; rdfs:label "a" ; v:foundedIn 2020 ; v:postcode 12345 ; v:phone 123456789 ;'
        " v:inner [ v:isbn 9783161484100 ; v:area 10000.50 ] ."
    )
    seen = read(page_of(visitor, "a"))
    for number in ("2020", "12345", "123456789", "9783161484100"):
        assert number in seen.split()
    assert "2020" in visitor.get("/statements?of=http://example.org/a").text


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("TRUE", "boolean"),
        ("yes", "boolean"),
        ("1_000", "integer"),
        ("١٢٣٤", "integer"),
        ("12 000", "decimal"),
        ("2021-02-30", "date"),
        ("12 May 2021", "date"),
        ("2021-05-12junk", "date"),
        ("1,5", "decimal"),
    ],
)
def test_a_text_that_is_no_value_of_its_type_stands_as_it_is(
    opened: Opened, served: Served, text: str, datatype: str
) -> None:
    data = f'ex:a a v:T ; rdfs:label "a" ; v:p "{text}"^^xsd:{datatype} .'
    assert text in read(page_of(served(data), "a"))
    (row,) = opened(data).query("SELECT ?v { ?s <http://example.org/vocab#p> ?v }")
    assert row["v"] == text


def test_truths_and_dates_are_still_put_in_words(served: Served) -> None:
    visitor = served('ex:a a v:T ; v:b true , "0"^^xsd:boolean ; v:d "2012-10-01"^^xsd:date .')
    seen = read(page_of(visitor, "a"))
    assert "1 Oct 2012" in seen
    assert {"yes", "no"} <= set(seen.split())


def test_numbers_stand_in_the_order_of_their_size(served: Served) -> None:
    visitor = served("ex:a v:n 10 , 9 , -11 , 2.5 , 1e2 , '7' ; v:s '10' , '9' .")
    seen = read(page_of(visitor, "a"))
    assert "-11 2.5 9 10 100 7" in seen
    assert "S 10 9" in seen


def test_blanks_around_a_value_change_nothing_of_it(served: Served) -> None:
    visitor = served('ex:a a v:T ; v:b " true "^^xsd:boolean ; v:d "\\n2012-10-01 "^^xsd:date .')
    seen = read(page_of(visitor, "a"))
    assert "1 Oct 2012" in seen
    assert "yes" in seen.split()
    assert "no" not in seen.split()


def test_only_a_text_that_is_an_address_becomes_a_link(served: Served) -> None:
    visitor = served(
        'ex:a a v:T ; v:u "http://e/ok"^^xsd:anyURI , "http://e/ no"^^xsd:anyURI ,'
        ' "javascript:alert(1)"^^xsd:anyURI , "http://e/<x>"^^xsd:anyURI .'
    )
    page = page_of(visitor, "a")
    assert 'href="http://e/ok"' in page
    assert not re.search(r'href="(javascript|http://e/ |http://e/&lt;)', page)
    assert "javascript:alert(1)" in read(page)


class Attributes(HTMLParser):
    """The names of all attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {name for name, _ in attrs}


def test_no_text_of_the_data_opens_a_tag_or_leaves_an_attribute(served: Served) -> None:
    text = '"""a <b data-x=1>bold</b> " onmouseover=x \' onfocus=y"""'
    page = page_of(served(f"ex:a a v:T ; rdfs:label {text} ; rdfs:comment {text} ."), "a")
    assert "&lt;b data-x=1&gt;" in page
    assert not {"data-x", "onmouseover", "onfocus"} & Attributes(page).names
    assert not re.search('<[a-z][^<>]*="[^"<>]*<', re.sub("(?s)<script.*?</script>", "", page))


@pytest.mark.parametrize("datatype", ["HTML", "XMLLiteral"])
def test_markup_is_shown_without_its_tags(served: Served, datatype: str) -> None:
    literal = f'"<p>A <em>good</em> text</p><p>and&amp;more</p>"^^rdf:{datatype}'
    visitor = served(
        f'ex:a a v:T ; rdfs:label "a" ; rdfs:comment {literal} ; v:x [ v:y {literal} ] .'
        f'ex:b a v:T ; rdfs:label "<b>Bold</b> name"^^rdf:{datatype} .'
        f'ex:d a v:T ; rdfs:label "wo<!-- x -->rd<wbr>s"^^rdf:{datatype} .'
        'ex:c v:plain "<p>as is</p>" .'
    )
    page = page_of(visitor, "a")
    assert read(page).count("A good text and&more") >= 2
    assert "&lt;em&gt;" not in page
    assert "Bold name" in read(page_of(visitor, "b"))
    assert "<p>as is</p>" in read(page_of(visitor, "c"))
    assert "<title>words " in page_of(visitor, "d")
    found = visitor.post("/reconcile", data={"queries": '{"q": {"query": "Bold name"}}'})
    assert found.json["q"]["result"][0]["name"] == "Bold name"


@pytest.mark.parametrize("datatype", ["HTML", "XMLLiteral"])
def test_markup_without_a_text_is_no_empty_place(served: Served, datatype: str) -> None:
    picture = "<img src='x' alt='A &lt;map&gt;' data-alt='no'>"
    visitor = served(
        f'ex:a a v:T ; v:x "<a>"^^rdf:{datatype} ; v:y "<p></p>"^^rdf:{datatype} ;'
        f' v:z "{picture}now"^^rdf:{datatype} ; v:w [ v:u "<br>"^^rdf:{datatype} ] .'
        f'ex:b a v:T ; rdfs:label "<i></i>"^^rdf:{datatype} .'
    )
    seen = read(page_of(visitor, "a"))
    for row in ("X <a>", "Y <p></p>", "Z A <map> now", "u <br>"):
        assert row in seen
    assert "<title>b " in page_of(visitor, "b")


@pytest.mark.parametrize("piece", ["<a", "<![CDATA[", "<p>", "<!--", "<script>", "<a '", "<?"])
def test_markup_without_end_takes_no_time(piece: str) -> None:
    with measured() as seconds:
        plain(piece * 100_000, RDF + "HTML")
    assert seconds.taken < 5


def test_the_command_line_shows_values_as_pages_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(
        f'{HEAD}ex:a rdfs:label "cat"@en , "Katze"@de ; v:n 10 , 9 ; rdfs:comment "alone"@fr ;'
        ' v:m "<p>A <em>good</em> text</p>"^^rdf:HTML . [] owl:annotatedSource ex:a ;'
        ' owl:annotatedProperty v:n ; owl:annotatedTarget 9 ; rdfs:comment "said by somebody" .'
    )
    assert run(["describe", "http://example.org/a", "--in", str(file)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for row in ("label Katze (de)", "label cat (en)", "comment alone", "vocab#m A good text"):
        assert row in shown
    assert "remarks on statements n 9: comment: said by somebody" in shown
    assert "alone (fr)" not in shown
    assert shown.index("vocab#n 9") < shown.index("vocab#n 10")


def test_assistants_are_told_what_parts_without_an_iri_hold(opened: Opened) -> None:
    graph = opened('ex:a v:at [ v:street "Street 1" ; v:city "Lyon" ] ; v:p "x" .')
    told = Tools(graph).describe("http://example.org/a")["statements"]
    vocabulary = "http://example.org/vocab#"
    at = {"property": f"{vocabulary}at"}
    assert told == [
        {"property": f"{vocabulary}p", "value": "x"},
        at | {"value": "_:1"},
        at | {"node": "_:1", "inside": f"{vocabulary}city", "value": "Lyon"},
        at | {"node": "_:1", "inside": f"{vocabulary}street", "value": "Street 1"},
    ]


@pytest.mark.parametrize("near", [True, False])
def test_assistants_are_told_lists_and_nodes_within_nodes(opened: Opened, near: bool) -> None:
    graph = opened(
        'ex:a v:list ("two" "one" "two" [ v:x 1 ]) . ex:b v:has [ v:inner [ v:to ex:c ] ] .'
        ' ex:c skos:prefLabel "See"@de , "Lake"@en . ex:d v:has [] . ex:e v:long ('
        + " ".join(map(str, range(1000)))
        + ") . ex:f v:loop _:l . _:l rdf:first 1 ; rdf:rest _:l ."
    )
    if not near:
        graph.engine.lookups = None  # type: ignore[misc]

    def told(name: str) -> list[tuple[str, ...]]:
        rows = Tools(graph).describe(f"http://example.org/{name}")["statements"]
        assert all(row.pop("property").startswith("http://example.org/vocab#") for row in rows)
        return [tuple(value.rpartition("#")[2] for value in row.values()) for row in rows]

    node = "_:1"
    assert told("a") == [
        (node,),
        (node, "1", "two"),
        (node, "2", "one"),
        (node, "3", "two"),
        (node, "4", "_:2"),
        ("_:2", "x", "1"),
    ]
    assert told("b") == [
        (node,),
        (node, "inner", "_:2"),
        ("_:2", "to", "http://example.org/c", "Lake"),
    ]
    assert told("d") == [(node,)]
    assert told("f") == [(node,), (node, "1", "1")]
    assert len(told("e")) == 300
