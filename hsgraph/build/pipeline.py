"""From files to a snapshot: read, infer, validate, index, publish; or the snapshot there is."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import weakref
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hsgraph import resources
from hsgraph.build import snapshot as names
from hsgraph.build.activate import activate, building
from hsgraph.build.artifacts.dumps import Dumps, dumping
from hsgraph.build.artifacts.metadata import metadata, namespaces_of_others
from hsgraph.build.artifacts.tables import tables
from hsgraph.build.check.coverage import coverage
from hsgraph.build.check.infer import infer, rules_of, widen
from hsgraph.build.check.report import Report
from hsgraph.build.index.aggregates import FILE, write_shared
from hsgraph.build.index.fulltext import index as write_index
from hsgraph.build.quads.canonical import write_data
from hsgraph.build.quads.statistics import Statistics
from hsgraph.build.read.files import project_files
from hsgraph.build.read.reader import Source, read_files, read_project
from hsgraph.build.snapshot import Artifact, Download, Manifest, Snapshot, digest
from hsgraph.errors import SnapshotError, ValidationFailed
from hsgraph.progress import tell
from hsgraph.settings import Settings

Given = str | PathLike[str] | Sequence[str | PathLike[str]] | None
"""A snapshot, a project or RDF files; None for the project itself."""
_CODE: Final = (".py", ".rq", ".ru", ".sql", ".json", ".toml", ".ttl")
_TOOLS: Final = ("pyoxigraph", "pyshacl", "rdflib")


def find_snapshot(
    source: Given, settings: Settings, folder: Path | None = None, *, publish: bool = False
) -> Snapshot:
    """The snapshot of a source, built when there is none yet or its files have changed.

    That of users' files is built in `folder`; without one it is gone when the snapshot is. That of
    another project than ours, in the folder that all share, becomes `current` with `publish` alone.
    """
    if source is None:
        return _built(resources.root(), settings, publish=True)
    paths = [Path(source)] if isinstance(source, (str, PathLike)) else [Path(p) for p in source]
    for path in paths:
        if not path.exists():
            raise SnapshotError(f"{path}: there is no such file or folder.")
    if len(paths) == 1 and paths[0].is_dir():
        given = paths[0]
        if (given / names.MANIFEST).is_file():
            return Snapshot(given)
        if (given / names.CURRENT).exists():
            return Snapshot.current(given)
        if (given / "ontology").is_dir():
            own = given.resolve() == resources.root().resolve()
            return _built(given, settings, publish=publish or own)
    if folder:
        return build_files(paths, folder)
    with ExitStack() as stack:
        made = TemporaryDirectory(prefix="hsgraph-", ignore_cleanup_errors=True)
        snapshot = build_files(paths, Path(stack.enter_context(made)))
        weakref.finalize(snapshot, stack.pop_all().close)
    return snapshot


def snapshots_of(project: Path, settings: Settings) -> Path:
    """The folder for the snapshots of a project: as set, or else `var` in the project."""
    own = project.resolve() == resources.root().resolve()
    if own or settings.snapshots != resources.snapshots_dir():
        return settings.snapshots
    return project / "var"


def _built(root: Path, settings: Settings, *, publish: bool) -> Snapshot:
    target = snapshots_of(root, settings)
    publish = publish or target != settings.snapshots
    if found := fresh(root, target, aside=not publish):
        return found
    return build_project(root, target, publish=publish)


def build_project(root: Path, target: Path, *, publish: bool = True) -> Snapshot:
    """Build ontology/ and data/ under `root` and publish the snapshot in `target`.

    Raises SourceError for files that cannot be read and ValidationFailed (with the report) when
    the data breaks its shapes; the snapshot before stays in place then.
    """
    source, inferred, report = check_project(root)
    if not report.conforms:
        raise ValidationFailed(f"The data does not validate: {report.summary()}.", report=report)
    return write_snapshot(source, inferred, report, target, whole=True, publish=publish)


def build_files(paths: Iterable[Path], target: Path) -> Snapshot:
    """Build any RDF files, as they are: nothing is added, inferred, validated or made to fetch."""
    source = read_files([Path(path) for path in paths])
    return write_snapshot(source, {}, Report(), target)


def check_project(root: Path) -> tuple[Source, dict[str, int], Report]:
    """Read, infer and validate a project without publishing it."""
    from hsgraph.build.check.validate import validate

    source = read_project(Path(root))
    inferred = infer(source.store, rules_of(source.store, source.locations))
    tell("validate", 0, 1)
    report = validate(source)
    tell("validate", 1, 1)
    return source, inferred, report


def fresh(root: Path, target: Path, *, aside: bool = False) -> Snapshot | None:
    """The current snapshot, if it was built from just these files by just this version.

    With `aside`, any such snapshot in the folder.
    """
    root = Path(root)
    folders = [path.parent for path in target.glob(f"*/{names.MANIFEST}")] if aside else []
    snapshots = []
    for path in (target / names.CURRENT, *folders):
        with suppress(SnapshotError):
            snapshots.append(Snapshot(path))
    if not snapshots:
        return None
    found = [(path.relative_to(root).as_posix(), digest(path)) for path in project_files(root)]
    inputs = _inputs(found)
    return next((each for each in snapshots if each.manifest.inputs == inputs), None)


def write_snapshot(
    source: Source,
    inferred: dict[str, int],
    report: Report,
    target: Path,
    *,
    whole: bool = False,
    publish: bool = True,
) -> Snapshot:
    """Write what was read into `target`, as its `current` snapshot with `publish`.

    A `whole` snapshot has canonical data, metadata and downloads.
    """
    target = Path(target)
    with building(target) as folder, ExitStack() as aside:
        data = folder / names.DATA
        tell("index", 0, 1)
        more = widen(source.store, inferred) if whole else ()
        quads = write_data(source.store, data, canonical=whole, more=more)
        version = digest(data)[:16]
        dumps = aside.enter_context(dumping(data, folder, source.prefixes)) if whole else None
        things = write_index(source.store, folder / names.SEARCH)
        tell("snapshot", 0, 1)
        _write_locations(source, folder / names.LOCATIONS)
        (folder / names.REPORT).write_text(report.to_json(), "utf-8")
        downloads: list[Download] = []
        if dumps:
            write_shared(source.store, folder / FILE)
            counts, downloads = _write_downloads(source, folder, version, dumps)
        else:
            counts = Statistics(data)
        full = coverage(source.store, counts.classes)
        (folder / names.COVERAGE).write_text(full.to_json(), "utf-8")
        written = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        manifest = Manifest(
            version=version,
            inputs=_inputs((file.name, file.sha256) for file in source.files),
            quads=quads,
            things=things,
            inferred=inferred,
            prefixes=dict(sorted(source.prefixes.items())),
            sources=tuple(Artifact(file.name, file.sha256) for file in source.files),
            artifacts=tuple(
                Artifact(path.relative_to(folder).as_posix(), digest(path), path.stat().st_size)
                for path in written
            ),
            downloads=tuple(downloads),
        )
        (folder / names.MANIFEST).write_text(manifest.to_json(), "utf-8")
        published = activate(folder, target, publish=publish)
        tell("snapshot", 1, 1)
    return published


def _write_downloads(
    source: Source, folder: Path, version: str, dumps: Dumps
) -> tuple[Statistics, list[Download]]:
    """Write what people fetch, and the description of the graph, which tells of it."""
    data = folder / names.DATA
    tell("downloads", 0, 2)
    written, described = tables(data, source.store, folder)
    text = json.dumps(described, ensure_ascii=False, indent=1)
    (folder / names.TABLES).write_text(text + "\n", "utf-8")
    tell("downloads", 1, 2)
    counts = Statistics(data, namespaces_of_others(source.store))
    downloads = dumps() + written
    about = metadata(source.store, counts, downloads, version)
    (folder / names.METADATA).write_bytes(b"".join(f"{quad} .\n".encode() for quad in about))
    tell("downloads", 2, 2)
    return counts, downloads


def _write_locations(source: Source, path: Path) -> None:
    rows = [
        f"{iri}\t{place.line}\t{place.file}\n".encode()
        for iri, places in source.locations.items()
        for place in places
    ]
    path.write_bytes(b"".join(sorted(rows)))


def _inputs(files: Iterable[tuple[str, str]]) -> str:
    """The digest of everything a build depends on: files by name and digest, code and tools."""
    here = Path(__file__).parent
    paths = [*sorted(here.rglob("*.*")), *sorted(here.parent.glob("*.toml"))]
    paths.append(here.with_name("questions.py"))
    code = [digest(path) for path in paths if path.suffix in _CODE]
    tools = [f"{tool} {importlib.metadata.version(tool)}" for tool in _TOOLS]
    listed = [f"{name} {sha256}" for name, sha256 in files]
    content = "\n".join([*code, *tools, *listed])
    return hashlib.sha256(content.encode()).hexdigest()
