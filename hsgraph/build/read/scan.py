"""Finds the line of every subject in Turtle and TriG, since pyoxigraph's parser gives none.

The text must have parsed already: this reads tokens (Turtle 1.1, section 6.5) and no grammar.
One regular expression takes a whole statement at a time, so that it runs at the speed of `re`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

_COMMENT: Final = r"#[^\r\n]*"
_SPACE: Final = rf"(?:\s|{_COMMENT})"
_IRI: Final = r"<(?!<)[^<>\s]*>"
_STRING: Final = (
    r'"""(?:"{0,2}(?:[^"\\]|\\.))*+"""'
    r"|'''(?:'{0,2}(?:[^'\\]|\\.))*+'''"
    r'|"(?!"")(?:[^"\\\r\n]|\\.)*+"'
    r"|'(?!'')(?:[^'\\\r\n]|\\.)*+'"
)
_LANGUAGE: Final = r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*+(?:--[A-Za-z]+)?"
_EXPONENT: Final = r"[eE][+-]?[0-9]+"
_NUMBER: Final = (
    rf"[+-]?(?:[0-9]+\.[0-9]*{_EXPONENT}|[0-9]*\.[0-9]+(?:{_EXPONENT})?|[0-9]+(?:{_EXPONENT})?)"
)
_CHARACTER: Final = r"""(?:[^\s<>"'()\[\]{},;.#@^~|\\]|\\.)"""
_NAME: Final = rf"{_CHARACTER}(?:{_CHARACTER}|\.+(?={_CHARACTER}))*+"
_SIGN: Final = r"\{\||\|\}|<<\(|<<|\)>>|>>|\^\^|[\[\](),;~^]"
_TOKEN: Final = f"{_IRI}|{_STRING}|{_LANGUAGE}|{_NUMBER}|{_NAME}|{_SIGN}"

_SKIP: Final = re.compile(rf"{_SPACE}*+")
_PREFIX: Final = re.compile(
    rf"(?:@prefix{_SPACE}*+|(?i:prefix){_SPACE}++)(?P<name>(?:{_CHARACTER}|\.)*?):"
    rf"{_SPACE}*+<(?P<iri>[^<>\s]*)>(?:{_SPACE}*+\.)?"
)
_BASE: Final = re.compile(rf"(?:@base|(?i:base)){_SPACE}*+<(?P<iri>[^<>\s]*)>(?:{_SPACE}*+\.)?")
_VERSION: Final = re.compile(rf"@?version{_SPACE}*+(?:{_STRING})(?:{_SPACE}*+\.)?", re.I)
_GRAPH: Final = re.compile(r"graph(?=[\s<\[#])", re.I)
_HEAD: Final = re.compile(f"{_IRI}|{_NAME}")
_REST: Final = re.compile(rf"(?:\s+|{_COMMENT}|{_TOKEN})*+")
_PIECE: Final = re.compile(rf"\s+|(?P<comment>{_COMMENT})|(?P<token>{_TOKEN})|(?P<stop>\.)")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
OPENING: Final = frozenset({"[", "(", "{|", "<<", "<<("})
CLOSING: Final = frozenset({"]", ")", "|}", ">>", ")>>"})

_LINE_SUBJECT: Final = re.compile(r"[ \t]*<([^>]*)>")
_JSON_ID: Final = re.compile(r'"@id"\s*:\s*"([^"\\]*)"')
_XML_ABOUT: Final = re.compile(r"""rdf:about\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Statement(NamedTuple):
    """One statement: the IRI of its subject (None for a blank node), its line, its extent."""

    subject: str | None
    line: int
    start: int
    end: int


class Part(NamedTuple):
    """One object of a statement: predicate as IRI, object as IRI or text, and its line."""

    predicate: str
    value: str
    line: int


class TurtleScan:
    """Walks over the statements of one Turtle or TriG text; iterate it once."""

    def __init__(self, text: str, base: str = "") -> None:
        self._text = text
        self._base = base
        self._prefixes: dict[str, str] = {}

    def __iter__(self) -> Iterator[Statement]:
        text, position, line, counted = self._text, 0, 1, 0
        while (position := _match(_SKIP, text, position)) < len(text):
            if text[position] in ".{}":
                position += 1
                continue
            if directive := self._directive(position):
                position = directive
                continue
            if keyword := _GRAPH.match(text, position):
                position = _match(_REST, text, keyword.end())
                continue
            end = _match(_REST, text, position)
            if end == position:
                raise ValueError(f"unexpected {text[position]!r} at offset {position}")
            if text[end : end + 1] != "{":
                line += text.count("\n", counted, position)
                counted = position
                yield Statement(self._subject(position), line, position, end)
            position = end

    def parts(self, statement: Statement) -> Iterator[Part]:
        """The objects of a statement just met in the walk, each with its predicate and line."""
        depth, place, predicate = 0, "subject", ""
        for piece in _PIECE.finditer(self._text, statement.start, statement.end):
            written = piece["token"]
            if written is None:
                continue
            if depth == 0 and written not in CLOSING:
                if place == "subject" or written == ";":
                    place = "predicate"
                elif written == ",":
                    place = "object"
                elif place == "predicate":
                    predicate, place = self.resolve(written), "object"
                elif place == "object":
                    line = statement.line + self._text.count("\n", statement.start, piece.start())
                    yield Part(predicate, self.resolve(written), line)
                    place = "after"
            depth += (written in OPENING) - (written in CLOSING)

    def resolve(self, written: str) -> str:
        """The IRI or text a token stands for; a number or blank node stays as it is written."""
        if written[0] in "\"'":
            return _text(written)
        if written.startswith("<") and written.endswith(">"):
            return self._absolute(written[1:-1])
        if written == "a":
            return "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        prefix, colon, local = written.partition(":")
        if not colon or prefix not in self._prefixes:
            return written
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def _subject(self, position: int) -> str | None:
        head = _HEAD.match(self._text, position)
        if head is None or head[0].startswith("_:"):
            return None
        return self.resolve(head[0])

    def _directive(self, position: int) -> int | None:
        if found := _PREFIX.match(self._text, position):
            self._prefixes[found["name"]] = self._absolute(found["iri"])
        elif found := _BASE.match(self._text, position):
            self._base = self._absolute(found["iri"])
        else:
            found = _VERSION.match(self._text, position)
        return found.end() if found else None

    def _absolute(self, reference: str) -> str:
        reference = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), reference)
        if _ABSOLUTE.match(reference) or not self._base:
            return reference
        triple = f"<{reference}> <x:x> <x:x> ."
        node = next(iter(parse(triple, RdfFormat.TURTLE, base_iri=self._base))).subject
        return node.value if isinstance(node, NamedNode) else reference


def subject_lines(text: str, format: RdfFormat, base: str) -> Iterator[tuple[str, int]]:
    """The IRIs of subjects with their lines: sure for Turtle, TriG and lines, best effort else."""
    if format in (RdfFormat.TURTLE, RdfFormat.TRIG):
        for statement in TurtleScan(text, base):
            if statement.subject is not None:
                yield statement.subject, statement.line
    elif format in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        last = ""
        for number, line in enumerate(text.split("\n"), start=1):
            found = _LINE_SUBJECT.match(line)
            if found and found[1] != last:
                last = found[1]
                yield last, number
    else:
        pattern = _XML_ABOUT if format == RdfFormat.RDF_XML else _JSON_ID
        row, counted = 1, 0
        for hit in pattern.finditer(text):
            row += text.count("\n", counted, hit.start())
            counted = hit.start()
            yield hit[hit.lastindex or 1], row


def pieces(text: str) -> Iterator[re.Match[str]]:
    """The tokens, full stops, comments and spaces of a Turtle text, each a named group or none."""
    return _PIECE.finditer(text)


def blank_node_line(text: str) -> int | None:
    """The line of the first blank node in a Turtle text, or None."""
    signs = [(piece["token"], piece.start()) for piece in _PIECE.finditer(text) if piece["token"]]
    for (sign, start), (following, _) in pairwise([*signs, ("", 0)]):
        if sign == "[" or sign.startswith("_:") or (sign == "(" and following != ")"):
            return text.count("\n", 0, start) + 1
    return None


def statement_about_line(text: str) -> int | None:
    """The line where something is first said of a statement (RDF 1.2) in a Turtle text."""
    starts = (p.start() for p in _PIECE.finditer(text) if p["token"] in ("<<", "<<(", "{|", "~"))
    return next((text.count("\n", 0, start) + 1 for start in starts), None)


def _text(written: str) -> str:
    quotes = 3 if written.startswith(('"""', "'''")) else 1
    if "\\" not in written:
        return written[quotes:-quotes]
    parsed = next(iter(parse(f"<x:x> <x:x> {written} .", RdfFormat.TURTLE))).object
    return parsed.value if isinstance(parsed, Literal) else written


def _match(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
