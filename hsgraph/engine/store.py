"""The Oxigraph store of a dataset: in memory, or on disk, where many processes read it at once.

A store on disk lies beside the data it was made from and says which they were; one of other data,
of another pyoxigraph or half written is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

from hsgraph.errors import SnapshotError

FOLDER: Final = "store"
_ABOUT: Final = "about.json"
_PYOXIGRAPH: Final = version("pyoxigraph")
_REMEDY: Final = "Build it again with `hsgraph build`."


@dataclass(frozen=True)
class About:
    """What a store holds: the version of the data, the digest of what describes them.

    Where it is `merged` it keeps all triples in the default graph too: Oxigraph's own union repeats
    a triple that several graphs hold, and serves where none do. The lines of its files are
    `in_order` where they are sorted by their bytes.
    """

    version: str
    merged: bool
    in_order: bool = False
    metadata: str = ""
    pyoxigraph: str = _PYOXIGRAPH


def from_quads(quads: Iterable[Quad]) -> tuple[Store, About]:
    store = Store()
    store.bulk_extend(quads)
    lines = sorted(f"{quad} .\n" for quad in store)
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()[:16]
    triples = {quad.triple for quad in store}
    merged = len(triples) < len(lines) or _has_default_graph(store)
    if merged:
        store.bulk_extend(without_graphs(list(store)))
    return store, About(digest, merged)


def on_disk(data: Path) -> tuple[Store, About]:
    """Open the store beside the data, made by `prepare`; nothing is written.

    Raises SnapshotError where there is none that fits.
    """
    folder = data.parent / FOLDER
    about = _about(folder)
    if about is None:
        raise SnapshotError(f"There is no store of {data}.", remedy=_REMEDY)
    try:
        return Store.read_only(str(folder)), about
    except (OSError, ValueError) as error:
        raise SnapshotError(f"The store in {folder} is damaged: {error}", remedy=_REMEDY) from error


def is_there(data: Path, metadata: Path | None, expected: str) -> bool:
    """Whether there is a store of this version beside the data."""
    known = _about(data.parent / FOLDER)
    wanted = (expected, _digest(metadata))
    return known is not None and (known.version, known.metadata) == wanted


def prepare(data: Path, metadata: Path | None, expected: str) -> None:
    """Make the store beside the data, unless there is one of this version.

    It is built under another name and renamed, so that nobody sees half of it. Raises
    SnapshotError where it cannot be written, or the data are not of the version `expected`.
    """
    folder = data.parent / FOLDER
    if is_there(data, metadata, expected):
        return
    try:
        made = Path(tempfile.mkdtemp(prefix=".store-", dir=data.parent))
        try:
            _build(made, data, metadata, expected)
            shutil.rmtree(folder, ignore_errors=True)
            os.rename(made, folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        if not _about(folder):
            raise SnapshotError(
                f"The store of {data} cannot be written: {error.strerror or error}",
                remedy="Make room and give the right to write there, or choose another folder with "
                "the setting “snapshots”; allow 256 open files or more (ulimit -n, LimitNOFILE).",
            ) from error


def _build(made: Path, data: Path, metadata: Path | None, expected: str) -> None:
    store = Store(str(made))
    _, about = filled(store, data, metadata)
    if about.version != expected:
        raise SnapshotError(
            f"{data} is not what was built: its version is {about.version}, not {expected}.",
            remedy=_REMEDY,
        )
    store.optimize()
    store.flush()
    del store
    (made / _ABOUT).write_text(json.dumps(asdict(about)), "utf-8")


def filled(store: Store, data: Path, metadata: Path | None) -> tuple[Store, About]:
    """Load N-Quads, and a description of them that does not count for the version.

    Raises SnapshotError where they cannot be read.
    """
    try:
        digest, repeated, in_order = _read_through(data)
        files = [path for path in (data, metadata) if path is not None]
        for file in files:
            store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
        merged = repeated or not in_order or _has_default_graph(store)
        if merged:
            for file in files:
                store.bulk_extend(without_graphs(parse(path=str(file), format=RdfFormat.N_QUADS)))
        return store, About(digest, merged, in_order, _digest(metadata))
    except (OSError, SyntaxError) as error:
        raise SnapshotError(
            f"The data of the snapshot cannot be read: {data}: {error}", remedy=_REMEDY
        ) from error


def _about(folder: Path) -> About | None:
    try:
        found = About(**json.loads((folder / _ABOUT).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.pyoxigraph == _PYOXIGRAPH else None


def _digest(path: Path | None) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""


def _read_through(path: Path) -> tuple[str, bool, bool]:
    """The version, whether two graphs share a triple (such lines meet), and the order of lines."""
    digest = hashlib.sha256()
    repeated, in_order = False, True
    last_line = last_triple = b""
    with path.open("rb") as lines:
        for line in lines:
            digest.update(line)
            triple = line.rsplit(b" ", 2)[0]
            repeated = repeated or triple == last_triple
            in_order = in_order and line >= last_line
            last_line, last_triple = line, triple
    return digest.hexdigest()[:16], repeated, in_order


def _has_default_graph(store: Store) -> bool:
    return any(True for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))


def without_graphs(quads: Iterable[Quad]) -> Iterable[Quad]:
    return (Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
