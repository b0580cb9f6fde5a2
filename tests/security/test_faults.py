"""Where the machine runs out of something, what was good stays, and the log says what is short.

Memory, room on the disk, descriptors, a clock that is set, a snapshot that somebody changes, two
builds at once: for builds, and for a server under way, whose processes are limited from outside.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from hsgraph.build.pipeline import build_files
from hsgraph.build.snapshot import Snapshot
from tests.http.test_reload import QUERY, children, named, write
from tests.serving import Server, eventually, serving

ROOT = Path(__file__).parents[2]
SMALL = Path(__file__).parents[1] / "http" / "small.trig"


def limited(kind: int, most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(kind, (most, most))


@pytest.mark.parametrize(
    ("within", "told"),
    [
        pytest.param(limited(resource.RLIMIT_AS, 260_000_000), "memory allocation", id="memory"),
        pytest.param(limited(resource.RLIMIT_FSIZE, 40_000), "File too large", id="room"),
        pytest.param(limited(resource.RLIMIT_NOFILE, 6), "Too many open files", id="descriptors"),
    ],
)
def test_a_build_that_runs_out_keeps_the_last_good_one(
    tmp_path: Path, within: Callable[[], None], told: str
) -> None:
    data, target = tmp_path / "x.nt", tmp_path / "var"
    data.write_text("<http://e/s> <http://e/p> <http://e/o> .\n")
    good = build_files([data], target)
    lines = (f'<http://e/{n}> <http://e/p> "{n} {"y" * 2000}" .\n' for n in range(3000))
    data.write_text("".join(lines))
    program = (
        "from pathlib import Path; from hsgraph.build.pipeline import build_files;"
        f"build_files([Path({str(data)!r})], Path({str(target)!r}))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=within,
    )
    assert ended.returncode != 0
    assert told in ended.stderr
    Snapshot.current(target).verify()
    assert Snapshot.current(target).version == good.version
    build_files([data], target).verify()
    assert not list(target.glob(".building-*"))


def test_too_few_descriptors_to_serve_are_told_with_what_to_do(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hsgraph", "serve", "--port", "0", str(SMALL)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=limited(resource.RLIMIT_NOFILE, 32),
    )
    assert ended.returncode == 4
    assert "LimitNOFILE" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_two_builds_at_once_leave_one_whole_snapshot(tmp_path: Path) -> None:
    data, target = tmp_path / "x.nt", tmp_path / "var"
    data.write_text("".join(f'<http://e/{n}> <http://e/p> "{n}" .\n' for n in range(2000)))
    program = (
        "from pathlib import Path; from hsgraph.build.pipeline import build_files;"
        f"print(build_files([Path({str(data)!r})], Path({str(target)!r})).version)"
    )
    building = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[0].strip() for process in building]
    assert [process.returncode for process in building] == [0, 0, 0]
    Snapshot.current(target).verify()
    assert set(said) == {Snapshot.current(target).version}
    assert not list(target.glob(".building-*"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of one worker and one fact, which is 1."""
    file = tmp_path / "data.ttl"
    write(file, 1)
    with serving(tmp_path, file, workers=1) as started:
        yield started


def limit(process: int, kind: int, most: int) -> None:
    hard = resource.prlimit(process, kind)[1]
    resource.prlimit(process, kind, (most, hard))


def answers(server: Server, number: int) -> bool:
    with suppress(OSError):
        return f'"{number}"'.encode() in server.get(QUERY)[1]
    return False


def test_a_build_without_memory_is_told_and_the_data_before_are_served(
    server: Server, tmp_path: Path
) -> None:
    limit(server.process.pid, resource.RLIMIT_AS, 260_000_000)
    lines = (f'<http://e/{n}> <http://e/p> "{n} {"y" * 2000}" .\n' for n in range(30_000))
    (tmp_path / "data.ttl").write_text("".join(lines))
    server.reload()
    assert eventually(lambda: server.ready()[1]["build"]["ok"] is False)
    assert "memory is short" in server.log.read_text()
    assert answers(server, 1)
    limit(server.process.pid, resource.RLIMIT_AS, resource.RLIM_INFINITY)
    write(tmp_path / "data.ttl", 2)
    server.reload()
    assert eventually(lambda: answers(server, 2))


def test_a_build_without_room_is_told_and_the_data_before_are_served(
    server: Server, tmp_path: Path
) -> None:
    limit(server.process.pid, resource.RLIMIT_FSIZE, 200_000)
    lines = (f'<http://e/{n}> <http://e/p> "{n} {"y" * 2000}" .\n' for n in range(3_000))
    (tmp_path / "data.ttl").write_text("".join(lines))
    server.reload()
    assert eventually(lambda: server.ready()[1]["build"]["ok"] is False)
    assert "File too large" in server.log.read_text()
    assert answers(server, 1)


def test_a_worker_without_memory_is_replaced_and_nothing_wrong_is_said(server: Server) -> None:
    (worker,) = children(named(server, "runtime.web")[0])
    size = int(Path(f"/proc/{worker}/statm").read_text().split()[0]) * 4096
    limit(worker, resource.RLIMIT_AS, size + 1_000_000)
    for number in range(40):
        with suppress(OSError):
            status, body = server.get(f"/data?n={number}")
            assert status in (200, 500, 503)
            assert status != 200 or b"</html>" in body
    limited = Path(f"/proc/{worker}")
    if limited.exists():
        limit(worker, resource.RLIMIT_AS, resource.RLIM_INFINITY)
    assert eventually(lambda: answers(server, 1))
    assert eventually(lambda: server.get("/data")[0] == 200)


def test_a_worker_without_descriptors_answers_again_when_it_has_some(server: Server) -> None:
    (worker,) = children(named(server, "runtime.web")[0])
    before = resource.prlimit(worker, resource.RLIMIT_NOFILE)[0]
    limit(worker, resource.RLIMIT_NOFILE, len(os.listdir(f"/proc/{worker}/fd")) + 3)
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
        with suppress(OSError):
            assert server.get("/project/none")[0] in (404, 500, 503)
    assert eventually(lambda: answers(server, 1))
    with suppress(ProcessLookupError):
        limit(worker, resource.RLIMIT_NOFILE, before)
    assert eventually(lambda: server.get("/data")[0] == 200)
    assert worker in server.processes() or "has died" in server.log.read_text()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        pytest.param(lambda b: b.replace(b'"1"', b'"7"'), "is not what was built", id="altered"),
        pytest.param(lambda b: b[:-9], "is damaged: data.nq", id="truncated"),
    ],
)
def test_a_snapshot_that_is_changed_behind_a_server_is_told_and_not_served(
    tmp_path: Path, damage: Callable[[bytes], bytes], told: str
) -> None:
    """Processes that open it anew tell; no worker opens one of another size at all."""
    data, snapshots = tmp_path / "data.ttl", tmp_path / "built"
    write(data, 1)
    built = build_files([data], snapshots)
    with serving(tmp_path, snapshots, workers=1) as server:
        assert server.ready()[0] == 200
        os.chmod(built.path, 0o755)
        altered = tmp_path / "altered"
        altered.write_bytes(damage(built.data.read_bytes()))
        os.replace(altered, built.data)
        os.kill(children(named(server, "runtime.web")[0])[0], signal.SIGKILL)
        assert eventually(lambda: told in server.log.read_text())
        os.kill(named(server, "runners.host")[0], signal.SIGKILL)
        assert not eventually(lambda: answers(server, 7), 3)
        if "damaged" not in told:
            assert server.ready()[0] == 503
            assert server.ready()[1]["checks"]["snapshot"] is False


if shutil.which("cc"):

    @pytest.mark.parametrize("jump", [-400, 400])
    def test_a_clock_that_jumps_changes_no_answer_and_kills_nobody(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: int
    ) -> None:
        """The clock of the day, for all processes of a server; the one that nobody sets goes on."""
        shift, library = tmp_path / "shift", tmp_path / "clock.so"
        source = Path(__file__).parent / "clock.c"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
        file = tmp_path / "data.ttl"
        write(file, 1)
        with monkeypatch.context() as changed:
            changed.setenv("LD_PRELOAD", str(library))
            changed.setenv("CLOCK_SHIFT", str(shift))
            with serving(tmp_path, file) as server:
                before = server.processes()
                assert server.get("/")[0] == 200
                shift.write_text(str(jump * 86_400))
                for number in range(20):
                    assert answers(server, 1)
                    assert server.get(f"/?n={number}")[0] == 200
                assert server.processes() == before
                write(file, 2)
                server.reload()
                assert eventually(lambda: answers(server, 2))
                assert server.ready()[1]["build"]["at"][:4] != time.strftime("%Y", time.gmtime())
                assert "hangs" not in server.log.read_text()
                assert server.metrics()['hsgraph_restarts_total{process="worker"}'] == 0
