"""Has the dumps written by a process of its own, while the build works out everything else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final

from hsgraph.build.artifacts.dumps import dump
from hsgraph.build.snapshot import Download
from hsgraph.processes import end_with_parent

_START: Final = (
    "import sys; from hsgraph.build.artifacts.background_dumps import main; main(*sys.argv[1:])"
)
_PACKAGE: Final = Path(__file__).resolve().parents[2]


class Dumping:
    """Dumps that another process writes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def result(self) -> list[Download]:
        """Wait for them. Raises RuntimeError when the process failed; it has told why."""
        written, _ = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(f"writing the dumps ended with {self._process.returncode}")
        return [Download(**each) for each in json.loads(written)]


@contextmanager
def dumping(data: Path, folder: Path, prefixes: Mapping[str, str]) -> Iterator[Dumping]:
    """Start to write the dumps of `data` into a folder; the process ends with this one."""
    known = os.pathsep.join(filter(None, (str(_PACKAGE.parent), os.environ.get("PYTHONPATH"))))
    arguments = [str(data), str(folder), json.dumps(dict(prefixes)), str(os.getpid())]
    process = subprocess.Popen(  # noqa: S603  (this interpreter, our own module)
        [sys.executable, "-c", _START, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": known},
    )
    try:
        yield Dumping(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def main(data: str, folder: str, prefixes: str, parent: str) -> None:
    """Write the dumps and print what they are, as JSON; ends with the parent process."""
    end_with_parent(int(parent))
    print(
        json.dumps([asdict(each) for each in dump(Path(data), Path(folder), json.loads(prefixes))])
    )
