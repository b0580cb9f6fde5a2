"""Queries that runners answer on clients' connections: as the workers do, counted and logged."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from pathlib import Path
from urllib.parse import quote_plus, urlencode

import pytest

from tests.serving import Server, eventually, serving

SMALL = Path(__file__).parent / "small.trig"
SELECT = 'SELECT ?s ?name WHERE { ?s skos:prefLabel ?name FILTER (?name = "Floods"@en) }'
ALL = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
COMPRESSED = {"Accept-Encoding": "gzip, deflate, br, zstd"}
Fields = dict[str, str]
REQUESTS: tuple[tuple[str, Fields], ...] = (
    (urlencode({"query": SELECT}), {}),
    (urlencode({"query": SELECT}), {"Accept": "text/csv;q=0.5, text/html"}),
    (urlencode({"query": SELECT, "format": "xml", "timeout": "2", "odd": "1"}), {}),
    (urlencode({"query": ALL}), {}),
    (urlencode({"query": ALL}), COMPRESSED),
    (urlencode({"query": ALL}), {"Accept-Encoding": "gzip"}),
    (urlencode({"query": "ASK {}", "default-graph-uri": "http://e/none"}), {}),
    (urlencode({"query": "ASK FROM <http://e/none> { ?s ?p ?o }"}), {}),
    (urlencode({"query": "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }"}), {"Accept": "text/turtle"}),
    (urlencode({"query": "DESCRIBE <https://w3id.org/hsgraph/id/project/valley>"}), {}),
    (urlencode({"query": SELECT}), {"Accept": "image/png"}),
    (urlencode({"query": "SELECT * { ?s ?p"}), {}),
    (urlencode({"query": "ASK { SERVICE <http://127.0.0.1/> {} }"}), {}),
    (urlencode({"query": "CLEAR ALL"}), {}),
    (urlencode({"query": ["ASK {}", "ASK {}"]}, doseq=True), {}),
    (urlencode({"query": "ASK {}", "timeout": "soon"}), {}),
    ("query=%ff", {}),
    ("query=", {}),
    (urlencode({"query": "ASK {}" + " " * 40_000}), {}),
    (urlencode({"query": SELECT}), {"If-None-Match": "*"}),
)
Seen = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("lane")
    with serving(folder, SMALL, query_seconds=1.5, log_format="json", workers=1) as found:
        yield found


def connect(server: Server) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)


def ask(connection: http.client.HTTPConnection, address: str, fields: Fields = {}) -> Seen:
    """Status, headers but the date, and body."""
    given = {"Accept-Encoding": "", "X-Request-Id": "the-same", **fields}
    connection.request("GET", f"/sparql?{address}", headers=given)
    answer = connection.getresponse()
    names = {name.lower(): value for name, value in answer.getheaders()}
    assert names.pop("date")
    return answer.status, names, answer.read()


def visits(server: Server) -> float:
    """How many queries have reached the runners."""
    return server.metrics()["hsgraph_runner_queries_total"]


@pytest.mark.parametrize(("address", "fields"), REQUESTS)
def test_answers_are_the_same_whoever_gives_them(
    server: Server, address: str, fields: Fields
) -> None:
    with closing(connect(server)) as runners, closing(connect(server)) as workers:
        workers.request("GET", "/healthz")
        workers.getresponse().read()
        first = ask(runners, address, fields)
        assert first == ask(workers, address, fields)
        assert first == ask(runners, address, fields)


def test_plain_queries_are_answered_without_the_worker(server: Server) -> None:
    before = visits(server)
    with closing(connect(server)) as connection:
        for number in range(20):
            assert ask(connection, urlencode({"query": f"ASK {{}} # {number} visits"}))[0] == 200
    assert visits(server) - before == 20


def test_a_connection_may_ask_for_anything_in_any_order(server: Server) -> None:
    with closing(connect(server)) as connection:
        for round_ in range(3):
            for address in (
                "/sparql?query=ASK%7B%7D%23{}",
                "/healthz",
                "/sparql?query=ASK%7B%23{}",
            ):
                connection.request("GET", address.format(f"%23{round_}"))
                answer = connection.getresponse()
                answer.read()
                assert answer.status == (400 if "ASK%7B%23" in address else 200)


def test_what_is_asked_again_comes_from_the_kept_answers(server: Server) -> None:
    asked = urlencode({"query": "ASK {} # again"})
    with closing(connect(server)) as connection:
        first = [ask(connection, asked) for _ in range(2)]
        before = visits(server)
        rest = [ask(connection, asked) for _ in range(20)]
        assert visits(server) == before
    with closing(connect(server)) as another:
        rest.append(ask(another, asked))
        assert visits(server) == before
    assert all(answer == first[0] for answer in (*first, *rest))


def test_more_clients_than_runners_are_all_answered_without_the_worker(server: Server) -> None:
    def asks(name: int) -> list[int]:
        with closing(connect(server)) as connection:
            queries = [f"ASK {{}} # {number} of client {name}" for number in range(50)]
            return [ask(connection, urlencode({"query": query}))[0] for query in queries]

    kept = "hsgraph_cache_bytes"
    before = server.metrics()
    with ThreadPoolExecutor(6) as pool:
        assert set(chain.from_iterable(pool.map(asks, range(6)))) == {200}
    counted = "hsgraph_queries_total"
    assert eventually(lambda: server.metrics()[counted] == before[counted] + 300)
    assert server.metrics()[kept] == before[kept]


@pytest.mark.timed
def test_a_query_past_its_deadline_is_answered_so_and_the_connection_goes_on(
    server: Server,
) -> None:
    with closing(connect(server)) as connection:
        start = time.monotonic()
        status, headers, body = ask(connection, urlencode({"query": ENDLESS, "timeout": "0.7"}))
        assert (status, time.monotonic() - start < 1.5) == (503, True)
        assert headers["content-type"] == "application/problem+json"
        assert "0.7 seconds" in json.loads(body)["detail"]
        assert ask(connection, urlencode({"query": "ASK {} # after the deadline"}))[0] == 200


def test_answers_are_counted_and_logged_once(server: Server) -> None:
    before = server.metrics()
    with closing(connect(server)) as connection:
        connection.request(
            "GET",
            "/sparql?query=" + quote_plus("ASK {} # logged"),
            headers={"X-Request-Id": "mine-7", "User-Agent": "tester/1"},
        )
        answer = connection.getresponse()
        assert answer.read()
        assert answer.getheader("x-request-id") == "mine-7"
        counted = "hsgraph_queries_total"
        assert eventually(lambda: server.metrics()[counted] == before[counted] + 1)
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if "mine-7" in line]
    assert len(lines) == 1
    assert lines[0]["agent"] == "tester/1"
    assert (lines[0]["route"], lines[0]["status"]) == ("/sparql", 200)
    assert "ASK" not in json.dumps(lines[0])


def test_a_slow_query_is_logged_though_it_came_to_nothing(server: Server) -> None:
    with closing(connect(server)) as connection:
        assert ask(connection, urlencode({"query": f"{ENDLESS} # too slow"}))[0] == 503
    assert eventually(lambda: "too slow" in server.log.read_text())


@pytest.mark.parametrize("field", ["Accept: */*", "Authorization: Basic eDp5"])
def test_the_query_of_a_client_that_has_left_ends(tmp_path: Path, field: str) -> None:
    with serving(tmp_path, SMALL, query_seconds=60, workers=1) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            line = f"GET /sparql?query={quote_plus(ENDLESS)} HTTP/1.1"
            client.sendall(f"{line}\r\nHost: e\r\n{field}\r\n\r\n".encode())
            busy = 'hsgraph_runners{state="busy"}'
            assert eventually(lambda: server.metrics()[busy] == 1)
        assert eventually(lambda: server.metrics()[busy] == 0, 5.0)
        assert server.ask("ASK {}")[0] == 200


def test_a_reload_takes_connections_back_without_losing_a_request(tmp_path: Path) -> None:
    data = tmp_path / "data.trig"
    data.write_text(SMALL.read_text())
    with serving(tmp_path, data, workers=1) as server, closing(connect(server)) as connection:
        assert ask(connection, urlencode({"query": "ASK {} # before"}))[0] == 200
        data.write_text(SMALL.read_text() + "\n<http://e/new> a <http://e/Thing> .\n")
        server.reload()
        for number in range(200):
            assert ask(connection, urlencode({"query": f"ASK {{}} # {number}"}))[0] == 200
            time.sleep(0.01)
        assert eventually(lambda: server.metrics()["hsgraph_reloads_total"] == 1)
        assert json.loads(ask(connection, urlencode({"query": "ASK { <http://e/new> ?p ?o }"}))[2])
