"""One odd query fails no batch, no JSON breaks the service, and a batch has an end."""

from __future__ import annotations

import json
from dataclasses import replace
from socketserver import TCPServer
from threading import Thread

import pytest
from flask.testing import FlaskClient

from hsgraph.server.api import reconcile
from hsgraph.server.app import create_app
from tests.cases.strangers import Opened, Served

UNICEF = "https://w3id.org/hsgraph/id/organisation/unicef"
GOOD = {"query": "UNICEF"}


@pytest.fixture(autouse=True)
def without_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is matched first is prepared for, which may take long on a busy machine."""
    monkeypatch.setattr(reconcile, "SECONDS", 60.0)
    monkeypatch.setattr(reconcile, "_WHILE", 60.0)


def ask(client: FlaskClient, queries: object) -> dict[str, list[str]]:
    text = queries if isinstance(queries, str) else json.dumps(queries)
    answer = client.post("/reconcile", data={"queries": text})
    assert answer.status_code == 200, answer.text
    return {name: [each["id"] for each in found["result"]] for name, found in answer.json.items()}


@pytest.mark.parametrize(
    "bad",
    [
        {"query": ""},
        {"query": "   "},
        {"query": "\u200b"},
        {"query": None},
        {"query": ["UNICEF"]},
        {"query": {"a": 1}},
        {"query": True},
        {},
        None,
        1,
        "UNICEF",
        [],
        {"query": "x", "type": "no iri"},
        {"query": "x", "limit": "many"},
        {"query": "http://example.org/a|b"},
        {"query": "https://example.org/%zz"},
        {"query": "x", "properties": [{"v": 1}]},
        {"query": "", "properties": [{"pid": "country", "v": "Kenya"}]},
    ],
)
def test_an_odd_query_takes_no_other_with_it(client: FlaskClient, bad: object) -> None:
    found = ask(client, {"q0": GOOD, "q1": bad, "q2": GOOD})
    assert found["q0"][0] == found["q2"][0] == UNICEF
    assert UNICEF not in found["q1"]
    text = json.dumps({"queries": [GOOD, bad]})
    newer = client.post("/reconcile/1.0/match", data=text, content_type="application/json")
    assert newer.status_code == 200
    assert newer.json["results"][0]["candidates"][0]["id"] == UNICEF


@pytest.mark.parametrize("query", ['{"query": ""}', '{"query": "  "}'])
def test_an_empty_query_alone_has_no_candidates(client: FlaskClient, query: str) -> None:
    assert client.post("/reconcile", data={"query": query}).json == {"result": []}
    assert ask(client, f'{{"q": {query}}}') == {"q": []}


@pytest.mark.parametrize("query", ['{"query": null}', '{"query": ["UNICEF"]}', '{"query": {}}'])
def test_what_is_no_text_is_not_matched_as_text(client: FlaskClient, query: str) -> None:
    answer = client.post("/reconcile", data={"queries": f'{{"q0": {query}}}'})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "more",
    [
        {"limit": "3"},
        {"limit": None, "type": None, "properties": None},
        {"limit": "", "type": "", "properties": ""},
        {"type": [""], "properties": [], "type_strict": "any"},
        {"type": []},
        {"type": {"id": "https://w3id.org/hsgraph/ontology#Organisation"}},
        {"properties": [{"pid": "country", "v": ""}]},
        {"properties": [{"pid": "http://www.w3.org/2004/02/skos/core#altLabel", "v": [None, " "]}]},
    ],
)
def test_members_as_clients_write_them_are_read(
    client: FlaskClient, more: dict[str, object]
) -> None:
    (found,) = client.post(
        "/reconcile", data={"queries": json.dumps({"q0": {**GOOD, **more}})}
    ).json.values()
    assert (found["result"][0]["id"], found["result"][0]["score"]) == (UNICEF, 100)


@pytest.mark.parametrize("pid", ["country", "Country", "no such property", "P17", ""])
def test_a_property_that_is_no_iri_is_passed_over(client: FlaskClient, pid: str) -> None:
    query = {**GOOD, "properties": [{"pid": pid, "v": "Kenya"}]}
    assert ask(client, {"q0": query})["q0"][0] == UNICEF


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"q":' * 50_000,
        '{"q": {"query": "x", "limit": NaN}}',
        '{"q": {"query": "x", "limit": 1e999}}',
        '{"q": {"query": "x", "limit": -Infinity}}',
        '{"q": {"query": "\\ud800"}}',
        '{"\\udfff": {"query": "x"}}',
        '{"q": {"query": "x", "limit": ' + "9" * 5000 + "}}",
        "[]",
        "7",
    ],
)
@pytest.mark.parametrize("name", ["queries", "query", "extend"])
def test_odd_json_is_refused(client: FlaskClient, name: str, text: str) -> None:
    answer = client.post("/reconcile", data={name: text})
    assert answer.status_code in {200, 400}
    if text.startswith(("{", "[")) and len(text) < 100 and name != "query":
        assert answer.status_code == 400
    assert client.post("/reconcile/1.0/match", data=text).status_code == 400
    assert client.post("/reconcile/1.0/extend", data=text).status_code == 400


@pytest.mark.parametrize(
    "wanted",
    [
        {"ids": ["x", 5, None, {"a": 1}, UNICEF], "properties": [{"id": 5}, "x", None]},
        {"ids": [UNICEF], "properties": [{"id": "http://e/p", "settings": [1]}]},
        {"ids": [UNICEF], "properties": [{"id": "http://e/p", "settings": {"limit": [1]}}]},
    ],
)
def test_odd_extensions_fail_for_themselves_only(client: FlaskClient, wanted: object) -> None:
    answer = client.post("/reconcile", data={"extend": json.dumps(wanted)})
    assert answer.status_code == 200
    assert set(answer.json["rows"]) <= {"x", UNICEF}
    assert UNICEF in answer.json["rows"]


def test_what_begins_as_an_id_and_is_no_iri_completes_to_nothing(client: FlaskClient) -> None:
    begun = {"prefix": 'https://w3id.org/hsgraph/id/"'}
    assert client.get("/reconcile/suggest/entity", query_string=begun).json == {"result": []}


@pytest.mark.parametrize("what", ["suggest/entity?prefix=un&cursor=", "propose?limit="])
@pytest.mark.parametrize("number", ["9" * 30, "-1", "x", "1e9", "٣"])
def test_odd_numbers_are_no_failure(client: FlaskClient, what: str, number: str) -> None:
    assert client.get(f"/reconcile/{what}{number}").status_code == 200


@pytest.mark.parametrize("id", ["93", "", "http://example.org/none", "<http://[>", "\x01"])
def test_a_preview_of_nothing_is_a_small_page_that_can_be_framed(
    client: FlaskClient, id: str
) -> None:
    answer = client.get(
        "/reconcile/preview", query_string={"id": id}, headers={"Accept": "text/html"}
    )
    assert answer.status_code == 404
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert answer.content_type.startswith("text/html")
    assert "<nav" not in answer.text


def test_a_preview_speaks_the_language_of_the_reader(client: FlaskClient) -> None:
    page = client.get("/reconcile/preview?id=http://example.org/none&lang=fr").text
    assert '<html lang="fr">' in page
    assert "Rien ne s’appelle ici" in page


@pytest.mark.parametrize("query", ["id=%FF", "id=x&lang=%FF"])
def test_a_preview_that_cannot_be_made_can_be_framed_too(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/reconcile/preview?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    other = client.get(f"/reconcile/suggest/entity?{query}", headers={"Accept": "text/html"})
    assert "frame-ancestors *" not in other.headers.get("Content-Security-Policy", "")


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/1.0/match"])
def test_a_batch_answers_what_it_can_in_its_time_and_names_the_rest(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(reconcile, "SECONDS", 0.0)
    names = {f"q{n}": GOOD if n == 0 else {"query": f"Office {n} {path}"} for n in range(100)}
    if path == "/reconcile":
        answer = client.post(path, data={"queries": json.dumps(names)})
        found = list(answer.json.values())
    else:
        answer = client.post(path, json={"queries": list(names.values())})
        found = answer.json["results"]
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    candidates = [each.get("result", each.get("candidates")) for each in found]
    assert candidates[0][0]["id"] == UNICEF
    assert "error" not in found[0]
    assert all("ask again" in each["error"] for each in found[1:])
    assert candidates[1:] == [[]] * 99


def test_a_batch_has_at_most_a_hundred_entries(client: FlaskClient) -> None:
    many = {f"q{n}": GOOD for n in range(1000)}
    assert client.post("/reconcile", data={"queries": json.dumps(many)}).status_code == 400


def test_batches_never_take_more_than_their_places(client: FlaskClient) -> None:
    with reconcile._PLACES, reconcile._PLACES:
        answer = client.post("/reconcile", data={"queries": json.dumps({"q": GOOD})})
        assert answer.status_code == 503
        assert client.get("/healthz").status_code == 200
    assert ask(client, {"q": GOOD})["q"][0] == UNICEF


IN = "https://w3id.org/hsgraph/ontology#takesPlaceIn"


@pytest.mark.parametrize(
    "value",
    [
        "$lower",
        ") || true) #$lower",
        ") || true) #$values",
        ") || true) service <CANARY> { ?thing ?property ?value } #$lower",
    ],
)
@pytest.mark.parametrize("quantifier", ["any", "none"])
def test_no_value_that_is_asked_for_becomes_a_query(
    client: FlaskClient, value: str, quantifier: str
) -> None:
    calls: list[object] = []
    with TCPServer(("127.0.0.1", 0), lambda *call: calls.append(call)) as canary:
        Thread(target=canary.serve_forever, args=(0.05,)).start()
        written = value.replace("CANARY", f"http://127.0.0.1:{canary.server_address[1]}/")
        condition = {"matchType": "property", "pid": IN, "v": written}
        query = {"query": "", "conditions": [{**condition, "matchQuantifier": quantifier}]}
        try:
            assert ask(client, {"q0": query}) == {"q0": []}
        finally:
            canary.shutdown()
    assert not calls


def test_a_value_is_found_as_it_is_written_or_in_another_case(client: FlaskClient) -> None:
    def with_value(value: str) -> list[str]:
        return ask(client, {"q0": {"properties": [{"pid": IN, "v": value}]}})["q0"]

    found = with_value("Serbia")
    assert found
    assert with_value("SERBIA") == found


@pytest.mark.parametrize(
    ("code", "thing"),
    [
        ("XM-DAC-928", "organisation/who"),
        ("SRL/10/03/HSF", "project/srilanka-ecac"),
        ("IOM-SA-12-092", "project/mexico-migrants-transit"),
    ],
)
def test_identifiers_that_the_search_finds_are_matched(
    client: FlaskClient, code: str, thing: str
) -> None:
    assert ask(client, {"q": {"query": code}})["q"][0] == f"https://w3id.org/hsgraph/id/{thing}"


OTHERS = """
@prefix schema: <http://schema.org/> . @prefix adms: <http://www.w3.org/ns/adms#> .
ex:ada a schema:Person ; schema:name "Ada" ; schema:alternateName "Countess" ; v:born ex:london ;
  schema:birthDate "1815-12-10"^^xsd:date ; dcterms:identifier "ID-4711" .
ex:adam a schema:Person ; schema:name "Ada" ; v:born ex:paris ; v:by [ v:born ex:london ] .
ex:london a v:City ; rdfs:label "London" ; rdfs:comment "A city" . ex:paris rdfs:label "Paris" .
v:born rdfs:label "born in" ; rdfs:comment "Where somebody was born" .
"""
VOCAB = "http://example.org/vocab#"
BORN, CITY = f"{VOCAB}born", f"{VOCAB}City"
PERSON = "http://schema.org/Person"


@pytest.fixture(scope="module")
def other(served: Served) -> FlaskClient:
    return served(OTHERS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"query": "Countess"}, "ada"),
        ({"query": "ID-4711"}, "ada"),
        ({"query": "Ada", "properties": [{"pid": BORN, "v": "Paris"}]}, "adam"),
        ({"properties": [{"pid": BORN, "v": "London"}]}, "ada"),
        ({"query": "Lond", "type": CITY}, "london"),
    ],
)
def test_names_and_values_of_others_are_matched(
    other: FlaskClient, query: object, found: str
) -> None:
    assert ask(other, {"q": query})["q"][:1] == [f"http://example.org/{found}"]


def test_candidates_of_others_are_called_by_their_names(other: FlaskClient) -> None:
    answer = other.post("/reconcile", data={"queries": '{"q": {"query": "ID-4711"}}'}).json
    assert [each["name"] for each in answer["q"]["result"]] == ["Ada"]


def test_classes_and_properties_of_others_are_offered(other: FlaskClient) -> None:
    types = {each["id"] for each in other.get("/reconcile").json["defaultTypes"]}
    assert types == {PERSON, CITY}
    (city,) = other.get("/reconcile/suggest/type?prefix=cit").json["result"]
    assert (city["id"], city["name"]) == (CITY, "city")
    (born,) = other.get("/reconcile/suggest/property?prefix=born").json["result"]
    assert (born["id"], born["name"]) == (BORN, "born in")
    proposed = other.get("/reconcile/propose", query_string={"type": CITY}).json["properties"]
    assert [each["name"] for each in proposed] == ["comment", "label"]


IDENTIFIED = """
@prefix adms: <http://www.w3.org/ns/adms#> .
v:code rdfs:subPropertyOf skos:notation .
ex:ada a v:Person ; rdfs:label "Ada" ; adms:identifier [ a adms:Identifier ; v:code "XK-4711" ] .
ex:bob a v:Person ; rdfs:label "Bob" ; adms:identifier ex:number .
ex:number a adms:Identifier ; rdfs:label "Number of Bob" ; skos:notation "ZZ-99" .
ex:cyd a v:Set ; rdfs:label "Cyd" ;
  <https://schema.org/identifier> [ <https://schema.org/value> "10.1/x" ] .
ex:dan a v:Set ; rdfs:label "Dan" ; <http://schema.org/identifier> ex:doi , "plain-7" .
ex:doi <http://schema.org/value> "ZEBRA-1" ; <http://schema.org/propertyID> "DOI" .
"""
IDENTIFIER = "http://www.w3.org/ns/adms#Identifier"


@pytest.fixture(scope="module")
def identified(served: Served) -> FlaskClient:
    return served(IDENTIFIED)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"query": "XK-4711"}, "ada"),
        ({"query": "ZZ-99"}, "bob"),
        ({"query": "10.1/x"}, "cyd"),
        ({"query": "ZEBRA-1"}, "dan"),
        ({"query": "plain-7"}, "dan"),
        ({"query": "ZZ-99", "type": IDENTIFIER}, "number"),
        ({"query": "Number of Bob"}, "number"),
        ({"query": "http://example.org/number"}, "number"),
    ],
)
def test_things_are_known_by_their_identifiers(
    identified: FlaskClient, query: object, found: str
) -> None:
    answer = identified.post("/reconcile", data={"queries": json.dumps({"q": query})}).json
    candidates = [(each["id"], each["match"]) for each in answer["q"]["result"]]
    assert candidates == [(f"http://example.org/{found}", True)]


@pytest.mark.parametrize("kind", ["[ a owl:Restriction ]", '"Person"'])
def test_classes_that_are_no_iris_are_left_out(served: Served, kind: str) -> None:
    visitor = served(f'ex:ada a v:City , {kind} ; rdfs:label "Ada" .')
    (city,) = visitor.get("/reconcile").json["defaultTypes"]
    assert city["id"] == CITY
    (city,) = visitor.get("/reconcile/suggest/type?prefix=cit").json["result"]
    assert city["id"] == CITY
    assert ask(visitor, {"q": {"query": "Ada"}}) == {"q": ["http://example.org/ada"]}


@pytest.mark.parametrize(
    ("written", "fetched"),
    [
        ('"NaN"^^xsd:double', {"str": "NaN"}),
        ('"-INF"^^xsd:float', {"str": "-INF"}),
        ("1e400", {"str": "INF"}),
        ("1.5", {"float": 1.5}),
        ("-5", {"int": -5}),
        ('"1_000"^^xsd:integer', {"str": "1_000"}),
        ('"' + "9" * 5000 + '"^^xsd:integer', {"str": "9" * 5000}),
        ('"2026-02-28"^^xsd:date', {"date": "2026-02-28T00:00:00Z"}),
        ('"2026-02-30"^^xsd:date', {"str": "2026-02-30"}),
        ('"2026-13-45"^^xsd:date', {"str": "2026-13-45"}),
        ('"2026-02-28+02:00"^^xsd:date', {"date": "2026-02-28T00:00:00+02:00"}),
        ('"-0044-03-15"^^xsd:date', {"date": "-0044-03-15T00:00:00Z"}),
        ('"2026-02-28T09:30:00Z"^^xsd:dateTime', {"date": "2026-02-28T09:30:00Z"}),
        ('"2026-02-28T09:30:00.5"^^xsd:dateTime', {"date": "2026-02-28T09:30:00.5"}),
        ('"2026-02"^^xsd:gYearMonth', {"str": "2026-02"}),
    ],
)
def test_values_are_fetched_as_json_has_them(
    served: Served, written: str, fetched: dict[str, object]
) -> None:
    visitor = served(f"ex:ada v:value {written} .")
    wanted = {"ids": ["http://example.org/ada"], "properties": [{"id": f"{VOCAB}value"}]}
    answer = visitor.post("/reconcile", data={"extend": json.dumps(wanted)})
    rows = json.loads(answer.text, parse_constant=pytest.fail)["rows"]
    assert rows["http://example.org/ada"][f"{VOCAB}value"] == [fetched]


@pytest.mark.parametrize(
    ("written", "given", "fits"),
    [
        ("1946", 1946.0, True),
        ("1946", "1946.0", True),
        ("0.5", ".50", True),
        ("1e3", "1000", True),
        ("1946", "1947", False),
        ("1946", "1e999", False),
        ("1234567", "1234568", False),
        ('"1946-12-11"^^xsd:date', "1946-12-12", False),
        ('"1946-12-11"^^xsd:date', "1946-12-11T00:00:00Z", True),
        ('"1946-12-11T00:00:00Z"^^xsd:dateTime', "1946-12-11", True),
        ('"1946-12-11T09:30:00Z"^^xsd:dateTime', "1946-12-11T00:00:00Z", False),
        ('"1946-12-11"^^xsd:date', "1946-12-12T00:00:00Z", False),
    ],
)
def test_values_are_compared_by_what_they_mean(
    served: Served, written: str, given: object, fits: bool
) -> None:
    visitor = served(f'ex:ada a v:T ; rdfs:label "Ada" ; v:value {written} .')
    wanted = {"query": "Ada", "properties": [{"pid": f"{VOCAB}value", "v": given}]}
    answer = visitor.post("/reconcile", data={"queries": json.dumps({"q": wanted})})
    (found,) = answer.json["q"]["result"]
    assert found["match"] is fits
    assert (found["score"] == 100.0) is fits


def test_a_name_that_is_a_number_is_matched_as_a_spreadsheet_sends_it(served: Served) -> None:
    visitor = served('ex:n a v:T ; rdfs:label "12345" .')
    assert ask(visitor, {"q": {"query": 12345.0}}) == {"q": ["http://example.org/n"]}


def test_things_among_the_values_of_others_are_fetched_by_name(other: FlaskClient) -> None:
    wanted = {"ids": ["http://example.org/ada"], "properties": [{"id": BORN}]}
    rows = other.post("/reconcile", data={"extend": json.dumps(wanted)}).json["rows"]
    (value,) = rows["http://example.org/ada"][BORN]
    assert value == {"id": "http://example.org/london", "name": "London"}


def test_nodes_without_an_iri_are_fetched_by_their_names(served: Served) -> None:
    visitor = served('ex:ada v:at [ rdfs:label "Home" ] , [ v:street "Street 1" ] , "x" .')
    wanted = {"ids": ["http://example.org/ada"], "properties": [{"id": f"{VOCAB}at"}]}
    rows = visitor.post("/reconcile", data={"extend": json.dumps(wanted)}).json["rows"]
    assert rows == {"http://example.org/ada": {f"{VOCAB}at": [{"str": "Home"}, {"str": "x"}]}}


@pytest.mark.parametrize("value", [{"id": None}, {}, [{"id": None}], [{"id": ""}]])
def test_a_value_without_an_id_is_passed_over(served: Served, value: object) -> None:
    visitor = served('ex:a rdfs:label "A name" ; v:p "None" . ex:b rdfs:label "A name" .')
    wanted = {"query": "A name", "properties": [{"pid": f"{VOCAB}p", "v": value}]}
    answer = visitor.post("/reconcile", data={"queries": json.dumps({"q": wanted})})
    assert [each["score"] for each in answer.json["q"]["result"]] == [100.0, 100.0]


@pytest.mark.parametrize("value", [[["A"]], {"id": ["A"]}, {"id": {"a": 1}}])
def test_a_value_that_is_a_list_is_refused(served: Served, value: object) -> None:
    queries = {"q": {"query": "A", "properties": [{"pid": f"{VOCAB}p", "v": value}]}}
    answer = served("ex:a v:p 1 .").post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 400


def test_types_and_properties_are_meant_by_name_and_by_prefix(served: Served) -> None:
    visitor = served(
        'v:City a rdfs:Class ; rdfs:label "City" . ex:a a v:City ; rdfs:label "Lyon" ; '
        'skos:notation "L" . ex:b a v:T ; rdfs:label "Lyon" ; skos:notation "M" .'
    )
    for of_city in ({"type": "city"}, {"type": f"{VOCAB}City"}):
        assert ask(visitor, {"q": {"query": "Lyon", **of_city}})["q"] == ["http://example.org/a"]
    for pid in ("skos:notation", "notation"):
        properties = [{"pid": pid, "v": "M"}]
        found = ask(visitor, {"q": {"query": "Lyon", "properties": properties}})["q"]
        assert found[0] == "http://example.org/b"
    offered = visitor.get("/reconcile/suggest/property?prefix=skos:notation").json["result"]
    assert [each["name"] for each in offered] == ["notation"]


@pytest.mark.parametrize("text", ["urn:isbn:0451450523", "URN:ISBN:0451450523", "HTTP://E.org/x"])
def test_the_scheme_of_an_address_is_written_in_any_case(served: Served, text: str) -> None:
    visitor = served(
        '<urn:isbn:0451450523> a v:T ; rdfs:label "A book" . <http://e.org/x> a v:T ; v:p "c" .'
    )
    (found,) = ask(visitor, {"q": {"query": text}})["q"]
    assert found.lower() == text.lower()


@pytest.mark.parametrize(
    "address",
    [
        "https://w3id.org/hsgraph/id/organisation/unicef",
        "https://w3id.org/hsgraph/organisation/unicef",
        "http://127.0.0.1:5000/organisation/unicef",
        "http://127.0.0.1:5000/organisation/unicef.ttl",
        "http://localhost/id/organisation/unicef?lang=fr#top",
    ],
)
def test_a_thing_is_known_by_the_address_of_its_page(client: FlaskClient, address: str) -> None:
    assert ask(client, {"q": {"query": address}}) == {"q": [UNICEF]}
    found = client.get("/search", query_string={"q": address, "format": "json"}).json["results"]
    assert [hit["iri"] for hit in found] == [UNICEF]


@pytest.mark.parametrize("base", ["", "https://public.example/graph/"])
def test_an_address_of_another_site_names_nothing_here(opened: Opened, base: str) -> None:
    """What begins as the addresses of this server do is ours: as it is asked, or as is set."""
    graph = opened(f"<{UNICEF}> a v:T ; rdfs:label 'UNICEF' .")
    visitor = create_app(graph, replace(graph.settings, base=base)).test_client()
    site, other = ("https://asked.example/", "https://public.example/graph/")[:: -1 if base else 1]
    for address, expected in (
        (f"{site}organisation/unicef", [UNICEF]),
        (f"{other}organisation/unicef", []),
        ("https://www.un.org/organisation/unicef", []),
    ):
        answer = visitor.post(
            "/reconcile",
            data={"queries": json.dumps({"q": {"query": address}})},
            base_url="https://asked.example",
        )
        assert [each["id"] for each in answer.json["q"]["result"]] == expected


@pytest.mark.parametrize(
    "iri",
    [
        "http://example.org/SomeCamelName",
        "http://example.org/without-class",
        "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    ],
)
def test_a_thing_without_a_name_is_called_as_on_its_page(served: Served, iri: str) -> None:
    visitor = served(
        'ex:SomeCamelName a v:Thing ; v:note "a" . ex:without-class v:note "b" .'
        ' <urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8> a v:Thing ; v:note "c" .'
    )
    name = iri.removeprefix("http://example.org/")
    assert ask(visitor, {"q": {"query": name}})["q"][0] == iri
    assert ask(visitor, {"q": {"query": iri}}) == {"q": [iri]}
    for part in ("preview", "flyout/entity"):
        answer = visitor.get(f"/reconcile/{part}", query_string={"id": iri})
        assert answer.status_code == 200, part
        assert name in answer.text


@pytest.mark.parametrize(
    "text",
    ["http://example.org/Santé", "http://example.org/Sant%C3%A9", "<http://example.org/Santé>"],
)
def test_a_thing_is_known_by_its_address_however_it_is_written(served: Served, text: str) -> None:
    visitor = served('<http://example.org/Santé> a v:Thing ; v:note "a" .')
    assert ask(visitor, {"q": {"query": text}}) == {"q": ["http://example.org/Santé"]}


def test_a_thing_without_a_name_is_found_by_its_type_and_its_values(served: Served) -> None:
    visitor = served("ex:o1 a v:Observation ; v:year 2011 . ex:o2 a v:Observation ; v:year 2012 .")
    wanted = {"properties": [{"pid": f"{VOCAB}year", "v": 2012}], "type": f"{VOCAB}Observation"}
    assert ask(visitor, {"q": wanted}) == {"q": ["http://example.org/o2"]}


def test_what_is_not_here_has_no_candidate_and_no_preview(served: Served) -> None:
    visitor = served("ex:a a v:Thing .")
    assert ask(visitor, {"q": {"query": "http://example.org/nothing"}}) == {"q": []}
    answer = visitor.get("/reconcile/preview?id=http://example.org/nothing")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "other", ['skos:hiddenLabel "Hidden one"', 'skos:notation "N-7"', 'skos:altLabel "Another"']
)
def test_a_thing_without_a_label_is_called_by_no_other_name(served: Served, other: str) -> None:
    visitor = served(f"ex:thing a v:Thing ; {other} .")
    for text in ("thing", other.split('"')[1]):
        queries = json.dumps({"q": {"query": text}})
        answer = visitor.post("/reconcile", data={"queries": queries}).json["q"]["result"]
        assert [(each["name"], each["match"]) for each in answer] == [("thing", True)]


def test_completions_say_what_a_thing_is(other: FlaskClient) -> None:
    found = other.get("/reconcile/suggest/entity?prefix=ada").json["result"]
    assert {each["description"] for each in found} == {"Person"}
    (london,) = other.get("/reconcile/suggest/entity?prefix=london").json["result"]
    assert london["description"] == "A city"
