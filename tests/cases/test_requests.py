"""Hostile requests cost little and get a plain answer: bad IRIs, long headers, odd addresses."""

from __future__ import annotations

import contextlib
import gzip
import random

import pytest
from flask.testing import FlaskClient

from hsgraph.engine.sparql.guard import inspect
from hsgraph.errors import BadRequest, HsgraphError
from hsgraph.server.api import graphs
from hsgraph.server.http.addresses import href, local_path
from hsgraph.server.http.encoding import accepted
from hsgraph.server.http.negotiation import parse
from tests.cases.strangers import Served, page_of
from tests.clock import measured

BAD = ("http://[", "http://[>", "//[::1", "http://[::1]x]/", "http://a/%zz")
FORMS = (
    "ASK FROM <{}> {{}}",
    "ASK FROM NAMED <{}> {{}}",
    "BASE <{}> ASK FROM <x> {{}}",
    "PREFIX e: <{}> ASK FROM e:x {{}}",
    "PREFIX e: <{}> SELECT",
    "ASK {{ SERVICE <{}> {{}} }}",
    "BASE <{}> SELECT * {{ ?s ?p",
)


@pytest.mark.parametrize("iri", BAD)
@pytest.mark.parametrize("form", FORMS)
def test_a_bad_iri_in_a_query_is_a_plain_400(client: FlaskClient, form: str, iri: str) -> None:
    with measured() as seconds:
        answer = client.get("/sparql", query_string={"query": form.format(iri)})
    assert answer.status_code == 400
    assert seconds.taken < 2


def test_no_other_exception_leaves_the_parsers_of_ours() -> None:
    choice = random.Random(7).choice
    pieces = [*BAD, *"<>[](){}\"'\\.;,?$:@^|*#\n\x00\ufeff\u00a0", "FROM", "BASE", "PREFIX", " "]
    pieces += ["SERVICE", "SELECT", "ASK", "NAMED", "e:", "<", "> ", "\\u005", "q=", "/*", "1e9"]
    for _ in range(20_000):
        text = "".join(choice(pieces) for _ in range(12))
        with contextlib.suppress(HsgraphError):
            inspect(text)
        with contextlib.suppress(BadRequest):
            parse(text)
        accepted(text)


@pytest.mark.parametrize("accept", ["a/b," * 15_000, "text/html;x=" + "y" * 5000, "*/*," * 60])
def test_a_long_accept_header_is_refused_before_it_is_kept(
    client: FlaskClient, accept: str
) -> None:
    with pytest.raises(BadRequest):
        parse(accept)
    assert client.get("/search", headers={"Accept": accept}).status_code == 400
    assert accepted("gzip," * 1000) == ""


@pytest.mark.parametrize("rest", ["/evil.example", "\\evil.example", "/", "//e.example/x"])
@pytest.mark.parametrize("space", ["id/", "vocab/", "graph/", "query/"])
def test_no_address_leads_to_another_server(client: FlaskClient, space: str, rest: str) -> None:
    iri = f"https://w3id.org/hsgraph/{space}{rest}"
    assert local_path(iri) is None
    assert not (href(iri) or "").startswith(("//", "/\\"))
    for written in (iri, iri.replace("//e", "/%2fe")):
        answer = client.get("/describe", query_string={"iri": written})
        place = answer.headers.get("Location", "")
        assert not place.startswith(("//", "/\\", "http://e", "/%2f", "/%5c"))


@pytest.mark.parametrize("name", ["rel/path", "", "//e.example/x", "graph", "a b:c", "<x>", "?q"])
def test_a_relative_graph_is_a_bad_request(client: FlaskClient, name: str) -> None:
    answer = client.get("/data/graph", query_string={"graph": name})
    assert answer.status_code == 400
    assert client.get("/data/graph?graph=http://e/none").status_code == 404


def test_whole_graphs_are_written_a_few_at_a_time_and_kept_by_clients(
    client: FlaskClient,
) -> None:
    graph = "/data/graph?graph=https://w3id.org/hsgraph/graph/ontology/hsgraph"
    first = client.get(graph)
    again = client.get(graph, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    with graphs._PLACES, graphs._PLACES:
        assert client.get(graph + "&a=1").status_code == 503
        assert (
            client.get(graph, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        )


def test_a_thing_that_very_many_point_to_has_a_page(served: Served) -> None:
    links = "".join(f"<http://example.org/s/{n}> v:p{n % 3} ex:hub .\n" for n in range(60_000))
    visitor = served(f'ex:hub a v:T ; rdfs:label "Hub" .\n{links}')
    by = "/links?to=http://example.org/hub&by=http://example.org/vocab%23p1&page=150"
    with measured() as seconds:
        assert "20,000" in page_of(visitor, "hub")
        assert visitor.get("/statements?of=http://example.org/hub").status_code == 200
        assert visitor.get(by).status_code == 200
    assert seconds.taken < 10


@pytest.mark.parametrize("address", ["/sparql", "/reconcile", "/reconcile/1.0/match", "/validate"])
def test_a_packed_body_is_told_to_be_one(client: FlaskClient, address: str) -> None:
    body = gzip.compress(b"ASK {}")
    kind = {"content_type": "application/sparql-query"}
    answer = client.post(address, data=body, headers={"Content-Encoding": "gzip"}, **kind)
    assert answer.status_code == 415
    assert "Content-Encoding: gzip" in answer.json["detail"]


def test_a_body_that_says_that_it_is_not_packed_is_read(client: FlaskClient) -> None:
    headers = {"Content-Encoding": "Identity", "Content-Type": "application/sparql-query"}
    assert client.post("/sparql", data=b"ASK {}", headers=headers).json["boolean"]
