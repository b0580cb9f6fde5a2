"""`hsgraph serve` says when it answers, shares its port with nobody, survives and stops cleanly."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hsgraph.errors import SettingsError
from hsgraph.server.run import reserve

SMALL = Path(__file__).parent / "small.trig"


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server of the small graph, and its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hsgraph", "serve", str(SMALL), "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = next((line for line in process.stdout if "answers at" in line), "")
        assert line, process.stderr.read()
        yield process, urlsplit(line.split()[-1]).port or 0
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()
        process.stderr.close()


def get(port: int, path: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def children(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in text.split()]


def test_it_answers_once_it_says_so_and_stops_without_a_trace() -> None:
    with serving() as (process, port):
        assert get(port, "/readyz")[0] == 200
        assert get(port, "/project/valley.ttl")[0] == 200
        assert get(port, "/sparql?query=ASK%20%7B%7D")[0] == 200
        below = children(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
        time.sleep(0.2)
        assert not [child for child in below if Path(f"/proc/{child}").exists()]
    with pytest.raises(ConnectionRefusedError):
        get(port, "/healthz")


def test_workers_that_die_are_replaced_and_none_outlive_their_server() -> None:
    with serving("--workers", "1") as (process, port):
        before = children(process.pid)
        worker = next(pid for pid in before if _threads(pid) > 1)
        os.kill(worker, signal.SIGKILL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                if get(port, "/healthz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        assert get(port, "/readyz")[0] == 200
        below = children(process.pid)
        process.kill()
        process.wait()
        end = time.monotonic() + 10
        while time.monotonic() < end and any(_alive(pid) for pid in below):
            time.sleep(0.1)
        assert not [pid for pid in below if _alive(pid)]


def _threads(process: int) -> int:
    return len(list(Path(f"/proc/{process}/task").iterdir()))


def _alive(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


def test_a_port_in_use_is_refused_with_what_to_do() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match="in use") as caught:
            reserve("127.0.0.1", port)
        assert f"--port {port + 1}" in str(caught.value.remedy)


def test_an_address_that_is_not_ours_is_refused_plainly() -> None:
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1"):
        reserve("192.0.2.1", 0)


def test_port_0_is_a_free_port() -> None:
    assert reserve("127.0.0.1", 0) > 1023
