"""What is refused before the application sees it is told, counted and logged as all else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from tests.serving import Server, serving

DATA = "<https://example.org/a> <https://example.org/b> {} .\n"
ENDLESS = "/sparql?query=" + quote(
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } "
)
AT_ONCE = 8


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one runner and a queue for one."""
    folder = tmp_path_factory.mktemp("narrow")
    data = folder / "data.ttl"
    data.write_text("".join(DATA.format(number) for number in range(1, 300)))
    bounds = {"workers": 1, "runners": 1, "queue": 1, "queue_seconds": 1, "query_seconds": 4}
    with serving(folder, data, **bounds) as server:
        yield server


def asked(server: Server, path: str) -> tuple[int, str | None, bytes]:
    """The status, the id and the body of the answer to a request."""
    connection = server.connection()
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.getheader("X-Request-Id"), answer.read()
    connection.close()
    return found


def test_a_query_that_finds_no_place_is_counted_and_logged_with_its_id(narrow: Server) -> None:
    with ThreadPoolExecutor(AT_ONCE) as clients:
        answers = [*clients.map(lambda n: asked(narrow, f"{ENDLESS}%23{n}"), range(AT_ONCE))]
    refused = [json.loads(body) for status, _, body in answers if b"service-unavailable" in body]
    assert len(refused) >= AT_ONCE - 4
    for problem in refused:
        assert problem["status"] == 503
        assert problem["instance"] == "/sparql"
        assert f"request={problem['requestId']}" in narrow.log.read_text()
    assert {problem["requestId"] for problem in refused} <= {told for _, told, _ in answers}
    counted = narrow.metrics()
    assert counted["hsgraph_queries_refused_total"] >= len(refused)
    assert counted['hsgraph_answers_total{status="503"}'] >= len(refused)


def test_a_malformed_request_is_counted_and_carries_the_headers_of_all_answers(
    narrow: Server,
) -> None:
    connection = narrow.connection()
    connection.putrequest("GET", "/", skip_host=True)
    connection.putheader("Host", "a/b@c")
    connection.endheaders()
    answer = connection.getresponse()
    problem = json.loads(answer.read())
    connection.close()
    assert answer.status == problem["status"] == 400
    assert answer.getheader("X-Request-Id") == problem["requestId"]
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert narrow.metrics()['hsgraph_answers_total{status="400"}'] >= 1
