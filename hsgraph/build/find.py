"""Finds the snapshot of a source, or builds it."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory

from hsgraph import resources
from hsgraph.build import build_files, build_project, fresh
from hsgraph.build.snapshot import CURRENT, MANIFEST, Snapshot
from hsgraph.errors import SnapshotError
from hsgraph.settings import Settings

Name = str | PathLike[str]
Source = Name | Sequence[Name] | None


def find_snapshot(source: Source, settings: Settings, folder: Path | None = None) -> Snapshot:
    """The snapshot of a source, built when there is none yet or its files have changed.

    That of users' files is built in `folder`; without one it is gone when the snapshot is.
    """
    if source is None:
        return _built(resources.root(), settings.snapshots)
    paths = [Path(source)] if isinstance(source, (str, PathLike)) else [Path(p) for p in source]
    for path in paths:
        if not path.exists():
            raise SnapshotError(f"{path}: there is no such file or folder.")
    if len(paths) == 1 and paths[0].is_dir():
        given = paths[0]
        if (given / MANIFEST).is_file():
            return Snapshot(given)
        if (given / CURRENT).exists():
            return Snapshot.current(given)
        if (given / "ontology").is_dir():
            same = given.resolve() == resources.root().resolve()
            return _built(given, settings.snapshots if same else given / "var")
    if folder:
        return build_files(paths, folder)
    with ExitStack() as stack:
        made = TemporaryDirectory(prefix="hsgraph-", ignore_cleanup_errors=True)
        snapshot = build_files(paths, Path(stack.enter_context(made)))
        weakref.finalize(snapshot, stack.pop_all().close)
    return snapshot


def _built(root: Path, target: Path) -> Snapshot:
    return fresh(root, target) or build_project(root, target)
