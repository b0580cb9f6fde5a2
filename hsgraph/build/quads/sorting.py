"""Sorted lines: sorting more than fit into memory, and finding those with a key."""

from __future__ import annotations

import heapq
import os
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Final
from weakref import finalize

_LINES_IN_MEMORY: Final = 2_000_000
_PART: Final = 8192
_PARTS: Final = 32_768
"""The least bytes of a part of a file, and the most parts."""
_LINE: Final = 512


@contextmanager
def sorted_lines(lines: Iterable[bytes], folder: Path) -> Iterator[Iterable[bytes]]:
    """The lines, each with its end, in the order of their bytes; long runs lie in the folder."""
    source, most = iter(lines), _LINES_IN_MEMORY
    with ExitStack() as stack:
        runs: list[Iterable[bytes]] = []
        while run := sorted(islice(source, most)):
            runs.append(run if len(run) < most else stack.enter_context(_on_disk(run, folder)))
        yield runs[0] if len(runs) == 1 else heapq.merge(*runs)


def _on_disk(run: list[bytes], folder: Path) -> IO[bytes]:
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (the caller closes it)
    file.writelines(run)
    file.seek(0)
    return file


class SortedFile:
    """A file whose lines stand in the order of their bytes; safe in any thread and after a fork.

    A line begins with its key, which ends with `mark`. Kept in memory is with which key each part
    of the file begins.
    """

    def __init__(self, path: Path, mark: bytes) -> None:
        self._mark = mark
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        finalize(self, os.close, self._descriptor)
        self._size = path.stat().st_size

    def lines(self, key: bytes) -> list[bytes]:
        """The lines with a key, without their ends."""
        keys, places = self._parts
        before, after = bisect_left(keys, key), bisect_right(keys, key)
        place = places[before - 1] if before else 0
        end = places[after] if after < len(places) else self._size
        text = b"\n" + os.pread(self._descriptor, end - place, place)
        first, last = text.find(b"\n" + key), text.rfind(b"\n" + key)
        return text[first + 1 : text.find(b"\n", last + 1)].split(b"\n") if last >= 0 else []

    @cached_property
    def _parts(self) -> tuple[list[bytes], list[int]]:
        """The keys with which parts begin, and where they do."""
        found: dict[bytes, int] = {}
        begin = -1
        for place in range(0, self._size, max(_PART, self._size // _PARTS)):
            if place <= begin:
                continue
            begin = self._line_after(place)
            if key := self._until(self._mark, begin):
                found.setdefault(key, begin)
        return list(found), list(found.values())

    def _line_after(self, place: int) -> int:
        """Where the first line starts that does not start before a place."""
        return place - 1 + len(self._until(b"\n", place - 1)) if place else 0

    def _until(self, sign: bytes, place: int) -> bytes:
        """What stands from a place on up to a sign, with it; nothing at the end of the file."""
        text, length = b"", _LINE
        while sign not in text and (more := os.pread(self._descriptor, length, place + len(text))):
            text += more
            length = len(text)
        return text[: text.find(sign) + 1]
