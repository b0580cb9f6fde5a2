"""Writes an empty table to fill in, with its columns explained and lists to choose from."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Final

from hsgraph.curate.known import Graph
from hsgraph.curate.words import words
from hsgraph.errors import BadRequest, HsgraphError

_ROWS: Final = 500
_LISTS: Final = {
    "country": "country",
    "lead": "organisation",
    "keywords": "keyword",
    "threats": "threat-type",
    "interventions": "intervention-type",
    "beneficiaries": "population-group",
}


def write_template(path: Path, graph: Graph) -> None:
    """Write a workbook, or a CSV file with the names of the columns alone.

    HsgraphError when the file is there already, BadRequest when it is named like neither.
    """
    if path.exists():
        raise HsgraphError(f"{path} is there already.", remedy="Name another file with -o.")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(name for name, _ in words().explained.values())
    elif suffix == ".xlsx":
        _write_workbook(path, graph)
    else:
        raise BadRequest(
            f"{path} is named like no table.", remedy="Say -o programmes.xlsx, or programmes.csv."
        )


def _write_workbook(path: Path, graph: Graph) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Programmes")
        columns = book.add_worksheet("Columns")
        lists = book.add_worksheet("Lists")
        explained = words().explained
        for number, (code, (name, text)) in enumerate(explained.items()):
            sheet.write(0, number, name, bold)
            sheet.write_comment(0, number, text)
            columns.write(number + 1, 0, name, bold)
            columns.write(number + 1, 1, text, wrapped)
            if code in _LISTS:
                _choose(sheet, lists, number, name, _names(graph, _LISTS[code]), bold)
        columns.write_row(0, 0, ("Column", "What to write in it"), bold)
        columns.set_column(0, 0, 28)
        columns.set_column(1, 1, 80)
        sheet.set_column(0, len(explained) - 1, 24)
        sheet.freeze_panes(1, 1)


def _choose(
    sheet: Any, lists: Any, column: int, name: str, values: list[str], bold: object
) -> None:
    """Offer the values as a list in every cell; others may be written too."""
    lists.write(0, column, name, bold)
    lists.write_column(1, column, values)
    letter = chr(ord("A") + column)
    listed = f"=Lists!${letter}$2:${letter}${len(values) + 1}"
    options = {"validate": "list", "source": listed, "error_type": "information"}
    options |= {"error_title": "Not in the list", "error_message": "Keep it if it is right."}
    sheet.data_validation(1, column, _ROWS, column, options)


def _names(graph: Graph, kind: str) -> list[str]:
    named = {thing.label for thing in graph.things.values() if thing.kind == kind}
    return sorted(named)
