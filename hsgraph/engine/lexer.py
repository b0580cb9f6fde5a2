"""Splits SPARQL text into tokens, so that nothing in a string, IRI or comment is taken for code.

It is no parser: it accepts any text, and what it cannot name becomes a one-character token.
It is at least as generous as the engine's grammar about strings, IRIs and escaped names, since
a scan for `SERVICE` is only sound if no code can pass for a string or a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
    | (?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3}
               | '{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
               | "(?:[^"\\\r\n]|\\[^\r\n])*+"
               | '(?:[^'\\\r\n]|\\[^\r\n])*+')
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)
    | (?P<prefixed>(?:[^\W\d_](?:[\w.\-\u00B7]*[\w\-\u00B7])?)?:
                   (?:(?:[\w:\-\u00B7]|%[0-9A-Fa-f]{2}|\\[^\s\w])
                      (?:[\w:.\-\u00B7]|%[0-9A-Fa-f]{2}|\\[^\s\w])*)?)
    | (?P<blank>_:[\w.\-\u00B7]+)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d_]\w*)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: its kind, its text, and where it starts (from 0)."""

    kind: str
    text: str
    start: int

    @property
    def upper(self) -> str:
        return self.text.upper()


def pieces(query: str) -> Iterator[Token]:
    """Every piece of the query in order, spaces and comments included."""
    for match in _TOKEN.finditer(query):
        yield Token(str(match.lastgroup), match.group(), match.start())


def tokens(query: str) -> list[Token]:
    """The pieces that mean something."""
    return [piece for piece in pieces(query) if piece.kind not in ("space", "comment")]


def position(query: str, offset: int) -> tuple[int, int]:
    """Line and column (from 1) of an offset."""
    line = query.count("\n", 0, offset) + 1
    return line, offset - (query.rfind("\n", 0, offset) + 1) + 1


def offset_of(query: str, line: int, column: int) -> int:
    """The offset of a line and column that count from 1."""
    start = 0
    for _ in range(line - 1):
        start = query.find("\n", start) + 1
    return min(start + column - 1, len(query))
