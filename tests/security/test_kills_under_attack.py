"""A hundred hostile requests and thirty `kill -9` at once: lost is only what died with a process.

Six of each kind of process are killed in turn: runner, query host, worker, web server, build. The
client asks as programs do, over a connection of its own each time, and connects again where it was
refused, since nothing was sent then. Run it with `-s` to see the figures.
"""

from __future__ import annotations

import http.client
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.security import attacks
from tests.security.test_hostile_load import FACTOR, FLOOR, OWN, QUIET, SMALL
from tests.serving import Server, alive, descendants, eventually, serving

pytestmark = pytest.mark.timed
KINDS = ("runner", "host", "worker", "web", "build")
KILLS = 30
PAUSE = 0.6
"""Seconds between two kills: about as long as the process that died takes to come back."""
PATHS = (
    "/project/valley",
    "/sparql?query=ASK%7B%7D",
    "/search?q=valley",
    "/project/valley.ttl",
    "/reconcile?queries=%7B%22q%22%3A%7B%22query%22%3A%22Valley%22%7D%7D",
    "/",
)
AFFECTS = {"web": PATHS, "worker": PATHS, "host": PATHS[1:2], "runner": PATHS[1:2], "build": ()}
"""Which requests a process may have in its hands when it dies."""


@dataclass(frozen=True)
class Asked:
    """One request: what for, when it was sent and ended, what it came to (0: no answer)."""

    path: str
    start: float
    end: float
    status: int


@dataclass(frozen=True)
class Killed:
    """A process that was killed, when, and when it was gone with its sockets."""

    kind: str
    at: float
    gone: float


class Client(threading.Thread):
    """Asks one thing after the other, nothing twice; `most` times, or until it is stopped."""

    numbers = itertools.count()

    def __init__(self, port: int, most: int = 0) -> None:
        super().__init__()
        self._port, self._most = port, most
        self.asked: list[Asked] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set() and not 0 < self._most == len(self.asked):
            number = next(self.numbers)
            path = PATHS[number % len(PATHS)]
            start, status = time.monotonic(), 0
            with suppress(OSError, http.client.HTTPException):
                status = self._ask(f"{path}{'&' if '?' in path else '?'}n={number}")
            self.asked.append(Asked(path, start, time.monotonic(), status))
            time.sleep(0.01)

    def _ask(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.sock = self._connected()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def _connected(self) -> socket.socket:
        while True:
            try:
                here = ("127.0.0.1", self._port)
                return socket.create_connection(here, timeout=60, source_address=(OWN, 0))
            except ConnectionRefusedError:
                time.sleep(0.05)

    @property
    def slow(self) -> float:
        """The 95th percentile of how long it waited."""
        taken = sorted(each.end - each.start for each in self.asked)
        return taken[int(0.95 * len(taken))]

    def lost(self, kills: list[Killed]) -> tuple[list[Asked], list[Asked]]:
        """What it was not answered: in flight where a process died that may have had it; else."""
        failed = [each for each in self.asked if each.status != 200]
        flight = [
            each
            for each in failed
            for k in kills
            if each.path in AFFECTS[k.kind] and each.start <= k.gone and each.end >= k.at
        ]
        return flight, [each for each in failed if each not in flight]


def of_kind(server: Server, kind: str) -> Iterator[int]:
    """The processes of a kind."""
    module = {"runner": "runners.host", "worker": "runtime.web", "build": "origin.builder"}
    name = module.get(kind, "runners.host" if kind == "host" else "runtime.web")
    for process in descendants(server.process.pid):
        with suppress(OSError):
            command = Path(f"/proc/{process}/cmdline").read_bytes()
            parent = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
            direct = parent == server.process.pid
            if name.encode() in command and direct is (kind in ("host", "web", "build")):
                yield process


def kill(server: Server, data: Path, kind: str, number: int) -> Killed:
    """Kill a process of a kind; a build is begun for it."""
    if kind == "build":
        data.write_text(f"<http://e/a> <http://e/b> {number} .\n")
        server.reload()
    found: list[int] = []
    assert eventually(lambda: found.extend(of_kind(server, kind)) or found), kind
    process, at = found[number % len(found)], time.monotonic()
    os.kill(process, signal.SIGKILL)
    assert eventually(lambda: not alive(process))
    return Killed(kind, at, time.monotonic())


def test_what_is_lost_died_with_its_process(tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("<http://e/a> <http://e/b> 0 .\n")
    bounds = {
        "query_seconds": attacks.SECONDS,
        "queue_seconds": 60,
        "query_memory": 300_000_000,
        "query_bytes": 20_000_000,
        "header_seconds": attacks.HEADER_SECONDS,
    }
    with serving(tmp_path, SMALL, data, attacks.ring(tmp_path), **bounds) as server:
        quiet, client = Client(server.port, QUIET), Client(server.port)
        quiet.run()
        client.start()
        program = [sys.executable, "-m", "tests.security.attacks", str(server.port)]
        attacking = subprocess.Popen(program, cwd=Path(__file__).parents[2])
        kills: list[Killed] = []
        for number in range(KILLS):
            kills.append(kill(server, data, KINDS[number % len(KINDS)], number))
            time.sleep(PAUSE)
        assert attacking.wait(timeout=120) == 0
        client.stopped.set()
        client.join()
        flight, lost = client.lost(kills)
        print(
            f"\n{len(kills)} kills, {len(client.asked)} requests:"
            f" {len(flight)} lost in flight, {len(lost)} else; p95 {client.slow * 1000:.0f} ms,"
            f" quiet {quiet.slow * 1000:.0f} ms"
        )
        assert not [each for each in quiet.asked if each.status != 200]
        assert not lost, [(each, [k for k in kills if abs(k.at - each.start) < 5]) for each in lost]
        assert client.slow < max(FACTOR * quiet.slow, FLOOR)
        server.reload()
        newest = f"ASK {{ <http://e/a> <http://e/b> {KILLS - 1} }}"
        assert eventually(lambda: b"true" in server.ask(newest)[1])
        assert eventually(lambda: len(server.processes()) == 7), server.processes()
        counted = server.metrics()
        assert counted['hsgraph_restarts_total{process="query_host"}'] == KILLS / len(KINDS)
        assert counted['hsgraph_restarts_total{process="web_server"}'] >= KILLS / len(KINDS)
        assert counted['hsgraph_restarts_total{process="worker"}'] >= KILLS / len(KINDS)
