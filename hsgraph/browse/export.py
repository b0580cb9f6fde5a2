"""A whole list as a file: CSV, a spreadsheet, JSON, Turtle."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, serialize

from hsgraph.browse.catalogue import Catalogue
from hsgraph.browse.queries import query
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import HS, PREFIXES

_BATCH: Final = 1_000
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
COLUMNS: Final = ("title", "iri", *_DATES, "budget in US dollars", *_LISTS)
_BETWEEN: Final = "; "
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_EPOCH: Final = datetime.datetime(2000, 1, 1)
_WIDTHS: Final = {"title": 60, "iri": 40}
_WIDTH: Final = 18

Cell = str | Decimal | None | tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One programme; its cells are in the order of `COLUMNS`."""

    cells: tuple[Cell, ...]


def export_lines(engine: Engine, catalogue: Catalogue, numbers: Sequence[int]) -> list[Line]:
    """What a file says of some programmes, in their order."""
    dates = _dates(engine, [catalogue.programmes[number].iri for number in numbers])
    bits = catalogue.bits(catalogue.programmes[number].iri for number in numbers)
    values = {column: catalogue.values(bits, name) for column, name in _LISTS.items()}
    lines = []
    for number in numbers:
        programme = catalogue.programmes[number]
        known = dates.get(programme.iri, {})
        lists = (tuple(sorted(found.get(number, ()))) for found in values.values())
        said: tuple[Cell, ...] = tuple(known.get(name) for name in _DATES)
        lines.append(Line((programme.label, programme.iri, *said, programme.amount, *lists)))
    return lines


def to_csv(lines: Sequence[Line]) -> str:
    """RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([_harmless(_text(cell)) for cell in line.cells])
    return out.getvalue()


def to_xlsx(lines: Sequence[Line]) -> bytes:
    """One sheet; every text is written as text, whatever it begins with, and never as a link."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _EPOCH})
        sheet = book.add_worksheet("Programmes")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet.freeze_panes(1, 1)
        for column, name in enumerate(COLUMNS):
            sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
            sheet.write_string(0, column, name, bold)
        for row, line in enumerate(lines, start=1):
            for column, cell in enumerate(line.cells):
                if isinstance(cell, Decimal):
                    sheet.write_number(row, column, float(cell), money)
                elif cell:
                    sheet.write_string(row, column, _text(cell)[:32_767])
        sheet.autofilter(0, 0, max(len(lines), 1), len(COLUMNS) - 1)
    return out.getvalue()


def to_json(lines: Sequence[Line], sparql: str) -> str:
    """The list and the query that gives it; sums are texts, so that no digit is lost."""
    names = [name.replace(" ", "_") for name in COLUMNS]
    programmes = [
        {
            name: str(cell) if isinstance(cell, Decimal) else cell
            for name, cell in zip(names, line.cells, strict=True)
        }
        for line in lines
    ]
    content = {"total": len(lines), "sparql": sparql, "programmes": programmes}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def to_turtle(engine: Engine, iris: Sequence[str]) -> bytes:
    """All that is said of the programmes themselves, with the names of what they point to."""
    triples = {
        triple
        for batch in _batches(iris)
        for triple in engine.construct(query("statements"), {"projects": batch})
    }
    out = io.BytesIO()
    serialize(sorted(triples, key=str), out, RdfFormat.TURTLE, prefixes=PREFIXES)
    return out.getvalue()


def _dates(engine: Engine, iris: Sequence[str]) -> Mapping[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    names = {f"{HS}{name}Date": name for name in _DATES}
    for batch in _batches(iris):
        for row in engine.select(query("dates"), {"projects": batch}).rows:
            name, day = names[row["about"].value], row["day"].value[:10]
            held = found[row["project"].value]
            held[name] = min(day, held.get(name, day))
    return found


def _batches(iris: Sequence[str]) -> Iterator[list[NamedNode]]:
    for start in range(0, len(iris), _BATCH):
        yield [NamedNode(iri) for iri in iris[start : start + _BATCH]]


def _text(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return _BETWEEN.join(cell)
    return "" if cell is None else str(cell)


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text
