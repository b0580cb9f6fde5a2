"""`hsgraph serve` says when it answers, shares its port with nobody, survives and stops cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hsgraph.errors import SettingsError
from hsgraph.server.runtime.address import reserve
from tests.serving import PATIENCE, Server, alive, descendants, eventually, serving

SMALL = Path(__file__).parent / "small.trig"


def test_it_answers_once_it_says_so_and_stops_without_a_trace(tmp_path: Path) -> None:
    with serving(tmp_path, SMALL) as server:
        assert server.get("/readyz")[0] == 200
        assert server.get("/project/valley.ttl")[0] == 200
        assert server.ask("ASK {}")[0] == 200
        below = server.processes()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=10) == 0
        assert "Traceback" not in server.log.read_text()
        assert eventually(lambda: not any(alive(process) for process in below))
        with pytest.raises(ConnectionRefusedError):
            server.get("/healthz")


def test_a_signal_to_stop_that_comes_before_it_answers_stops_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hsgraph", "serve", str(SMALL), "--port", "0"]
    environment = {**os.environ, "HSGRAPH_SNAPSHOTS": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:

        def web() -> bool:
            """Whether the web server, the last process to be started, is there."""
            lines = (Path(f"/proc/{each}/cmdline") for each in descendants(process.pid))
            return any(b"runtime.web" in line.read_bytes() for line in lines if line.exists())

        try:
            assert eventually(web)
            process.terminate()
            assert process.wait(timeout=PATIENCE / 4) == 0
        finally:
            process.kill()


def test_connections_are_spread_over_all_workers(tmp_path: Path) -> None:
    with serving(tmp_path, SMALL) as server:

        def seen() -> set[str]:
            """The workers that have answered; one may start later than the other."""
            server.get("/nothing")
            told = lines(server, "/nothing")
            return {line.split("request=")[1].split("-")[1] for line in told}

        assert eventually(lambda: len(seen()) == 2)


def lines(server: Server, path: str) -> list[str]:
    return [line for line in server.log.read_text().splitlines() if f" path={path} " in line]


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
