"""What /openapi.json says of each path is what a running application answers."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from flask import Request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict

from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.settings import load

NORTHLAND = "https://w3id.org/hsgraph/id/place/northland"
VALUES = {
    "/{kind}/{slug}": {"kind": "project", "slug": "springs-youth"},
    "/{kind}/{slug}.{suffix}": {"kind": "project", "slug": "springs-youth", "suffix": "ttl"},
    "/browse/{kind}": {"kind": "project"},
    "/browse/project.{suffix}": {"suffix": "xlsx"},
    "/browse/project/values/{name}": {"name": "threat"},
    "/data/changes.{suffix}": {"suffix": "json"},
    "/data/tables/{name}.csv": {"name": "project"},
    "/data/tables/{name}.csv-metadata.json": {"name": "project"},
    "/graph/{path}": {"path": "ontology/shapes"},
    "/graph/{path}.{suffix}": {"path": "ontology/shapes", "suffix": "ttl"},
    "/id/{kind}/{slug}": {"kind": "place", "slug": "northland"},
    "/project/{slug}.iati.xml": {"slug": "springs-youth"},
    "/data/hsgraph.{suffix}": {"suffix": "nt"},
    "/data/hsgraph.{suffix}.gz": {"suffix": "nt"},
    "/ontology/{version}": {"version": "1.0.0"},
    "/query/{slug}": {"slug": "agencies-in-programme-by-year"},
    "/query/{slug}.{suffix}": {"slug": "agencies-in-programme-by-year", "suffix": "ttl"},
    "/version/{version}/{rest}": {"rest": "data/hsgraph.nq.gz"},
    "/sitemap-{part}.xml": {"part": "1"},
    "/static/{filename}": {"filename": "icon.svg"},
    "/vocab/{name}": {"name": "threat-type"},
    "/vocab/{name}.{suffix}": {"name": "threat-type", "suffix": "ttl"},
    "/vocab/{name}/{slug}": {"name": "threat-type", "slug": "unemployment"},
    "/vocab/{name}/{slug}.{suffix}": {
        "name": "threat-type",
        "slug": "unemployment",
        "suffix": "nt",
    },
}
"""What stands in for the parameters of paths."""
ASKED = {
    "/cite": "of=place/northland&as=ris",
    "/data/graph": "default",
    "/describe": "iri=http://www.w3.org/2004/02/skos/core%23Concept",
    "/explore/causes/said": "cause=unemployment&effect=unemployment",
    "/explore/compare": "p=springs-youth",
    "/explore/matrix/tried": "threat=unemployment&intervention=vocational-training",
    "/links": "to=project/springs-youth&by=hs:partOf",
    "/reconcile/flyout/{what}": f"id={NORTHLAND}",
    "/reconcile/preview": f"id={NORTHLAND}",
    "/reconcile/1.0/preview": f"id={NORTHLAND}",
    "/statements": "of=place/northland",
    "/things": "class=hs:Project",
}
"""The parameters that a path needs."""
BODIES = {
    "/ask": ("application/x-www-form-urlencoded", "q=How+many+programmes"),
    "/reconcile": ("application/x-www-form-urlencoded", "queries={}"),
    "/reconcile/1.0/extend": ("application/json", '{"ids": [], "properties": []}'),
    "/reconcile/1.0/match": ("application/json", '{"queries": []}'),
    "/sparql": ("application/sparql-query", "ASK {}"),
    "/validate": ("text/turtle", "<http://e/a> <http://e/b> 1 ."),
}
ABSENT = {"/describe", "/explore/causes/said", "/query/{slug}.{suffix}"}
"""Of these paths the small graph has nothing, which is told as it is said."""

OF_OPERATORS = {"/metrics"}
"""What is asked on the machine itself: a proxy in front keeps it from others."""


class Recorded(ImmutableMultiDict[str, str]):
    """Parameters that say which of them were looked for."""

    read: ClassVar[set[str]] = set()

    def get(self, key: Any, *more: Any, **named: Any) -> Any:
        self.read.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: Any, *more: Any, **named: Any) -> Any:
        self.read.add(key)
        return super().getlist(key, *more, **named)

    def __getitem__(self, key: Any) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: Any) -> bool:
        self.read.add(key)
        return super().__contains__(key)


class Recording(Request):
    parameter_storage_class = Recorded


@pytest.fixture(scope="module")
def recorded(small_graph: KnowledgeGraph) -> FlaskClient:
    app = create_app(small_graph, load(environ={}))
    app.request_class = Recording
    return app.test_client()


def address(path: str, version: str) -> str:
    """An address of a path, with values for its parameters."""
    given = {"suffix": "ttl", "what": "entity", "version": version, **VALUES.get(path, {})}
    asked = ASKED.get(path, "")
    return path.format(**given) + (f"?{asked}" if asked else "")


def wrong(client: FlaskClient, path: str, method: str, said: dict[str, Any], where: str) -> str:
    """What of an answer is not as it is said; nothing where all is."""
    Recorded.read.clear()
    kind, body = BODIES[path] if method == "post" else (None, None)
    asked_of = "http://127.0.0.1/" if path in OF_OPERATORS else "http://localhost/"
    answer = client.open(where, asked_of, method=method.upper(), content_type=kind, data=body)
    answer.close()
    declared = {p["name"] for p in said["parameters"] if p["in"] == "query"}
    status = str(answer.status_code)
    if kind is not None and kind not in said["requestBody"]["content"]:
        return f"{kind} is not said to be posted"
    if status not in said["responses"] and path not in ABSENT:
        return f"{status} is not said"
    content = said["responses"].get(status, said["responses"]["default"]).get("content", {})
    if content and not {answer.mimetype, "*/*"} & {*content}:
        return f"{answer.mimetype} is not among {list(content)}"
    if method == "get" and (read := Recorded.read - {"lang"} - declared):
        return f"{read} are read, and not said"
    return ""


def test_every_path_answers_as_it_is_said(
    recorded: FlaskClient, small_graph: KnowledgeGraph
) -> None:
    paths = recorded.get("/openapi.json").get_json()["paths"]
    assert len(paths) > 80
    found = {
        f"{method} {path}": wrong(recorded, path, method, said, address(path, small_graph.version))
        for path, operations in paths.items()
        for method, said in operations.items()
    }
    assert {which: what for which, what in found.items() if what} == {}


def test_every_page_refuses_a_parameter_that_is_not_said(
    recorded: FlaskClient, small_graph: KnowledgeGraph
) -> None:
    paths = recorded.get("/openapi.json").get_json()["paths"]
    tried, taken = 0, []
    for path, operations in paths.items():
        content = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        given = operations.get("get", {}).get("parameters", ())
        own = {each["name"] for each in given if each["in"] == "query"} - {"lang", "format"}
        lenient = path in ("/ask", "/search") or "text/turtle" in content
        if "text/html" in content and not lenient and own:
            where = address(path, small_graph.version)
            where += ("&" if "?" in where else "?") + "zz=1"
            answer = recorded.get(where, headers={"Accept": "text/html"})
            tried += 1
            if answer.status_code != 400 or "There is no parameter “zz” here" not in answer.text:
                taken.append(f"{answer.status_code} {where}")
    assert taken == []
    assert tried > 10


@pytest.mark.parametrize(
    ("path", "name", "required", "schema"),
    [
        ("/search", "page", False, {"type": "integer", "minimum": 1}),
        ("/explore/money", "by", False, {"enum": ["year", "agency", "country", "dimension"]}),
        ("/cite", "of", True, {"type": "string", "minLength": 1}),
        (
            "/browse/{kind}",
            "country",
            False,
            {"type": "array", "items": {"type": "string", "minLength": 0}},
        ),
    ],
)
def test_what_a_parameter_takes_is_said_as_a_schema(
    recorded: FlaskClient, path: str, name: str, required: bool, schema: dict[str, Any]
) -> None:
    said = recorded.get("/openapi.json").get_json()["paths"][path]["get"]["parameters"]
    (found,) = (each for each in said if each["name"] == name)
    assert (found["required"], found["schema"]) == (required, schema)


@pytest.mark.parametrize("address", ["/explore/money?by=", "/browse/project?page=&view=&sort="])
def test_an_empty_field_of_a_form_asks_for_nothing(recorded: FlaskClient, address: str) -> None:
    assert recorded.get(address, headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("path", sorted(path for path in ASKED if path != "/data/graph"))
def test_what_is_said_to_be_asked_is_asked(recorded: FlaskClient, path: str) -> None:
    said = recorded.get("/openapi.json").get_json()["paths"][path]["get"]["parameters"]
    names = {each.partition("=")[0] for each in ASKED[path].split("&")}
    assert names <= {parameter["name"] for parameter in said}


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/explore/map.csv", "text/csv"),
        ("/healthz", "text/plain"),
        ("/llms.txt", "text/plain"),
        ("/sitemap.xml", "application/xml"),
        ("/contribute.ttl", "text/turtle"),
        ("/query/completions.json", "application/json"),
        ("/data/hsgraph.{suffix}.gz", "application/gzip"),
        ("/data/tables/csv-metadata.json", "application/csvm+json"),
    ],
)
def test_an_address_with_one_type_says_it(
    recorded: FlaskClient, path: str, media_type: str
) -> None:
    said = recorded.get("/openapi.json").get_json()["paths"][path]["get"]["responses"]
    assert list(said["200"]["content"]) == [media_type]
