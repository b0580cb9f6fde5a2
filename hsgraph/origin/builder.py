"""Builds the newest data in a process of its own, beside the serving ones and after them in turn.

Started as `python -m hsgraph.origin.builder`, with what to build as JSON; prints what came
of it as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from hsgraph import processes
from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.errors import HsgraphError, SourceError, SourceErrors, ValidationFailed
from hsgraph.graph import KnowledgeGraph
from hsgraph.origin.origin import Origin
from hsgraph.settings import load

_NICER: Final = 10
_PLACES: Final = 20
_STOPPING: Final = 8.0
"""Seconds that a build has to remove what it was writing: some of its steps hear no signal."""


@dataclass(frozen=True)
class Outcome:
    """What came of a build: the folder of the snapshot, or what is wrong and where."""

    path: str
    error: str = ""
    places: tuple[str, ...] = ()
    seconds: float = 0.0


class Builder:
    """A running build."""

    def __init__(self, origin: Origin) -> None:
        self._start = time.monotonic()
        plan = {
            "paths": [str(path) for path in origin.paths],
            "folder": str(origin.folder),
            "settings": asdict(origin.settings),
            "parent": os.getpid(),
        }
        self._process = subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-m", __name__, json.dumps(plan, default=str)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )

    def outcome(self) -> Outcome | None:
        """What it came to; None while it runs."""
        if self._process.poll() is None:
            return None
        text, _ = self._process.communicate()
        seconds = round(time.monotonic() - self._start, 3)
        try:
            found: dict[str, Any] = json.loads(text)
        except ValueError:
            killed = self._process.returncode in (-signal.SIGABRT, -signal.SIGKILL)
            short = ", as where memory is short" if killed else ""
            return Outcome("", f"The build was stopped before it ended{short}.", (), seconds)
        return Outcome(found["path"], found["error"], tuple(found["places"]), seconds)

    def tell_to_stop(self) -> None:
        """Have it remove what it was writing and end, which `stop` waits for."""
        self._process.terminate()

    def stop(self) -> None:
        """End it; nothing that it has not published stays."""
        with self._process:
            processes.stop(self._process, _STOPPING)


def main(text: str) -> None:
    """Build what a plan says, and print the outcome."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    processes.unwind_when_stopped()
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    plan = json.loads(text)
    processes.end_with_parent(plan["parent"], signal.SIGTERM)
    os.nice(_NICER)
    settings = load(environ={}, **plan["settings"])
    paths = tuple(Path(path) for path in plan["paths"])
    origin = Origin(paths, settings, Path(plan["folder"]))
    print(json.dumps(asdict(_build(origin))))


def _build(origin: Origin) -> Outcome:
    """Build, with the file of names, so that no worker has to make it when it takes up the data."""
    try:
        path = origin.fetch()
        snapshot = Snapshot(path)
        engine = EmbeddedEngine(snapshot, from_disk=True)
        with KnowledgeGraph(engine, snapshot=snapshot) as graph:
            graph.asker.prepare()
        return Outcome(str(path))
    except HsgraphError as error:
        return Outcome("", error.message, tuple(places(error)[:_PLACES]))


def places(error: HsgraphError) -> list[str]:
    """file:line of what an error is about, each with what is wrong there."""
    if isinstance(error, SourceErrors):
        return [place for each in error.errors for place in places(each)]
    if isinstance(error, SourceError):
        return [f"{error.place}: {error.message}"]
    if isinstance(error, ValidationFailed):
        from hsgraph.build.check.report import Report

        report = error.report
        findings = report.findings if isinstance(report, Report) else ()
        found = (each for each in findings if each.severity == "violation")
        return [f"{each.file}:{each.line}: {each.message}" for each in found]
    return []


if __name__ == "__main__":
    main(sys.argv[1])
