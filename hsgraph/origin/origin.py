"""Where the data that is served comes from, and which files to watch for changes of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hsgraph import resources
from hsgraph.engine import store
from hsgraph.settings import Settings

_SHARE: Final = 30


@dataclass(frozen=True)
class Origin:
    """The project itself (no `paths`), another project, a snapshot, or RDF files.

    `folder` is where snapshots of RDF files are built.
    """

    paths: tuple[Path, ...]
    settings: Settings
    folder: Path

    def fetch(self) -> Path:
        """The folder of an up-to-date snapshot with its store, built if need be.

        Raises `SourceError`, `ValidationFailed` and `SnapshotError`.
        """
        from hsgraph.build.pipeline import find_snapshot

        snapshot = find_snapshot(self.paths or None, self.settings, self.folder, publish=True)
        snapshot.check_format()
        store.prepare(snapshot.data, snapshot.metadata, snapshot.version)
        return snapshot.path

    def fingerprint(self) -> int:
        """A number that changes when a watched file does: by name, size and time of change."""
        return hash(tuple(_traces(self._watched)))

    @property
    def _watched(self) -> tuple[Path, ...]:
        if not self.paths:
            return resources.ontology_dir(), resources.data_dir()
        if len(self.paths) > 1 or not self.paths[0].is_dir():
            return self.paths
        folder = self.paths[0]
        return folder / "current", folder / "ontology", folder / "data"


class Watch:
    """Notices that watched files have changed, once two looks in a row are the same.

    By looking at names, sizes and times of change: it needs no thread and works on every file
    system. It looks every `seconds`, or so often that it takes no more than a few percent.
    """

    def __init__(self, origin: Origin, seconds: float) -> None:
        self._origin = origin
        self._seconds = seconds
        self._settled = self._last = origin.fingerprint()
        self.next_look = time.monotonic() + seconds

    def changed(self) -> bool:
        """Whether files have changed and rest again since this last said so."""
        start = time.monotonic()
        if start < self.next_look:
            return False
        found = self._origin.fingerprint()
        spent = time.monotonic() - start
        self.next_look = start + max(self._seconds, _SHARE * spent)
        rests, self._last = found == self._last, found
        if not rests or found == self._settled:
            return False
        self._settled = found
        return True


def _traces(paths: tuple[Path, ...]) -> Iterator[tuple[str, int, int]]:
    for path in paths:
        try:
            if path.is_symlink():
                yield os.readlink(path), 0, 0
            elif path.is_dir():
                entries = sorted(os.scandir(path), key=lambda entry: entry.name)
                shown = [Path(entry.path) for entry in entries if not entry.name.startswith(".")]
                yield from _traces(tuple(shown))
            else:
                found = path.stat()
                yield str(path), found.st_mtime_ns, found.st_size
        except FileNotFoundError:
            yield str(path), 0, 0
