"""Writes the whole graph in every RDF format, packed, in bytes that the same graph always gives.

Only the packed file is kept: unpacking one takes less time than sending it. What it is unpacked,
its length and digest, is written down for those who ask for it so.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import Quad, parse, serialize

from hsgraph import jsonld, rdfxml
from hsgraph.build.quads.sorting import sorted_lines
from hsgraph.build.snapshot import DOWNLOADS, Download, digest
from hsgraph.errors import NotAcceptable
from hsgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from hsgraph.namespaces import PREFIXES

NAME: Final = "hsgraph"
PACKED: Final = ".gz"
FORMATS: Final = (TURTLE, NTRIPLES, NQUADS, TRIG, JSONLD, RDFXML)
_LEVEL: Final = 6


class _Counted:
    """A file that counts and digests what is written through it."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self.bytes = 0
        self.digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.bytes += len(content)
        self.digest.update(content)
        return self._inner.write(content)

    def flush(self) -> None:
        """The file behind is flushed when it is closed."""


def dump(data: Path, folder: Path, prefixes: Mapping[str, str]) -> list[Download]:
    """Write `data` (canonical N-Quads) in all formats into a folder of a snapshot.

    A format that cannot hold the data has no file.
    """
    known = {name: iri for name, iri in prefixes.items() if name} | PREFIXES
    with tempfile.NamedTemporaryFile(dir=folder) as triples:
        _copy_triples(data, triples)
        triples.flush()
        found = []
        for format in FORMATS:
            write = partial(_write, format, data, Path(triples.name), known)
            name = f"{NAME}.{format.suffix}"
            try:
                found.append(pack(folder, name, write, format.media_type))
            except NotAcceptable:
                (folder / DOWNLOADS / (name + PACKED)).unlink()
    return found


def pack(
    folder: Path,
    name: str,
    write: Callable[[IO[bytes]], object],
    media_type: str,
    rows: int = 0,
) -> Download:
    """Write a file packed with gzip, without name and time, and tell what it is."""
    path = folder / DOWNLOADS / (name + PACKED)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", _LEVEL, cast(Any, file), mtime=0) as packed,
    ):
        counted = _Counted(packed)  # type: ignore[arg-type]
        write(cast(IO[bytes], counted))
    return Download(
        name=name,
        media_type=media_type,
        bytes=counted.bytes,
        sha256=counted.digest.hexdigest(),
        packed_bytes=path.stat().st_size,
        packed_sha256=digest(path),
        rows=rows or None,
    )


def _write(
    format: Format, data: Path, triples: Path, prefixes: Mapping[str, str], output: IO[bytes]
) -> None:
    """Write one format, from the file of quads or that of the same triples, each of them once."""
    if format in (NQUADS, NTRIPLES):
        with (data if format is NQUADS else triples).open("rb") as file:
            shutil.copyfileobj(file, output)
    elif format is JSONLD:
        jsonld.write_sorted(lambda: _parsed(triples, NTRIPLES), output)
    elif format is TRIG:
        with tempfile.NamedTemporaryFile(dir=data.parent) as by_graph:
            _copy_by_graph(data, by_graph)
            by_graph.flush()
            _serialize(_parsed(Path(by_graph.name), NQUADS), format, output, prefixes)
    else:
        _serialize(_parsed(triples, NTRIPLES), format, output, prefixes)


def _parsed(path: Path, format: Format) -> Iterator[Quad]:
    return cast(Iterator[Quad], parse(path=str(path), format=format.rdf))


def _serialize(
    statements: Iterable[Quad], format: Format, output: IO[bytes], prefixes: Mapping[str, str]
) -> None:
    if format is RDFXML:
        rdfxml.write(statements, output, prefixes)
    else:
        serialize(statements, output, format=format.rdf, prefixes=dict(prefixes))


def _copy_triples(data: Path, output: IO[bytes]) -> None:
    """Write the triples of sorted N-Quads, each of them once."""
    last = b""
    with data.open("rb") as file:
        for line in file:
            triple = line[:-3].rpartition(b" ")[0]
            if triple != last:
                output.write(triple + b" .\n")
                last = triple


def _copy_by_graph(data: Path, output: IO[bytes]) -> None:
    """Write the quads graph by graph, each graph in the order of its lines."""
    with data.open("rb") as file:
        keyed = (line[:-3].rpartition(b" ")[2][1:-1] + b"\0" + line for line in file)
        with sorted_lines(keyed, data.parent) as lines:
            output.writelines(line.partition(b"\0")[2] for line in lines)
