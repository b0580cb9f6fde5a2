"""The data as a whole over HTTP: the page, files in parts, versions, changes, the catalogue."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse
from werkzeug.test import TestResponse

from hsgraph.build.pipeline import build_project
from hsgraph.build.snapshot import Snapshot
from hsgraph.describe.documents.versions import archived
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID, VOCAB
from hsgraph.server.app import create_app
from hsgraph.server.runtime.worker import wsgi
from hsgraph.settings import load

NT = RdfFormat.N_TRIPLES
SMALL = Path(__file__).resolve().parents[1] / "fixtures" / "small"
DATASET = """
<https://w3id.org/hsgraph/dataset> <http://purl.org/dc/terms/license>
    <https://creativecommons.org/licenses/by/4.0/> .
"""
NEW_NAME = (
    '<https://w3id.org/hsgraph/id/%s> <http://www.w3.org/2004/02/skos/core#altLabel> "Z"@en .'
)


class ClosingClient(FlaskClient):
    """Reads an answer to its end and closes it, as servers do; files would stay open otherwise."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return super().open(*arguments, **{**options, "buffered": True})


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    """Two versions of a small project, in one folder: the second says one thing more."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(SMALL, root, dirs_exist_ok=True)
    (root / "data" / "dataset.ttl").write_text(DATASET, "utf-8")
    first = build_project(root, root / "var")
    file = next(iter(sorted((root / "data" / "projects").glob("*.ttl"))))
    text = file.read_text("utf-8")
    file.write_text(text + "\n" + NEW_NAME % f"project/{file.stem}" + "\n", "utf-8")
    return first, build_project(root, root / "var")


@pytest.fixture(scope="module")
def data(versions: tuple[Snapshot, Snapshot]) -> Iterator[FlaskClient]:
    """A client of the second version, through the cache of answers."""
    settings = load(environ={})
    with KnowledgeGraph.of(versions[1], settings=settings) as graph:
        app = create_app(graph, settings)
        app.wsgi_app = wsgi(app, settings)  # type: ignore[method-assign,assignment]
        app.test_client_class = ClosingClient
        yield app.test_client()


def test_the_page_tells_files_sizes_checksums_version_and_licence(
    data: FlaskClient, versions: tuple[Snapshot, Snapshot]
) -> None:
    page = data.get("/data", headers={"Accept": "text/html"})
    assert page.status_code == 200
    for download in versions[1].manifest.downloads:
        assert f'href="/data/{download.name}"' in page.text
        assert download.rows is not None or download.sha256 in page.text
    assert versions[1].version in page.text
    assert 'rel="license"' in page.text


@pytest.mark.parametrize(
    ("accept", "type"),
    [("text/turtle", "text/turtle"), ("application/ld+json", "application/ld+json")],
)
def test_programs_get_the_description_of_the_dataset(
    data: FlaskClient, accept: str, type: str
) -> None:
    answer = data.get("/data", headers={"Accept": accept})
    assert answer.mimetype == type
    assert b"void" in answer.data
    assert 'rel="canonical"' in answer.headers["Link"]
    assert "https://w3id.org/hsgraph/dataset" in answer.headers["Link"]


def test_the_well_known_address_leads_to_it(data: FlaskClient) -> None:
    answer = data.get("/.well-known/void")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/data.ttl")
    assert data.get("/.well-known/void", follow_redirects=True).mimetype == "text/turtle"


def test_the_catalogue_has_no_statistics(data: FlaskClient) -> None:
    answer = data.get("/data/catalog.nt")
    predicates = {quad.predicate.value for quad in parse(answer.data, format=RdfFormat.N_TRIPLES)}
    assert "http://www.w3.org/ns/dcat#distribution" in predicates
    assert not any(name.startswith("http://rdfs.org/ns/void#") for name in predicates)


@pytest.mark.parametrize("suffix", ["ttl", "nt", "nq", "trig", "jsonld", "rdf"])
def test_a_file_comes_as_it_is_and_packed(
    data: FlaskClient, versions: tuple[Snapshot, Snapshot], suffix: str
) -> None:
    found = versions[1].download(f"hsgraph.{suffix}")
    assert found is not None
    plain = data.get(f"/data/hsgraph.{suffix}")
    packed = data.get(f"/data/hsgraph.{suffix}.gz")
    assert hashlib.sha256(plain.data).hexdigest() == found[0].sha256
    assert packed.mimetype == "application/gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(plain.headers["Content-Length"]) == len(plain.data)


def test_who_takes_gzip_gets_the_file_as_it_lies(data: FlaskClient) -> None:
    plain = data.get("/data/hsgraph.ttl")
    coded = data.get("/data/hsgraph.ttl", headers={"Accept-Encoding": "gzip, br"})
    assert coded.headers["Content-Encoding"] == "gzip"
    assert coded.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in coded.headers["Vary"]
    assert gzip.decompress(coded.data) == plain.data


@pytest.mark.parametrize("address", ["/data/hsgraph.nt", "/data/hsgraph.nt.gz"])
def test_ranges_are_parts_of_the_file(data: FlaskClient, address: str) -> None:
    whole = data.get(address).data
    first = data.get(address, headers={"Range": "bytes=0-99"})
    last = data.get(address, headers={"Range": "bytes=-50"})
    assert first.status_code == last.status_code == 206
    assert first.data == whole[:100]
    assert last.data == whole[-50:]
    assert first.headers["Content-Range"] == f"bytes 0-99/{len(whole)}"
    beyond = data.get(address, headers={"Range": f"bytes={len(whole) + 5}-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole)}"


@pytest.mark.parametrize("address", ["/data/hsgraph.nt", "/data/hsgraph.nt.gz"])
@pytest.mark.parametrize(
    "given", ["lines=0-9", "bytes=0-0,2-3", "bytes=x", "bytes=-", "0-9", "bytes=5-2"]
)
def test_ranges_that_are_not_sent_are_passed_over(
    data: FlaskClient, address: str, given: str
) -> None:
    """RFC 9110, 14.2: units that nobody knows must be, several ranges and bad ones may be."""
    answer = data.get(address, headers={"Range": given})
    assert (answer.status_code, answer.data) == (200, data.get(address).data)


@pytest.mark.parametrize("address", ["/data/hsgraph.nt", "/data/hsgraph.nt.gz"])
def test_ranges_are_for_get_and_for_the_very_same_file(data: FlaskClient, address: str) -> None:
    head = data.head(address, headers={"Range": "bytes=0-9"})
    assert (head.status_code, "Content-Range" in head.headers) == (200, False)

    def part(validator: str) -> int:
        return data.get(address, headers={"Range": "bytes=0-9", "If-Range": validator}).status_code

    tag = head.headers["ETag"]
    assert [part(tag), part(head.headers["Last-Modified"])] == [206, 206]
    assert [part(f"W/{tag}"), part('"x"'), part("Tue, 01 Dec 2020 00:00:00 GMT")] == [200] * 3


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("address", ["/data/hsgraph.nt", "/data/hsgraph.nt.gz"])
def test_a_file_is_sent_for_the_conditions_of_the_client(
    data: FlaskClient, address: str, coding: str
) -> None:
    def sent(name: str, value: str) -> tuple[int, bool]:
        answer = data.get(address, headers={"Accept-Encoding": coding, name: value})
        return answer.status_code, len(answer.data) > 1000

    head = data.head(address, headers={"Accept-Encoding": coding})
    assert sent("If-Modified-Since", head.headers["Last-Modified"]) == (304, False)
    assert sent("If-Match", '"x"') == (412, False)
    assert sent("If-Match", head.headers["ETag"]) == (200, True)


@pytest.mark.parametrize("address", ["/data/hsgraph.nt", "/data/hsgraph.nt.gz"])
def test_validators_and_head(data: FlaskClient, address: str) -> None:
    head = data.head(address)
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(data.get(address).data))
    assert head.headers["Repr-Digest"].startswith("sha-256=:")
    known = data.get(address, headers={"If-None-Match": head.headers["ETag"]})
    assert known.status_code == 304
    assert known.data == b""


def test_a_file_that_is_not_there_says_which_are(data: FlaskClient) -> None:
    answer = data.get("/data/hsgraph.xyz")
    assert answer.status_code == 404
    assert "hsgraph.ttl" in answer.get_json()["detail"]


def test_a_table_leads_to_its_description(data: FlaskClient) -> None:
    answer = data.get("/data/tables/project.csv")
    assert answer.mimetype == "text/csv"
    assert "project.csv-metadata.json" in " ".join(answer.headers.getlist("Link"))
    described = data.get("/data/tables/project.csv-metadata.json")
    assert described.mimetype == "application/csvm+json"
    assert described.get_json(force=True)["url"] == "project.csv"
    assert data.get("/data/tables/csv-metadata.json").get_json(force=True)["tables"]
    assert data.get("/data/tables/nothing.csv").status_code == 404


def test_changes_name_what_came(data: FlaskClient, versions: tuple[Snapshot, Snapshot]) -> None:
    found = data.get("/data/changes.json").get_json()
    assert (found["before"], found["after"]) == tuple(each.version for each in versions)
    assert (found["added"], found["removed"]) == (1, 0)
    (thing,) = found["things"]
    assert thing["change"] == "changed"
    assert thing["added"][0].endswith('altLabel> "Z"@en .')
    page = data.get("/data/changes", headers={"Accept": "text/html"})
    assert "<ins><bdi>alt label: Z</bdi></ins>" in page.text


def test_a_version_has_an_address(data: FlaskClient, versions: tuple[Snapshot, Snapshot]) -> None:
    kept, served = (each.version for each in versions)
    now = data.get(f"/version/{served}/data/hsgraph.nq?a=b")
    assert (now.status_code, now.headers["Location"]) == (302, "/data/hsgraph.nq?a=b")
    before = data.get(f"/version/{kept}/data/hsgraph.nq")
    assert hashlib.sha256(before.data).hexdigest()[:16] == kept
    assert data.get(f"/version/{kept}/data/hsgraph.nq.gz").mimetype == "application/gzip"
    assert f"/version/{kept}/data/hsgraph.ttl" in data.get(f"/version/{kept}").text
    search = data.get(f"/version/{kept}/search?q=x")
    assert search.status_code == 404
    assert f"/version/{kept}/data/hsgraph.nq.gz" in search.get_json()["detail"]
    gone = data.get("/version/0123456789abcdef")
    assert gone.status_code == 404
    assert "hsgraph build" in gone.get_json()["detail"]


def test_a_kept_version_answers_with_what_was_said_of_a_thing(
    data: FlaskClient, versions: tuple[Snapshot, Snapshot]
) -> None:
    kept = versions[0].version
    now = {str(q.triple) for q in parse(data.get("/project/springs-youth.nt").data, format=NT)}
    answer = data.get(f"/version/{kept}/project/springs-youth", headers={"Accept": NT.media_type})
    before = {str(quad.triple) for quad in parse(answer.data, format=NT)}
    assert answer.headers["Content-Location"] == f"/version/{kept}/project/springs-youth.nt"
    assert '</project/springs-youth>; rel="latest-version"' in answer.headers.getlist("Link")
    (added,) = now - before
    assert added.endswith('altLabel> "Z"@en')
    assert not before - now
    page = data.get(f"/version/{kept}/project/springs-youth", headers={"Accept": "text/html"})
    assert f'href="/version/{kept}/place/' in page.text
    assert "Z</td>" not in page.text
    thing = data.get(f"/version/{kept}/id/project/springs-youth", headers={"Accept": "text/turtle"})
    assert thing.status_code == 303
    assert thing.headers["Location"].endswith(f"/version/{kept}/project/springs-youth.ttl")
    assert data.get(f"/version/{kept}/project/none").status_code == 404
    assert data.get(f"/version/{kept}/project/springs-youth.csv").status_code == 404


def test_documents_of_a_kept_version_are_those_it_had(
    versions: tuple[Snapshot, Snapshot],
) -> None:
    """Of all things, as the graph told them when it was served."""
    snapshot = versions[0]
    with KnowledgeGraph.of(snapshot) as graph:
        rows = graph.engine.select("SELECT DISTINCT ?thing { ?thing ?property ?value }").rows
        things = [row["thing"].value for row in rows if isinstance(row["thing"], NamedNode)]
        told = [iri for iri in things if iri.startswith((ID, VOCAB))]
        assert len(told) > 50
        for iri in told:
            found, now = archived(snapshot, iri), graph.document(iri)
            assert found.statements == now.statements, iri
            assert found.version == snapshot.version


@pytest.mark.parametrize(
    "rest", ["/evil.example", "\\evil.example", "%0d%0aX: y", "//evil.example"]
)
def test_a_version_sends_nobody_elsewhere(
    data: FlaskClient, versions: tuple[Snapshot, Snapshot], rest: str
) -> None:
    answer = data.get(f"/version/{versions[1].version}/{rest}")
    location = answer.headers.get("Location", "/")
    assert location.startswith("/") or location.startswith("http://localhost/")
    assert location[1:2] not in ("/", "\\")
    assert "\n" not in location


def test_a_graph_without_files_says_where_to_ask(http: FlaskClient) -> None:
    answer = http.get("/data/hsgraph.ttl")
    assert answer.status_code == 404
    assert "/sparql" in answer.get_json()["detail"]
    assert http.get("/data", headers={"Accept": "text/html"}).status_code == 200


def test_the_iri_of_the_dataset_leads_to_its_description(data: FlaskClient) -> None:
    answer = data.get("/dataset", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.location) == (303, "/data.ttl")
    assert data.get("/dataset", follow_redirects=True).mimetype == "text/html"


def test_the_iri_of_the_served_version_of_the_ontology_leads_to_it(client: FlaskClient) -> None:
    answer = client.get("/ontology/1.0.0", headers={"Accept": "text/turtle"})
    assert answer.status_code == 303
    assert client.get("/ontology/1.0.0", follow_redirects=True).status_code == 200
    assert client.get("/ontology/0.9.0").status_code == 404
    assert client.get("/ontology/%3E%20").status_code == 404
