"""Sorted lines: sorting more than fit into memory, and finding some among them by bisection."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from mmap import mmap
from pathlib import Path
from typing import IO, Final

_LINES_IN_MEMORY: Final = 2_000_000


@contextmanager
def sorted_lines(lines: Iterable[bytes], folder: Path) -> Iterator[Iterable[bytes]]:
    """The lines, each with its end, in the order of their bytes; long runs lie in the folder."""
    source, most = iter(lines), _LINES_IN_MEMORY
    with ExitStack() as stack:
        runs: list[Iterable[bytes]] = []
        while run := sorted(islice(source, most)):
            runs.append(run if len(run) < most else stack.enter_context(_kept(run, folder)))
        yield runs[0] if len(runs) == 1 else heapq.merge(*runs)


def _kept(run: list[bytes], folder: Path) -> IO[bytes]:
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (the caller closes it)
    file.writelines(run)
    file.seek(0)
    return file


def beginning_with(content: mmap | bytes, key: bytes) -> Iterator[bytes]:
    """The lines, each with its end, that begin with a key; `content` is of sorted lines."""
    low, high = 0, len(content)
    while low < high:
        start = content.rfind(b"\n", 0, (low + high) // 2) + 1
        end = content.find(b"\n", start) + 1
        if content[start:end] < key:
            low = end
        else:
            high = start
    while content[low : low + len(key)] == key:
        end = content.find(b"\n", low) + 1
        yield content[low:end]
        low = end
