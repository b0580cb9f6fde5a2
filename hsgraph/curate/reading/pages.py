"""Reads a PDF into lines; a table of headings and values comes out row by row."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Final

from hsgraph.curate.reading.lines import Style
from hsgraph.curate.words import heading_code
from hsgraph.errors import Place, SourceError

Rows = list[tuple[str, Style]]
_ROW: Final = re.compile(r"^(\s*)(\S.{0,44}?)(\s{3,})(\S.*)$")
_ITEM: Final = re.compile(r"^(?:[•●▪*–-]|\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)])\s")
_FEWEST: Final = 3
_PAGES: Final = 60


def read_pdf(content: bytes, name: str) -> Rows:
    """The lines of a PDF; SourceError for one that is locked or has too many pages."""
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise SourceError(
            "The file is locked by a password.", place=Place(name), remedy="Save it without one."
        )
    if len(reader.pages) > _PAGES:
        raise SourceError(
            f"The file has {len(reader.pages)} pages; up to {_PAGES} are read.",
            place=Place(name),
            remedy="Save just the pages about the programme.",
        )
    rows: Rows = []
    for page in reader.pages:
        lines = (page.extract_text() or "").split("\n")
        rows += _rows(lines, page) or [(line, "") for line in lines]
        rows.append(("", ""))
    return rows


def _rows(lines: list[str], page: object) -> Rows | None:
    """The lines of a page with a table of headings and values; None for other pages."""
    if sum(_begins_with_heading(line) for line in lines) < _FEWEST:
        return None
    laid = page.extract_text(extraction_mode="layout").split("\n")  # type: ignore[attr-defined]
    starts = [len(match[1] + match[2] + match[3]) for match in map(_ROW.match, laid) if match]
    column, count = Counter(starts).most_common(1)[0] if starts else (0, 0)
    named = [number for number, line in enumerate(laid) if _heading(line, column)]
    if count < _FEWEST or len(named) < _FEWEST:
        return None
    printed = {re.sub(r"\s", "", line): line for line in lines}
    rows: Rows = []
    heads: list[str] = []
    for number, line in enumerate(laid):
        head, value = line[:column].strip(), " ".join(line[column:].split())
        if not named[0] <= number or (number > named[-1] and head and len(line[:column]) >= column):
            whole = printed.get(re.sub(r"\s", "", line), " ".join(line.split()))
            rows.append((whole, ""))
        elif head and value and (not heads or head[0].isupper()):
            heads = [head]
            rows.append((f"{head}: {value}", "cell"))
        elif heads and rows and (head or value):
            _go_on(rows, head, value)
        else:
            heads = heads if named[0] <= number < named[-1] else []
    return rows


def _go_on(rows: Rows, head: str, value: str) -> None:
    """Add the next line of a row: more of its heading, more of its value, or an item of it."""
    if value and _ITEM.match(value) and not head:
        rows.append((value, "item"))
        return
    text, style = rows[-1]
    first, colon, rest = text.partition(": ")
    if head and colon:
        text = f"{first} {head}: {rest}"
    rows[-1] = (f"{text} {value}".rstrip(), style)


def _heading(line: str, column: int) -> bool:
    """Whether a line as laid out has a heading before the column of values."""
    match = _ROW.match(line)
    at_column = match and len(match[1] + match[2] + match[3]) == column
    return bool(match and at_column and heading_code(match[2]))


def _begins_with_heading(line: str) -> bool:
    listed = line.split()[:5]
    return any(heading_code(" ".join(listed[:count])) for count in range(1, len(listed)))
