"""A whole list as a file: CSV, a spreadsheet, JSON, Turtle."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Sequence
from dataclasses import astuple
from decimal import Decimal
from typing import Final

from pyoxigraph import RdfFormat, serialize

from hsgraph.browse.catalogue import Catalogue
from hsgraph.browse.queries import query
from hsgraph.browse.sums import sums
from hsgraph.describe.values import batches, first_text, values_of
from hsgraph.engine.protocol import Engine
from hsgraph.explore.tables import written
from hsgraph.namespaces import HS, PREFIXES

_DATES: Final = ("start", "end", "approved", "announced")
_LISTS: Final = {
    "countries": "country",
    "regions": "region",
    "agencies": "agency",
    "partners": "partner",
    "dimensions": "dimension",
    "threat types": "threat",
    "intervention types": "intervention",
    "population groups": "group",
    "strategies": "strategy",
}
_SUMS: Final = (
    "total budget in US dollars",
    "fund contribution in US dollars",
    "other sum in US dollars",
    "kind of other sum",
)
COLUMNS: Final = ("title", "iri", *_DATES, *_SUMS, *_LISTS)
_BETWEEN: Final = "; "
_EPOCH: Final = datetime.datetime(2000, 1, 1)
_WIDTHS: Final = {"title": 60, "iri": 40, "About": 24, "": 90}
_WIDTH: Final = 18

_LONGEST_CELL: Final = 32_767
_LONGEST_LINK: Final = 2_000

Cell = str | Decimal | None | tuple[str, ...]
Line = tuple[Cell, ...]
"""One programme; its cells are in the order of `COLUMNS`."""


def export_lines(engine: Engine, catalogue: Catalogue, numbers: Sequence[int]) -> list[Line]:
    """What a file says of some programmes, in their order."""
    iris = [catalogue.programmes[number].iri for number in numbers]
    dates = values_of(engine, iris, [f"{HS}{name}Date" for name in _DATES])
    bits = catalogue.bits(iris)
    values = {column: catalogue.values(bits, name) for column, name in _LISTS.items()}
    money = sums(engine, iris)
    lines = []
    for number in numbers:
        programme = catalogue.programmes[number]
        known = dates[programme.iri]
        lists = (tuple(sorted(found.get(number, ()))) for found in values.values())
        said: tuple[Cell, ...] = tuple(
            first_text(known, f"{HS}{name}Date")[:10] or None for name in _DATES
        )
        paid = astuple(money[programme.iri])
        lines.append((programme.label, programme.iri, *said, *paid, *lists))
    return lines


def to_csv(lines: Sequence[Line]) -> str:
    """The names of the columns, then the programmes."""
    return written([COLUMNS, *(map(_text, line) for line in lines)])


def to_xlsx(lines: Sequence[Line], about: Sequence[tuple[str, str]] = ()) -> bytes:
    """The list, and a sheet that says what it is.

    Every text is written as text, whatever it begins with; only IRIs of programmes are links.
    """
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _EPOCH})
        sheet = book.add_worksheet("Programmes")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 1)
        for column, name in enumerate(COLUMNS):
            sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
            sheet.write_string(0, column, name, bold)
        for row, line in enumerate(lines, start=1):
            for column, (name, cell) in enumerate(zip(COLUMNS, line, strict=True)):
                day = _day(cell) if name in _DATES else None
                if isinstance(cell, Decimal):
                    sheet.write_number(row, column, float(cell), money)
                elif day is not None:
                    sheet.write_datetime(row, column, day, date)
                elif name == "iri" and _is_link(cell):
                    sheet.write_url(row, column, _text(cell), string=_text(cell))
                elif cell:
                    sheet.write_string(row, column, _text(cell)[:_LONGEST_CELL])
        sheet.autofilter(0, 0, max(len(lines), 1), len(COLUMNS) - 1)
        told = book.add_worksheet("About")
        told.set_column(0, 0, _WIDTHS["About"])
        told.set_column(1, 1, _WIDTHS[""], book.add_format({"text_wrap": True}))
        for row, (name, text) in enumerate(about):
            told.write_string(row, 0, name, bold)
            told.write_string(row, 1, text[:_LONGEST_CELL])
    return out.getvalue()


def _day(cell: Cell) -> datetime.datetime | None:
    """A day that spreadsheets know: theirs begin in 1900."""
    try:
        day = datetime.datetime.fromisoformat(_text(cell))
    except ValueError:
        return None
    return day if day.year >= 1900 else None


def _is_link(cell: Cell) -> bool:
    text = _text(cell)
    return text.startswith(("https://", "http://")) and len(text) <= _LONGEST_LINK


def to_json(lines: Sequence[Line], sparql: str) -> str:
    """The list and the query that gives it; sums are texts, so that no digit is lost."""
    names = [name.replace(" ", "_") for name in COLUMNS]
    programmes = [
        {
            name: str(cell) if isinstance(cell, Decimal) else cell
            for name, cell in zip(names, line, strict=True)
        }
        for line in lines
    ]
    content = {"total": len(lines), "sparql": sparql, "programmes": programmes}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def to_turtle(engine: Engine, iris: Sequence[str]) -> bytes:
    """All that is said of the programmes themselves, with the names of what they point to."""
    triples = {
        triple
        for batch in batches(iris)
        for triple in engine.construct(query("statements"), {"projects": batch})
    }
    out = io.BytesIO()
    serialize(sorted(triples, key=str), out, RdfFormat.TURTLE, prefixes=PREFIXES)
    return out.getvalue()


def _text(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return _BETWEEN.join(cell)
    return "" if cell is None else str(cell)
