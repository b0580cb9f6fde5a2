"""Reads Word files into rows: headings by their style or in bold, tables row by row."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final

from hsgraph.curate.reading.lines import Style
from hsgraph.curate.reading.print import Rows
from hsgraph.curate.words import heading_code

_LONGEST_LABEL: Final = 60
_LONGEST_BOLD: Final = 14
"""How many words in bold are a heading, at most."""


def read_docx(content: bytes, name: str) -> Rows:
    """The paragraphs and tables of a Word file in order."""
    import docx
    from docx.table import Table

    rows: Rows = []
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            rows += [*_table([row.cells for row in block.rows]), ("", "")]
        else:
            rows.append((block.text, _style(block)))
    return rows


def _style(paragraph: Any) -> Style:
    name = (paragraph.style.name or "") if paragraph.style else ""
    if name.startswith("List"):
        return "item"
    return "heading" if name.startswith(("Heading", "Title")) or _is_bold(paragraph) else ""


def _is_bold(paragraph: Any) -> bool:
    """Whether a paragraph is a few words in bold and nothing else."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    text = paragraph.text.strip()
    return (
        bool(runs)
        and all(run.bold for run in runs)
        and len(text.split()) <= _LONGEST_BOLD
        and not text.endswith((".", ":", ";"))
    )


def _table(table: list[Iterable[Any]]) -> Rows:
    """The rows of a table, a cell that was merged given once."""
    cells = [{cell.text.strip(): cell for cell in row if cell.text.strip()} for row in table]
    double = any(_two_headings(list(row)) for row in cells)
    return [line for row in cells for line in _row(row, double=double)]


def _two_headings(texts: list[str]) -> bool:
    """Whether two headings stand in a row, each before its value."""
    return len(texts) == 4 and bool(heading_code(texts[0]) and heading_code(texts[2]))


def _row(cells: dict[str, Any], *, double: bool) -> Rows:
    """A line for the cells of a row, for two of four, or for each that has its own heading."""
    if cells and all(map(_has_heading, cells.values())):
        return [(_line(text.split("\n", 1)), "cell") for text in cells]
    texts = list(cells)
    pairs = [texts[:2], texts[2:]] if double and len(texts) == 4 else [texts]
    return [(_line(pair), "cell" if len(pair) == 2 else "") for pair in pairs]


def _has_heading(cell: Any) -> bool:
    """Whether a cell begins with a heading, by its words or in bold, and has its value below."""
    first, *others = [part for part in cell.paragraphs if part.text.strip()] or [None]
    text = cell.text.strip().partition("\n")[0]
    told = others and _is_bold(first) and not any(map(_is_bold, others))
    return bool(told or ("\n" in cell.text.strip() and heading_code(text)))


def _line(cells: list[str]) -> str:
    """A row of a table as a line; one of two cells is a heading and what belongs to it."""
    if len(cells) == 2 and cells[0] and len(cells[0]) < _LONGEST_LABEL:
        return f"{cells[0].rstrip(' :')}: " + " ".join(cells[1].split())
    return "; ".join(" ".join(cell.split()) for cell in cells if cell)
