"""Counts the rows of a serialised SELECT result as its bytes pass, so native writers stay in use.

Every format escapes its own separators inside texts; the exact counters rely on just that.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import QueryResultsFormat


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


class AtMost:
    """Tells of a growing result whether it has more rows than it may.

    What separates rows is searched for in the bytes as they are, which may count too many, since
    it can stand in a text too; only when that passes the limit are rows told from texts.
    """

    def __init__(self, results: QueryResultsFormat, rows: int) -> None:
        self._separator, exact = _KINDS[results]
        self._counter = exact()
        self._rows = rows
        self._bound = 1
        self._searched = 0
        self._counted = 0

    def passed_by(self, body: bytearray) -> bool:
        """Whether the result, of which this is the body so far, has too many rows."""
        start = max(self._searched - len(self._separator) + 1, 0)
        self._bound += body.count(self._separator, start)
        self._searched = len(body)
        if self._bound <= self._rows:
            return False
        self._counter.feed(bytes(body[self._counted :]))
        self._counted = len(body)
        return self._counter.rows > self._rows


_KINDS: Final[dict[QueryResultsFormat, tuple[bytes, type[_Json | _Xml | _Csv | _Tsv]]]] = {
    QueryResultsFormat.JSON: (b"},{", _Json),
    QueryResultsFormat.XML: (b"<result", _Xml),
    QueryResultsFormat.CSV: (b"\n", _Csv),
    QueryResultsFormat.TSV: (b"\n", _Tsv),
}
