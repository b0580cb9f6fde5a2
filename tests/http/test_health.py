"""Operators are told the truth, and the description of the interface is that of its routes."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.metrics_core import GaugeMetricFamily

from hsgraph import resources
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Answer, DatasetClause, Limits, QueryForm
from hsgraph.errors import EngineUnavailable
from hsgraph.formats import Format
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import VOCAB
from hsgraph.search.fulltext import IndexSearch
from hsgraph.server.app import create_app
from hsgraph.server.http.openapi import template
from hsgraph.server.ops.metrics import FOLDER_VARIABLE, Metrics
from hsgraph.settings import load
from tests.deploy.in_front import WITHIN


class WithoutRunners(EmbeddedEngine):
    """An engine whose runners are gone, while the process still answers."""

    def answer(
        self,
        query: str,
        formats: Mapping[QueryForm, Format],
        *,
        dataset: DatasetClause = DatasetClause(),
        limits: Limits | None = None,
    ) -> Answer:
        raise EngineUnavailable("The runners are gone.")


def test_ready_when_data_and_queries_are(http: FlaskClient) -> None:
    answer = http.get("/readyz")
    assert answer.status_code == 200
    checks = answer.get_json()["checks"]
    assert checks == {"data": True, "queries": True, "search": True, "snapshot": True}
    assert answer.headers["Cache-Control"] == "no-store"


def test_not_ready_without_data_or_runners_yet_alive() -> None:
    graph = KnowledgeGraph(WithoutRunners([]), settings=load(environ={}))
    http = create_app(graph, load(environ={})).test_client()
    answer = http.get("/readyz")
    assert answer.status_code == 503
    checks = answer.get_json()["checks"]
    assert (checks["data"], checks["queries"]) == (False, False)
    assert http.get("/healthz").text == "ok\n"


def test_counters_count(http: FlaskClient) -> None:
    def counted() -> dict[str, float]:
        lines = http.get("/metrics", base_url=WITHIN).text.splitlines()
        pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
        return {name: float(value) for name, value in pairs}

    before = counted()
    http.get("/sparql?query=ASK%20%7B%7D")
    http.get("/nothing")
    after = counted()
    assert after['hsgraph_answers_total{status="404"}'] == (
        before.get('hsgraph_answers_total{status="404"}', 0) + 1
    )
    assert after["hsgraph_queries_total"] == before["hsgraph_queries_total"] + 1
    assert after["hsgraph_triples"] > 10
    sparql = 'hsgraph_requests_total{route="/sparql",status="2xx"}'
    assert after[sparql] == before.get(sparql, 0) + 1
    timed = 'hsgraph_answer_seconds_count{route="/sparql"}'
    assert after[timed] == before.get(timed, 0) + 1
    unknown = 'hsgraph_requests_total{route="other",status="4xx"}'
    assert after[unknown] >= before.get(unknown, 0) + 1


def test_metrics_are_in_the_text_form_of_prometheus(http: FlaskClient) -> None:
    sample = re.compile(r'([a-z_]+)(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? \S+')
    types: dict[str, str] = {}
    for line in http.get("/metrics", base_url=WITHIN).text.splitlines():
        if line.startswith("# TYPE "):
            name, kind = line.split()[2:]
            types[name] = kind
        elif not line.startswith("# HELP "):
            match = sample.fullmatch(line)
            assert match, line
            assert any(match[1].startswith(name) for name in types), line
    assert types["hsgraph_answers_total"] == "counter"
    assert types["hsgraph_answer_seconds"] == "histogram"
    assert types["hsgraph_triples"] == "gauge"


def test_the_site_map_leads_to_every_programme_and_robots_to_it(client: FlaskClient) -> None:
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text
    parts = re.findall("<loc>http://localhost(.*?)</loc>", client.get("/sitemap.xml").text)
    assert parts == ["/sitemap-1.xml"]
    answer = client.get(parts[0])
    ElementTree.fromstring(answer.text)
    pages = re.findall("<loc>http://localhost(.*?)</loc>", answer.text)
    of_programmes = [page for page in pages if page.startswith("/project/")]
    assert len(of_programmes) == len(list(resources.root().glob("data/projects/*.ttl")))
    one_of_each_kind = {page.rpartition("/")[0]: page for page in pages}
    assert {"/place", "/vocab/threat-type", "/source", "/threat"} <= one_of_each_kind.keys()
    for page in one_of_each_kind.values():
        assert client.get(page, headers={"Accept": "text/html"}).status_code == 200, page
    assert client.get("/sitemap-2.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_a_part_of_the_site_map_is_the_next_things_of_the_index(graph: KnowledgeGraph) -> None:
    assert isinstance(graph.index, IndexSearch)
    everything = graph.index.below(VOCAB, 10_000, 0)
    assert everything == sorted(everything)
    assert len(everything) == graph.index.count_below(VOCAB) > 300
    assert graph.index.below(VOCAB, 7, 100) == everything[100:107]
    assert graph.index.below(VOCAB, 7, 10_000) == []


def test_data_without_an_index_have_no_site_map(http: FlaskClient) -> None:
    assert http.get("/sitemap.xml").status_code == 404
    assert http.get("/sitemap-1.xml").status_code == 404
    assert "Sitemap" not in http.get("/robots.txt").text


def test_every_route_is_in_the_description_of_the_interface(
    http: FlaskClient, tiny_app: Flask
) -> None:
    described = http.get("/openapi.json").get_json()
    assert described["openapi"] == "3.1.0"
    documented = {
        (path, method) for path, operations in described["paths"].items() for method in operations
    }
    routes = {
        (template(rule.rule), method.lower())
        for rule in tiny_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "QUERY"}
    }
    assert documented == routes
    assert all("<" not in path for path in described["paths"])
    ids = [o["operationId"] for p in described["paths"].values() for o in p.values()]
    assert len(set(ids)) == len(ids)


def test_what_the_description_says_of_an_address_is_so(http: FlaskClient) -> None:
    paths = http.get("/openapi.json").get_json()["paths"]
    examples = {"kind": "project", "slug": "valley", "suffix": "ttl", "part": "1"}
    for path, operations in paths.items():
        names = re.findall(r"\{(\w+)\}", path)
        assert names == sorted(names, key=names.index)
        for operation in operations.values():
            declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert declared == set(names)
        if set(names) <= set(examples) and "{" in path and path.startswith("/{kind}"):
            types = set(operations["get"]["responses"]["200"]["content"])
            answer = http.get(path.format(**examples))
            assert answer.mimetype in types, path


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_checks_can_be_made_with_head(http: FlaskClient, path: str) -> None:
    answer = http.head(path, base_url=WITHIN)
    assert (answer.status_code, answer.data) == (200, b"")


def test_figures_are_kept_from_visitors_by_nginx_alone(http: FlaskClient) -> None:
    behind_nginx = os.environ.get("HSGRAPH_TEST_FRONT") == "nginx"
    assert http.get("/metrics").status_code == (403 if behind_nginx else 200)
    assert http.get("/healthz").status_code == 200


def test_counts_of_a_worker_that_has_just_begun_stop_no_metrics(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are empty for a moment, or for ever where it is killed then."""
    (tmp_path / "counter_1.db").touch()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert b"hsgraph_up 1.0" in Metrics().text([GaugeMetricFamily("hsgraph_up", "", 1)])
