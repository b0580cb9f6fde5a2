"""A build that is killed at any moment leaves the last snapshot whole and in place."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hsgraph.build import build_files
from hsgraph.build.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
BUILD = """
import sys
from pathlib import Path
from hsgraph.build import build_files
print("started", flush=True)
build_files([Path(sys.argv[1])], Path(sys.argv[2]))
"""
KILL_AT_CALL = """
import os, signal, sys
from pathlib import Path
from hsgraph.build import build_files
left = int(sys.argv[3])
WATCHED = ("open", "os.rename", "os.symlink", "os.chmod", "os.mkdir", "os.remove", "os.rmdir")

def watch(event, arguments):
    global left
    if event in WATCHED and sys.argv[2] in str(arguments[0]):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
build_files([Path(sys.argv[1])], Path(sys.argv[2]))
"""


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
    for step in range(200):
        write_data(data, 1, 5)
        arguments = [sys.executable, "-c", KILL_AT_CALL, str(data), str(target), str(step)]
        code = subprocess.run(arguments, cwd=ROOT, check=False).returncode
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
    for generation in range(1, 16):
        write_data(data, generation, 20_000)
        arguments = [sys.executable, "-c", BUILD, str(data), str(target)]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(generation * 0.04)
            process.kill()
            killed += process.wait() == -signal.SIGKILL
        current = Snapshot.current(target)
        current.verify()
        versions.add(current.version)
    assert killed > 3
    last = build_files([data], target)
    assert Snapshot.current(target).version == last.version
    assert not list(target.glob(".building-*"))
