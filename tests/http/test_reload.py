"""New data take over while clients ask, processes die, the server stops: no request is lost.

No connection is sent back in time; one of another worker may be a moment behind.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from tests.serving import PATIENCE, Server, alive, eventually, serving

SMALL = Path(__file__).parent.parent / "fixtures" / "small"
QUERY = "/sparql?query=" + quote("SELECT ?number { <http://e/a> <http://e/b> ?number }")
PROCESSES = 7
"""The parent, the query host and its two runners, the web server and its two workers."""
CHANGES = 5
KILLED = {"runner": "", "host": "query_host", "worker": "worker", "web": "web_server"}
"""Each kind of process, and how /metrics names it."""


def write(file: Path, number: int) -> None:
    """Change the data as an editor does: the new file is moved over the old one."""
    fresh = file.with_suffix(".new")
    fresh.write_text(f"<http://e/a> <http://e/b> {number} .\n")
    fresh.replace(file)


class Client(threading.Thread):
    """Asks in a loop which data there are, over one connection or a new one each time."""

    def __init__(self, port: int, *, keeps: bool, posts: bool) -> None:
        super().__init__()
        self._port, self.keeps, self._posts = port, keeps, posts
        self.seen: list[int] = []
        self.failures: list[str] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        while not self.stopped.is_set():
            try:
                self.seen.append(self._ask(connection))
            except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
                self.failures.append(repr(error))
                connection.close()
            if not self.keeps:
                connection.close()
            time.sleep(0.02)
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection) -> int:
        if self._posts:
            path, _, query = QUERY.partition("?")
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, body=query, headers=kind)
        else:
            connection.request("GET", QUERY)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise ValueError(f"{answer.status} {body!r}")
        (row,) = json.loads(body)["results"]["bindings"]
        return int(row["number"]["value"])


def test_changes_lose_no_request_and_never_go_back(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    write(file, 0)
    with serving(tmp_path, file, "--watch", watch_seconds=0.1, log_level="warning") as server:
        kinds = [(keeps, posts) for keeps in (True, False) for posts in (True, False)]
        clients = [Client(server.port, keeps=keeps, posts=posts) for keeps, posts in kinds]
        for client in clients:
            client.start()
        assert eventually(lambda: all(client.seen for client in clients))
        first = clients[0]
        for number in range(1, CHANGES + 1):
            write(file, number)
            assert eventually(lambda n=number: first.seen[-1:] == [n]), server.log.read_text()
        assert eventually(lambda: len(server.processes()) == PROCESSES), server.processes()
        assert eventually(lambda: all(client.seen[-1] == CHANGES for client in clients))
        for client in clients:
            client.stopped.set()
        for client in clients:
            client.join()
        assert [client.failures for client in clients] == [[], [], [], []]
        assert all(client.seen == sorted(client.seen) for client in clients if client.keeps)
        assert all(client.seen[0] == 0 and client.seen[-1] == CHANGES for client in clients)
        assert sum(len(client.seen) for client in clients) > 200
        assert server.metrics()["hsgraph_reloads_total"] == CHANGES


def test_data_that_does_not_validate_is_told_and_not_served(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(SMALL, project)
    with serving(tmp_path, project, "--watch", watch_seconds=0.1) as server:
        before = server.ready()[1]["version"]
        broken = project / "data" / "broken.ttl"
        broken.write_text("@prefix hs: <https://w3id.org/hsgraph/ontology#> .\n\n<x> a hs:Project")
        assert eventually(lambda: server.metrics()['hsgraph_builds_total{result="failed"}'] == 1)
        status, state = server.ready()
        assert (status, state["version"], state["build"]["ok"]) == (200, before, False)
        assert "broken.ttl:3" in state["build"]["places"][0]
        assert "broken.ttl:3" in server.log.read_text()
        assert server.metrics()["hsgraph_build_ok"] == 0

        thing = "<https://w3id.org/hsgraph/id/project/nameless>"
        broken.write_text(
            f"@prefix hs: <https://w3id.org/hsgraph/ontology#> .\n\n{thing} a hs:Project .\n"
        )
        assert eventually(lambda: server.metrics()['hsgraph_builds_total{result="failed"}'] == 2)
        assert "broken.ttl:3" in server.ready()[1]["build"]["places"][0]
        assert server.ready()[1]["version"] == before

        broken.unlink()
        assert eventually(lambda: server.ready()[1]["build"]["ok"])
        assert server.metrics()["hsgraph_build_ok"] == 1
        assert server.ready()[1]["version"] == before


def test_a_signal_takes_up_new_data_and_only_new_data(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    write(file, 1)
    with serving(tmp_path, file) as server:
        before = server.processes()
        server.reload()
        assert eventually(lambda: "nothing has changed" in server.log.read_text())
        assert server.processes() == before
        write(file, 2)
        time.sleep(0.5)
        assert b'"1"' in server.get(QUERY)[1]
        server.reload()
        assert eventually(lambda: b'"2"' in server.get(QUERY)[1])
        assert server.ready()[1]["generation"] == 2


def test_a_request_in_flight_is_answered_to_its_end_by_the_data_it_began_with(
    tmp_path: Path,
) -> None:
    file = tmp_path / "data.ttl"
    many = "".join(f"<http://e/{n}> <http://e/p> {n} .\n" for n in range(60))
    file.write_text(many)
    slow = "SELECT (COUNT(*) AS ?n) (SUM(?x + ?y + ?z + ?w) AS ?sum) { ?a <http://e/p> ?x . "
    slow += "?b <http://e/p> ?y . ?c <http://e/p> ?z . ?d <http://e/p> ?w FILTER(?w < 20) }"
    answers: list[tuple[int, bytes]] = []
    with serving(tmp_path, file, query_seconds=2 * PATIENCE) as server:
        asking = threading.Thread(target=lambda: answers.append(server.ask(slow)))
        asking.start()
        assert eventually(lambda: server.metrics()['hsgraph_runners{state="busy"}'] == 1)
        runners = children(named(server, "runners.host")[0])
        for runner in runners:
            os.kill(runner, signal.SIGSTOP)
        file.write_text("<http://e/1> <http://e/p> 1 .\n")
        server.reload()
        assert eventually(lambda: server.ready()[1]["generation"] == 2)
        assert asking.is_alive()
        for runner in runners:
            os.kill(runner, signal.SIGCONT)
        asking.join(PATIENCE)
        ((status, body),) = answers
        assert status == 200
        assert str(60**3 * 20).encode() in body


def named(server: Server, name: str) -> list[int]:
    """The processes of a server whose command names a module."""
    return [
        process
        for process in server.processes()
        if name.encode() in Path(f"/proc/{process}/cmdline").read_bytes()
    ]


def children(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in text.split()]


def answers(server: Server) -> bool:
    with suppress(OSError, http.client.HTTPException):
        return b'"1"' in server.get(QUERY)[1]
    return False


def test_processes_that_are_killed_are_replaced_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    write(file, 1)
    with serving(tmp_path, file) as server:
        for kind, label in KILLED.items():
            host, web = named(server, "runners.host")[0], named(server, "runtime.web")[0]
            killed = {
                "runner": children(host)[0],
                "host": host,
                "worker": children(web)[0],
                "web": web,
            }[kind]
            os.kill(killed, signal.SIGKILL)
            assert eventually(lambda killed=killed: not alive(killed)), kind
            assert eventually(lambda: answers(server)), kind
            assert eventually(lambda: len(server.processes()) == PROCESSES), server.processes()
            if label:
                counted = f'hsgraph_restarts_total{{process="{label}"}}'
                assert eventually(lambda name=counted: server.metrics()[name] == 1), kind
            assert eventually(lambda: answers(server)), kind
        log = server.log.read_text()
        assert len(re.findall("has died|had died", log)) >= 3, log


def test_a_worker_that_hangs_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    write(file, 1)
    with serving(tmp_path, file) as server:
        hung = children(named(server, "runtime.web")[0])[0]
        os.kill(hung, signal.SIGSTOP)
        assert eventually(lambda: not alive(hung))
        assert "hangs" in server.log.read_text()
        assert eventually(lambda: len(server.processes()) == PROCESSES)
        assert eventually(lambda: answers(server))
        assert [server.get(QUERY)[0] for _ in range(10)] == [200] * 10


def test_no_process_outlives_the_parent(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    write(file, 1)
    with serving(tmp_path, file) as server:
        processes = server.processes()
        assert len(processes) == PROCESSES
        server.process.kill()
        assert eventually(lambda: not any(alive(process) for process in processes))


def test_a_stop_lets_requests_end_and_leaves_no_process(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text("".join(f"<http://e/{n}> <http://e/p> {n} .\n" for n in range(3000)))
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    answers: list[tuple[int, bytes]] = []
    with serving(tmp_path, file, query_seconds=3) as server:
        processes = server.processes()
        asking = threading.Thread(target=lambda: answers.append(server.ask(endless)))
        asking.start()
        assert eventually(lambda: server.metrics()['hsgraph_runners{state="busy"}'] == 1)
        time.sleep(1)  # a worker that has not begun to serve hears no signal
        server.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: _refuses(server), 10)
        asking.join()
        assert answers[0][0] == 503
        assert b"3 seconds" in answers[0][1]
        assert server.process.wait(PATIENCE) == 0
        assert eventually(lambda: not any(alive(process) for process in processes))


def test_a_stop_ends_in_time_whatever_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text("".join(f"<http://e/{n}> <http://e/p> {n} .\n" for n in range(3000)))
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with serving(tmp_path, file, query_seconds=2 * PATIENCE, stop_seconds=1) as server:
        processes = server.processes()

        def ask(server: Server = server) -> None:
            with suppress(OSError, http.client.HTTPException):
                server.ask(endless)

        asking = threading.Thread(target=ask)
        asking.start()
        assert eventually(lambda: server.metrics()['hsgraph_runners{state="busy"}'] == 1)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE) == 0
        asking.join()
        assert eventually(lambda: not any(alive(process) for process in processes))


def test_a_connection_that_idles_meanwhile_is_answered_from_the_new_data(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    write(file, 1)
    with serving(tmp_path, file, header_seconds=PATIENCE) as server:
        before = named(server, "runners.host")
        with closing(server.connection()) as idle:
            idle.request("GET", "/healthz")
            idle.getresponse().read()
            write(file, 2)
            server.reload()
            assert eventually(lambda: server.ready()[1]["generation"] == 2)
            assert eventually(lambda: not any(alive(process) for process in before))
            idle.request("GET", QUERY)
            assert b'"2"' in idle.getresponse().read()


def _refuses(server: Server) -> bool:
    """Whether a server takes no new connections."""
    try:
        server.get("/healthz")
    except OSError:
        return True
    return False
