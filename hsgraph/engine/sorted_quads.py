"""Statements by their subject, from files of sorted N-Quads, where a subject is bisected for.

Measured on a programme (80 statements): 0.8 ms, where an Oxigraph store on disk takes 5 ms, since
it fetches each term of each statement by itself.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final
from weakref import finalize

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from hsgraph.errors import SnapshotError

_SUBJECTS: Final = 64
"""Subjects whose statements are kept: a page asks for the same again and again."""
_PART: Final = 8192
_PARTS: Final = 32_768
"""The least bytes of a part of a file, and the most parts."""
_LINE: Final = 512
_BLANK: Final = b" _:"


class SortedQuads:
    """Reads the files of one snapshot; safe in any thread and after a fork."""

    def __init__(self, files: Iterable[Path], hidden: Iterable[str]) -> None:
        """Statements of the graphs `hidden` are passed over."""
        self._files = [_SortedFile(file) for file in files]
        self._hidden = tuple(f" <{graph}> .".encode() for graph in hidden)
        self._lines = lru_cache(_SUBJECTS)(self._read)

    def matching(self, subject: NamedNode, predicate: NamedNode | None = None) -> list[Quad] | None:
        """The statements of a subject, or those with this predicate.

        None where they have a blank node, which the store names otherwise than the files. Raises
        SnapshotError.
        """
        lines = self._lines(subject.value)
        if predicate is not None:
            start = f"{subject} {predicate} ".encode()
            lines = [line for line in lines if line.startswith(start)]
        if not lines:
            return []
        text = b"\n".join(lines)
        if _BLANK in text:
            return None
        try:
            return list(parse(text, RdfFormat.N_QUADS))
        except SyntaxError as error:
            raise SnapshotError(
                f"The data of the snapshot are damaged at {subject}: {error}",
                remedy="Build it again with `hsgraph build`.",
            ) from error

    def _read(self, subject: str) -> list[bytes]:
        found = [line for file in self._files for line in file.lines(f"<{subject}> ".encode())]
        return [line for line in found if not line.endswith(self._hidden)]


class _SortedFile:
    """One file whose lines stand in the order of their bytes.

    Kept in memory is with which subject each part of it begins.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        finalize(self, os.close, self._descriptor)
        self._size = path.stat().st_size

    def lines(self, start: bytes) -> list[bytes]:
        """The lines of a subject, written with the space behind it; without their ends."""
        subjects, places = self._parts
        before, after = bisect_left(subjects, start), bisect_right(subjects, start)
        place = places[before - 1] if before else 0
        end = places[after] if after < len(places) else self._size
        text = b"\n" + os.pread(self._descriptor, end - place, place)
        first, last = text.find(b"\n" + start), text.rfind(b"\n" + start)
        return text[first + 1 : text.find(b"\n", last + 1)].split(b"\n") if last >= 0 else []

    @cached_property
    def _parts(self) -> tuple[list[bytes], list[int]]:
        """The subjects with which parts begin, and where they do."""
        found: dict[bytes, int] = {}
        for place in range(0, self._size, max(_PART, self._size // _PARTS)):
            begin = self._line_after(place)
            if subject := self._until(b" ", begin):
                found.setdefault(subject, begin)
        return list(found), list(found.values())

    def _line_after(self, place: int) -> int:
        """Where the first line starts that does not start before a place."""
        return place - 1 + len(self._until(b"\n", place - 1)) if place else 0

    def _until(self, sign: bytes, place: int) -> bytes:
        """What stands from a place on up to a sign, with it; nothing at the end of the file."""
        text = b""
        while sign not in text and (more := os.pread(self._descriptor, _LINE, place + len(text))):
            text += more
        return text[: text.find(sign) + 1]
