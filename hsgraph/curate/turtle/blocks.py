"""Reads a Turtle text into its blocks: directives, statements and the comments between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from hsgraph.build.read.scan import CLOSING, OPENING, pieces

Kind = Literal["comment", "token", "stop"]
_DIRECTIVES: Final = {"@prefix": "@prefix", "@base": "@base", "prefix": "@prefix", "base": "@base"}


class Token(NamedTuple):
    """A token, full stop or comment; `breaks` counts the line breaks before it."""

    kind: Kind
    text: str
    breaks: int
    start: int
    end: int


@dataclass
class Object:
    """An object as it is written; `broken` if the author put a line break before it."""

    text: str
    broken: bool
    before: list[str] = field(default_factory=list)
    remark: str = ""


@dataclass
class Line:
    """A predicate with its objects and the comments above it."""

    predicate: str
    objects: list[Object] = field(default_factory=list)
    before: list[str] = field(default_factory=list)


@dataclass
class Block:
    """A directive (without lines) or a statement; without a text just comments.

    `before` holds the comments above, each with whether a blank line precedes it. A `flat` one is
    written in one line.
    """

    text: str
    spaced: bool
    before: list[tuple[str, bool]]
    lines: list[Line] = field(default_factory=list)
    remark: str = ""
    after: list[str] = field(default_factory=list)
    flat: bool = False


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a Turtle text with the line breaks before each."""
    breaks = 0
    for piece in pieces(text):
        kind = piece.lastgroup
        if kind is None:
            breaks += piece[0].count("\n")
            continue
        named: Kind = "comment" if kind == "comment" else "stop" if kind == "stop" else "token"
        yield Token(named, piece[0], breaks, piece.start(), piece.end())
        breaks = 0


def read_blocks(text: str) -> list[Block]:
    """The blocks of a text that has parsed already."""
    left = list(tokens(text))
    left.reverse()
    blocks: list[Block] = []
    before: list[tuple[str, bool]] = []
    while left:
        token = left[-1]
        spaced = token.breaks > 1
        if token.kind == "comment":
            before.append((left.pop().text, spaced))
            continue
        if token.text.lower() in _DIRECTIVES:
            block = Block(_directive(left), spaced, before)
        else:
            block = _Statement(text, left, Block("", spaced, before)).read()
        if left and left[-1].kind == "comment" and left[-1].breaks == 0:
            block.remark += "  " + left.pop().text.rstrip()
        blocks.append(block)
        before = []
    return [*blocks, Block("", False, before)] if before else blocks


def _directive(left: list[Token]) -> str:
    first = left.pop().text
    words = [_DIRECTIVES[first.lower()]]
    while left:
        token = left.pop()
        if token.kind == "stop":
            break
        words.append(token.text)
        if token.text.startswith("<") and not first.startswith("@"):
            break
    return " ".join(words)


class _Statement:
    """Reads one statement up to its full stop; what is nested stays as it is written."""

    def __init__(self, text: str, left: list[Token], block: Block) -> None:
        self._text, self._left, self._block = text, left, block
        self._comments: list[str] = []

    def read(self) -> Block:
        self._block.text = self._term()[0]
        while self._left and self._left[-1].kind != "stop":
            token = self._left[-1]
            if token.kind == "comment":
                self._comment()
            elif token.text == ";":
                self._left.pop()
            else:
                self._line()
        if self._left:
            self._left.pop()
        self._block.after = self._comments
        return self._block

    def _line(self) -> None:
        line = Line(self._term()[0], before=self._taken())
        self._block.lines.append(line)
        while True:
            self._comments_of(line)
            written, breaks = self._term()
            line.objects.append(Object(written, breaks > 0, self._taken()))
            self._comments_of(line)
            if not self._left or self._left[-1].text != ",":
                return
            self._left.pop()

    def _comments_of(self, line: Line) -> None:
        while self._left and self._left[-1].kind == "comment":
            self._comment(line)

    def _comment(self, line: Line | None = None) -> None:
        token = self._left.pop()
        lines = self._block.lines
        line = line or (lines[-1] if lines else None)
        if token.breaks == 0 and line and line.objects and not line.objects[-1].remark:
            line.objects[-1].remark = "  " + token.text.rstrip()
        else:
            self._comments.append(token.text)

    def _taken(self) -> list[str]:
        taken, self._comments = self._comments, []
        return taken

    def _term(self) -> tuple[str, int]:
        """A whole term as written, with its language or datatype, and the breaks before it."""
        first = self._left.pop()
        depth, end = int(first.text in OPENING), first.end
        while self._left:
            token = self._left[-1]
            joined = token.start == end and (token.text[0] == "@" or token.text == "^^")
            if depth == 0 and not joined:
                break
            self._left.pop()
            depth += (token.text in OPENING) - (token.text in CLOSING)
            end = token.end
            if joined and token.text == "^^":
                end = self._left.pop().end
        return self._text[first.start : end], first.breaks
