"""Queries that take long, however many, leave room for the short ones of somebody else."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.security.attacks import ring
from tests.serving import Server, serving

pytestmark = pytest.mark.timed
SMALL = Path(__file__).parent.parent / "http" / "small.trig"
HOSTILE = 40
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ASKED = 100


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("fair")
    patient = {"query_seconds": 30, "queue_seconds": 30, "stop_seconds": 1}
    with serving(folder, SMALL, ring(folder), **patient) as started:
        yield started


def status(server: Server, query: str, address: str) -> int:
    """What a client that has this address is answered."""
    with closing(
        http.client.HTTPConnection(
            "127.0.0.1", server.port, timeout=60, source_address=(address, 0)
        )
    ) as connection:
        connection.request("GET", "/sparql?query=" + quote(query))
        answer = connection.getresponse()
        answer.read()
        return answer.status


def asks_for_ever(server: Server, over: threading.Event, number: int) -> None:
    """Ask one endless query after another, none of them twice."""
    while not over.is_set():
        number += HOSTILE
        with suppress(OSError, http.client.HTTPException):
            status(server, f"{ENDLESS} # {number}", "127.0.0.1")


def test_a_query_that_takes_long_is_answered_when_nobody_else_waits(server: Server) -> None:
    before = server.metrics()['hsgraph_runner_stops_total{reason="preempted"}']
    some = "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a <http://e/p> ?b } LIMIT 1500 }"
    some += " ?c <http://e/q> ?d }"
    assert server.ask(some)[0] == 200
    assert server.metrics()['hsgraph_runner_stops_total{reason="preempted"}'] == before


def test_short_queries_are_answered_beside_forty_clients_that_ask_without_end(
    server: Server,
) -> None:
    over = threading.Event()
    hostile = [
        threading.Thread(target=asks_for_ever, args=(server, over, number), daemon=True)
        for number in range(HOSTILE)
    ]
    for each in hostile:
        each.start()
    try:
        over.wait(1)
        short = [f"ASK {{ ?s ?p {number} }}" for number in range(ASKED)]
        answered = [status(server, query, "127.0.0.2") for query in short]
    finally:
        over.set()
    assert answered.count(200) >= 0.95 * ASKED, answered
    assert server.metrics()['hsgraph_runner_stops_total{reason="preempted"}'] > 0
