"""Reads CSV and Excel files into rows of cells; runs in the confined process only."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Final

from hsgraph.build.read import source_text
from hsgraph.curate.reading.kinds import TABLES, content_of, kind_of
from hsgraph.errors import Place, SourceError

FORMULA: Final = "="
"""What the text of a cell with a formula begins with."""
_ROWS: Final = 5_000
_COLUMNS: Final = 100

Grid = list[list[str]]


def read_grid(path: Path) -> Grid:
    """The cells of the first sheet as texts; SourceError when there are none."""
    kind = kind_of(path, TABLES)
    content = content_of(path, kind)
    try:
        grid = _csv(content, str(path)) if kind == "csv" else _xlsx(content)
    except (SourceError, MemoryError):
        raise
    except Exception as error:  # the libraries raise anything on a damaged file
        raise SourceError(
            f"The file is damaged and cannot be read as a table: {type(error).__name__}: {error}.",
            place=Place(str(path)),
            remedy="Open and save it anew.",
        ) from None
    if len(grid) > _ROWS or any(len(row) > _COLUMNS for row in grid):
        raise SourceError(
            f"The table has more than {_ROWS} rows or {_COLUMNS} columns.",
            place=Place(str(path)),
            remedy="Delete what is empty, or divide it.",
        )
    if not any(any(row) for row in grid[1:]):
        raise SourceError(
            "The table has no row below its first, which names the columns.",
            place=Place(str(path)),
            remedy="Write a programme in each row below the names.",
        )
    return grid


def _csv(content: bytes, name: str) -> Grid:
    text = source_text.decode(content, name)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return [[cell.strip() for cell in row] for row in rows]


def _xlsx(content: bytes) -> Grid:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    sheet = book.worksheets[0]
    grid: Grid = []
    for row in sheet.iter_rows(max_row=_ROWS + 1, max_col=_COLUMNS + 1, values_only=True):
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        grid.append(cells)
    while grid and not grid[-1]:
        grid.pop()
    return grid


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value).strip()
