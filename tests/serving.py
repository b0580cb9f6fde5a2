"""A real `hsgraph serve` process for tests: its address, its processes, its log."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

PATIENCE = 120.0
"""Seconds that a test waits for what a busy machine does late."""


@dataclass(frozen=True)
class Server:
    """A running server; `log` is the file that it writes its log to."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        with closing(self.connection()) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def ask(self, query: str) -> tuple[int, bytes]:
        return self.get("/sparql?query=" + quote(query))

    def ready(self) -> tuple[int, dict[str, Any]]:
        status, body = self.get("/readyz")
        found: dict[str, Any] = json.loads(body)
        return status, found

    def metrics(self) -> dict[str, float]:
        lines = self.get("/metrics")[1].decode().splitlines()
        pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
        return {name: float(value) for name, value in pairs}

    def processes(self) -> list[int]:
        """Every process of the server that is alive."""
        return [self.process.pid, *descendants(self.process.pid)]

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)


@cache
def _templates() -> Path:
    """Where the servers of a test process keep compiled templates, so that one compiles them."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    return Path(folder)


@contextmanager
def serving(folder: Path, *arguments: str | Path, **settings: object) -> Iterator[Server]:
    """A server with its log and snapshots in a folder, stopped at the end."""
    log = folder / "log"
    kept = folder / "snapshots" / ".templates"
    if not kept.is_symlink():
        kept.parent.mkdir(exist_ok=True)
        kept.symlink_to(_templates())
    given = {f"HSGRAPH_{name.upper()}": str(value) for name, value in settings.items()}
    environment = {**os.environ, "HSGRAPH_SNAPSHOTS": str(folder / "snapshots"), **given}
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "hsgraph", "serve", *map(str, arguments), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
        )
    assert process.stdout is not None
    try:
        line = next((line for line in process.stdout if "answers at" in line), "")
        assert line, log.read_text()
        yield Server(process, urlsplit(line.split()[-1]).port or 0, log)
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def descendants(process: int) -> list[int]:
    """The children of a process, theirs, and so on."""
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except FileNotFoundError:
        return []
    below = [int(number) for number in text.split()]
    return [each for child in below for each in (child, *descendants(child))]


def alive(process: int) -> bool:
    """Whether a thread of a process runs: until the last has ended, its sockets are open.

    The first thread of a process that is killed is gone up to 50 ms before its last one, and new
    connections are still given to it.
    """
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return fields[0] != "Z" or int(fields[17]) > 1


def eventually(holds: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Whether something becomes true in time; a connection that breaks means not yet."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(ConnectionError):
            if holds():
                return True
        time.sleep(0.05)
    return False
