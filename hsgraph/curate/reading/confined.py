"""Runs a reader in a process of its own with bounded memory and time, and takes what it found."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hsgraph.errors import Place, SourceError, SourceErrors


@dataclass(frozen=True)
class Limits:
    """What the process may take: seconds of the processor, bytes of memory.

    `clock` is how many seconds one waits for it, where others wait too; a busy machine may need
    many times the seconds of the processor.
    """

    seconds: int
    memory: int
    clock: float | None = None


READING: Final = Limits(seconds=8, memory=900_000_000)
_SMALLER: Final = "Make it smaller: save just its text."
_FAILED: Final = 3
_ROOT: Final = str(Path(__file__).resolve().parents[3])
"""Where the package is found; the folder one works in is never searched for modules."""


def run_confined(what: str, path: Path) -> Any:
    """What the reader `what` (document, table or xml) makes of a file, as JSON values.

    Raises SourceError with the reader's own message, or when it needs too much time or memory.
    """
    return json.loads(run("hsgraph.curate.reading.confined", [what, str(path)], path, READING))


def run(
    module: str, arguments: list[str], path: Path, limits: Limits, remedy: str = _SMALLER
) -> str:
    """What a module of ours prints when it runs as a program that confines itself."""
    command = [sys.executable, "-P", "-m", module, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            capture_output=True,
            timeout=limits.clock,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": _ROOT},
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(
            f"It did not end in {error.timeout:g} seconds.",
            place=Place(str(path)),
            remedy=f"The machine may be busy: try again in a minute. {remedy}",
        ) from None
    if done.returncode == 0:
        return done.stdout.decode()
    if done.returncode == _FAILED:
        told = json.loads(done.stdout)
        raise SourceError(
            told["message"],
            place=Place(told["file"], told["line"], told["column"]),
            text=told["text"],
            remedy=told["remedy"],
        )
    last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _too_long(path, limits, remedy)
    if done.returncode < 0 or not last or "MemoryError" in last:
        most = f"{limits.memory / 1e6:,.0f} MB of memory"
        raise SourceError(f"It needs more than {most}.", place=Place(str(path)), remedy=remedy)
    raise SourceError(f"It cannot be read: {last}", place=Place(str(path)), remedy=remedy)


def _too_long(path: Path, limits: Limits, remedy: str) -> SourceError:
    return SourceError(
        f"It takes more than {limits.seconds} seconds of the processor.",
        place=Place(str(path)),
        remedy=remedy,
    )


def confine(limits: Limits) -> None:
    """Hold this process to limits for the rest of its life, without network."""
    from hsgraph.engine.runners.sandbox import leave_network, lower

    leave_network()
    for which, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        lower(which, most)


def ended(read: Callable[[], str]) -> int:
    """Print what a reader found, or its error; the exit code for it."""
    try:
        told, code = read(), 0
    except SourceError as error:
        first = error.errors[0] if isinstance(error, SourceErrors) else error
        told, code = json.dumps(_as_json(first)), _FAILED
    sys.stdout.buffer.write(told.encode())
    sys.stdout.flush()
    return code


def _as_json(error: SourceError) -> dict[str, object]:
    return {
        "message": error.message,
        "text": error.text,
        "remedy": error.remedy,
        "file": error.place.file,
        "line": error.place.line,
        "column": error.place.column,
    }


def _read(what: str, path: Path) -> object:
    if what == "table":
        from hsgraph.curate.reading.grids import read_grid

        return read_grid(path)
    if what == "xml":
        from hsgraph.curate.reading.xml import read_xml

        return read_xml(path)
    from hsgraph.curate.reading.texts import read_document

    document = read_document(path)
    lines = [(line.number, line.text, line.style) for line in document.lines]
    return {"lines": lines, "language": document.language}


if __name__ == "__main__":
    confine(READING)
    sys.exit(ended(lambda: json.dumps(_read(sys.argv[1], Path(sys.argv[2])))))
