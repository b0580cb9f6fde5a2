"""What things of strangers are called and are: empty labels, several languages and classes."""

from __future__ import annotations

import pytest

from tests.cases.strangers import BROWSER, Opened, Served, page_of, read


@pytest.mark.parametrize(
    "label", ['""', '"   "', '"\\u00a0"@en', '"\\u200b"', '"\\t\\n"', '"\\u3164\\ufe0f"']
)
def test_a_name_without_a_sign_is_no_name(served: Served, label: str) -> None:
    visitor = served(f"ex:x1 a v:T ; rdfs:label {label} . ex:x2 v:about ex:x1 .")
    page = page_of(visitor, "x1")
    assert "<title>x1" in page
    assert read(page).startswith("T x1") or " x1 " in read(page)
    listed = visitor.get("/things?class=http://example.org/vocab%23T", headers=BROWSER).text
    assert ">x1<" in listed
    assert ">x1<" in page_of(visitor, "x2")
    for form in ("bibtex", "ris", "text"):
        cited = visitor.get(f"/cite?of=http://example.org/x1&as={form}").text
        assert "x1" in cited
        assert "{{}}" not in cited


def test_an_empty_name_gives_way_to_one_of_another_property(served: Served) -> None:
    visitor = served('ex:x1 a v:T ; skos:prefLabel "" ; rdfs:label "Real name" .')
    assert "<title>Real name" in page_of(visitor, "x1")


@pytest.mark.parametrize(
    "naming",
    [
        "http://purl.org/dc/elements/1.1/title",
        "http://purl.org/dc/terms/title",
        "http://xmlns.com/foaf/0.1/name",
        "http://schema.org/name",
        "https://schema.org/name",
        "http://www.w3.org/2006/vcard/ns#fn",
        "http://www.geonames.org/ontology#name",
        "http://usefulinc.com/ns/doap#name",
    ],
)
def test_vocabularies_of_others_name_things_in_their_ways(served: Served, naming: str) -> None:
    visitor = served(f'ex:x1 a v:T ; <{naming}> "Named so" ; rdfs:comment "It" .')
    assert "<title>Named so" in page_of(visitor, "x1")
    assert visitor.get("/suggest?q=named").json["suggestions"][0]["label"] == "Named so"


def test_names_and_definitions_in_all_languages_are_on_the_page(served: Served) -> None:
    visitor = served(
        'ex:s a skos:ConceptScheme ; rdfs:label "S" . ex:c a skos:Concept ; skos:inScheme ex:s ;'
        ' skos:prefLabel "Katze"@de , "cat"@en , "chat"@fr ; skos:altLabel "Kater"@de , "puss"@en ;'
        ' skos:definition "Ein Tier"@de , "An animal"@en .'
    )
    page = page_of(visitor, "c")
    seen = read(page)
    assert "<title>cat" in page
    for text in ("Katze de", "chat fr", "Ein Tier de", "Kater de", "puss en"):
        assert text in seen
    assert '<div class="lead measure"><bdi>An animal' in page


def test_each_value_tells_its_language_where_there_are_several(served: Served) -> None:
    visitor = served(
        'ex:a a v:T ; rdfs:label "Record"@en , "Record"@de , "Documento"@es ;'
        ' v:note [ v:text "eins"@de , "one"@en ] ; v:one "alone"@fr ; v:list ( "un"@fr "uno"@es ) .'
    )
    seen = read(page_of(visitor, "a"))
    for text in ("Record en", "Record de", "Documento es", "eins de", "one en", "un fr", "uno es"):
        assert text in seen
    rows = visitor.get("/statements?of=http://example.org/a", headers=BROWSER)
    assert "Documento es" in read(rows.text)


def test_all_classes_of_a_thing_are_told(served: Served) -> None:
    visitor = served(
        "ex:a a v:T , v:U , <http://xmlns.com/foaf/0.1/Person> , owl:NamedIndividual ;"
        ' rdfs:label "Many types" . ex:c a skos:Concept , v:U ; skos:prefLabel "C" .'
    )
    head = read(page_of(visitor, "a")).split("Many types")[0].lower().split()
    assert {"t", "u", "person"} <= set(head)
    assert {"concept", "u"} <= set(read(page_of(visitor, "c")).split(" C ")[0].lower().split())
    visitor = served("ex:c a skos:Concept , v:U ; skos:prefLabel 'Mine' ; skos:inScheme ex:s .")
    assert "s : concept U Mine" in read(page_of(visitor, "c"))


@pytest.mark.parametrize(
    ("type_", "told"),
    [
        ('"Person"', "Type Person"),
        ("v:T , [ a owl:Restriction ; owl:onProperty v:p ]", "Restriction On property p"),
        ("( v:T v:U )", "Type T U"),
    ],
)
def test_a_type_that_is_no_iri_is_told_and_harms_nothing(
    served: Served, type_: str, told: str
) -> None:
    visitor = served(f'ex:a a {type_} ; rdfs:label "Odd" .')
    assert told.lower() in read(page_of(visitor, "a")).lower()
    found = visitor.post("/reconcile", data={"queries": '{"q": {"query": "Odd"}}'})
    assert [each["name"] for each in found.json["q"]["result"]] == ["Odd"]
    assert visitor.get("/reconcile/preview?id=http://example.org/a").status_code == 200


def test_a_shape_with_an_order_that_is_no_number_does_no_harm(served: Served) -> None:
    visitor = served(
        "ex:a a v:T ; v:p 1 . [] <http://www.w3.org/ns/shacl#targetClass> v:T ;"
        " <http://www.w3.org/ns/shacl#property> [ <http://www.w3.org/ns/shacl#path> v:p ;"
        ' <http://www.w3.org/ns/shacl#order> "first" ] .'
    )
    assert page_of(visitor, "a")


@pytest.mark.parametrize(
    ("iri", "key"),
    [
        ("http://example.org/aat/", "aat"),
        ("http://example.org/東京", "example-org"),
        ("http://example.org/#", "example-org"),
        ("http://example.org/a%20b", "a-20b"),
    ],
)
def test_every_entry_of_a_bibliography_has_a_key(served: Served, iri: str, key: str) -> None:
    visitor = served(f'<{iri}> a v:T ; rdfs:label "a" .')
    answer = visitor.get("/cite", query_string={"of": iri, "as": "bibtex"})
    assert answer.text.startswith(f"@misc{{{key},")


@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("%20", "%20"),
        ("%E2%80%AE", "%E2%80%AE"),
        ("a%00b", "a%00b"),
        ("%FF", "%FF"),
        ("a%2Fb", "a/b"),
        ("%D9%85%DB%8C%E2%80%8C%D8%B4", "می\u200cش"),
    ],
)
def test_the_end_of_an_address_is_decoded_where_that_can_be_read(
    served: Served, end: str, name: str
) -> None:
    visitor = served(f"<http://example.org/{end}> a v:T .")
    address = {"iri": f"http://example.org/{end}"}
    page = visitor.get("/describe", query_string=address, headers=BROWSER).text
    assert f"<title>{name} – " in page
    assert f">{name}<" in visitor.get("/things?class=http://example.org/vocab%23T").text


def test_labels_and_notes_that_are_things_are_called_by_what_they_say(served: Served) -> None:
    visitor = served(
        "@prefix xl: <http://www.w3.org/2008/05/skos-xl#> . ex:s a skos:ConceptScheme ."
        " ex:c a skos:Concept ; skos:inScheme ex:s ; xl:prefLabel ex:xl_fr , ex:xl_en ;"
        ' skos:definition ex:def1 ; skos:changeNote ex:note2 . ex:note2 rdf:value "a = b" .'
        ' ex:xl_fr a xl:Label ; xl:literalForm "maïs"@fr . ex:xl_en xl:literalForm "maize"@en .'
        ' ex:def1 rdf:value "Céréale"@fr , "A cereal"@en .'
    )
    page = read(page_of(visitor, "c"))
    for text in ("A cereal", "maïs maize", "a = b"):
        assert text in page
    for name in ("def1", "note2", "xl_fr"):
        assert name not in page
    assert "<title>maïs" in page_of(visitor, "xl_fr")


def test_the_members_of_a_container_come_in_their_order(served: Served) -> None:
    members = 'rdf:_10 "ten" ; rdf:_2 "two" ; rdf:_1 "one"'
    visitor = served(f"ex:bag a rdf:Bag ; {members} . ex:a v:choice [ {members} ] .")
    assert "1 one 2 two 10 ten" in read(page_of(visitor, "bag"))
    assert "1 one 2 two 10 ten" in read(page_of(visitor, "a"))


def test_assistants_are_told_languages_and_no_questions_of_this_project(opened: Opened) -> None:
    from hsgraph.assistants.server import Tools  # two seconds, so not above

    tools = Tools(opened('ex:a a v:T ; rdfs:label "Katze"@de , "cat"@en , "plain" ; v:n 5 .'))
    told = tools.describe("http://example.org/a")["statements"]
    languages = {row["value"]: row.get("language") for row in told}
    assert languages.pop("http://example.org/vocab#T") is None
    assert languages == {"Katze": "de", "cat": "en", "plain": None, "5": None}
    assert tools.examples() == {"questions": [], "queries": []}


@pytest.mark.parametrize(
    ("iri", "like"),
    [
        ("http://Example.org/X", "http://example.org/X"),
        ("http://example.org/O'", "http://example.org/O"),
        ("http://example.org/O.", "http://example.org/O"),
        ("http://localhost/describe?iri=http://example.org/a", "http://example.org/a"),
    ],
)
def test_what_is_named_exactly_is_told_beside_what_it_is_like(
    served: Served, iri: str, like: str
) -> None:
    visitor = served(f'<{iri}> a v:T ; rdfs:label "Meant" . <{like}> a v:T ; rdfs:label "Other" .')
    for path, name in (("/describe", "iri"), ("/statements", "of"), ("/cite", "of")):
        for asked, title, other in ((iri, "Meant", "Other"), (like, "Other", "Meant")):
            told = visitor.get(path, query_string={name: asked}, headers=BROWSER).text
            assert title in told
            assert other not in told
    for asked, title in ((iri, "Meant"), (like, "Other")):
        found = visitor.get("/search", query_string={"q": asked, "format": "json"}).json["results"]
        assert found[0]["label"] == title
