"""Data of others served: described as theirs, with a way to every format, and no claims of ours."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from flask.testing import FlaskClient
from pyshacl import validate
from rdflib import DCTERMS, FOAF, SH, Graph, Namespace, URIRef

from tests.cases.strangers import BROWSER, Served, page_of, read

DCAT_AP = Path(__file__).with_name("dcat-ap-shapes.ttl")
TURTLE = {"Accept": "text/turtle"}
SKOS = """
ex:s a skos:ConceptScheme ; skos:prefLabel "Subjects"@en ; skos:hasTopConcept ex:a .
ex:a a skos:Concept ; skos:prefLabel "Above"@en ; skos:topConceptOf ex:s .
ex:b a skos:Concept ; skos:prefLabel "Below"@de ; skos:broader ex:a ; skos:inScheme ex:s .
ex:c a skos:Concept ; rdfs:label "Deep" ; skos:inScheme ex:s . ex:b skos:narrower ex:c .
ex:round skos:inScheme ex:s ; skos:broader ex:square . ex:square skos:broader ex:round .
ex:nolabel a skos:ConceptScheme .
"""

LOOSE = """
ex:l1 a skos:Concept ; skos:prefLabel "Loose"@en .
ex:l2 a skos:Concept ; skos:prefLabel "Under it"@en ; skos:broader ex:l1 .
ex:l3 a skos:Concept ; rdfs:label "Alone" .
"""


@pytest.fixture(scope="module")
def visitor(served: Served) -> FlaskClient:
    return served('ex:a a v:T ; rdfs:label "a" . ex:b a v:T ; v:of ex:a .')


def test_vocabularies_of_others_are_shown_as_trees(served: Served) -> None:
    visitor = served(SKOS)
    seen = read(visitor.get("/vocab", headers=BROWSER).text)
    assert "Subjects" in seen
    assert "Above Below Deep" in seen
    assert "nolabel" in seen
    assert "programmes" not in seen
    told = Graph().parse(data=visitor.get("/vocab", headers=TURTLE).text)
    ex = Namespace("http://example.org/")
    for iri in (ex.s, ex.a, ex.b, ex.c, ex.round, ex.nolabel):
        assert (iri, None, None) in told
    assert (ex.b, URIRef("http://www.w3.org/2004/02/skos/core#broader"), ex.a) in told


def test_a_concept_tells_all_of_its_vocabularies(served: Served) -> None:
    visitor = served(
        'ex:one a skos:ConceptScheme ; skos:prefLabel "One" . ex:two a skos:ConceptScheme ;'
        ' skos:prefLabel "Two" . ex:both a skos:Concept ; skos:inScheme ex:one , ex:two .'
        " ex:top a skos:Concept ; skos:topConceptOf ex:one ."
        " ex:mixed a skos:Concept ; skos:inScheme ex:one ; skos:topConceptOf ex:two ."
        " ex:same a skos:Concept ; skos:inScheme ex:one ; skos:topConceptOf ex:one ."
        ' ex:said a skos:Concept ; skos:inScheme ex:one ; skos:broader "Written" , ex:top .'
    )
    assert "In scheme One Two" in read(page_of(visitor, "both"))
    assert "Top concept of Two" in read(page_of(visitor, "mixed"))
    assert "Written" in read(page_of(visitor, "said"))
    for name in ("top", "same"):
        page = read(page_of(visitor, name))
        assert f"One {name}" in page
        assert "oncept of" not in page


def test_things_without_a_class_are_counted_where_no_thing_has_one(served: Served) -> None:
    visitor = served("ex:a v:of ex:b . ex:c v:of ex:b .")
    assert "without a class 2" in read(visitor.get("/", headers=BROWSER).text)
    assert "has an address" in read(served("[] v:of 1 .").get("/", headers=BROWSER).text)


def test_no_vocabulary_of_others_is_left_out(served: Served) -> None:
    visitor = served(" ".join(f"ex:s{n} a skos:ConceptScheme ." for n in range(15)))
    seen = read(visitor.get("/vocab", headers=BROWSER).text).split()
    assert {f"s{n}" for n in range(15)} <= {*seen}


@pytest.mark.parametrize(
    "data",
    [
        'ex:s a skos:ConceptScheme ; rdfs:label "Top" ; skos:hasTopConcept ex:a .'
        ' ex:a rdfs:label "Above" ; skos:narrower ex:b . ex:b rdfs:label "Below" .',
        'ex:s rdfs:label "Top" . ex:a skos:inScheme ex:s ; rdfs:label "Above" ; skos:broader ex:a .'
        ' ex:b skos:inScheme ex:s ; rdfs:label "Below" ; skos:broader ex:a .',
        'ex:s a skos:Collection ; rdfs:label "Top" ; skos:member ex:a , ex:b .'
        ' ex:a rdfs:label "Above" . ex:b rdfs:label "Below" .',
        'ex:s a skos:OrderedCollection ; rdfs:label "Top" ; skos:memberList ( ex:a ex:b ) .'
        ' ex:a a skos:Concept ; rdfs:label "Above" . ex:b a skos:Concept ; rdfs:label "Below" .',
    ],
)
def test_vocabularies_are_seen_however_they_are_put(served: Served, data: str) -> None:
    visitor = served(data)
    seen = read(visitor.get("/vocab", headers=BROWSER).text)
    assert seen.endswith("Vocabularies Top 2 Above Below")
    assert "http://example.org/s" in visitor.get("/vocab", headers=TURTLE).text


CIRCLE = """
ex:c1 a skos:Concept ; skos:inScheme ex:s ; skos:prefLabel "Hen" ; skos:broader ex:c2 .
ex:c2 a skos:Concept ; skos:inScheme ex:s ; skos:prefLabel "Egg" ; skos:broader ex:c1 .
ex:s skos:hasTopConcept ex:top . ex:top skos:prefLabel "Top" .
ex:low a skos:Concept ; skos:prefLabel "Low" ; skos:broader ex:top .
"""


def test_concepts_that_go_round_in_a_circle_are_shown_and_counted(served: Served) -> None:
    seen = read(served(CIRCLE).get("/vocab", headers=BROWSER).text)
    assert seen.endswith("Vocabularies s 4 Top Low Egg Hen")


def test_a_concept_that_is_also_below_one_of_another_vocabulary_stands_once(
    served: Served,
) -> None:
    visitor = served(
        'ex:s a skos:ConceptScheme ; rdfs:label "One" . ex:other skos:topConceptOf ex:s2 .'
        ' ex:a skos:inScheme ex:s ; rdfs:label "Above" .'
        ' ex:b skos:inScheme ex:s ; rdfs:label "Below" ; skos:broader ex:a , ex:other .'
        ' ex:c skos:inScheme ex:s ; rdfs:label "Beside" ; skos:broader ex:other .'
    )
    assert "One 3 Above Below Beside" in read(visitor.get("/vocab", headers=BROWSER).text)


def test_concepts_of_no_vocabulary_are_shown_with_the_vocabularies(served: Served) -> None:
    seen = read(served(SKOS + LOOSE).get("/vocab", headers=BROWSER).text)
    assert "Concept 3 Alone Loose Under it" in seen
    assert "Above Below Deep" in seen
    assert "Concept 3" in read(served(LOOSE).get("/vocab", headers=BROWSER).text)
    nameless = (
        LOOSE + "[ a skos:ConceptScheme ; skos:hasTopConcept ex:l1 ] . ex:l3 skos:inScheme [] ."
    )
    assert "Concept 3 Alone" in read(served(nameless).get("/vocab", headers=BROWSER).text)


@pytest.mark.parametrize("label", ["ex:l1", '[ xl:literalForm "cat"@en ]'])
def test_labels_that_are_things_are_labels(served: Served, label: str) -> None:
    visitor = served(
        "@prefix xl: <http://www.w3.org/2008/05/skos-xl#> . ex:s a skos:ConceptScheme ;"
        ' xl:prefLabel [ xl:literalForm "Animals"@en ] . ex:c a skos:Concept ; skos:inScheme ex:s ;'
        f' xl:prefLabel {label} ; xl:altLabel [ a xl:Label ; xl:literalForm "puss"@en ] .'
        ' ex:l1 a xl:Label ; xl:literalForm "cat"@en .'
    )
    assert "<title>cat" in page_of(visitor, "c")
    assert "Animals 1 cat" in read(visitor.get("/vocab", headers=BROWSER).text)
    for text in ("cat", "puss"):
        found = visitor.get("/search", query_string={"q": text, "format": "json"}).json["results"]
        assert (found[0]["iri"], found[0]["label"]) == ("http://example.org/c", "cat")
    found = visitor.post("/reconcile", data={"queries": '{"q": {"query": "cat"}}'}).json
    assert found["q"]["result"][0]["match"]


@pytest.mark.parametrize(
    "iri",
    [
        *("http://example.org/only", "http://other.example/x?y=1#z", "urn:x:y"),
        *("mailto:a@b.example", "data:/one", "tag:a@b.example,2020:/c/d"),
    ],
)
def test_what_is_only_pointed_to_has_a_page_and_documents(served: Served, iri: str) -> None:
    visitor = served(f'ex:a a v:T ; rdfs:label "The one" ; v:of <{iri}> ; v:by [ v:of <{iri}> ] .')
    asked = {"iri": iri}
    page = visitor.get("/describe", query_string=asked, headers=BROWSER)
    assert page.status_code == 200
    assert "The one" in read(page.text)
    for format in ("ttl", "nt", "jsonld", "rdf", "trig", "nq", "json"):
        answer = visitor.get("/describe", query_string={**asked, "format": format})
        assert answer.status_code == 200, format
    assert visitor.get("/cite", query_string={"of": iri}).status_code == 200
    for other in ("http://example.org/none", "http://example.org/vocab#of", "mailto:c@d.example"):
        answer = visitor.get("/describe", query_string={"iri": other}, headers=BROWSER)
        assert answer.status_code == 404


def test_there_is_no_empty_document_of_vocabularies(visitor: FlaskClient) -> None:
    assert visitor.get("/vocab", headers=TURTLE).status_code == 404
    assert "Link" not in visitor.get("/vocab", headers=BROWSER).headers


def test_there_is_no_empty_document_of_shapes(visitor: FlaskClient) -> None:
    assert visitor.get("/contribute.ttl").status_code == 404


def test_concepts_of_no_vocabulary_are_told_in_every_format(served: Served) -> None:
    visitor = served(LOOSE)
    told = Graph().parse(data=visitor.get("/vocab.ttl").text)
    assert {str(each) for each in told.subjects()} == {
        f"http://example.org/l{n}" for n in (1, 2, 3)
    }


@pytest.mark.parametrize("data", ['ex:a a v:T ; rdfs:label "A" ; v:of ex:b .', SKOS, LOOSE])
def test_no_page_leads_to_nothing(served: Served, data: str) -> None:
    visitor = served(data)
    asked = {"Accept": "text/html, */*;q=0.8"}
    waiting = ["/", "/llms.txt"]
    for address in waiting:
        answer = visitor.get(address, headers=asked)
        assert answer.status_code < 400, address
        links = re.findall(r"<([^<>]+)>; rel", answer.headers.get("Link", ""))
        if answer.mimetype == "text/html":
            links += re.findall(r'(?:href|src|action)="([^"]+)"', answer.text)
        elif address == "/llms.txt":
            links += re.findall(r"\]\(([^)]+)\)", answer.text)
        whole = (urljoin(f"http://localhost{address}", html.unescape(each)) for each in links)
        local = (urldefrag(each)[0].removeprefix("http://localhost") for each in whole)
        pages = (each for each in local if each.startswith("/") and "lang=" not in each)
        new = (each for each in pages if not each.startswith("/static/"))
        waiting += [each for each in dict.fromkeys(new) if each not in waiting]
    assert len(waiting) > 50


def test_a_single_statement_is_told_as_one(served: Served) -> None:
    seen = read(served("ex:a a v:T .").get("/statements?of=http://example.org/a").text)
    assert "1 statement: about" in seen


def test_statements_about_parts_without_an_iri_are_listed_too(served: Served) -> None:
    visitor = served('ex:a v:part [ v:street "Street 1" ; v:items ( ex:b ) ] .')
    page = visitor.get("/statements?of=http://example.org/a").text
    assert "5 statements: about" in read(page)
    assert page.count('data-key="Value"') == 5
    assert "Street 1" in page


def test_what_is_not_here_is_told_in_the_language_of_the_reader(served: Served) -> None:
    visitor = served("ex:a a v:T .")
    told = {
        "/things?class=http://example.org/none": "n’est de la classe",
        "/things?class=": "Tout a une classe",
        "/things?class=http://example.org/vocab%23T&page=2": "il n’y a pas de page 2",
        "/vocab/none": "pas de vocabulaire",
        "/graph/none": "pas de graphe",
    }
    for path, words in told.items():
        answer = visitor.get(path, headers={**BROWSER, "Accept-Language": "fr"})
        assert (answer.status_code, words in read(answer.text)) == (404, True), path
    data = visitor.get("/data", headers={**BROWSER, "Accept-Language": "fr"})
    assert "Données. Version" in read(data.text)


@pytest.mark.parametrize("path", ["/llms.txt", "/openapi.json", "/search", "/sparql", "/none"])
def test_what_programs_are_told_is_not_of_this_project(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path, headers={"Accept": "text/html, */*;q=0.1"})
    assert "human security" not in answer.text


@pytest.mark.parametrize(
    "path", ["/.well-known/void", "/data.ttl", "/data/catalog.ttl", "/data.nt"]
)
def test_the_description_says_what_there_is(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path, headers=TURTLE, follow_redirects=True)
    assert answer.status_code == 200
    assert "data#dataset" in answer.text
    assert "w3id.org/hsgraph" not in answer.text.replace("@prefix", "").split("\n\n")[-1]
    for said in ("http://example.org/vocab#T", "http://example.org/vocab#of", "sparql"):
        assert said in answer.text


@pytest.mark.parametrize(
    "path",
    ["/sparql", "/fragments", "/reconcile", "/reconcile/1.0", "/cite?of=http://example.org/a"],
)
def test_nobody_is_told_that_the_data_are_of_this_project(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(
        path, headers={"Accept": "application/n-triples, application/json, */*;q=0.1"}
    )
    assert answer.status_code == 200
    assert "w3id.org/hsgraph/dataset" not in answer.text
    assert "w3id.org/hsgraph/id" not in answer.text
    assert "human security" not in answer.text
    assert "hsgraph" not in answer.text.replace("w3id.org/hsgraph/graph", "")


def test_programmes_of_others_are_not_said_to_be_of_this_dataset(served: Served) -> None:
    visitor = served(
        "@prefix hs: <https://w3id.org/hsgraph/ontology#> ."
        ' ex:p a hs:Project ; skos:prefLabel "Wells"@en ; hs:startDate "2001-01-01"^^xsd:date .'
    )
    for path in ("/sparql", "/fragments", "/data.nt", "/data/catalog.nt", "/reconcile"):
        answer = visitor.get(path, headers={"Accept": "application/n-triples, */*;q=0.1"})
        assert answer.status_code == 200
        assert "w3id.org/hsgraph/dataset" not in answer.text
        assert "hsgraph:" not in answer.text
        assert "http://localhost/" in answer.text


def test_the_spaces_of_identifiers_are_those_of_the_data(visitor: FlaskClient) -> None:
    manifest = visitor.get("/reconcile").json
    assert manifest["identifierSpace"] == "http://example.org/"
    assert manifest["schemaSpace"].startswith("http://")


@pytest.mark.parametrize("name", ["a", "é中"])
def test_a_described_thing_has_its_formats_as_links(served: Served, name: str) -> None:
    visitor = served(f'<http://example.org/{name}> a v:T ; rdfs:label "x" .')
    answer = visitor.get(f"/describe?iri=http://example.org/{name}", headers=BROWSER)
    assert answer.status_code == 200
    assert 'rel="alternate"; type="text/turtle"' in answer.headers["Link"]
    assert "max-age" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Location"].startswith("/describe?iri=")
    assert answer.headers["ETag"]
    assert "This page as data" in answer.text
    address = next(
        part.split(">")[0].strip(" <")
        for part in answer.headers["Link"].split(",")
        if "text/turtle" in part
    )
    turtle = visitor.get(address)
    assert turtle.content_type.startswith("text/turtle")
    again = visitor.get(address, headers={"If-None-Match": turtle.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("kind", ["v:T", "<https://w3id.org/hsgraph/ontology#Project>"])
def test_there_is_no_site_map_that_leaves_all_things_out(served: Served, kind: str) -> None:
    visitor = served(f'ex:a a {kind} ; skos:prefLabel "a"@en .')
    for path in ("/sitemap.xml", "/sitemap-1.xml"):
        assert visitor.get(path).status_code == 404
    assert "Sitemap" not in visitor.get("/robots.txt").text
    assert page_of(visitor, "a")


def test_sizes_in_the_catalogue_have_the_type_that_dcat_gives_them(client: FlaskClient) -> None:
    for path in ("/data/catalog.ttl", "/data/catalog.nt", "/data.nt"):
        text = client.get(path).text
        sizes = [line for line in text.replace(";", "\n").splitlines() if "byteSize" in line]
        assert all("nonNegativeInteger" in line for line in sizes)


def checked(catalogue: str) -> tuple[bool, set[str]]:
    """Whether a catalogue says what DCAT-AP asks for, and of which properties anything is wrong."""
    said = Graph().parse(data=catalogue, format="nt")
    conforms, report, _ = validate(said, shacl_graph=str(DCAT_AP), allow_warnings=True)
    assert isinstance(report, Graph)
    return conforms, {re.split("[/#]", path)[-1] for path in report.objects(None, SH.resultPath)}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_catalogue_has_what_dcat_ap_asks_for_and_recommends(client: FlaskClient) -> None:
    catalogue = client.get("/data/catalog.nt").text
    unknown = {"issued", "availability", "contactPoint", "type", "bbox", "centroid"}
    assert checked(catalogue) == (True, unknown)
    for right, wrong, found in (
        ("/terms/LicenseDocument>", "/terms/Standard>", "license"),
        ("XMLSchema#date>", "XMLSchema#string>", "modified"),
        ("XMLSchema#nonNegativeInteger>", "XMLSchema#integer>", "byteSize"),
        (f"<{FOAF.name}>", f"<{FOAF.nick}>", "name"),
    ):
        assert right in catalogue
        conforms, wrongs = checked(catalogue.replace(right, wrong))
        assert (conforms, found in wrongs) == (False, True)
    old = catalogue.replace("http://www.w3.org/ns/dcat#isVersionOf", DCTERMS.isVersionOf)
    assert checked(old) == (True, unknown | {"isVersionOf"})


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_catalogue_of_others_has_what_dcat_ap_asks_for(visitor: FlaskClient) -> None:
    conforms, wrongs = checked(visitor.get("/data/catalog.nt").text)
    assert conforms
    assert "title" not in wrongs


def test_a_catalogue_that_names_our_dataset_is_not_taken_for_it(served: Served) -> None:
    told = """
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> .
        ex:catalogue dcat:dataset <https://w3id.org/hsgraph/dataset> .
        <https://w3id.org/hsgraph/dataset> a dcat:Dataset ; dcterms:title "hsgraph"@en .
    """
    visitor = served(told)
    assert "data#dataset" in visitor.get("/sparql", headers=TURTLE).text
    assert visitor.get("/reconcile").json["name"] == "Things of this dataset"
