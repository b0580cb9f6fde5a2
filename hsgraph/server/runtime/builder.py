"""Builds in a process of its own, beside the serving ones and after them in turn."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hsgraph.engine.runners.sandbox import die_with_parent
from hsgraph.errors import HsgraphError, SourceError, SourceErrors, ValidationFailed
from hsgraph.server.runtime.origin import Origin

_NICER: Final = 10
_PLACES: Final = 20
_log = logging.getLogger("hsgraph.server")


@dataclass(frozen=True)
class Outcome:
    """What came of a build: the folder of the snapshot, or what is wrong and where."""

    path: Path | None
    seconds: float
    error: str = ""
    places: tuple[str, ...] = ()


class Builder:
    """A running build; `output` becomes readable when it has ended."""

    def __init__(self, origin: Origin) -> None:
        self._start = time.monotonic()
        self.output, theirs = os.pipe()
        parent = os.getpid()
        self.process = os.fork()
        if self.process == 0:
            code = 1
            try:
                signal.set_wakeup_fd(-1)
                for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
                    signal.signal(number, signal.SIG_DFL)
                die_with_parent(parent, signal.SIGKILL)
                os.nice(_NICER)
                os.write(theirs, json.dumps(_build(origin)).encode())
                code = 0
            finally:
                os._exit(code)
        os.close(theirs)

    def outcome(self) -> Outcome:
        """What it came to; waits for its end."""
        text = b"".join(iter(lambda: os.read(self.output, 65_536), b""))
        os.close(self.output)
        os.waitpid(self.process, 0)
        seconds = round(time.monotonic() - self._start, 3)
        if not text:
            return Outcome(None, seconds, "The build was stopped before it ended.")
        content = json.loads(text)
        path = Path(content["path"]) if content["path"] else None
        return Outcome(path, seconds, content["error"], tuple(content["places"]))

    def kill(self) -> None:
        """End it; nothing that it has not published stays."""
        os.kill(self.process, signal.SIGKILL)


def _build(origin: Origin) -> dict[str, object]:
    try:
        return {"path": str(origin.fetch()), "error": "", "places": []}
    except HsgraphError as error:
        return {"path": "", "error": error.message, "places": places(error)[:_PLACES]}
    except Exception as error:
        _log.exception("The build failed in a way that nobody foresaw.")
        return {"path": "", "error": f"{type(error).__name__}: {error}", "places": []}


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
        return [
            f"{found.file}:{found.line}: {found.message}"
            for found in findings
            if found.severity == "violation"
        ]
    return []


def report(outcome: Outcome) -> None:
    """Log a build that failed, with the places that are wrong."""
    _log.error(
        "The build failed; the data from before is served on.",
        extra={"facts": {"error": outcome.error, "seconds": outcome.seconds}},
    )
    for place in outcome.places:
        _log.error(place)
