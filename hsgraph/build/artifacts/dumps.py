"""Writes the whole graph in every RDF format, packed, in bytes that the same graph always gives.

Only the packed file is kept: unpacking one takes less time than sending it. What it is unpacked,
its length and digest, is written down for those who ask for it so.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import Quad, parse, serialize

from hsgraph import jsonld, rdfxml
from hsgraph.build.quads.sorting import sorted_lines
from hsgraph.build.snapshot import DOWNLOADS, Download, digest
from hsgraph.errors import NotAcceptable
from hsgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from hsgraph.namespaces import PREFIXES
from hsgraph.processes import end_with_parent

NAME: Final = "hsgraph"
PACKED: Final = ".gz"
FORMATS: Final = (TURTLE, NTRIPLES, NQUADS, TRIG, JSONLD, RDFXML)
_LEVEL: Final = 6
_START: Final = "import sys; from hsgraph.build.artifacts.dumps import main; main(*sys.argv[1:])"
_HERE: Final = Path(__file__).resolve().parents[3]
"""Where the package is found, also when nothing else says so."""
Dumps = Callable[[], list[Download]]
"""Waits for the dumps. Raises RuntimeError when their process failed; it has told why."""


def dump(data: Path, folder: Path, prefixes: Mapping[str, str]) -> list[Download]:
    """Write `data` (canonical N-Quads) in all formats into a folder of a snapshot.

    A format that cannot hold the data has no file.
    """
    known = {name: iri for name, iri in prefixes.items() if name} | PREFIXES
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        triples, by_graph = Path(aside, "triples"), Path(aside, "by_graph")
        _copy_triples(data, triples)
        _copy_by_graph(data, by_graph)
        sources = {NQUADS: data, TRIG: by_graph}
        found = []
        for format in FORMATS:
            write = partial(_write, format, sources.get(format, triples), known)
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
        write(cast(IO[bytes], packed))
    with gzip.open(path) as whole:
        sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
        length = whole.tell()
    return Download(
        name=name,
        media_type=media_type,
        bytes=length,
        sha256=sha256,
        packed_bytes=path.stat().st_size,
        packed_sha256=digest(path),
        rows=rows or None,
    )


def _write(format: Format, source: Path, prefixes: Mapping[str, str], output: IO[bytes]) -> None:
    """Write one format from a file of quads, or of triples, each of them once."""

    def read() -> Iterator[Quad]:
        return cast(Iterator[Quad], parse(path=str(source), format=NQUADS.rdf))

    if format in (NQUADS, NTRIPLES):
        with source.open("rb") as file:
            shutil.copyfileobj(file, output)
    elif format is JSONLD:
        jsonld.write_sorted(read, output)
    elif format is RDFXML:
        rdfxml.write(read(), output, prefixes)
    else:
        serialize(read(), output, format=format.rdf, prefixes=dict(prefixes))


def _copy_triples(data: Path, path: Path) -> None:
    """Write the triples of sorted N-Quads, each of them once."""
    with data.open("rb") as file, path.open("wb") as output:
        triples = (line[:-3].rpartition(b" ")[0] for line in file)
        output.writelines(triple + b" .\n" for triple, _ in groupby(triples))


def _copy_by_graph(data: Path, path: Path) -> None:
    """Write the quads graph by graph, each graph in the order of its lines."""
    with data.open("rb") as file, path.open("wb") as output:
        keyed = (line[:-3].rpartition(b" ")[2][1:-1] + b"\0" + line for line in file)
        with sorted_lines(keyed, data.parent) as lines:
            output.writelines(line.partition(b"\0")[2] for line in lines)


@contextmanager
def dumping(data: Path, folder: Path, prefixes: Mapping[str, str]) -> Iterator[Dumps]:
    """Start to write the dumps of `data` into a folder; the process ends with this one."""
    places = (str(data.resolve()), str(folder.resolve()))
    arguments = (*places, json.dumps(dict(prefixes)), str(os.getpid()))
    with subprocess.Popen(  # noqa: S603  (this interpreter, our own module)
        [sys.executable, "-c", _START, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=_HERE,
    ) as process:

        def written() -> list[Download]:
            text, _ = process.communicate()
            if process.returncode:
                raise RuntimeError(f"writing the dumps ended with {process.returncode}")
            return [Download(**each) for each in json.loads(text)]

        try:
            yield written
        finally:
            process.kill()


def main(data: str, folder: str, prefixes: str, parent: str) -> None:
    """Write the dumps and print what they are, as JSON; ends with the parent process."""
    end_with_parent(int(parent))
    print(
        json.dumps([asdict(each) for each in dump(Path(data), Path(folder), json.loads(prefixes))])
    )
