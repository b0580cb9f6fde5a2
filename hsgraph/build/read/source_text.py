"""Turns what is wrong with a source file into a SourceError a curator can act on."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import Final

from hsgraph.errors import Place, SourceError
from hsgraph.namespaces import PREFIXES

BOM: Final = b"\xef\xbb\xbf"
_LONGEST_LINE: Final = 200
_WHERE: Final = re.compile(r"^Parser error (?:at|on|between) .*?: ", re.S)
_UNDECLARED: Final = re.compile(r"The prefix (\S*): has not been declared")


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


def decode(content: bytes, name: str) -> str:
    """The text of a file in UTF-8 without a byte order mark; SourceError otherwise."""
    if not content.strip():
        raise SourceError(
            "The file is empty.", place=Place(name, 1), remedy="Fill it or delete it."
        )
    if content.startswith(BOM):
        raise SourceError(
            "The file starts with a byte order mark.",
            place=Place(name, 1, 1),
            remedy="Save it as UTF-8 without a byte order mark (BOM).",
        )
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
    line = error.lineno
    lines = text.split("\n")
    shown = None
    if line is not None and 0 < line <= len(lines):
        shown = with_caret(lines[line - 1].rstrip("\r"), error.offset or 1)
    return SourceError(
        message, place=Place(name, line, error.offset), text=shown, remedy=_remedy(message)
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
    if "No scheme found" in message:
        return "Write the whole IRI, or a prefixed name: relative IRIs are not used here."
    if "should be followed by a dot" in message:
        return "End the statement with a full stop, or the line before with ; or , to go on."
    if "is not a valid subject" in message:
        return "Look at the end of the statement before: a full stop there may be too early."
    if "remote contexts" in message:
        return "Write the context into the file: contexts from elsewhere are not fetched."
    return None
