"""Turns what is wrong with a source file into a SourceError a curator can act on."""

from __future__ import annotations

import gzip
import html
import re
import tomllib
import zlib
from collections.abc import Mapping
from contextlib import suppress
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.parsers import expat

from pyoxigraph import RdfFormat, parse

from hsgraph.build.read.scan import blank_node_line, statement_about_line
from hsgraph.errors import Place, SourceError
from hsgraph.namespaces import BASE, PREFIXES

_MARK: Final = "\ufeff"
_MARKED: Final = ("utf-8", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_ENCODING: Final = re.compile(r"""\A(<\?xml\s[^>]*?)\s+encoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_LINE_END: Final = re.compile("\r\n?")
_LONGEST_LINE: Final = 200
DEEPEST: Final = 500
_NEAR: Final = 0.9
"""How like a namespace of ours one is that was meant to be it."""
_WHERE: Final = re.compile(r"^Parser error (?:at|on|between) .*?: ", re.S)
_ANY: Final = "file:///"
_UNDECLARED: Final = re.compile(r"The prefix (\S*): has not been declared")
_MERGE: Final = re.compile(r"<{7}|={7}|>{7}")
_REMEDIES: Final = tomllib.loads(Path(__file__).with_name("remedies.toml").read_text("utf-8"))
"""What to do about what the parser says."""

ANNOTATION: Final = re.compile(r'(?<!\\)"@(?:annotation"\s*:|id"\s*:\s*\{)')
_TRIPLE_TERM: Final = re.compile(
    rf"""<<|parseType\s*=\s*["']Triple|rdf:annotation|{ANNOTATION.pattern}"""
)
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^\[>]*(\[[^\]]*\])?", re.S)
_ENTITY: Final = re.compile(
    r"""<!ENTITY\s+[^\s%"']+\s+(?:"((?:[^"&%]|&\#x?[0-9A-Fa-f]+;){0,200})\""""
    r"""|'((?:[^'&%]|&\#x?[0-9A-Fa-f]+;){0,200})')\s*>"""
)


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a file, unpacked if its name ends in .gz.

    Raises SourceError when the file is missing, cannot be opened, or is not what its name says.
    """
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except FileNotFoundError:
        raise SourceError(
            "There is no such file.", place=Place(name), remedy="Check the name and the folder."
        ) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceError(
            f"The file is not a whole gzip file: {error}.",
            place=Place(name),
            remedy="Fetch or pack it again.",
        ) from None
    except OSError as error:
        raise SourceError(
            f"The file cannot be opened: {error.strerror}.",
            place=Place(name),
            remedy="Check that it is a file and that you may read it.",
        ) from None


def decode(content: bytes, name: str, *, xml: bool = False) -> str:
    """The text of a file: UTF-8, or what a byte order mark or an XML declaration says.

    Raises SourceError. The mark is left out, and so is the encoding of an XML declaration; lines of
    XML end with a line feed (XML 1.0, 2.11).
    """
    text = _text_of(content, name, xml=xml)
    return _LINE_END.sub("\n", text) if xml and "\r" in text else text


def _text_of(content: bytes, name: str, *, xml: bool) -> str:
    if not content.strip():
        raise SourceError(
            "The file is empty.", place=Place(name, 1), remedy="Fill it or delete it."
        )
    for encoding in _MARKED:
        if content.startswith(mark := _MARK.encode(encoding)):
            return _ENCODING.sub(r"\1", _decoded(content[len(mark) :], encoding, name), count=1)
    if declared := _declared(content, xml=xml):
        return _ENCODING.sub(r"\1", _decoded(content, declared, name), count=1)
    return _decoded(content, "utf-8", name)


def _declared(content: bytes, *, xml: bool) -> str:
    """The encoding that a file without a mark shows by its first sign, or that XML declares."""
    if content[:2].count(0) == 1:
        return "utf-16-le" if content[0] else "utf-16-be"
    found = xml and _ENCODING.match(content[:_LONGEST_LINE].decode("latin-1"))
    return found[2] if found else ""


def _decoded(content: bytes, encoding: str, name: str) -> str:
    if encoding.lower() in ("utf-8", "utf8"):
        return _utf8(content, name)
    try:
        return content.decode(encoding)
    except (LookupError, UnicodeDecodeError, ValueError) as error:
        raise SourceError(
            f"The file cannot be read as {encoding[:40]}: {error}.",
            place=Place(name, 1),
            remedy="Save the file as UTF-8.",
        ) from None


def _utf8(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        column = len(before[line_start:].decode("utf-8")) + 1
        text = content[line_start:].split(b"\n", 1)[0].decode("utf-8", "replace")
        raise SourceError(
            f"The byte 0x{content[error.start]:02X} is not UTF-8.",
            place=Place(name, before.count(b"\n") + 1, column),
            text=with_caret(text, column),
            remedy="Save the file as UTF-8.",
        ) from None


def syntax_error(error: SyntaxError, name: str, text: str) -> SourceError:
    """The SourceError for a parser's SyntaxError, with the line it is in and a caret."""
    message = _WHERE.sub("", str(error.msg))
    line = error.lineno or _line_in_xml(text)
    lines = text.split("\n")
    shown = None
    if line and (found := _MERGE.match(lines[line - 1])):
        return SourceError(
            f"A mark of two versions that were not merged: {found[0]}",
            place=Place(name, line),
            remedy="Keep one version of the lines up to >>>>>>>, and take out the marks.",
        )
    if line is not None and 0 < line <= len(lines):
        shown = with_caret(lines[line - 1].rstrip("\r"), error.offset or 1)
    return SourceError(
        message, place=Place(name, line, error.offset), text=shown, remedy=_remedy(message)
    )


class _Lines(BytesIO):
    """A file that gives a reader no more than one line at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return self.readline(size)


def _line_in_xml(text: str) -> int | None:
    """The line of what is wrong in RDF/XML, whose parser tells none: how far it reads by lines.

    Of JSON-LD that is JSON, whose parser tells none either, the line is not known.
    """
    if text.lstrip().startswith(("{", "[")):
        return None
    lines = _Lines(text.encode())
    with suppress(SyntaxError):
        for _ in parse(lines, RdfFormat.RDF_XML, base_iri=_ANY):
            pass
    return lines.getvalue().count(b"\n", 0, max(0, lines.tell() - 1)) + 1


def about_statement(text: str, format: RdfFormat, name: str) -> SourceError:
    turtle = format in (RdfFormat.TURTLE, RdfFormat.TRIG)
    line = statement_about_line(text) if turtle else None
    if line is None and (found := _TRIPLE_TERM.search(text)):
        line = text.count("\n", 0, found.start()) + 1
    return SourceError(
        "Something is said of a statement here (RDF 1.2), which is not read.",
        place=Place(name, line),
        text=text.split("\n")[line - 1][:200] if line else None,
        remedy="Write an rdf:Statement with rdf:subject, rdf:predicate and rdf:object instead.",
    )


def refuse_entities(text: str, name: str) -> None:
    """Allow only short entities without references in them but to signs, and none to `&` or `%`.

    Others can grow without end.
    """
    doctype = _DOCTYPE.search(text)
    declared = text.count("<!ENTITY")
    if declared == 0:
        return
    found = _ENTITY.findall(doctype[0]) if doctype else []
    values = (html.unescape(one or other) for one, other in found)
    plain = [value for value in values if not {"&", "%"} & {*value}]
    if len(plain) != declared:
        line = text.count("\n", 0, text.index("<!ENTITY")) + 1
        raise SourceError(
            "The file declares XML entities that refer to others, to files, or are long.",
            place=Place(name, line),
            remedy="Write the entities out: they can be used to exhaust memory and are refused.",
        )


def refuse_deep(text: str, name: str) -> None:
    """Refuse XML whose elements lie far within one another: reading it takes the square of that.

    So is XML that is cut off, which the parser of RDF/XML reads as far as it goes; it says itself
    why anything else is no XML.
    """
    parser = expat.ParserCreate()
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise too_deep("XML", name, parser.CurrentLineNumber)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        if expat.ErrorString(error.code) == expat.errors.XML_ERROR_NO_ELEMENTS:
            raise SourceError(
                "The file ends before its elements do.",
                place=Place(name, error.lineno),
                remedy="Fetch or save it again: its end is missing.",
            ) from None


def too_deep(what: str, name: str, line: int) -> SourceError:
    return SourceError(
        f"The {what} is nested more than {DEEPEST} deep.",
        place=Place(name, line),
        remedy="Write it flatter: name what lies deep, and refer to it by its name.",
    )


def other_namespace(prefixes: Mapping[str, str], text: str, name: str) -> SourceError | None:
    """The error of a prefix of ours whose namespace a file writes nearly as it is, but not so."""
    for prefix, iri in prefixes.items():
        meant = PREFIXES.get(prefix, "")
        if iri in PREFIXES.values() or not meant.startswith(BASE):
            continue
        if SequenceMatcher(None, iri, meant).ratio() > _NEAR:
            found = re.search(rf"(?im)^\s*@?prefix\s+{re.escape(prefix)}:.*$", text)
            return SourceError(
                f"The prefix {prefix}: stands for {iri} here; in the project it is {meant}.",
                place=Place(name, text.count("\n", 0, found.start(0)) + 1 if found else 1),
                text=found[0].strip() if found else None,
                remedy=f"Write @prefix {prefix}: <{meant}> .",
            )
    return None


def blank_node(text: str, name: str) -> SourceError:
    line = blank_node_line(text) or 1
    return SourceError(
        "Blank nodes ([ … ], ( … ), _:name) are not used here: nobody can cite or link them.",
        place=Place(name, line),
        text=text.split("\n")[line - 1],
        remedy="Give the thing an IRI: https://w3id.org/hsgraph/id/{kind}/{slug}.",
    )


def with_caret(line: str, column: int) -> str:
    """A line and, beneath it, a caret at a column (from 1); a very long line is cut around it."""
    first = max(0, column - _LONGEST_LINE // 2) if len(line) > _LONGEST_LINE else 0
    shown = line[first : first + _LONGEST_LINE]
    indent = "".join("\t" if mark == "\t" else " " for mark in shown[: column - 1 - first])
    return f"{shown}\n{indent}^"


def _remedy(message: str) -> str | None:
    if found := _UNDECLARED.search(message):
        prefix = found[1]
        iri = PREFIXES.get(prefix, "…")
        return f"Add this line at the top of the file: @prefix {prefix}: <{iri}> ."
    return next((remedy for said, remedy in _REMEDIES.items() if said in message), None)
