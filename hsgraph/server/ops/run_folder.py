"""The run folder of a server: its settings, what its parent tells, and that workers are alive.

Each file is replaced by a rename, so that readers see a whole one.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from hsgraph.settings import Settings, load

_SETTINGS: Final = "settings.json"
_STATUS: Final = "status.json"


@dataclass(frozen=True)
class Status:
    """What is served since when, and what came of builds; times are seconds since 1970.

    `snapshot` is the folder of the data and `host` that of the sockets of its query host; both
    are empty over an endpoint. `places` are file:line of what was wrong in the last build, the
    first few of them. The generation is one at first, and one more with each reload.
    """

    generation: int = 1
    snapshot: str = ""
    host: str = ""
    since: float = 0.0
    web_restarts: int = 0
    worker_restarts: int = 0
    host_restarts: int = 0
    builds: int = 0
    failed_builds: int = 0
    build_at: float = 0.0
    build_seconds: float = 0.0
    error: str = ""
    places: tuple[str, ...] = ()
    building: bool = False


@dataclass(frozen=True)
class Heartbeat:
    """A worker: its process, the generation it answers from, and seconds since it said so.

    A worker that starts answers from generation 0.
    """

    file: Path
    process: int
    generation: int
    age: float


class RunFolder:
    """What the processes of one server have in common, in a folder that ends with it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def counts(self) -> Path:
        """Where workers keep what they count."""
        return self.path / "counts"

    def keep_settings(self, settings: Settings) -> None:
        self._replace(_SETTINGS, asdict(settings))

    def settings(self) -> Settings:
        return load(environ={}, **self._read(_SETTINGS))

    def tell(self, status: Status) -> None:
        """Replace the status; only the parent process does."""
        self._replace(_STATUS, asdict(status))

    def change(self, **changes: Any) -> Status:
        """Replace some of the status; only the parent process does."""
        status = replace(self.status(), **changes)
        self.tell(status)
        return status

    def status(self) -> Status:
        content = self._read(_STATUS)
        return Status(**{**content, "places": tuple(content["places"])})

    def beat(self, generation: int) -> None:
        """Say that this worker is alive, and which data it answers from: 0 while it starts."""
        process = os.getpid()
        said = {"process": process, "generation": generation, "at": time.monotonic()}
        self._replace(f"worker-{process}.json", said)

    def heartbeats(self) -> list[Heartbeat]:
        """What all workers last said, also those that have died since.

        Ages are by the clock that all processes share and nobody sets.
        """
        found: list[Heartbeat] = []
        for file in self.path.glob("worker-*.json"):
            with suppress(OSError, ValueError):
                content = json.loads(file.read_text("utf-8"))
                age = time.monotonic() - content["at"]
                found.append(Heartbeat(file, content["process"], content["generation"], age))
        return found

    def _read(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.path / name).read_text("utf-8"))
        return content

    def _replace(self, name: str, content: object) -> None:
        new = self.path / f".{name}"
        new.write_text(json.dumps(content, default=str), "utf-8")
        os.replace(new, self.path / name)
