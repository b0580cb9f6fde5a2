"""Runners: the same answers as in process, bounded, shared fairly, and gone with their owner."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from hsgraph.build.pipeline import build_files
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import DatasetClause, Limits
from hsgraph.engine.runners import wire
from hsgraph.engine.runners.client import GuardedEngine, RunnerClient
from hsgraph.engine.runners.disconnect import DISCONNECT, Disconnect
from hsgraph.engine.runners.query_host import QueryHost
from hsgraph.errors import (
    EngineBusy,
    EngineUnavailable,
    QueryOutOfMemory,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    UpdateRefused,
)
from hsgraph.formats import RDF_FORMATS, RESULT_FORMATS, RESULTS_CSV, RESULTS_JSON, TURTLE
from hsgraph.settings import Settings
from tests.serving import eventually

pytestmark = pytest.mark.timed
FORMATS = {"select": RESULTS_CSV, "ask": RESULTS_JSON, "construct": TURTLE, "describe": TURTLE}
EVERYTHING = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MUCH = """SELECT (COUNT(*) AS ?n) {
    SELECT DISTINCT ?s ?o ?t ?r { ?s ?p ?o . ?t ?q ?r FILTER(?o < 250) }
}"""
SETTINGS = Settings(
    query_seconds=1.0,
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
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runners")
    file = folder / "data.nq"
    file.write_text("".join(f"{quad} .\n" for quad in quads()))
    return build_files([file], folder / "built")


@pytest.fixture(scope="module")
def embedded(snapshot):
    return EmbeddedEngine(snapshot)


@pytest.fixture(scope="module")
def host(snapshot):
    with closing(QueryHost(snapshot, SETTINGS)) as started:
        started.wait()
        yield started


@pytest.fixture
def guarded(embedded, host):
    return GuardedEngine(embedded, host.client)


def state(started, **expected):
    """The statistics, once they show what is expected."""
    until = time.monotonic() + 10
    while True:
        found = started.client.statistics()
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


def test_too_many_bytes_are_an_error(guarded):
    with pytest.raises(ResultTooLarge, match="100 bytes") as caught:
        guarded.answer(EVERYTHING, FORMATS, limits=Limits(1, 100))
    assert "LIMIT" in caught.value.remedy


def test_a_request_cannot_raise_the_limits_of_the_settings(guarded):
    query = 'SELECT ("%s" AS ?x) { ?a ?b ?c . ?d ?e ?f }' % ("x" * 50_000)
    with pytest.raises(ResultTooLarge, match="3,000,000 bytes"):
        guarded.answer(query, FORMATS, limits=Limits(99, 10**9))


def test_a_large_answer_arrives_whole(guarded):
    query = 'SELECT (CONCAT(STR(?o), "%s") AS ?x) { ?s ?p ?o }' % ("x" * 1000)
    assert len(guarded.answer(query, FORMATS).body) > 2_000_000


def test_a_query_is_stopped_at_its_deadline(guarded, host):
    before = host.client.statistics().get("stopped_timeout", 0)
    start = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"after 0\.3 seconds"):
        guarded.answer(ENDLESS, FORMATS, limits=Limits(0.3, 10_000))
    assert time.monotonic() - start < 0.8
    state(host, stopped_timeout=before + 1, running=0, runners=2)


def test_small_queries_are_answered_at_once(guarded):
    taken = []
    for _ in range(200):
        start = time.perf_counter()
        guarded.answer("ASK { <http://e/7> ?p ?o }", FORMATS)
        taken.append(time.perf_counter() - start)
    assert sorted(taken)[20] < 0.005, "what waits by the clock would make all of them late"


def test_a_few_wait_for_their_turn_and_are_served(guarded):
    quick = Limits(0.3, 10_000)
    with ThreadPoolExecutor(4) as pool:
        blocked = [pool.submit(guarded.answer, ENDLESS, FORMATS, limits=quick) for _ in range(2)]
        time.sleep(0.1)
        served = [pool.submit(guarded.answer, "ASK {}", FORMATS) for _ in range(2)]
        assert all(b"true" in future.result().body for future in served)
        assert all(isinstance(future.exception(), QueryTimeout) for future in blocked)


@pytest.fixture
def alone(snapshot):
    """A host with a single runner."""
    with closing(QueryHost(snapshot, replace(SETTINGS, runners=1))) as started:
        started.wait()
        yield started


def test_more_than_the_queue_holds_are_refused_at_once(embedded, alone):
    guarded, host = GuardedEngine(embedded, alone.client), alone
    with ThreadPoolExecutor(8) as pool:
        blocked = [pool.submit(guarded.answer, ENDLESS, FORMATS)]
        state(host, running=1)
        waiting = [pool.submit(guarded.answer, ENDLESS, FORMATS) for _ in range(2)]
        state(host, waiting=1)
        time.sleep(0.1)
        start = time.monotonic()
        with pytest.raises(EngineBusy, match="queue is taken") as caught:
            guarded.answer("ASK {}", FORMATS)
        assert time.monotonic() - start < 0.3
        assert caught.value.retry_after >= 1
        for future in waiting:
            assert isinstance(future.exception(), EngineBusy)
            assert "waited 0.5 s" in str(future.exception())
        assert all(isinstance(future.exception(), QueryTimeout) for future in blocked)
    state(host, running=0, waiting=0)


def test_a_query_that_takes_long_makes_room_for_a_short_one(guarded, host):
    with ThreadPoolExecutor(2) as pool:
        blocked = [pool.submit(guarded.answer, ENDLESS, FORMATS) for _ in range(2)]
        state(host, running=2)
        time.sleep(0.1)
        start = time.monotonic()
        assert guarded.answer("ASK {}", FORMATS).form == "ask"
        assert time.monotonic() - start < 0.4
        kinds = {type(future.exception()) for future in blocked}
    assert kinds <= {QueryTimeout, EngineBusy}
    assert QueryTimeout in kinds
    state(host, running=0, waiting=0)


def test_a_client_that_leaves_frees_its_runner(guarded, host):
    before = host.client.statistics().get("stopped_abandoned", 0)
    client = Disconnect()
    threading.Timer(0.2, client.set).start()
    DISCONNECT.set(client)
    start = time.monotonic()
    with pytest.raises(EngineUnavailable, match="nobody waits"):
        guarded.answer(ENDLESS, FORMATS)
    DISCONNECT.set(None)
    assert time.monotonic() - start < 0.9
    state(host, stopped_abandoned=before + 1, running=0, runners=2)


def test_a_client_that_left_before_its_turn_takes_no_runner(guarded, host):
    state(host, running=0)
    client = Disconnect()
    client.set()
    DISCONNECT.set(client)
    with pytest.raises(EngineUnavailable, match="nobody waits"):
        guarded.answer(ENDLESS, FORMATS)
    DISCONNECT.set(None)
    state(host, running=0, waiting=0)


def test_queries_one_after_another_need_no_new_process(guarded, host):
    state(host, running=0)
    before = host.client.statistics()
    for number in range(50):
        assert guarded.answer(f"ASK {{ ?s ?p {number} }}", FORMATS).form == "ask"
    after = host.client.statistics()
    assert after["queries"] - before["queries"] == 50
    assert after["forks"] == before["forks"]


def test_a_runner_that_has_grown_much_is_replaced_after_its_answer(snapshot, embedded):
    with closing(QueryHost(snapshot, replace(SETTINGS, query_seconds=60.0, runners=1))) as host:
        host.wait()
        guarded = GuardedEngine(embedded, host.client)
        before = host.client.statistics()["forks"]
        assert b"500000" in guarded.answer(MUCH, FORMATS).body
        assert eventually(lambda: host.client.statistics()["forks"] == before + 1)


def test_a_runner_is_replaced_when_its_time_is_over_but_not_before_its_first_query(
    snapshot, embedded
):
    with closing(QueryHost(snapshot, replace(SETTINGS, runner_seconds=0.2, runners=1))) as host:
        host.wait()
        guarded = GuardedEngine(embedded, host.client)
        time.sleep(0.5)
        assert host.client.statistics()["forks"] == 1
        for forks in (2, 3):
            assert guarded.answer("ASK {}", FORMATS).form == "ask"
            assert eventually(lambda forks=forks: host.client.statistics()["forks"] == forks)


def test_no_query_is_lost_while_runners_are_replaced(snapshot, embedded):
    with closing(QueryHost(snapshot, replace(SETTINGS, runner_seconds=0.1))) as host:
        host.wait()
        guarded = GuardedEngine(embedded, host.client)
        answered = 0
        while host.client.statistics()["forks"] < 20:
            assert guarded.answer("ASK { ?s ?p ?o }", FORMATS).form == "ask"
            answered += 1
        assert host.client.statistics()["queries"] == answered


def test_a_query_that_takes_all_its_memory_is_told_so(guarded, host):
    greedy = "SELECT (GROUP_CONCAT(STR(?c)) AS ?all) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with pytest.raises((QueryOutOfMemory, QueryTimeout)):
        guarded.answer(greedy, FORMATS)
    state(host, running=0, runners=2)


@pytest.mark.parametrize(("sorts", "calls"), [("", 1), ("ORDER BY ?a", 2)])
def test_only_a_query_that_sorts_is_asked_again_where_memory_ended(embedded, sorts, calls):
    class OutOfMemory(RunnerClient):
        def answer(self, request):
            asked.append(request)
            raise QueryOutOfMemory("It ended.")

    asked = []
    guarded = GuardedEngine(embedded, OutOfMemory(Path(), SETTINGS))
    with pytest.raises(QueryOutOfMemory):
        guarded.answer(f"SELECT * {{ ?a <urn:border> ?b }} {sorts}", FORMATS)
    assert len(asked) == calls


def test_what_a_runner_sends_is_bounded():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(wire.pack({"form": "ask"}, b"x" * 1000))
        with pytest.raises(ConnectionError, match="longer"):
            wire.receive(ours, 999)


def test_workers_forked_later_are_served(guarded):
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if b"true" in guarded.answer("ASK {}", FORMATS).body else 1)
        finally:
            os._exit(2)
    assert os.waitpid(pid, 0)[1] == 0


def test_a_runner_killed_from_outside_is_replaced(guarded, host):
    killed = children(host.process.pid)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert gone(killed)
    state(host, runners=2)
    assert guarded.answer("ASK {}", FORMATS).form == "ask"


def test_a_runner_that_is_slow_to_die_keeps_no_other_from_being_replaced(guarded, host):
    state(host, running=0, runners=2)
    slow, killed = children(host.process.pid)
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(host.client._reason, slow)
        start = time.monotonic()
        os.kill(killed, signal.SIGKILL)
        assert gone([killed])
        state(host, runners=2)
        assert time.monotonic() - start < 0.8
        os.kill(slow, signal.SIGABRT)
        assert told.result() == "memory"
    state(host, runners=2)


def test_the_host_keeps_no_memory_and_no_descriptor_of_queries(guarded, host):
    def held():
        pages = int(Path(f"/proc/{host.process.pid}/statm").read_text().split()[1])
        return pages * 4096, len(list(Path(f"/proc/{host.process.pid}/fd").iterdir()))

    guarded.answer("ASK {}", FORMATS)
    state(host, running=0)
    before = held()
    for _ in range(100):
        guarded.answer(EVERYTHING, FORMATS)
    state(host, running=0)
    until = time.monotonic() + 3
    while (after := held())[1] > before[1] and time.monotonic() < until:
        time.sleep(0.01)
    assert after[0] - before[0] < 4_000_000
    assert after[1] <= before[1]


def test_closing_leaves_no_process_and_no_folder(snapshot, embedded):
    started = QueryHost(snapshot, SETTINGS)
    started.wait()
    pids = [started.process.pid, *children(started.process.pid)]
    assert len(pids) == 3
    started.close()
    assert gone(pids)
    assert not started.client.folder.exists()
    with pytest.raises(EngineUnavailable, match="do not answer"):
        GuardedEngine(embedded, started.client).answer("ASK {}", FORMATS)
    started.close()


def test_a_host_that_died_is_started_again_and_what_waited_is_answered(guarded, host):
    state(host, running=0)
    with ThreadPoolExecutor(1) as pool:
        host.process.kill()
        host.process.wait()
        waiting = pool.submit(guarded.answer, "ASK {}", FORMATS)
        time.sleep(0.1)
        assert host.revive() == -signal.SIGKILL
        with contextlib.suppress(EngineBusy):
            assert b"true" in waiting.result().body
    host.wait()
    assert b"true" in guarded.answer("ASK {}", FORMATS).body


OWNER = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from pathlib import Path
from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.runners.query_host import QueryHost
from hsgraph.settings import Settings
host = QueryHost(Snapshot(Path(sys.argv[1])), Settings())
host.wait()
print(host.process.pid, host.client.folder, flush=True)
time.sleep(30)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_runners_do_not_outlive_their_owner(number, snapshot):
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(snapshot.path)],
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
        assert eventually(lambda: not Path(folder).exists())


def test_interrupts_of_the_terminal_leave_the_host_to_its_owner(guarded, host):
    os.kill(host.process.pid, signal.SIGINT)
    for pid in children(host.process.pid):
        os.kill(pid, signal.SIGINT)
    assert guarded.answer("ASK {}", FORMATS).form == "ask"
