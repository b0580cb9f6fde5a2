"""Counts the rows of a serialised SELECT result as its bytes pass, so native writers stay in use.

Every format escapes its own separators inside texts; the counters rely on exactly that.
"""

from __future__ import annotations

from typing import Protocol

from pyoxigraph import QueryResultsFormat


class RowCounter(Protocol):
    """Takes the bytes in order; `rows` is the number of rows that have begun or ended so far."""

    rows: int

    def feed(self, chunk: bytes) -> None: ...


class _Quoted:
    """Keeps what lies outside double quotes; quotes are doubled (CSV) or escaped (JSON)."""

    def __init__(self, escaped: bool) -> None:
        self._escaped = escaped
        self._inside = False
        self._held = b""

    def outside(self, chunk: bytes) -> bytes:
        if self._escaped:
            chunk = self._held + chunk
            kept = len(chunk.rstrip(b"\\"))
            chunk, self._held = chunk[:kept], chunk[kept:]
            chunk = chunk.replace(b"\\\\", b"").replace(b'\\"', b"")
        parts = chunk.split(b'"')
        outside = b'"'.join(parts[1 if self._inside else 0 :: 2])
        self._inside ^= len(parts) % 2 == 0
        return outside


class _Json:
    def __init__(self) -> None:
        self.rows = 0
        self._quoted = _Quoted(escaped=True)
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        text = self._tail + self._quoted.outside(chunk)
        # A row starts after the bracket of the list (the head's list has strings only) or a row.
        self.rows += text.count(b"[{") + text.count(b"},{")
        self._tail = text[-2:] if text[-2:] == b"}," else text[-1:]
        if self._tail not in (b"}", b"},", b"["):
            self._tail = b""


class _Xml:
    def __init__(self) -> None:
        self.rows = 0
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        text = self._tail + chunk
        self.rows += text.count(b"<result>") + text.count(b"<result/>")
        self._tail = text[-8:].rpartition(b"<")[2]
        self._tail = b"<" + self._tail if b"<" in text[-8:] and b">" not in self._tail else b""


class _Csv:
    """The header is a line too, so there is one row fewer than line ends."""

    def __init__(self) -> None:
        self.rows = -1
        self._quoted = _Quoted(escaped=False)

    def feed(self, chunk: bytes) -> None:
        self.rows += self._quoted.outside(chunk).count(b"\n")


class _Tsv:
    def __init__(self) -> None:
        self.rows = -1

    def feed(self, chunk: bytes) -> None:
        self.rows += chunk.count(b"\n")


def row_counter(results: QueryResultsFormat) -> RowCounter:
    """A fresh counter for a result format."""
    kinds: dict[QueryResultsFormat, type[_Json] | type[_Xml] | type[_Csv] | type[_Tsv]] = {
        QueryResultsFormat.JSON: _Json,
        QueryResultsFormat.XML: _Xml,
        QueryResultsFormat.CSV: _Csv,
        QueryResultsFormat.TSV: _Tsv,
    }
    return kinds[results]()
