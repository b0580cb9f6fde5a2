"""The Reconciliation Service API: both versions answer as their schemas say, and match well.

The schemas here say what those of the specifications (0.2 and the 1.0 draft of 2026-07) say of the
members that we send, and are stricter where these leave things open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from hsgraph.graph import KnowledgeGraph
from hsgraph.reconcile.match import Candidate, Query, match
from hsgraph.reconcile.schema import properties
from hsgraph.server.api import reconcile as service
from tests.http.spellings import ORGANISATIONS, PLACES

HS = "https://w3id.org/hsgraph/ontology#"
ID = "https://w3id.org/hsgraph/id/"
UNDP = ID + "organisation/undp"
ENOUGH = 55

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
WORD: Json = {"type": "string", "minLength": 1}
IRI: Json = {"type": "string", "pattern": "^https?://[^ ]+$"}
TEMPLATE: Json = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}.*"}
TEMPLATE_1_0: Json = {"type": "string", "pattern": r"^https?://.*\{[^{}]*id[^{}]*\}.*"}


@pytest.fixture(autouse=True)
def without_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is matched first is prepared for, which may take long on a busy machine."""
    monkeypatch.setattr(service, "SECONDS", 60.0)
    monkeypatch.setattr(service, "_WHILE", 60.0)


def record(required: Json, optional: Json | None = None) -> Json:
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def array(of: Json) -> Json:
    return {"type": "array", "items": of}


NAMED = record({"id": IRI, "name": WORD})
SUGGESTED = record({"result": array(record({"id": IRI, "name": WORD}, {"description": TEXT}))})
SETTING = {"type": {"const": "number"}, "default": {"type": "number"}}
SUGGEST = record(
    {
        "service_url": IRI,
        "service_path": {"type": "string", "pattern": "^/"},
        "flyout_service_url": IRI,
        "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"},
    }
)
MANIFEST = record(
    {
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "name": WORD,
        "identifierSpace": IRI,
        "schemaSpace": IRI,
        "view": record({"url": TEMPLATE}),
        "defaultTypes": {**array(NAMED), "minItems": 1, "uniqueItems": True},
        "suggest": record({"entity": SUGGEST, "type": SUGGEST, "property": SUGGEST}),
        "preview": record(
            {"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}
        ),
        "extend": record(
            {
                "propose_properties": record({"service_url": IRI, "service_path": TEXT}),
                "property_settings": array(
                    record({**SETTING, "label": WORD, "name": WORD, "help_text": WORD})
                ),
            }
        ),
    },
    {"documentation": IRI, "serviceVersion": WORD, "feature_view": record({"url": TEMPLATE})},
)
MANIFEST_1_0 = record(
    {
        "versions": {"type": "array", "contains": {"const": "1.0-draft"}},
        "name": WORD,
        "view": record({"url": TEMPLATE_1_0}),
        "suggest": record({each: {"type": "boolean"} for each in ("entity", "property", "type")}),
        "preview": record({"width": {"type": "integer"}, "height": {"type": "integer"}}),
        "extend": record(
            {
                "proposeProperties": {"type": "boolean"},
                "propertySettings": array(
                    record({**SETTING, "id": WORD, "name": WORD, "helpText": WORD})
                ),
            }
        ),
        "standardizedScore": {"const": True},
    },
    {
        "documentation": IRI,
        "serviceVersion": WORD,
        "defaultTypes": {**array(NAMED), "uniqueItems": True},
    },
)
FEATURE = record(
    {"id": WORD, "name": WORD, "value": {"oneOf": [{"type": "boolean"}, {"type": "number"}]}}
)
CANDIDATE = record(
    {
        "id": IRI,
        "name": WORD,
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "type": array(NAMED),
        "features": {**array(FEATURE), "minItems": 1},
    },
    {"description": TEXT},
)
RESULTS = {
    "type": "object",
    "additionalProperties": record({"result": array(CANDIDATE)}, {"error": WORD}),
}
RESULTS_1_0 = record({"results": array(record({"candidates": array(CANDIDATE)}, {"error": WORD}))})
DATE = r"^-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$"
VALUES = array(
    {
        "oneOf": [
            NAMED,
            record({"str": TEXT}),
            record({"int": {"type": "integer"}}),
            record({"float": {"type": "number"}}),
            record({"date": {"type": "string", "pattern": DATE}}),
        ]
    }
)
ROWS = {
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": VALUES},
}
EXTENDED = record({"meta": array(NAMED), "rows": ROWS})
EXTENDED_1_0 = record(
    {
        "meta": array(NAMED),
        "rows": array(
            record({"id": IRI, "properties": array(record({"id": IRI, "values": VALUES}))})
        ),
    }
)
PROPOSED = record(
    {"properties": array(record({"id": IRI, "name": WORD}, {"description": TEXT}))},
    {"type": IRI, "limit": {"type": "number"}},
)


def valid(content: Any, schema: Json) -> Any:
    """The content, once it is as the schema says."""
    errors = [
        f"{e.json_path}: {e.message}" for e in Draft202012Validator(schema).iter_errors(content)
    ]
    assert errors == []
    return content


def reconcile(client: FlaskClient, **queries: Json) -> Json:
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    found: Json = valid(answer.get_json(), RESULTS)
    return found


def test_the_manifests_are_as_their_versions_ask(client: FlaskClient) -> None:
    valid(client.get("/reconcile").get_json(), MANIFEST)
    valid(client.post("/reconcile").get_json(), MANIFEST)
    valid(client.get("/reconcile/1.0").get_json(), MANIFEST_1_0)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_batch_is_answered_query_by_query(client: FlaskClient, method: str) -> None:
    batch = {
        "a": {"query": "UNDP"},
        "b": {"query": "Serbia", "limit": 1},
        "c": {"query": "qqqxzzz"},
    }
    text = json.dumps(batch)
    options = (
        {"data": {"queries": text}} if method == "post" else {"query_string": {"queries": text}}
    )
    found = valid(getattr(client, method)("/reconcile", **options).get_json(), RESULTS)
    assert set(found) == set(batch)
    assert found["a"]["result"][0]["id"] == UNDP
    assert len(found["b"]["result"]) == 1
    assert found["c"]["result"] == []


def test_scores_are_explained_and_a_sure_match_is_the_only_one(client: FlaskClient) -> None:
    found = reconcile(client, q={"query": "UNDP", "type": HS + "Organisation"})["q"]["result"]
    first = {feature["id"]: feature["value"] for feature in found[0]["features"]}
    assert first == {"name_likeness": 100.0, "same_name": True, "type_fits": True}
    assert [each["match"] for each in found].count(True) == 1
    assert [each["score"] for each in found] == sorted((e["score"] for e in found), reverse=True)


def test_types_are_filters_classes_with_those_below_and_vocabularies(client: FlaskClient) -> None:
    threats = "https://w3id.org/hsgraph/vocab/threat-type"
    found = reconcile(
        client,
        a={"query": "Serbia", "type": HS + "Place"},
        b={"query": "Serbia", "type": [HS + "Organisation"]},
        c={"query": "human trafficking", "type": threats},
    )
    assert found["a"]["result"][0]["id"] == ID + "place/serbia"
    assert all("/organisation/" in each["id"] for each in found["b"]["result"])
    assert found["c"]["result"][0]["id"] == threats + "/human-trafficking"


def test_properties_decide_between_names_alike(client: FlaskClient) -> None:
    place = {"pid": HS + "takesPlaceIn", "v": [{"id": ID + "place/serbia", "name": "Serbia"}]}
    named = {"pid": HS + "takesPlaceIn", "v": "Serbia"}
    for condition in (place, named):
        found = reconcile(
            client,
            q={"query": "Sandzak", "type": HS + "Project", "properties": [condition]},
            only={"type": HS + "Project", "properties": [condition]},
        )
        for name in ("q", "only"):
            best = found[name]["result"][0]
            assert best["id"] == ID + "project/serbia-southwest-sandzak"
            fit = {feature["id"]: feature["value"] for feature in best["features"]}
            assert fit["properties_fit"] == 100.0


def test_a_property_without_a_label_is_called_by_the_end_of_its_address(
    graph: KnowledgeGraph,
) -> None:
    names = {item.name for item in properties(graph.engine)}
    assert "is concept of" in names
    assert not [name for name in names if "#" in name or "//" in name]


def test_1_0_matches_names_and_properties_as_conditions(client: FlaskClient) -> None:
    name = {"matchType": "name", "v": "Sandzak"}
    place = {"matchType": "property", "pid": HS + "takesPlaceIn", "v": "Serbia"}
    queries = [
        {"type": HS + "Project", "conditions": [name, {**place, "required": True}], "limit": 5},
        {"conditions": [name, {**place, "v": "Peru", "required": True}]},
        {"conditions": [name, {**place, "matchQuantifier": "none", "required": True}]},
    ]
    answer = client.post("/reconcile/1.0/match", json={"queries": queries})
    first, second, third = valid(answer.get_json(), RESULTS_1_0)["results"]
    assert first["candidates"][0]["id"] == ID + "project/serbia-southwest-sandzak"
    assert second["candidates"] == []
    assert ID + "project/serbia-southwest-sandzak" not in {c["id"] for c in third["candidates"]}


@pytest.mark.parametrize(
    ("what", "prefix", "wanted"),
    [
        ("entity", "sandž", ID + "place/serbia-sandzak"),
        ("entity", UNDP, UNDP),
        ("type", "thr", HS + "Threat"),
        ("type", HS + "Threat", HS + "Threat"),
        ("property", "start", HS + "startDate"),
    ],
)
@pytest.mark.parametrize("root", ["/reconcile", "/reconcile/1.0"])
def test_suggestions(client: FlaskClient, root: str, what: str, prefix: str, wanted: str) -> None:
    answer = client.get(f"{root}/suggest/{what}", query_string={"prefix": prefix})
    found = valid(answer.get_json(), SUGGESTED)["result"]
    assert wanted in [each["id"] for each in found]
    flyout = client.get(f"/reconcile/flyout/{what}", query_string={"id": wanted}).get_json()
    assert flyout["id"] == wanted
    assert "<" in flyout["html"]


def test_a_type_is_described_in_one_language(client: FlaskClient) -> None:
    asked = {"id": "https://w3id.org/hsgraph/vocab/confidence"}
    html = client.get("/reconcile/flyout/type", query_string=asked).json["html"]
    assert "How sure the curators" in html


def test_a_key_typed_reads_the_graph_no_further(
    client: FlaskClient, graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/reconcile/suggest/type?prefix=p")
    client.get("/reconcile/suggest/property?prefix=p")
    monkeypatch.setattr(type(graph.engine), "run", None)
    assert client.get("/reconcile/suggest/type?prefix=pr").json["result"]
    assert client.get("/reconcile/suggest/property?prefix=pa").json["result"]


def test_the_preview_may_stand_in_a_frame_of_others(client: FlaskClient) -> None:
    for root in ("/reconcile", "/reconcile/1.0"):
        answer = client.get(root + "/preview", query_string={"id": UNDP})
        assert "United Nations Development Programme" in answer.text
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert client.get("/reconcile/preview", query_string={"id": ID + "x/y"}).status_code == 404


def test_values_are_fetched_for_a_table(client: FlaskClient, graph: KnowledgeGraph) -> None:
    project = ID + "project/serbia-southwest-sandzak"
    wanted = {
        "ids": [project, ID + "project/none"],
        "properties": [
            {"id": HS + "startDate"},
            {"id": HS + "implementedBy", "settings": {"limit": 2}},
        ],
    }
    answer = client.post("/reconcile", data={"extend": json.dumps(wanted)})
    found = valid(answer.get_json(), EXTENDED)
    assert found["rows"][project][HS + "startDate"] == [{"date": "2012-10-01T00:00:00Z"}]
    assert len(found["rows"][project][HS + "implementedBy"]) == 2
    assert found["rows"][ID + "project/none"] == {HS + "startDate": [], HS + "implementedBy": []}
    again = valid(client.post("/reconcile/1.0/extend", json=wanted).get_json(), EXTENDED_1_0)
    assert [row["id"] for row in again["rows"]] == wanted["ids"]
    for root in ("/reconcile/propose", "/reconcile/1.0/extend/propose"):
        asked = {"type": HS + "Project", "limit": 5}
        proposed = valid(client.get(root, query_string=asked).get_json(), PROPOSED)
        assert len(proposed["properties"]) == 5
        assert proposed["type"] == HS + "Project"


def test_values_have_the_kinds_of_their_datatypes(
    client: FlaskClient, graph: KnowledgeGraph
) -> None:
    kinds = {"amount": "float", "approximate": "str", "currency": "str", "budgetKind": "id"}
    rows = graph.engine.select(
        "SELECT ?b WHERE { ?b a hs:Budget ; hs:amount ?a ; hs:approximate ?x } LIMIT 1"
    ).rows
    budget = rows[0]["b"].value
    wanted = {"ids": [budget], "properties": [{"id": HS + name} for name in kinds]}
    found = client.post("/reconcile", data={"extend": json.dumps(wanted)}).get_json()
    for name, kind in kinds.items():
        assert kind in found["rows"][budget][HS + name][0]


@pytest.mark.parametrize(
    "queries",
    [
        "{",
        "[]",
        '{"q": 1}',
        '{"q": {}}',
        '{"q": {"query": "x", "type": "no iri"}}',
        '{"q": {"query": "x", "properties": [{"v": 1}]}}',
        '{"q": {"query": "x", "limit": "many"}}',
        json.dumps({str(n): {"query": "x"} for n in range(201)}),
    ],
)
def test_what_is_no_batch_is_told_so(client: FlaskClient, queries: str) -> None:
    answer = client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 400
    assert answer.get_json()["detail"]


def test_pages_of_others_may_ask(client: FlaskClient) -> None:
    for address in ("/reconcile", "/reconcile/1.0/match"):
        preflight = client.options(address, headers={"Origin": "https://openrefine.example"})
        assert preflight.headers["Access-Control-Allow-Origin"] == "*"
        assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
        assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    assert client.get("/reconcile").headers["Access-Control-Allow-Origin"] == "*"


def spellings() -> Iterator[tuple[str, str, str]]:
    for text, slug in ORGANISATIONS:
        yield text, HS + "Organisation", f"{ID}organisation/{slug}"
    for text, slug in PLACES:
        yield text, HS + "Place", f"{ID}place/{slug}"


@pytest.fixture(scope="module")
def found(graph: KnowledgeGraph) -> dict[tuple[str, str], tuple[Candidate, ...]]:
    """The candidates for every spelling, by the spelling and what it means."""
    return {
        (text, wanted): match(graph, Query(text, (type,))) for text, type, wanted in spellings()
    }


def test_sixty_spellings_lead_to_what_is_meant(
    found: dict[tuple[str, str], tuple[Candidate, ...]],
) -> None:
    assert len(found) == 60
    firsts = {key: candidates[0].iri if candidates else "" for key, candidates in found.items()}
    wrong = {text: first for (text, wanted), first in firsts.items() if first != wanted}
    assert len(found) - len(wrong) >= ENOUGH, wrong


def test_no_spelling_is_a_sure_match_for_another_thing(
    found: dict[tuple[str, str], tuple[Candidate, ...]],
) -> None:
    for (text, wanted), candidates in found.items():
        assert {each.iri for each in candidates if each.match} <= {wanted}, text
