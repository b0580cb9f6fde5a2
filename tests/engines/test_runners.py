"""Runners: the same answers as in process, bounded, shared fairly, and gone with their owner."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import DatasetClause, Limits
from hsgraph.engine.runners.client import GuardedEngine, Kept
from hsgraph.engine.runners.runners import Runners
from hsgraph.errors import (
    EngineBusy,
    EngineUnavailable,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    UpdateRefused,
)
from hsgraph.formats import RDF_FORMATS, RESULT_FORMATS, RESULTS_CSV, RESULTS_JSON, TURTLE
from hsgraph.settings import Settings

pytestmark = pytest.mark.timed
FORMATS = {"select": RESULTS_CSV, "ask": RESULTS_JSON, "construct": TURTLE, "describe": TURTLE}
EVERYTHING = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SETTINGS = Settings(
    query_seconds=1.0,
    query_rows=5_000,
    query_bytes=3_000_000,
    query_memory=300_000_000,
    runners=2,
    queue=2,
    queue_seconds=0.5,
)


def quads(count=2000):
    for number in range(count):
        yield Quad(
            NamedNode(f"http://e/{number}"),
            NamedNode("http://e/p"),
            Literal(number),
            NamedNode(f"http://e/g{number % 2}"),
        )


@pytest.fixture(scope="module")
def embedded():
    return EmbeddedEngine(quads())


@pytest.fixture(scope="module")
def runners(embedded):
    with Runners.start(embedded, SETTINGS) as started:
        began(started)
        yield started


def began(started):
    """Wait until the first runner answers: under load that takes longer than a query may wait."""
    until = time.monotonic() + 20
    while True:
        try:
            return started.engine().answer("ASK {}", FORMATS)
        except EngineBusy:
            if time.monotonic() > until:
                raise


@pytest.fixture
def guarded(runners):
    return runners.engine()


def state(started, **expected):
    """The statistics, once they show what is expected."""
    until = time.monotonic() + 10
    while True:
        found = started.client().statistics()
        if all(found.get(name) == value for name, value in expected.items()):
            return found
        assert time.monotonic() < until, f"{found} never became {expected}"
        time.sleep(0.01)


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pids, seconds=3.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.01)
    return False


def alive(pid):
    with contextlib.suppress(OSError):
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda chosen: chosen.label)
def test_a_runner_gives_the_answer_of_the_engine(guarded, embedded, chosen):
    formats = {**FORMATS, "select": chosen}
    assert guarded.answer(EVERYTHING, formats) == embedded.answer(EVERYTHING, formats)


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda chosen: chosen.label)
def test_a_runner_gives_the_rdf_of_the_engine(guarded, embedded, chosen):
    formats = {**FORMATS, "construct": chosen}
    query = "CONSTRUCT WHERE { ?s ?p 7 }"
    assert guarded.answer(query, formats) == embedded.answer(query, formats)


def test_the_dataset_of_the_request_reaches_the_runner(guarded):
    answer = guarded.answer(EVERYTHING, FORMATS, dataset=DatasetClause(("http://e/g0",)))
    assert answer.body.count(b"\n") == 1001
    nothing = guarded.answer("SELECT * FROM <http://e/g0> { ?s ?p 3 }", FORMATS)
    assert nothing.body.count(b"\n") == 1


def test_own_queries_stay_in_process(guarded, embedded):
    assert guarded.ask("ASK { ?s ?p $o }", {"o": Literal(7)})
    assert len(guarded.select(EVERYTHING).rows) == 2000
    assert len(guarded.construct("CONSTRUCT WHERE { ?s ?p 7 }")) == 1
    assert guarded.version == embedded.version


def test_errors_keep_what_they_know(guarded):
    with pytest.raises(QuerySyntaxError, match="never closed") as caught:
        guarded.answer("SELECT *\n{ ?s ?p ?o", FORMATS)
    assert (caught.value.line, caught.value.column) == (2, 1)
    with pytest.raises(QuerySyntaxError) as caught:
        guarded.answer("SELECT * { ?s ?p ?o } LIMIT x", FORMATS)
    assert "a number" in caught.value.expected
    with pytest.raises(UpdateRefused):
        guarded.answer("CLEAR ALL", FORMATS)


def test_too_many_rows_or_bytes_are_an_error(guarded):
    with pytest.raises(ResultTooLarge, match="5,000 rows") as caught:
        guarded.answer("SELECT * { ?a ?b ?c . ?d ?e ?f }", FORMATS)
    assert "LIMIT" in caught.value.remedy
    with pytest.raises(ResultTooLarge, match="100 bytes"):
        guarded.answer(EVERYTHING, FORMATS, limits=Limits(1, 5000, 100))


def test_a_request_cannot_raise_the_limits_of_the_settings(guarded):
    with pytest.raises(ResultTooLarge, match="5,000 rows"):
        guarded.answer("SELECT * { ?a ?b ?c . ?d ?e ?f }", FORMATS, limits=Limits(99, 10**9, 10**9))


def test_a_large_answer_arrives_whole(guarded):
    query = 'SELECT (CONCAT(STR(?o), "%s") AS ?x) { ?s ?p ?o }' % ("x" * 1000)
    assert len(guarded.answer(query, FORMATS).body) > 2_000_000


def test_a_query_is_stopped_at_its_deadline(guarded, runners):
    before = runners.client().statistics().get("stopped_timeout", 0)
    start = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"after 0\.3 seconds"):
        guarded.answer(ENDLESS, FORMATS, limits=Limits(0.3, 10, 10_000))
    assert time.monotonic() - start < 0.8
    state(runners, stopped_timeout=before + 1, running=0, runners=3)


def test_small_queries_are_answered_at_once(guarded):
    taken = []
    for _ in range(200):
        start = time.perf_counter()
        guarded.answer("ASK { <http://e/7> ?p ?o }", FORMATS)
        taken.append(time.perf_counter() - start)
    assert sorted(taken)[100] < 0.005


def test_a_few_wait_for_their_turn_and_are_served(guarded):
    quick = Limits(0.3, 10, 10_000)
    with ThreadPoolExecutor(4) as pool:
        blocked = [pool.submit(guarded.answer, ENDLESS, FORMATS, limits=quick) for _ in range(2)]
        time.sleep(0.1)
        served = [pool.submit(guarded.answer, "ASK {}", FORMATS) for _ in range(2)]
        assert all(b"true" in future.result().body for future in served)
        assert all(isinstance(future.exception(), QueryTimeout) for future in blocked)


def test_more_than_the_queue_holds_are_refused_at_once(guarded, runners):
    with ThreadPoolExecutor(8) as pool:
        blocked = [pool.submit(guarded.answer, ENDLESS, FORMATS) for _ in range(2)]
        state(runners, running=2)
        waiting = [pool.submit(guarded.answer, ENDLESS, FORMATS) for _ in range(2)]
        state(runners, waiting=2)
        start = time.monotonic()
        with pytest.raises(EngineBusy, match="queue is taken") as caught:
            guarded.answer("ASK {}", FORMATS)
        assert time.monotonic() - start < 0.3
        assert caught.value.retry_after >= 1
        for future in waiting:
            assert isinstance(future.exception(), EngineBusy)
            assert "waited 0.5 s" in str(future.exception())
        assert all(isinstance(future.exception(), QueryTimeout) for future in blocked)
    state(runners, running=0, waiting=0)


def test_a_client_that_hangs_up_frees_its_runner(guarded, runners, monkeypatch):
    connections = []
    runners.client().kept.close()
    connect = type(runners.client())._connect

    def remember(client, name, seconds):
        connections.append(connect(client, name, seconds))
        return connections[-1]

    before = runners.client().statistics().get("stopped_abandoned", 0)
    monkeypatch.setattr(type(runners.client()), "_connect", remember)
    outcomes = []

    def ask():
        try:
            guarded.answer(ENDLESS, FORMATS)
        except EngineUnavailable as error:
            outcomes.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    start = time.monotonic()
    for attempt in range(2):
        while len(connections) <= attempt:
            time.sleep(0.01)
        time.sleep(0.1)
        connections[attempt].shutdown(2)
    thread.join(2)
    monkeypatch.undo()
    state(runners, stopped_abandoned=before + 2, running=0)
    assert time.monotonic() - start < 0.9
    assert len(outcomes) == 1


def test_one_client_after_another_is_served_by_kept_runners(guarded, runners):
    state(runners, running=0)
    before = runners.client().statistics()
    for number in range(50):
        assert guarded.answer(f"ASK {{ ?s ?p {number} }}", FORMATS).form == "ask"
    after = runners.client().statistics()
    assert after["queries"] - before["queries"] == 50
    assert after["forks"] == before["forks"]


def test_a_kept_runner_is_given_up_for_another_client(guarded, embedded, runners):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: guarded.answer("ASK {}", FORMATS), range(20)))
    others = [GuardedEngine(embedded, replace(runners.client(), kept=Kept())) for _ in range(3)]
    start = time.monotonic()
    for _ in range(5):
        assert all(other.answer("ASK {}", FORMATS).form == "ask" for other in others)
    assert time.monotonic() - start < 1
    for other in others:
        other.client.kept.close()


def test_a_kept_runner_that_died_is_not_missed(guarded, runners):
    guarded.answer("ASK {}", FORMATS)
    for pid in children(runners.host):
        os.kill(pid, signal.SIGKILL)
    assert guarded.answer("ASK {}", FORMATS).form == "ask"
    state(runners, runners=3, running=0)


def test_many_clients_wait_for_each_other_fairly(embedded, runners):
    slow = 'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER (STR(?c) = "7") }'

    def ask(engine):
        return [len(engine.answer(slow, FORMATS).body) for _ in range(6)]

    each = [GuardedEngine(embedded, replace(runners.client(), kept=Kept())) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert len({tuple(answers) for answers in pool.map(ask, each)}) == 1
    for one in each:
        one.client.kept.close()
    state(runners, running=0, waiting=0)


def test_workers_forked_later_are_served(guarded):
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if b"true" in guarded.answer("ASK {}", FORMATS).body else 1)
        finally:
            os._exit(2)
    assert os.waitpid(pid, 0)[1] == 0


def test_a_runner_killed_from_outside_is_replaced(guarded, runners):
    killed = children(runners.host)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert gone(killed)
    state(runners, runners=3)
    assert guarded.answer("ASK {}", FORMATS).form == "ask"


def test_the_host_keeps_no_memory_and_no_descriptor_of_queries(guarded, runners):
    def held():
        pages = int(Path(f"/proc/{runners.host}/statm").read_text().split()[1])
        return pages * 4096, len(list(Path(f"/proc/{runners.host}/fd").iterdir()))

    guarded.answer("ASK {}", FORMATS)
    state(runners, running=0)
    before = held()
    for _ in range(100):
        guarded.answer(EVERYTHING, FORMATS)
    state(runners, running=0)
    until = time.monotonic() + 3
    while (after := held())[1] != before[1] and time.monotonic() < until:
        time.sleep(0.01)
    assert after[0] - before[0] < 4_000_000
    assert after[1] == before[1]


def test_closing_leaves_no_process_and_no_folder(embedded):
    started = Runners.start(embedded, SETTINGS)
    began(started)
    pids = [started.host, *children(started.host)]
    assert len(pids) == 4
    started.close()
    assert gone(pids)
    assert not started.client().folder.exists()
    with pytest.raises(EngineUnavailable, match="do not answer"):
        started.engine().answer("ASK {}", FORMATS)
    started.close()


OWNER = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.runners.runners import Runners
from hsgraph.settings import Settings
started = Runners.start(EmbeddedEngine([]), Settings())
started.client().statistics()
print(started.host, started.client().folder, flush=True)
time.sleep(30)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_runners_do_not_outlive_their_owner(number):
    with subprocess.Popen(
        [sys.executable, "-c", OWNER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as owner:
        host, folder = owner.stdout.readline().split()
        pids = [int(host), *children(int(host))]
        assert len(pids) > 1
        owner.send_signal(number)
        owner.wait(5)
        assert gone(pids)
        assert not Path(folder).exists()


def test_interrupts_of_the_terminal_leave_the_host_to_its_owner(guarded, runners):
    os.kill(runners.host, signal.SIGINT)
    for pid in children(runners.host):
        os.kill(pid, signal.SIGINT)
    assert guarded.answer("ASK {}", FORMATS).form == "ask"
