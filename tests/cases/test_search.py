"""What strangers' data hold is found: by any text, local name, IRI, identifier, inside words."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from tests.cases.strangers import BROWSER, Served

THINGS = """
ex:thing a v:T ; rdfs:label "A name" .
ex:other a v:T ; rdfs:label "Another thing at example" .
ex:x1 a v:T ; skos:altLabel "Only an alternative" .
ex:x2 a v:T ; rdfs:comment "mentions a zyzzyva" .
ex:x3 v:remark "holds a quokka"@en .
ex:x4 a v:T ; rdfs:comment "<p>hides a <b>numbat</b></p>"^^rdf:HTML ; rdfs:label "" .
ex:SomeCamelName a v:T .
ex:x5 a v:T ; v:note [ v:list ( 1 [ v:text "deep wombat" ] ) ] .
<http://example.org/caf%C3%A9> a v:T ; rdfs:label "A bar" .
ex:zh a v:T ; rdfs:label "人类安全信托基金"@zh .
ex:ja a v:T ; rdfs:label "東京都庁"@ja ; skos:altLabel "とうきょうとちょう"@ja .
ex:th a v:T ; rdfs:label "กองทุนเพื่อความมั่นคงของมนุษย์"@th .
ex:km a v:T ; rdfs:comment "សន្តិសុខមនុស្ស"@km .
ex:id a v:T ; rdfs:label "A deed" ; <http://purl.org/dc/terms/identifier> "ID-4711" .
ex:id2 a v:T ; rdfs:label "B deed" ; <http://schema.org/identifier> "X/2020/33" ; v:code 90125 .
ex:ko a v:T ; rdfs:label "대한민국정부"@ko . ex:jv a v:T ; rdfs:label "ꦲꦏ꧀ꦱꦫꦗꦮ"@jv .
ex:sku a v:T ; rdfs:label "C deed" ; v:sku "SKU-12-034" .
ex:sku2 a v:T ; rdfs:label "D" ; v:sku "sku 123" ; v:orcid <https://orcid.org/0000-0002-1825-0097> .
ex:same a v:T ; rdfs:label "E" ; owl:sameAs <http://www.wikidata.org/entity/Q42> .
ex:adms a v:T ; rdfs:label "G" ; <http://www.w3.org/ns/adms#identifier> ex:g1 .
ex:g1 skos:notation "8-15" .
ex:uri a v:T ; rdfs:label "F" ; dcterms:identifier "https://hdl.handle.net/123/456" .
<urn:isbn:0451450523> a v:T ; rdfs:label "A book" .
ex:mixed a v:T ; rdfs:label "使用Tower2020系统"@zh .
ex:soft a v:T ; rdfs:label "hyphe\\u00adnation" .
ex:fa a v:T ; rdfs:label "نمی\\u200cخواهم"@fa .
"""


@pytest.fixture(scope="module")
def visitor(served: Served) -> FlaskClient:
    return served(THINGS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("only an alternative", "x1"),
        ("zyzzyva", "x2"),
        ("quokka", "x3"),
        ("numbat", "x4"),
        ("SomeCamelName", "SomeCamelName"),
        ("camel name", "SomeCamelName"),
        ("http://example.org/thing", "thing"),
        ("http://example.org/thing#", "thing"),
        ("http://example.org/thing/", "thing"),
        ("<http://example.org/thing>", "thing"),
        ("“http://example.org/thing”.", "thing"),
        ("HTTP://Example.org/thing/", "thing"),
        ("example.org/thing", "thing"),
        ("https://example.org/thing", "thing"),
        ("http://localhost/describe?lang=fr&iri=http%3A%2F%2Fexample.org%2Fthing", "thing"),
        ("http://example.org/café", "http://example.org/caf%C3%A9"),
        ("http://example.org/cafe\u0301", "http://example.org/caf%C3%A9"),
        ("wombat", "x5"),
        ("ex:thing", "thing"),
        ("urn:isbn:0451450523", "urn:isbn:0451450523"),
        ("安全", "zh"),
        ("信托", "zh"),
        ("安", "zh"),
        ("金", "zh"),
        ("人类安全信托基金", "zh"),
        ("都庁", "ja"),
        ("庁", "ja"),
        ("きょうと", "ja"),
        ("มนุษย์", "th"),
        ("มั่นคง", "th"),
        ("មនុស្ស", "km"),
        ("tower", "mixed"),
        ("系统", "mixed"),
        ("hyphenation", "soft"),
        ("نمیخواهم", "fa"),
        ("نمی\u200cخواهم", "fa"),
        ("خواهم", "fa"),
        ("ID-4711", "id"),
        ("4711", "id"),
        ("X/2020/33", "id2"),
        ("90125", "id2"),
        ("민국", "ko"),
        ("부", "ko"),
        ("ꦱꦫ", "jv"),
        ("sku-12-034", "sku"),
        ("sku 12", "sku"),
        ("0000-0002-1825-0097", "sku2"),
        ("http://www.wikidata.org/entity/Q42", "same"),
        ("https://hdl.handle.net/123/456", "uri"),
    ],
)
def test_search_finds(visitor: FlaskClient, text: str, found: str) -> None:
    answer = visitor.get(
        "/search", query_string={"q": text}, headers={"Accept": "application/json"}
    )
    results = answer.json["results"]
    iri = found if ":" in found else f"http://example.org/{found}"
    assert [hit["iri"] for hit in results][:1] == [iri]


@pytest.mark.parametrize("text", ["http://example.org/thing", "ex:thing", "urn:isbn:0451450523"])
def test_what_an_address_finds_is_counted_by_its_kind(visitor: FlaskClient, text: str) -> None:
    page = visitor.get("/search", query_string={"q": text}, headers=BROWSER).text
    assert 'aria-label="All 1: Things"' in page
    other = visitor.get("/search", query_string={"q": text, "kind": "project"}, headers=BROWSER)
    assert "A name" not in other.text


def test_the_code_of_an_identifier_finds_what_it_is_of(visitor: FlaskClient) -> None:
    found = visitor.get("/search", query_string={"q": "8-15", "format": "json"}).json["results"]
    assert "http://example.org/adms" in [hit["iri"] for hit in found]


def test_what_no_text_holds_is_not_found(visitor: FlaskClient) -> None:
    for text in ("信全", "都京", "http://example.org/nothing", "urn:isbn:1"):
        answer = visitor.get("/search", query_string={"q": text, "format": "json"})
        assert answer.json["results"] == [], text


@pytest.mark.parametrize(
    ("text", "label"), [("pla", "Plain thing"), ("con", "Concept A"), ("京", "東京")]
)
def test_the_box_offers_what_search_finds(served: Served, text: str, label: str) -> None:
    visitor = served(
        'ex:a a v:T ; rdfs:label "Plain thing" .'
        'ex:c a skos:Concept ; skos:prefLabel "Concept A"@en . ex:j a v:T ; rdfs:label "東京"@ja .'
    )
    suggestions = visitor.get(f"/suggest?q={text}").json["suggestions"]
    assert [each["label"] for each in suggestions] == [label]
    assert suggestions[0]["address"].startswith("/describe?iri=")


def test_a_thing_without_a_name_is_called_by_its_local_name_in_results(served: Served) -> None:
    visitor = served('ex:x1 a v:T ; rdfs:label " " ; v:remark "numbat" .')
    found = visitor.get("/search?q=numbat&format=json").json["results"]
    assert [hit["label"] for hit in found] == ["x1"]


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (
            "owl:annotatedSource ex:a ; owl:annotatedTarget 'ann' ; rdfs:comment 'axolotl'",
            "axolotl",
        ),
        ("rdf:subject ex:a ; rdf:object ex:b ; dcterms:source 'by a quagga'@en", "quagga"),
        ("owl:annotatedSource ex:a ; rdfs:comment '<p>a <i>saiga</i></p>'^^rdf:HTML", "saiga"),
    ],
)
def test_remarks_on_the_statements_about_a_thing_find_it(
    served: Served, node: str, text: str
) -> None:
    visitor = served(f'ex:a a v:T ; rdfs:label "a" . ex:b a v:T ; rdfs:label "b" . [] {node} .')
    found = visitor.get(f"/search?format=json&q={text}").json["results"]
    assert [each["iri"] for each in found] == ["http://example.org/a"]


@pytest.mark.parametrize(
    ("text", "first"), [("C++", "plus"), ("c#", "sharp"), ("A+", "good"), ("A-", "less")]
)
def test_names_that_differ_in_signs_alone_are_told_apart(
    served: Served, text: str, first: str
) -> None:
    visitor = served(
        'ex:c rdfs:label "C" . ex:plus rdfs:label "C++" . ex:sharp rdfs:label "C#" .'
        ' ex:a rdfs:label "A" . ex:less rdfs:label "Less" ; skos:notation "A-" .'
        ' ex:good rdfs:label "Good" ; skos:notation "A+" . ex:x v:about ex:c , ex:a .'
    )
    found = visitor.get("/search", query_string={"q": text}, headers={"Accept": "application/json"})
    assert found.json["results"][0]["iri"] == f"http://example.org/{first}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("http://www.w3.org/ns/org#identifier", "GB-GOV-2"),
        ("http://www.geneontology.org/formats/oboInOwl#id", "GO:0008150"),
        ("http://www.geonames.org/ontology#alternateName", "巴黎"),
        ("http://www.geonames.org/ontology#officialName", "Ville de Paris"),
    ],
)
def test_codes_and_other_names_of_known_vocabularies_are_names(
    served: Served, name: str, text: str
) -> None:
    visitor = served(f'ex:a a v:T ; rdfs:label "Paris" ; <{name}> "{text}" .')
    query = json.dumps({"q": {"query": text}})
    (found,) = visitor.post("/reconcile", data={"queries": query}).json["q"]["result"]
    assert (found["id"], found["match"]) == ("http://example.org/a", True)


def test_all_that_is_counted_can_be_listed(served: Served) -> None:
    visitor = served("".join(f'ex:t{n} a v:T ; rdfs:label "Item {n}" .' for n in range(130)))
    seen = set()
    for offset in range(0, 130, 40):
        found = visitor.get(f"/search?q=item&limit=40&offset={offset}&format=json").json
        assert found["total"] == 130
        seen |= {each["iri"] for each in found["results"]}
    assert len(seen) == 130
    assert len(visitor.get("/search?q=item&limit=500&format=json").json["results"]) == 130
