"""Documents out of a version that is kept as sorted N-Quads and not loaded.

What is said of a thing stands together and is found by bisection; what points to it, by going
through the bytes once. From these statements the document is made by the same rule as every other.
Measured: a programme in 40 ms out of 16 MB, in 0.1 s out of 112 MB.
"""

from __future__ import annotations

import mmap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from hsgraph.build.quads.sorting import beginning_with
from hsgraph.describe.documents.document import DEPTH, LINKS, Document, document
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.errors import UnknownEntity
from hsgraph.namespaces import HS, OA, RDF

_WHOLE: Final = f"<{HS}partOf>".encode()
_ABOUT: Final = f"<{RDF}subject>".encode()
_LEADING: Final = tuple(f"<{name}>".encode() for name in (HS + "evidence", OA + "hasSelector"))


def archived(data: Path, iri: str, version: str) -> Document:
    """The document about a thing in the sorted N-Quads of a version. Raises UnknownEntity."""
    if not data.stat().st_size:
        raise UnknownEntity(f"Version {version} holds nothing.")
    with data.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        lines = _around(content, str(NamedNode(iri)).encode())
    if lines is None:
        raise UnknownEntity(f"Version {version} says nothing of <{iri}>.")
    engine = EmbeddedEngine(parse(b"".join(lines), format=RdfFormat.N_QUADS))
    found = document(engine, iri)
    assert found.naming is not None
    return replace(found, version=version)


def rows_of(found: Document) -> list[tuple[str, str, str]]:
    """What a document says of its thing: property, value, and the IRI of the value or nothing."""
    thing, rows = NamedNode(found.iri), []
    for triple in {quad.triple for quad in found.quads if quad.subject == thing}:
        about = found.labels.property(triple.predicate.value).label
        if isinstance(triple.object, NamedNode):
            iri = triple.object.value
            rows.append((about, found.labels.ref(iri).label, iri))
        elif isinstance(triple.object, Literal):
            rows.append((about, triple.object.value, ""))
    return sorted(rows)


def _around(content: mmap.mmap, thing: bytes) -> dict[bytes, None] | None:
    """Every line that a document about a thing may need; None when nothing is said of it."""
    own = list(beginning_with(content, thing + b" "))
    if not own:
        return None
    pointing = list(_lines_with(content, b"> " + thing + b" <"))
    wholes = {thing, *(_subject(line) for line in pointing if _WHOLE in line)}
    claims = {_subject(line) for line in _lines_with(content, _ABOUT) if _object(line) in wholes}
    found = dict.fromkeys([*own, *pointing])
    read = wholes | claims
    found |= dict.fromkeys(_all_of(content, read - {thing}))
    for _ in range(DEPTH):
        further = {_object(line) for line in found if _leads_on(line)} - read
        found |= dict.fromkeys(_all_of(content, further))
        read |= further
    named = {_object(line) for line in found if _object(line).startswith(b"<")}
    named |= {_predicate(line) for line in found} | _first(pointing)
    return found | dict.fromkeys(_all_of(content, named - read))


def _first(pointing: Iterable[bytes]) -> set[bytes]:
    """The first subjects for each property; a line for every graph that says so, at most four."""
    by: dict[bytes, list[bytes]] = defaultdict(list)
    for line in pointing:
        by[_predicate(line)].append(_subject(line))
    return {subject for subjects in by.values() for subject in subjects[: 4 * LINKS]}


def _leads_on(line: bytes) -> bool:
    return _predicate(line) in _LEADING or _object(line).startswith(b"_:")


def _all_of(content: mmap.mmap, subjects: Iterable[bytes]) -> Iterator[bytes]:
    for subject in sorted(subjects):
        yield from beginning_with(content, subject + b" ")


def _lines_with(content: mmap.mmap, text: bytes) -> Iterator[bytes]:
    """The lines that hold a text, by going through all."""
    place = content.find(text)
    while place >= 0:
        start = content.rfind(b"\n", 0, place) + 1
        end = content.find(b"\n", place) + 1
        yield content[start:end]
        place = content.find(text, end)


def _subject(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _predicate(line: bytes) -> bytes:
    return line.split(b" ", 2)[1]


def _object(line: bytes) -> bytes:
    return line.split(b" ", 2)[2].rsplit(b" ", 2)[0]
