"""Statements by their subject, from files of sorted N-Quads, where a subject is bisected for.

Measured on a programme (80 statements): 0.8 ms, where an Oxigraph store on disk takes 5 ms, since
it fetches each term of each statement by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from hsgraph.build.quads.sorting import SortedFile
from hsgraph.errors import SnapshotError

_SUBJECTS: Final = 64
"""Subjects whose statements are kept: a page asks for the same again and again."""
_BLANK: Final = b" _:"


class SortedQuads:
    """Reads the files of one snapshot; safe in any thread and after a fork."""

    def __init__(self, files: Iterable[Path], hidden: Iterable[str]) -> None:
        """Statements of the graphs `hidden` are passed over."""
        self._files = [SortedFile(file, b" ") for file in files]
        self._hidden = tuple(f" <{graph}> .".encode() for graph in hidden)
        self._lines = lru_cache(_SUBJECTS)(self._read)

    def matching(self, subject: NamedNode, *predicates: NamedNode) -> list[Quad] | None:
        """The statements of a subject, or those with one of these predicates.

        None where they have a blank node, which the store names otherwise than the files. Raises
        SnapshotError.
        """
        lines = self._lines(subject.value)
        if predicates:
            starts = tuple(f"{subject} {predicate} ".encode() for predicate in predicates)
            lines = [line for line in lines if line.startswith(starts)]
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
