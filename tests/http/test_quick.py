"""Plain queries are answered before the framework, exactly as the framework would."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from hsgraph.server.ops import logs
from hsgraph.server.ops.metrics import QUERIES
from hsgraph.server.runtime.quick import QuickQueries
from hsgraph.server.site import Site
from tests.http.counting import Counting

SELECT = 'SELECT ?s ?name WHERE { ?s skos:prefLabel ?name FILTER (?name = "Floods"@en) }'
REQUESTS: tuple[dict[str, Any], ...] = (
    {"query_string": {"query": SELECT}},
    {"query_string": {"query": SELECT}, "headers": {"Accept": "text/csv;q=0.5, text/html"}},
    {"query_string": {"query": SELECT, "format": "xml", "timeout": "2", "odd": "1"}},
    {"query_string": {"query": "ASK {}", "default-graph-uri": "http://e/none"}},
    {"query_string": {"query": "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }"}},
    {"query_string": {"query": "DESCRIBE <https://w3id.org/hsgraph/id/project/valley>"}},
    {"query_string": {"query": SELECT}, "headers": {"Accept": "image/png"}},
    {"query_string": {"query": SELECT}, "headers": {"Accept": "no media range"}},
    {"query_string": {"query": "SELECT * { ?s ?p"}},
    {"query_string": {"query": "SELECT * { ?s ?p"}, "headers": {"Accept": "text/html"}},
    {"query_string": {"query": "ASK { SERVICE <http://127.0.0.1/> {} }"}},
    {"query_string": {"query": "CLEAR ALL"}},
    {"query_string": {"query": ["ASK {}", "ASK {}"]}},
    {"query_string": {"query": "ASK {}", "timeout": "soon"}},
    {"query_string": "query=%ff"},
    {"query_string": "query=ASK+%7B%7D&x=%ff"},
    {"query_string": "query="},
    {"query_string": "myquery=1"},
    {"query_string": {"query": "ASK {}" + " " * 40_000}},
    {"query_string": {"query": SELECT}, "headers": {"If-None-Match": "*"}},
    {"query_string": {"query": SELECT}, "method": "HEAD"},
    {"query_string": {"query": SELECT}, "method": "OPTIONS"},
    {"data": {"query": SELECT}, "method": "POST"},
    {},
)


@pytest.fixture
def inner(tiny_app: Flask) -> Counting:
    return Counting(tiny_app)


@pytest.fixture
def site(tiny_app: Flask) -> Site:
    found: Site = tiny_app.extensions["hsgraph"]
    return found


@pytest.fixture
def quick(inner: Counting, site: Site) -> Client:
    return Client(QuickQueries(inner, site), use_cookies=False)


@pytest.mark.parametrize("asked", REQUESTS, ids=str)
def test_an_answer_is_that_of_the_framework(quick: Client, tiny_app: Flask, asked: Any) -> None:
    mine, theirs = ask(quick, asked), ask(Client(tiny_app.wsgi_app, use_cookies=False), asked)
    assert (mine.status_code, mine.data) == (theirs.status_code, theirs.data)
    for answer in (mine, theirs):
        answer.headers.pop("Date", None)  # the cache in front drops it; the server gives its own
    assert sorted(mine.headers) == sorted(theirs.headers)


def ask(client: Client, asked: dict[str, Any]) -> TestResponse:
    headers = {"X-Request-Id": "same", **asked.get("headers", {})}
    return client.open("/sparql", **{**asked, "headers": headers})


def test_a_plain_query_does_without_the_framework(quick: Client, inner: Counting) -> None:
    assert ask(quick, {"query_string": {"query": SELECT}}).status_code == 200
    assert inner.asked == 0


def test_a_query_that_fails_is_asked_once(quick: Client, inner: Counting, site: Site) -> None:
    before = site.metrics.value(QUERIES)
    assert ask(quick, {"query_string": {"query": "SELECT * { ?s ?p"}}).status_code == 400
    assert (inner.asked, site.metrics.value(QUERIES) - before) == (1, 1)


@pytest.fixture
def written() -> Iterator[StringIO]:
    logger = logging.getLogger(logs.LOGGER)
    before = logger.handlers[:], logger.level, logger.propagate
    logs.configure("info", "json")
    text = StringIO()
    (handler,) = logger.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(text)
    yield text
    logger.handlers[:], logger.propagate = before[0], before[2]
    logger.setLevel(before[1])


def test_the_log_says_the_same_of_both_ways(
    quick: Client, tiny_app: Flask, written: StringIO
) -> None:
    asked = {"query_string": {"query": SELECT}, "headers": {"User-Agent": "x" * 100}}
    ask(quick, asked)
    ask(Client(tiny_app.wsgi_app, use_cookies=False), asked)
    mine, theirs = (json.loads(line) for line in written.getvalue().splitlines())
    timed = {"time", "milliseconds", "runner_milliseconds"}
    assert {k: v for k, v in mine.items() if k not in timed} == {
        k: v for k, v in theirs.items() if k not in timed
    }
    assert mine.keys() == theirs.keys()
