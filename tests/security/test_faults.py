"""Where the machine runs out of something, what was good stays, and the log says what is short."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hsgraph.build import build_files
from hsgraph.build.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
SMALL = Path(__file__).parents[1] / "http" / "small.trig"


def limited(kind: int, most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(kind, (most, most))


@pytest.mark.parametrize(
    ("within", "told"),
    [
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
    data.write_text("".join(f'<http://e/{n}> <http://e/p> "{n}" .\n' for n in range(3000)))
    program = (
        "from pathlib import Path; from hsgraph.build import build_files;"
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
