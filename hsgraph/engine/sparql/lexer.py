"""Splits SPARQL text into tokens, so that nothing in a string, IRI or comment is taken for code.

It is no parser: it accepts any text, and what it cannot name becomes a one-character token.
It is at least as generous as the engine's grammar about strings, IRIs and escaped names, since
a scan for `SERVICE` is only sound if no code can pass for a string or a comment.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile
from typing import Final, NamedTuple

GAP: Final = r"(?:\s|#[^\r\n]*[\r\n])*+"
"""What may stand between two words: white space and comments."""
IN_NAME: Final = (
    r"\w\u00B7\u0300-\u1FFF\u200C\u200D\u203F\u2040\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF"
    r"\uF900-\uFFFD\U00010000-\U000EFFFF"
)
"""The signs of names but for `.` and `-`, all of SPARQL's PN_CHARS and a few more."""
_PIECE: Final = re.compile(
    rf"""
      (?P<comment>\#[^\r\n]*+)
    | (?P<string>"(?:[^"\\\r\n]|\\[^\r\n])*+"
               | '(?:[^'\\\r\n]|\\[^\r\n])*+')
    | (?P<unclosed>["'][^\r\n]*+)
    | (?P<space>\s++)
    | (?P<iri><[^<>"{{}}|^`\x00-\x20]*+>)
    | (?P<variable>[?$][{IN_NAME}]++)
    | (?P<language>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)
    | (?P<prefixed>(?:[^\W\d_][{IN_NAME}.\-]{{0,128}}+)?+:
                   (?:[{IN_NAME}:.\-]|%[0-9A-Fa-f]{{2}}|\\[^\s\w])*+)
    | (?P<blank>_:[{IN_NAME}.\-]++)
    | (?P<number>\d+(?:(?:\.\d*)?[eE][+-]?\d+|\.\d+)?)
    | (?P<word>[^\W\d_]\w*+)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""Every piece of a text without long strings: what is not closed reaches to the end of its line, so
no search for an end is made twice."""
_LONG: Final = {
    '"""': re.compile(r'"{3}(?:[^"\\]|\\.|"(?!""))*+"{3}', re.DOTALL),
    "'''": re.compile(r"'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}", re.DOTALL),
}

_TO_ORDER: Final = re.compile(
    r"""
      (?: [^"'\\\#<?$:Oo]++ | [?$:]\w*+ | "(?!"")[^"\\\r\n]*+" | '(?!'')[^'\\\r\n]*+'
        | \#[^\r\n]*+ | <[^<>"{}|^`\x00-\x20]*+> | (?!ORDER)[<Oo] )*+
      (?<=[\s})])(?=ORDER\s)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What stands before a first ORDER that is a word of its own, if that can be told so simply."""


class Token(NamedTuple):
    """A piece of a query: its kind, its text, and where it starts (from 0)."""

    kind: str
    text: str
    start: int

    @property
    def upper(self) -> str:
        return self.text.upper()


class _Scanner:
    """Takes one token at a position, in time linear in the text over all positions.

    A long string that is not closed means that none is closed which starts later with the same
    quotes, so the search for an end is made once.
    """

    def __init__(self, query: str) -> None:
        self._query = query
        self._never_closed = dict.fromkeys(_LONG, len(query))

    def at(self, start: int) -> Token:
        quotes = self._query[start : start + 3]
        if start < self._never_closed.get(quotes, 0):
            if match := _LONG[quotes].match(self._query, start):
                return Token("string", match.group(), start)
            self._never_closed[quotes] = start
        match = _PIECE.match(self._query, start)
        assert match, "every character is at least a mark"
        return _token(match)


def _token(match: re.Match[str]) -> Token:
    return Token(str(match.lastgroup), match.group(), match.start())


def pieces(query: str) -> Iterator[Token]:
    """Every piece of the query in order, spaces and comments included."""
    if '"""' not in query and "'''" not in query:
        yield from map(_token, _PIECE.finditer(query))
        return
    scanner = _Scanner(query)
    start = 0
    while start < len(query):
        token = scanner.at(start)
        yield token
        start += len(token.text)


def every_reading(query: str) -> Iterator[Token]:
    """The tokens of all readings of the query, where `<` may open an IRI or mean less-than.

    Without a grammar the two cannot be told apart, and in `?a<?b#>` or `?a<'x>'` the choice
    decides where a comment or a string begins. What begins inside a comment that was told, or a
    string without an end, reaches to the end of the line as well and is passed over.
    """
    scanner = _Scanner(query)
    seen: set[int] = set()
    todo = deque([0])
    to_line_end: dict[str, range] = {}
    while todo:
        start = todo.popleft()
        while start < len(query) and start not in seen:
            seen.add(start)
            sign = query[start]
            if start in (known := to_line_end.get(sign, range(0))):
                start = known.stop
                continue
            token = scanner.at(start)
            yield token
            if token.kind == "iri" and ("#" in token.text or "'" in token.text):
                todo.append(start + 1)
            start += len(token.text)
            if token.kind in ("comment", "unclosed"):
                to_line_end[sign] = range(token.start, start)


def tokens(query: str) -> list[Token]:
    """The pieces that mean something."""
    return [piece for piece in pieces(query) if piece.kind not in ("space", "comment")]


def tokens_from_order(query: str) -> list[Token]:
    """The tokens from the first ORDER on, in a tenth of the time where nothing could mislead."""
    if (before := _TO_ORDER.match(query)) is None or '"""' in query or "'''" in query:
        return list(dropwhile(lambda token: token.upper != "ORDER", tokens(query)))
    found = map(_token, _PIECE.finditer(query, before.end()))
    return [token for token in found if token.kind not in ("space", "comment")]


def nested(found: Iterable[Token], opening: str, closing: str) -> Iterator[tuple[Token, int]]:
    """Each token, and how many of these brackets are open after it."""
    depth = 0
    for token in found:
        depth += (token.text in opening) - (token.text in closing)
        yield token, depth


def end_of(found: Sequence[Token], start: int) -> int:
    """The index after a condition: a variable, or what stands in brackets with a name before it.

    It is `start` itself where none begins.
    """
    if found[start].kind == "variable":
        return start + 1
    opened = start + (found[start].kind in ("word", "prefixed", "iri"))
    rest = map(found.__getitem__, range(opened, len(found)))
    for index, (_, depth) in enumerate(nested(rest, "(", ")"), start=opened):
        if depth <= 0:
            return index + 1 if index > opened else start
    return start


def position(query: str, offset: int) -> tuple[int, int]:
    line = query.count("\n", 0, offset) + 1
    return line, offset - (query.rfind("\n", 0, offset) + 1) + 1


def offset_of(query: str, line: int, column: int) -> int:
    """The offset of a line and column that count from 1."""
    before = sum(len(each) + 1 for each in query.split("\n")[: line - 1])
    return min(before + column - 1, len(query))
