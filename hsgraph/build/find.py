"""Finds the snapshot of a source, or builds it."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from hsgraph import resources
from hsgraph.build import build_files, build_project, fresh
from hsgraph.build.read.reader import Progress
from hsgraph.build.snapshot import CURRENT, MANIFEST, Snapshot
from hsgraph.errors import SnapshotError
from hsgraph.settings import Settings, load

Name = str | PathLike[str]
Source = Name | Sequence[Name] | None


def find_snapshot(
    source: Source = None,
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
) -> Snapshot:
    """The snapshot of a source, built when there is none yet or its files have changed."""
    settings = settings if settings is not None else load()
    if source is None:
        return _built(resources.root(), settings.snapshots, progress)
    paths = [Path(source)] if isinstance(source, (str, PathLike)) else [Path(p) for p in source]
    for path in paths:
        if not path.exists():
            raise SnapshotError(f"{path}: there is no such file or folder.")
    if len(paths) == 1 and paths[0].is_dir():
        folder = paths[0]
        if (folder / MANIFEST).is_file():
            return Snapshot(folder)
        if (folder / CURRENT).exists():
            return Snapshot.current(folder)
        if (folder / "ontology").is_dir():
            same = folder.resolve() == resources.root().resolve()
            return _built(folder, settings.snapshots if same else folder / "var", progress)
    return _built_of_files(paths, progress)


def _built(root: Path, target: Path, progress: Progress | None) -> Snapshot:
    return fresh(root, target) or build_project(root, target, progress=progress)


def _built_of_files(paths: list[Path], progress: Progress | None) -> Snapshot:
    """A snapshot of users' files in a folder of its own, gone when the snapshot is."""
    folder = tempfile.mkdtemp(prefix="hsgraph-")
    try:
        snapshot = build_files(paths, Path(folder), progress=progress)
    except BaseException:
        shutil.rmtree(folder)
        raise
    weakref.finalize(snapshot, shutil.rmtree, folder, ignore_errors=True)
    return snapshot
