"""Reads a PDF into lines; a table of headings and values comes out row by row."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Final

from hsgraph.curate.reading.print import Printed, Rows, printed_lines, rows_of
from hsgraph.curate.words import heading_code
from hsgraph.errors import Place, SourceError

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
        lines = printed_lines(page)
        rows += _rows(lines, page) or rows_of(lines, range(len(lines)))
        rows.append(("", ""))
    return rows


def _rows(printed: list[Printed], page: object) -> Rows | None:
    """The lines of a page with a table of headings and values; None for other pages."""
    if sum(_begins_with_heading(line.text) for line in printed) < _FEWEST:
        return None
    laid = page.extract_text(extraction_mode="layout").split("\n")  # type: ignore[attr-defined]
    starts = [len(match[1] + match[2] + match[3]) for match in map(_ROW.match, laid) if match]
    column, count = Counter(starts).most_common(1)[0] if starts else (0, 0)
    named = [number for number, line in enumerate(laid) if _heading(line, column)]
    if count < _FEWEST or len(named) < _FEWEST:
        return None
    end = named[-1] + 1
    while end < len(laid) and laid[end].strip() and not laid[end][:column].strip():
        end += 1
    table = laid[named[0] : end]
    first, last = _span(printed, "".join(map(_squeezed, table)))
    return [
        *rows_of(printed, range(first)),
        *_table(table, column),
        *rows_of(printed, range(last, len(printed))),
    ]


def _span(printed: list[Printed], table: str) -> tuple[int, int]:
    """Where the lines of a table begin and end among the lines of its page."""
    inside = [_squeezed(line.text) in table for line in printed]
    first = next(
        number
        for number, line in enumerate(printed)
        if line.text.strip() and table.startswith(_squeezed(line.text))
    )
    last = first
    while last < len(printed) and inside[last]:
        last += 1
    return first, last


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _table(laid: list[str], column: int) -> Rows:
    rows: Rows = []
    last = ""
    for line in laid:
        head, value = line[:column].strip(), " ".join(line[column:].split())
        whole = last.isupper() and head.isupper() and bool(heading_code(f"{last} {head}"))
        if head and value and (not last or head[0].isupper()) and not whole:
            last = head
            rows.append((f"{head}: {value}", "cell"))
        elif rows and (head or value):
            _go_on(rows, head, value)
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
