"""Every answer, whatever it is, carries the headers that protect readers and let programs read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Store
from werkzeug.test import Client

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.server.http.security import CONTENT_SECURITY_POLICY, HEADERS
from hsgraph.server.runtime.worker import wsgi
from hsgraph.settings import load

SMALL = Path(__file__).parent.parent / "http" / "small.trig"
REQUESTS = [
    ("GET", "/", {}),
    ("GET", "/project/valley", {"Accept": "text/html"}),
    ("GET", "/project/valley.ttl", {}),
    ("GET", "/id/project/valley", {}),
    ("GET", "/sparql", {}),
    ("GET", "/sparql?query=ASK%20%7B%7D", {}),
    ("GET", "/sparql?query=nonsense", {}),
    ("GET", "/sparql?query=nonsense", {"Accept": "text/html"}),
    ("GET", "/nothing", {}),
    ("GET", "/nothing", {"Accept": "text/html"}),
    ("GET", "/project/valley", {"Accept": "image/png"}),
    ("GET", "/project/valley", {"Accept": "text/html;q=x"}),
    ("GET", "/?q=%ff", {}),
    ("GET", "/fails", {}),
    ("GET", "/fails", {"Accept": "text/html"}),
    ("DELETE", "/project/valley", {}),
    ("OPTIONS", "/sparql", {"Origin": "https://app.example"}),
    ("HEAD", "/project/valley.ttl", {}),
    ("GET", "/static/hsgraph.css", {}),
    ("GET", "/healthz", {}),
]
MakeApp = Callable[..., Flask]


@pytest.fixture(scope="module")
def make_app() -> Iterator[MakeApp]:
    store = Store()
    store.load(path=str(SMALL))
    graph = KnowledgeGraph(EmbeddedEngine(store), settings=load(environ={}))

    def make(**settings: object) -> Flask:
        app = create_app(graph, load(environ={}, **settings))
        app.add_url_rule("/fails", view_func=fails)
        return app

    with graph:
        yield make


def fails() -> str:
    raise RuntimeError("the secret is in /etc/secret")


@pytest.fixture(scope="module")
def http(make_app: MakeApp) -> FlaskClient:
    return make_app().test_client()


@pytest.mark.parametrize(("method", "path", "headers"), REQUESTS)
def test_every_answer_carries_them(
    http: FlaskClient, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = http.open(path, method=method, headers=headers, buffered=True)
    for name, value in HEADERS.items():
        assert answer.headers.getlist(name) == [value]
    assert answer.headers["X-Request-Id"]


def test_answers_from_the_cache_carry_them_too(make_app: MakeApp) -> None:
    app = make_app()
    client = Client(wsgi(app, load(environ={})))
    for _ in range(2):
        answer = client.get("/project/valley.ttl")
        tag = answer.headers["ETag"]
        known = client.get("/project/valley.ttl", headers={"If-None-Match": tag})
        assert known.status_code == 304
        for name, value in HEADERS.items():
            assert answer.headers.getlist(name) == known.headers.getlist(name) == [value]


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    directives = dict(each.split(" ", 1) for each in CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
def test_our_own_mistakes_tell_nothing_of_the_inside(http: FlaskClient, accept: str) -> None:
    answer = http.get("/fails", headers={"Accept": accept, "X-Request-Id": "known-1"})
    assert answer.status_code == 500
    assert "known-1" in answer.text
    for word in ("secret", "Traceback", "RuntimeError", ".py"):
        assert word not in answer.text


def test_a_request_id_is_taken_over_only_if_it_is_plain(http: FlaskClient) -> None:
    given = http.get("/healthz", headers={"X-Request-Id": "abc-1"})
    assert given.headers["X-Request-Id"] == "abc-1"
    for odd in ("a b", "x" * 65, "<script>"):
        assert http.get("/healthz", headers={"X-Request-Id": odd}).headers["X-Request-Id"] != odd


def test_text_from_requests_and_data_is_shown_as_text(http: FlaskClient) -> None:
    headers = {"Accept": "text/html"}
    for path in (
        "/project/valley",
        "/x/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/sparql?query=%3Cscript%3Ealert(1)%3C/script%3E&x=,%20*/*",
        "/describe?iri=javascript:alert(1)",
        "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ):
        page = http.get(path, headers=headers).text
        assert "<script>alert(1)" not in page
        assert 'href="javascript:' not in page


def test_only_named_hosts_are_answered_where_hosts_are_named(make_app: MakeApp) -> None:
    http = make_app(trusted_hosts=("graph.example",)).test_client()
    assert http.get("/healthz", base_url="http://graph.example").status_code == 200
    assert http.get("/healthz", base_url="http://evil.example").status_code == 400


def test_forwarded_headers_are_believed_from_as_many_proxies_as_there_are(
    make_app: MakeApp,
) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "public.example"}

    def endpoint(**settings: object) -> str:
        app = make_app(**settings)
        return (
            Client(wsgi(app, load(environ={}, **settings))).get("/sparql", headers=forwarded).text
        )

    assert "<http://localhost/sparql>" in endpoint()
    assert "<https://public.example/sparql>" in endpoint(proxies=1)


def test_hosts_and_schemes_in_capitals_are_the_same(make_app: MakeApp) -> None:
    settings = {"proxies": 1, "trusted_hosts": ("Graph.example",)}
    client = Client(wsgi(make_app(**settings), load(environ={}, **settings)))
    for headers in ({"Host": "GRAPH.example"}, {"X-Forwarded-Host": "graph.EXAMPLE"}):
        answer = client.get("/sparql", headers={**headers, "X-Forwarded-Proto": "HTTPS"})
        assert "<https://graph.example/sparql>" in answer.text


@pytest.mark.parametrize("path", ["/sparql", "/fragments", "/reconcile", "/"])
def test_what_is_no_host_and_no_scheme_is_not_forwarded(make_app: MakeApp, path: str) -> None:
    client = Client(wsgi(make_app(proxies=1), load(environ={}, proxies=1)))
    forwarded = [
        *(("X-Forwarded-Host", host) for host in ("a b", "<x>", "[::1", "e.example/../", "x\\y")),
        *(("X-Forwarded-Proto", scheme) for scheme in ("javascript", "a b", "<")),
    ]
    for name, value in forwarded:
        for accept in ("text/turtle, */*;q=0.5", "text/html, */*;q=0.5"):
            answer = client.get(path, headers={name: value, "Accept": accept})
            assert answer.status_code == 400, (value, accept)


def test_what_one_visitor_forwards_is_not_kept_for_another(make_app: MakeApp) -> None:
    client = Client(wsgi(make_app(proxies=1), load(environ={}, proxies=1)))
    client.get("/robots.txt", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in client.get("/robots.txt").text


def test_loopback_is_answered_for_probes_where_hosts_are_named(make_app: MakeApp) -> None:
    http = make_app(trusted_hosts=("graph.example",)).test_client()
    for host in ("127.0.0.1:5000", "localhost"):
        assert http.get("/readyz", base_url=f"http://{host}").status_code == 200


@pytest.mark.parametrize("sent", ["", "/below"])
def test_a_path_prefix_is_kept_in_every_address(make_app: MakeApp, sent: str) -> None:
    http = make_app(base="https://public.example/below/").test_client()
    thing = http.get(sent + "/id/project/valley", headers={"Accept": "text/turtle"})
    assert thing.headers["Location"] == "/below/project/valley.ttl"
    document = http.get(sent + "/project/valley.ttl")
    assert document.headers["Content-Location"] == "/below/project/valley.ttl"
    assert "</below/project/valley.nt>" in document.headers["Link"]
    assert "<https://public.example/below/sparql>" in http.get(sent + "/sparql").text
