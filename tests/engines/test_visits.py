"""Visits: runners answer on a client's own connection, give it back, and lose no request."""

import http.client
import json
import os
import select
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.runners.runners import Runners
from hsgraph.errors import EngineBusy, QueryTimeout, ResultTooLarge
from hsgraph.server.runtime.attendant import QueryAttendant
from hsgraph.settings import Settings

pytestmark = pytest.mark.timed
SETTINGS = Settings(
    query_seconds=1.5,
    query_rows=21_000,
    query_bytes=30_000_000,
    query_memory=300_000_000,
    runners=2,
    queue=1,
    queue_seconds=10.0,
)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def quads():
    for number in range(20_000):
        yield Quad(
            NamedNode(f"http://e/{number}"),
            NamedNode("http://e/p"),
            Literal(f"{number} " + "word " * 20),
            NamedNode("http://e/g"),
        )


@pytest.fixture(scope="module")
def started():
    with Runners.start(EmbeddedEngine(quads()), SETTINGS, QueryAttendant(SETTINGS)) as runners:
        yield runners


@pytest.fixture
def runners(started):
    return started.client()


@contextmanager
def connected():
    """A client's end of a connection over TCP, and the server's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=10)
        server, _ = listener.accept()
        server.setblocking(False)
        with client, server:
            yield client, server


def send(client, query, *fields, method="GET"):
    head = f"{method} /sparql?query={quote_plus(query)} HTTP/1.1", "Host: e", *fields
    client.sendall("\r\n".join((*head, "", "")).encode())


def visit(runners, server):
    """Hand the connection over when a request has arrived."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            server.recv(1, socket.MSG_PEEK)
            return runners.hand_over(server)
        except BlockingIOError:
            time.sleep(0.001)
    raise AssertionError("nothing has arrived")


def read(client):
    answer = http.client.HTTPResponse(client)
    answer.begin()
    return answer, answer.read()


def over(runners, runner, *, called=False):
    """What is told at the end of a visit, and all accounts of it."""
    accounts = []
    runner.settimeout(10)
    while True:
        told = runners.hear(runner)
        accounts += told.accounts
        if told.end:
            runners.release(runner, told.end, called=called)
            return told.end, accounts


def heard_first(runners, visits):
    """The first end that is told of several visits."""
    while True:
        runner = select.select(visits, [], [], 5)[0][0]
        told = runners.hear(runner)
        if told.end:
            return told.end


def unread(server):
    try:
        return server.recv(70_000, socket.MSG_PEEK)
    except BlockingIOError:
        return b""


def test_one_connection_is_answered_again_and_again(runners):
    with connected() as (client, server):
        send(client, "ASK {} # first")
        runner = visit(runners, server)
        answer, body = read(client)
        assert (answer.status, json.loads(body)["boolean"]) == (200, True)
        for number in range(100):
            send(client, f"SELECT ({number} AS ?n) {{}}")
            answer, body = read(client)
            assert json.loads(body)["results"]["bindings"][0]["n"]["value"] == str(number)
        client.close()
        end, accounts = over(runners, runner)
    assert end.left
    assert len(accounts) == 101
    assert accounts[0][0] == "ASK {} # first"


@pytest.mark.parametrize(
    ("query", "fields", "method"),
    [
        ("ASK {", (), "GET"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", (), "GET"),
        ("ASK { SERVICE <http://e/> {} }", (), "GET"),
        ("ASK {} #1", ("If-None-Match: *",), "GET"),
        ("ASK {} #2", ("Content-Length: 0",), "POST"),
        ("ASK {} #3", ("Accept: image/png",), "GET"),
        ("ASK {} #4", ("Authorization: Basic eDp5",), "GET"),
    ],
)
def test_what_is_not_plain_is_given_back_unread(runners, query, fields, method):
    with connected() as (client, server):
        send(client, query, *fields, method=method)
        end, accounts = over(runners, visit(runners, server))
        assert not end.left
        assert accounts == []
        assert unread(server).startswith(f"{method} /sparql".encode())


def test_what_is_asked_again_is_given_back(runners):
    with connected() as (client, server):
        send(client, "ASK {} # the same")
        runner = visit(runners, server)
        read(client)
        send(client, "ASK {} # the same")
        end, accounts = over(runners, runner)
        assert len(accounts) == 1
        assert not end.left
        assert b"the+same" in unread(server)


def test_a_query_past_its_deadline_is_told_of_and_left_unread(runners):
    with connected() as (client, server):
        send(client, ENDLESS)
        start = time.monotonic()
        end, _ = over(runners, visit(runners, server))
        assert time.monotonic() - start < 5
        assert isinstance(end.failed, QueryTimeout)
        assert unread(server).startswith(b"GET /sparql")


def test_too_large_a_result_is_told_of_and_left_unread(runners):
    with connected() as (client, server):
        send(client, "SELECT * { { ?a ?p ?b } UNION { ?a ?p ?b } }")
        end, _ = over(runners, visit(runners, server))
        assert isinstance(end.failed, ResultTooLarge)
        assert unread(server).startswith(b"GET /sparql")


def test_what_a_client_does_not_take_in_time_is_left_for_the_worker_to_send(runners):
    with connected() as (client, server):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 200_000)
        send(client, "SELECT * { ?s ?p ?o }")
        end, _ = over(runners, visit(runners, server))
        assert end.rest
        server.setblocking(True)
        threading.Thread(target=server.sendall, args=(end.rest,)).start()
        assert len(json.loads(read(client)[1])["results"]["bindings"]) == 20_000


def test_a_connection_is_given_back_when_it_is_called_for(runners):
    with connected() as (client, server):
        send(client, "ASK {} # before the call")
        runner = visit(runners, server)
        read(client)
        runners.call_back(runner)
        end, _ = over(runners, runner, called=True)
        assert not end.left
        send(client, "ASK {} # after it")
        again = visit(runners, server)
        assert read(client)[0].status == 200
        client.close()
        assert over(runners, again)[0].left


def test_clients_that_wait_get_the_runners_of_those_that_are_silent(runners):
    with connected() as one, connected() as two, connected() as three:
        visits = []
        for number, (client, server) in enumerate((one, two, three)):
            send(client, f"ASK {{}} # client {number}")
            visits.append(visit(runners, server))
            assert read(client)[0].status == 200
        given_back = heard_first(runners, visits[:2])
        assert not given_back.left
        for telling in visits:
            telling.close()


def test_clients_that_all_ask_take_turns_of_several_requests(runners):
    def asks(client, name):
        for number in range(60):
            send(client, f"ASK {{}} # {name} {number}")
            assert read(client)[0].status == 200
        client.close()

    def turns(name, pool):
        with connected() as (client, server):
            asking = pool.submit(asks, client, name)
            for count in range(60):
                end = turn(runners, server)
                if end.left:
                    asking.result()
                    return count
                assert end.again
        return 60

    with ThreadPoolExecutor(6) as pool:
        each = list(pool.map(turns, range(3), [pool] * 3))
    assert all(count < 60 for count in each)
    assert sum(each) > 3


def turn(runners, server):
    """How a visit ended, with another runner if the kept one was about to leave."""
    try:
        return over(runners, visit(runners, server))[0]
    except ConnectionError:
        return over(runners, runners.hand_over(server, anew=True))[0]


def test_a_kept_runner_that_leaves_without_a_word_is_replaced_by_another(runners):
    ours, theirs = socket.socketpair()
    with connected() as (client, server), ours, theirs:
        runners.kept.give(ours)
        send(client, "ASK {} # without a word")
        leaving = visit(runners, server)
        theirs.close()
        with pytest.raises(ConnectionError):
            runners.hear(leaving)
        leaving.close()
        runner = runners.hand_over(server, anew=True)
        assert read(client)[0].status == 200
        client.close()
        assert over(runners, runner)[0].left


def test_where_every_place_is_taken_that_is_told(runners):
    with connected() as one, connected() as two, connected() as three, connected() as four:
        for number, (client, _) in enumerate((one, two, three, four)):
            send(client, f"{ENDLESS} # {number}")
        visits = [visit(runners, server) for _, server in (one, two)]
        until = time.monotonic() + 10
        while runners.statistics()["running"] < 2 and time.monotonic() < until:
            time.sleep(0.01)
        visits += [visit(runners, server) for _, server in (three, four)]
        failed = [over(runners, each)[0].failed for each in visits]
        assert {type(each) for each in failed} == {QueryTimeout, EngineBusy}


def test_a_client_that_asked_to_close_gets_its_answer_and_the_end(runners):
    with connected() as (client, server):
        send(client, "ASK {} # the last", "Connection: close")
        end, _ = over(runners, visit(runners, server))
        assert end.left
        assert read(client)[0].getheader("connection") == "close"


def test_while_a_query_runs_a_runner_has_no_descriptor_left(started, runners):
    with connected() as (client, server):
        send(client, f"{ENDLESS} # descriptors")
        telling = visit(runners, server)
        evaluating = [each for each in _runners(started) if len(_descriptors(each)) == 7]
        assert len(evaluating) == 1
        assert _most_descriptors(evaluating[0]) == 7
        over(runners, telling)


def _runners(started):
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        text = Path(f"/proc/{started.host}/task/{started.host}/children").read_text()
        found = [int(number) for number in text.split()]
        if any(len(_descriptors(each)) == 7 for each in found):
            return found
    raise AssertionError("no runner has a client")


def _descriptors(process):
    return os.listdir(f"/proc/{process}/fd")


def _most_descriptors(process):
    lines = Path(f"/proc/{process}/limits").read_text().splitlines()
    return next(int(line.split()[3]) for line in lines if line.startswith("Max open files"))
