"""A build that is killed at any moment leaves the last snapshot whole and in place."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hsgraph.build.pipeline import build_files
from hsgraph.build.snapshot import Snapshot
from tests.serving import eventually

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "fixtures" / "small"
BUILDS = """
import os, signal, sys
from pathlib import Path
from hsgraph.build.pipeline import build_files
WATCHED = ("open", "os.rename", "os.symlink", "os.chmod", "os.mkdir", "os.remove", "os.rmdir")
left = -1

def watch(event, arguments):
    global left
    if event in WATCHED and sys.argv[2] in str(arguments[0]):
        left -= 1
        if left == -1:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
while line := sys.stdin.readline():
    left = int(line)
    if not (child := os.fork()):
        build_files([Path(sys.argv[1])], Path(sys.argv[2]))
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Builds in a new process for each line, which is killed at so many steps on the disk, if not -1.

Its parent has read the program already, which takes longer than these builds.
"""


class Builds:
    """Builds of a file in processes of their own that may be killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def begin(self, steps: int = -1) -> int:
        """The process of a build that begins, and is killed before a step on the disk."""
        assert self._process.stdin is not None
        print(steps, file=self._process.stdin, flush=True)
        return self._number()

    def ended(self) -> int:
        """Wait for the end of the build that was begun; its exit code."""
        return self._number()

    def _number(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@contextmanager
def builds(data: Path, target: Path) -> Iterator[Builds]:
    command = [sys.executable, "-c", BUILDS, str(data), str(target)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        yield Builds(process)


def write_data(path: Path, generation: int, things: int) -> None:
    lines = [f'<http://e/{n}> <http://e/p> "{generation}" .\n' for n in range(things)]
    path.write_text("".join(lines))


def assert_whole(target: Path, allowed: set[str]) -> Snapshot:
    current = Snapshot.current(target)
    current.verify()
    assert current.version in allowed
    return current


def test_a_kill_before_each_step_on_the_disk_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    data, target = tmp_path / "x.nt", tmp_path / "var"
    write_data(data, 0, 5)
    old = build_files([data], target)
    write_data(data, 1, 5)
    new = build_files([data], tmp_path / "other").version
    killed = 0
    with builds(data, target) as building:
        for step in range(200):
            write_data(data, 1, 5)
            building.begin(step)
            code = building.ended()
            current = assert_whole(target, {old.version, new})
            if code == 0:
                break
            assert code == -signal.SIGKILL
            killed += 1
            if current.version == new:
                write_data(data, 0, 5)
                build_files([data], target)
    assert code == 0
    assert killed > 10
    assert_whole(target, {new})


@pytest.mark.timeout(120)
def test_a_kill_at_any_time_leaves_a_whole_snapshot_and_the_next_build_cleans_up(
    tmp_path: Path,
) -> None:
    data, target = tmp_path / "x.nt", tmp_path / "var"
    write_data(data, 0, 20_000)
    versions = {build_files([data], target).version}
    killed = 0
    with builds(data, target) as building:
        for generation in range(1, 16):
            write_data(data, generation, 20_000)
            process = building.begin()
            time.sleep(generation * 0.04)
            os.kill(process, signal.SIGKILL)
            killed += building.ended() == -signal.SIGKILL
            current = Snapshot.current(target)
            current.verify()
            versions.add(current.version)
    assert killed > 3
    last = build_files([data], target)
    assert Snapshot.current(target).version == last.version
    assert not list(target.glob(".building-*"))


@contextmanager
def hsgraph(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program over a copy of the small project, with a folder of its own for what passes."""
    project = folder / "project"
    for name in ("ontology", "data"):
        shutil.copytree(SMALL / name, project / name)
    (folder / "tmp").mkdir()
    heeding = ("env", "--default-signal=INT")  # what runs behind nohup passes it over
    command = [*heeding, sys.executable, "-m", "hsgraph", *arguments, str(project)]
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def half_written(folder: Path) -> list[Path]:
    return list((folder / "project" / "var").glob(".*-*"))


def left(folder: Path) -> list[Path]:
    """What passes and has not been removed."""
    return [*half_written(folder), *(folder / "tmp").iterdir()]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("command", [["build"], ["serve", "--port", "0"]], ids=" ".join)
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_told_to_stop_leaves_nothing(
    tmp_path: Path, command: list[str], told: signal.Signals
) -> None:
    with hsgraph(tmp_path, *command) as process:
        assert eventually(lambda: half_written(tmp_path))
        process.send_signal(told)
        assert process.wait(60) in (128 + told, 130)
    assert left(tmp_path) == []
    assert not (tmp_path / "project" / "var" / "current").exists()


@pytest.mark.timeout(180)
def test_a_server_that_is_told_to_stop_while_it_builds_leaves_nothing(tmp_path: Path) -> None:
    with hsgraph(tmp_path, "serve", "--workers", "1", "--port", "0") as process:
        current = tmp_path / "project" / "var" / "current"
        assert eventually(lambda: list((tmp_path / "tmp").glob("hsgraph-run-*")))
        before = current.resolve()
        with (tmp_path / "project" / "data" / "more.ttl").open("w") as file:
            file.write("<http://e/a> <http://e/b> <http://e/c> .\n")
        process.send_signal(signal.SIGHUP)
        assert eventually(lambda: half_written(tmp_path))
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert left(tmp_path) == []
    assert current.resolve() == before
