"""Puts a finished snapshot in place so that a crash at any moment leaves the last one served."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Final

from hsgraph.build.snapshot import CURRENT, MANIFEST, Snapshot, digest
from hsgraph.errors import SnapshotError

KEPT: Final = 5
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_LOCK: Final = ".lock"
_BUILDING: Final = ".building-"
_POLL_SECONDS: Final = 0.05


@contextlib.contextmanager
def building(target: Path, wait_seconds: float = 60) -> Iterator[Path]:
    """Hold the lock of a snapshot directory and give an empty folder to build in.

    The lock goes with its process, whatever ends that; what a killed build left is removed here.
    Raises SnapshotError when another build holds the lock too long or nothing can be written.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        lock = (target / _LOCK).open("w")
    except OSError as error:
        raise SnapshotError(
            f"Nothing can be written to {target}: {error.strerror}.",
            remedy="Choose another folder for snapshots, or mend its permissions.",
        ) from None
    with lock, _room_told(target):
        _wait_for(lock.fileno(), target, wait_seconds)
        for left in target.glob(_BUILDING + "*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=target))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def activate(folder: Path, target: Path, *, publish: bool = True) -> Snapshot:
    """Move a finished folder into the directory and point `current` at it, each by one rename.

    Without `publish`, `current` stays as it is.

    Files reach the disk before the rename. The folder's name holds the digest of its manifest,
    so the same content comes to the same name and is kept as it is.
    """
    built = Snapshot(folder)
    final = target / f"{built.version}-{digest(folder / MANIFEST)[:8]}"
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            path.chmod(0o444)
        _sync(path)
    folder.chmod(0o755)
    _sync(folder)
    try:
        Snapshot(final).verify()
    except SnapshotError:
        shutil.rmtree(final, ignore_errors=True)
        folder.rename(final)
        _sync(target)
    if publish:
        _point(target, final.name)
    _prune(target, {final.name, (target / CURRENT).resolve().name})
    return Snapshot(final)


@contextlib.contextmanager
def _room_told(target: Path) -> Iterator[None]:
    """Say of a disk without room which folder is on it."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise SnapshotError(
            f"There is no room to write in {target}: {error.strerror}.",
            remedy="Make room, or choose another folder with the setting “snapshots”.",
        ) from None


def _wait_for(lock: int, target: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise SnapshotError(
                    f"Another build has been writing to {target} for {seconds:g} seconds.",
                    remedy="Wait for it to end, or end it, and build again.",
                ) from None
            time.sleep(_POLL_SECONDS)
        else:
            return


def _point(target: Path, name: str) -> None:
    """Swap the `current` link: made under another name, then renamed over the old one."""
    fresh = target / (_BUILDING + CURRENT)
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(name)
    fresh.replace(target / CURRENT)
    _sync(target)


def _prune(target: Path, used: Set[str]) -> None:
    """Keep what is used and the newest: a server that has an old one open still has its files."""
    folders = [path for path in target.iterdir() if path.is_dir() and not path.is_symlink()]
    old = [path for path in folders if not path.name.startswith(".") and path.name not in used]
    old.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in old[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
