"""The log says of each request what operators need, and nothing that is not theirs to keep."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from hsgraph.server.http.observe import digest
from hsgraph.server.ops import logs
from tests.deploy.in_front import WITHIN

SECRET = "ASK { ?secret ?p 4711 }"
MakeClient = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    logger = logging.getLogger(logs.LOGGER)
    before = logger.handlers[:], logger.level, logger.propagate
    yield
    logger.handlers[:], logger.propagate = before[0], before[2]
    logger.setLevel(before[1])


@pytest.fixture
def logged() -> Callable[[], list[dict[str, Any]]]:
    """What has been logged as JSON."""
    logs.configure("info", "json")
    written = StringIO()
    (handler,) = logging.getLogger(logs.LOGGER).handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_one_line_of_facts(http_with: MakeClient, logged: Any) -> None:
    headers = {"X-Request-Id": "mine-1", "User-Agent": "x" * 500}
    answer = http_with().get("/project/valley.ttl", headers=headers)
    (line,) = logged()
    assert answer.headers["X-Request-Id"] == line["request"] == "mine-1"
    expected = {
        "level": "info",
        "message": "request",
        "method": "GET",
        "path": "/project/valley.ttl",
        "route": "/{kind}/{slug}.{suffix}",
        "status": 200,
        "bytes": len(answer.data),
    }
    assert line.items() >= expected.items()
    assert line["milliseconds"] >= 0
    assert len(line["agent"]) == 60


@pytest.mark.parametrize("post", [False, True])
def test_a_query_is_known_by_its_digest_alone(
    http_with: MakeClient, logged: Any, post: bool
) -> None:
    http = http_with()
    headers = {"Authorization": "Bearer 0815", "Cookie": "session=0815"}
    if post:
        http.post("/sparql", data={"query": SECRET}, headers=headers)
    else:
        http.get("/sparql?query=" + quote(SECRET), headers=headers)
    (line,) = logged()
    assert line["query"] == digest("ASK  { ?secret\n?p 4711 }")
    assert line["runner_milliseconds"] <= line["milliseconds"]
    for kept_out in ("secret", "4711", "0815"):
        assert kept_out not in json.dumps(line)


def test_a_slow_query_is_told_with_the_beginning_of_its_text(
    http_with: MakeClient, logged: Any
) -> None:
    http = http_with(slow_seconds=0.0)
    long = "ASK { VALUES ?x { " + "'4711' " * 1000 + "} }"
    http.post("/sparql", data={"query": long}, headers={"X-Request-Id": "slow-1"})
    slow = next(line for line in logged() if line["message"] == "slow query")
    assert (slow["level"], slow["request"]) == ("warning", "slow-1")
    assert slow["text"].startswith("ASK { VALUES ?x")
    assert len(slow["text"]) == 300
    assert "hsgraph_slow_queries_total 1" in http.get("/metrics", base_url=WITHIN).text


def test_a_failing_request_is_found_by_its_id(http_with: MakeClient, logged: Any) -> None:
    answer = http_with().get("/sparql?query=SELECT", headers={"Accept": "application/json"})
    (line,) = logged()
    assert answer.status_code == line["status"] == 400
    assert answer.get_json()["requestId"] == line["request"]
