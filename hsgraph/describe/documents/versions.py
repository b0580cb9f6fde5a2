"""Versions of the data that lie beside the one served: found by digest, and compared with it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from hsgraph.build.snapshot import MANIFEST, Snapshot
from hsgraph.describe.documents.changes import Changes, compare
from hsgraph.errors import SnapshotError


def beside(served: Snapshot, version: str) -> Snapshot | None:
    """A version by its digest, if it is still kept."""
    for folder in sorted(served.path.parent.glob(f"{version}-*")):
        try:
            return Snapshot(folder)
        except SnapshotError:
            continue
    return None


def changes_before(served: Snapshot) -> Changes | None:
    """What changed since the version that was built last before the one served, if it is kept."""
    before = _previous(served)
    if before is None:
        return None
    return _compared(before.path, served.path, before.version, served.version)


@lru_cache(maxsize=2)
def _compared(before: Path, after: Path, old: str, new: str) -> Changes:
    return compare(Snapshot(before).data, Snapshot(after).data, (old, new))


def _previous(served: Snapshot) -> Snapshot | None:
    built = (served.path / MANIFEST).stat().st_mtime_ns
    older = [
        (path.stat().st_mtime_ns, path)
        for path in served.path.parent.glob(f"*/{MANIFEST}")
        if not path.parent.is_symlink() and path.stat().st_mtime_ns < built
    ]
    for _, path in sorted(older, reverse=True):
        try:
            found = Snapshot(path.parent)
        except SnapshotError:
            continue
        if found.version != served.version:
            return found
    return None
