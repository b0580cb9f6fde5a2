"""/validate tells people and programs what is wrong, and lets no stranger do anything else."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hsgraph.build.check.report import Report
from hsgraph.curate import checking
from hsgraph.curate.checking import check_text
from hsgraph.server.pages import validating

WRONG = """@prefix hs: <https://w3id.org/hsgraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix project: <https://w3id.org/hsgraph/id/project/> .
project:peru-wells a hs:Project ;
    hs:startDat "2012" ;
    skos:prefLabel "Wells in Peru"@en .
"""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <https://example.org/> .
:S a sh:NodeShape ; sh:targetClass :B ; sh:message "Too many" ; sh:property
  [ sh:path :n ; sh:maxExclusive 1 ; sh:message "Too many" ] .
"""
THING = "@prefix : <https://example.org/> .\n:a a :B ;\n  :n 1 .\n"
CALLING = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <https://example.org/> .
:S a sh:NodeShape ; sh:targetClass :B ; sh:sparql [ sh:select
  "SELECT $this WHERE { SERVICE <file:///etc/passwd> { ?s ?p ?o } }" ] .
"""
TARGET = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <https://example.org/> .
:S a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:target [ a sh:SPARQLTarget ; sh:select
  "SELECT ?this WHERE { SERVICE <http://127.0.0.1:PORT/inner> { ?this ?p ?o } }" ] .
"""
UNCONFINED = """import sys
from pathlib import Path
from hsgraph.curate import checking
path, root, shapes = map(Path, sys.argv[1:])
checking._checked(path, root, shapes)
"""
_TWICE = " ".join(f"BIND(CONCAT(?{a},?{a}) AS ?{b})" for a, b in pairwise("abcdefghijklmno"))
GROWING = f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <https://example.org/> .
:S a sh:NodeShape ; sh:targetClass :B ; sh:sparql [ sh:message "{{?o}}" ; sh:select
  "SELECT $this ?o WHERE {{ BIND('{"x" * 1000}' AS ?a) {_TWICE} }}" ] .
"""


@cache
def report(text: bytes, shapes: bytes | None, root: Path) -> Report:
    return check_text(text, shapes, root)


@pytest.fixture(autouse=True)
def _checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What several tests send is checked once: they look at what is made of its report."""
    monkeypatch.setattr(validating, "check_text", report)


def test_a_page_tells_what_is_wrong_with_its_line(client: FlaskClient) -> None:
    answer = client.post("/validate", data={"turtle": WRONG})
    assert answer.status_code == 200
    assert "This must be mended" in answer.text
    assert "5</th>" in answer.text
    assert ">error</td>" in answer.text
    assert "<code>hs:startDat &#34;2012&#34; ;</code>" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_tells_it_in_the_readers_language_and_programs_get_english(
    client: FlaskClient,
) -> None:
    english = "A programme does not have this property"
    sent = {"turtle": WRONG}
    french = client.post("/validate?lang=fr", data=sent).text
    assert "Un programme n’a pas cette propriété" in french
    assert "Le plus proche → hs:startDate" in french
    assert "Un programa no tiene esta propiedad" in client.post("/validate?lang=es", data=sent).text
    asked = {"Accept": "application/json"}
    assert english in client.post("/validate?lang=fr", data=sent, headers=asked).text


@pytest.mark.parametrize(
    ("accept", "sign"),
    [
        ("application/json", '"conforms": false'),
        ("text/turtle", "ValidationReport"),
        ("application/sarif+json", '"startLine": 3'),
    ],
)
def test_programs_get_the_report_in_their_format(
    client: FlaskClient, accept: str, sign: str
) -> None:
    sent = {"turtle": THING, "shapes": SHAPES}
    answer = client.post("/validate", data=sent, headers={"Accept": accept})
    assert answer.mimetype == accept
    assert sign in answer.text


def test_a_format_that_there_is_not_is_told_with_those_that_there_are(client: FlaskClient) -> None:
    answer = client.post("/validate?format=docx", data={"turtle": THING, "shapes": SHAPES})
    assert answer.status_code == 406
    assert "html, json, ttl, sarif" in answer.text


def test_what_was_pasted_is_shown_again_as_it_was(client: FlaskClient) -> None:
    text = ":a a :B ;\n\n    :n 1 .\n"
    answer = client.post("/validate", data={"turtle": THING + text, "shapes": SHAPES})
    assert text in answer.text


def test_programs_may_send_a_file_as_it_is(client: FlaskClient) -> None:
    like = {"Accept": "application/json"}
    answer = client.post("/validate", data=WRONG, content_type="text/turtle", headers=like)
    assert {finding["line"] for finding in json.loads(answer.text)["findings"]} >= {5}


@pytest.mark.parametrize("kind", ["application/ld+json", "text/plain", "application/rdf+xml"])
def test_a_body_of_another_type_is_not_taken(client: FlaskClient, kind: str) -> None:
    answer = client.post("/validate", data=b"{}", content_type=kind)
    assert answer.status_code == 415
    assert "text/turtle" in answer.json["detail"]


def test_other_shapes_can_be_given_along(client: FlaskClient) -> None:
    answer = client.post("/validate?format=json", data={"turtle": THING, "shapes": SHAPES})
    (finding,) = json.loads(answer.text)["findings"]
    assert (finding["message"], finding["line"]) == ("Too many", 3)


def test_a_page_tells_what_is_wrong_inside(client: FlaskClient) -> None:
    inner = SHAPES.replace("sh:property", "sh:node :C . :C a sh:NodeShape ; sh:property")
    answer = client.post("/validate", data={"turtle": THING, "shapes": inner})
    assert "Too many (https://example.org/n" in answer.text


def test_shapes_of_a_stranger_open_no_address(client: FlaskClient) -> None:
    answer = client.post("/validate?format=json", data={"turtle": THING, "shapes": CALLING})
    assert answer.status_code == 400
    assert "root:" not in answer.text


def test_the_target_of_a_stranger_asks_no_service_where_a_network_is(tmp_path: Path) -> None:
    (tmp_path / "thing.ttl").write_text(THING)
    files = [str(tmp_path / "thing.ttl"), str(tmp_path), str(tmp_path / "shapes.ttl")]
    with socket.create_server(("127.0.0.1", 0)) as inner:
        shapes = TARGET.replace("PORT", str(inner.getsockname()[1]))
        (tmp_path / "shapes.ttl").write_text(shapes)
        done = subprocess.run(
            [sys.executable, "-c", UNCONFINED, *files],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(checking.__file__).parents[2])},
            check=False,
            timeout=60,
        )
        inner.settimeout(0.1)
        with pytest.raises(TimeoutError):
            inner.accept()
    assert "SERVICE is not allowed here" in done.stderr


def test_a_report_many_times_as_long_as_its_shapes_is_not_told(client: FlaskClient) -> None:
    answer = client.post("/validate?format=json", data={"turtle": THING, "shapes": GROWING})
    assert answer.status_code == 400
    assert "characters; up to" in json.loads(answer.text)["detail"]


def test_what_is_not_turtle_is_told_with_its_place(client: FlaskClient) -> None:
    answer = client.post("/validate", data={"turtle": "<a> <b> "})
    assert "This cannot be checked" in answer.text
    assert client.post("/validate?format=json", data={"turtle": "<a> <b> "}).status_code == 400


@pytest.mark.parametrize(
    ("data", "status"), [({"turtle": ""}, 400), ({"turtle": "#" * 1_000_001}, 413)]
)
def test_too_little_and_too_much_are_refused(
    client: FlaskClient, data: dict[str, str], status: int
) -> None:
    assert client.post("/validate", data=data).status_code == status


def test_programmes_are_given_to_iati(client: FlaskClient) -> None:
    answer = client.get("/project/bih-canton-10.iati.xml")
    assert answer.status_code == 200
    assert 'linked-data-uri="https://w3id.org/hsgraph/id/project/bih-canton-10"' in answer.text
    assert client.get("/project/nowhere-at-all.iati.xml").status_code == 404
    assert client.get("/data/hsgraph.iati.xml").text.count("<iati-activity ") > 160
