"""Writes the whole graph in every RDF format, packed, in bytes that the same graph always gives.

Only the packed file is kept: unpacking one takes less time than sending it. What it is unpacked,
its length and digest, is written down for those who ask for it so.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from hsgraph import jsonld
from hsgraph.build.snapshot import Download, digest
from hsgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from hsgraph.namespaces import PREFIXES

FOLDER: Final = "downloads"
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
    """Write `data` (canonical N-Quads) in all formats into a folder of a snapshot."""
    known = {name: iri for name, iri in prefixes.items() if name} | PREFIXES
    return [
        pack(folder, f"{NAME}.{format.suffix}", _writer(format, data, known), format.media_type)
        for format in FORMATS
    ]


def pack(
    folder: Path, name: str, write: Callable[[IO[bytes]], object], media_type: str, rows: int = 0
) -> Download:
    """Write a file packed with gzip, without name and time, and tell what it is."""
    path = folder / FOLDER / (name + PACKED)
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


def triples_of(data: Path) -> Iterator[Triple]:
    """Every triple once: in sorted N-Quads, those of several graphs stand side by side."""
    last: Triple | None = None
    for quad in quads_of(data):
        triple = quad.triple
        if triple != last:
            yield triple
        last = triple


def quads_of(data: Path) -> Iterator[Quad]:
    """The quads of a file of N-Quads, in its order."""
    return cast(Iterator[Quad], iter(parse(path=str(data), format=RdfFormat.N_QUADS)))


def _writer(
    format: Format, data: Path, prefixes: Mapping[str, str]
) -> Callable[[IO[bytes]], object]:
    if format is NQUADS:
        return lambda output: _copy(data, output)
    if format is JSONLD:
        return lambda output: output.write(jsonld.write(triples_of(data)))
    if format is TRIG:
        return lambda output: _serialize(_by_graph(data), TRIG, output, prefixes)
    return lambda output: _serialize(triples_of(data), format, output, prefixes)


def _copy(data: Path, output: IO[bytes]) -> None:
    with data.open("rb") as file:
        shutil.copyfileobj(file, output)


def _serialize(
    statements: Iterable[Triple] | Iterable[Quad],
    format: Format,
    output: IO[bytes],
    prefixes: Mapping[str, str],
) -> None:
    named = dict(prefixes) if format is not NTRIPLES else {}
    serialize(statements, output, format=format.rdf, prefixes=named)


def _by_graph(data: Path) -> list[Quad]:
    """The quads graph by graph; the sort is stable, so each graph stays in order."""
    return sorted(quads_of(data), key=_graph)


def _graph(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
