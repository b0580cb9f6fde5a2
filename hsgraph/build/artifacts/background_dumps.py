"""Has the dumps written by a process of its own, while the build works out everything else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
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
_HERE: Final = Path(__file__).resolve().parents[3]
"""Where the package is found, also when nothing else says so."""

Dumps = Callable[[], list[Download]]
"""Waits for the dumps. Raises RuntimeError when their process failed; it has told why."""


@contextmanager
def dumping(data: Path, folder: Path, prefixes: Mapping[str, str]) -> Iterator[Dumps]:
    """Start to write the dumps of `data` into a folder; the process ends with this one."""
    places = (str(data.resolve()), str(folder.resolve()))
    arguments = (*places, json.dumps(dict(prefixes)), str(os.getpid()))
    with subprocess.Popen(  # noqa: S603  (this interpreter, our own module)
        [sys.executable, "-c", _START, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=_HERE,
    ) as process:

        def written() -> list[Download]:
            text, _ = process.communicate()
            if process.returncode:
                raise RuntimeError(f"writing the dumps ended with {process.returncode}")
            return [Download(**each) for each in json.loads(text)]

        try:
            yield written
        finally:
            process.kill()


def main(data: str, folder: str, prefixes: str, parent: str) -> None:
    """Write the dumps and print what they are, as JSON; ends with the parent process."""
    end_with_parent(int(parent))
    print(
        json.dumps([asdict(each) for each in dump(Path(data), Path(folder), json.loads(prefixes))])
    )
