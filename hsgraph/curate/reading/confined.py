"""Runs a reader in a process of its own with bounded memory and time, and takes what it found."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from hsgraph.errors import Place, SourceError

SECONDS: Final = 8
MEMORY: Final = 900_000_000
_FAILED: Final = 3


def run_confined(what: str, path: Path) -> Any:
    """What the reader `what` (document, table or xml) makes of a file, as JSON values.

    Raises SourceError with the reader's own message, or when it needs too much time or memory.
    """
    command = [sys.executable, "-m", "hsgraph.curate.reading.confined", what, str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, capture_output=True, timeout=SECONDS + 1, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise _too_much(path, f"It takes more than {SECONDS} seconds to read") from None
    if done.returncode == 0:
        return json.loads(done.stdout)
    if done.returncode == _FAILED:
        told = json.loads(done.stdout)
        raise SourceError(
            told["message"],
            place=Place(told["file"], told["line"], told["column"]),
            text=told["text"],
            remedy=told["remedy"],
        )
    raise _too_much(path, "It cannot be read within the limits of memory and time")


def _too_much(path: Path, what: str) -> SourceError:
    return SourceError(
        f"{what}.", place=Place(str(path)), remedy="Save just its text as a .txt file."
    )


def _limit() -> None:
    for which, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(which, (most, most))


def _main(what: str, path: Path) -> int:
    from hsgraph.engine.runners.sandbox import leave_network

    os.environ.pop("PYTHONSTARTUP", None)
    leave_network()
    _limit()
    try:
        sys.stdout.write(json.dumps(_read(what, path)))
    except SourceError as error:
        place = error.place
        told = {"message": error.message, "text": error.text, "remedy": error.remedy}
        told |= {"file": place.file, "line": place.line, "column": place.column}  # type: ignore[dict-item]
        sys.stdout.write(json.dumps(told))
        return _FAILED
    return 0


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
    sys.exit(_main(sys.argv[1], Path(sys.argv[2])))
