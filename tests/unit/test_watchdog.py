"""Workers that hang are ended, whether they had answered or not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hsgraph.server.ops.run_folder import RunFolder
from hsgraph.server.runtime.watchdog import lost


@pytest.mark.parametrize(
    ("generation", "silent", "ended"), [(1, 5, False), (1, 15, True), (0, 15, False), (0, 70, True)]
)
def test_a_silent_worker_is_ended_later_while_it_starts(
    tmp_path: Path, generation: int, silent: float, ended: bool
) -> None:
    worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        beat = tmp_path / f"worker-{worker.pid}.json"
        said = {"process": worker.pid, "generation": generation, "at": time.monotonic() - silent}
        beat.write_text(json.dumps(said))
        lost(RunFolder(tmp_path))
        if ended:
            assert worker.wait(timeout=30) == -signal.SIGKILL
        assert (worker.poll() is not None) is ended
    finally:
        worker.kill()
        worker.wait()


def test_a_clock_that_is_set_ends_no_worker(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.beat(1)
    (beat,) = folder.heartbeats()
    for jump in (-86_400, 86_400):
        os.utime(beat.file, (time.time() + jump, time.time() + jump))
        (again,) = folder.heartbeats()
        assert 0 <= again.age < 60
