"""A whole list as a file: CSV, a spreadsheet, JSON, Turtle."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import RdfFormat, serialize

from hsgraph.browse.catalogue import Catalogue
from hsgraph.browse.queries import query
from hsgraph.browse.sums import sums
from hsgraph.describe.values import Values, batches, first_text, values_of
from hsgraph.engine.protocol import Engine
from hsgraph.explore.tables import written
from hsgraph.languages import later
from hsgraph.languages import translated as _
from hsgraph.namespaces import HS, PREFIXES, local_name

_DATES: Final = (later("start"), later("end"), later("approved"), later("announced"))
_LISTS: Final = {
    later("countries"): "country",
    later("regions"): "region",
    later("agencies"): "agency",
    later("partners"): "partner",
    later("dimensions"): "dimension",
    later("threat types"): "threat",
    later("intervention types"): "intervention",
    later("population groups"): "group",
    later("strategies"): "strategy",
}
_SUMS: Final = (
    later("total budget in US dollars"),
    later("fund contribution in US dollars"),
    later("other sum in US dollars"),
    later("kind of other sum"),
)
COLUMNS: Final = (later("title"), "iri", *_DATES, *_SUMS, *_LISTS)
"""The names of the columns; files for readers have them in their language."""
_PRECISE: Final = {
    "start": (later("precision of the start"),),
    "end": (later("precision of the end"),),
    "approved": (later("precision of the approval"),),
    "announced": (later("precision of the announcement"),),
}
"""The columns that a spreadsheet has more, after those of dates."""
_KNOWN: Final = {later("year"): 4, later("month"): 7, later("day"): 10}
"""How many characters of a date are known, by its precision."""
_BETWEEN: Final = "; "
_EPOCH: Final = datetime.datetime(2000, 1, 1)
_WIDTHS: Final = {"title": 60, "iri": 40, "About": 24, "": 90}
_WIDTH: Final = 18

_LONGEST_CELL: Final = 32_767
_LONGEST_LINK: Final = 2_000


@dataclass(frozen=True)
class Dated:
    """A day, and how much of it is known: `year`, `month` or `day`; as text no more than that."""

    day: str
    precision: str

    def __str__(self) -> str:
        return self.day[: _KNOWN[self.precision]]


Cell = str | Decimal | Dated | None | tuple[str, ...]
Line = tuple[Cell, ...]
"""One programme; its cells are in the order of `COLUMNS`."""


def export_lines(engine: Engine, catalogue: Catalogue, numbers: Sequence[int]) -> list[Line]:
    """What a file says of some programmes, in their order."""
    iris = [catalogue.programmes[number].iri for number in numbers]
    said_of = [f"{HS}{name}{what}" for name in _DATES for what in ("Date", "Precision")]
    dates = values_of(engine, iris, said_of)
    bits = catalogue.bits(iris)
    values = {column: catalogue.values(bits, name) for column, name in _LISTS.items()}
    money = sums(engine, iris)
    lines = []
    for number in numbers:
        programme = catalogue.programmes[number]
        known = dates[programme.iri]
        lists = (tuple(sorted(found.get(number, ()))) for found in values.values())
        said = (_dated(known, name) for name in _DATES)
        paid = astuple(money[programme.iri])
        lines.append((programme.label, programme.iri, *said, *paid, *lists))
    return lines


def _dated(values: Values, name: str) -> Dated | None:
    day = first_text(values, f"{HS}{name}Date")
    precision = local_name(first_text(values, f"{HS}{name}Precision"))
    return Dated(day, precision if precision in _KNOWN else "day") if day else None


def to_csv(lines: Sequence[Line]) -> str:
    """The names of the columns, then the programmes."""
    return written([map(_, COLUMNS), *(map(_text, line) for line in lines)])


def to_xlsx(lines: Sequence[Line], about: Sequence[tuple[str, str]] = ()) -> bytes:
    """The list, and a sheet that says what it is.

    Every text is written as text, whatever it begins with; only IRIs of programmes are links.
    Dates are days, so that they sort, and show no more than is known, which a column of its own
    says for those who compute with them.
    """
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _EPOCH})
        sheet = book.add_worksheet("Programmes")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        formats = {
            precision: book.add_format({"num_format": "yyyy-mm-dd"[:known]})
            for precision, known in _KNOWN.items()
        }
        sheet.freeze_panes(1, 1)
        heads = [name for each in COLUMNS for name in (each, *_PRECISE.get(each, ()))]
        for column, name in enumerate(heads):
            sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
            sheet.write_string(0, column, _(name), bold)
        for row, line in enumerate(lines, start=1):
            for column, (name, cell) in enumerate(zip(heads, _spread(line), strict=True)):
                if isinstance(cell, Decimal):
                    sheet.write_number(row, column, float(cell), money)
                elif isinstance(cell, Dated) and (day := _day(cell)):
                    sheet.write_datetime(row, column, day, formats[cell.precision])
                elif name == "iri" and _is_link(cell):
                    sheet.write_url(row, column, _text(cell), string=_text(cell))
                elif cell:
                    sheet.write_string(row, column, _text(cell)[:_LONGEST_CELL])
        sheet.autofilter(0, 0, max(len(lines), 1), len(heads) - 1)
        told = book.add_worksheet("About")
        told.set_column(0, 0, _WIDTHS["About"])
        told.set_column(1, 1, _WIDTHS[""], book.add_format({"text_wrap": True}))
        for row, (name, text) in enumerate(about):
            told.write_string(row, 0, name, bold)
            told.write_string(row, 1, text[:_LONGEST_CELL])
    return out.getvalue()


def _spread(line: Line) -> Iterator[Cell]:
    """The cells of a spreadsheet: after each date its precision, in a word."""
    for name, cell in zip(COLUMNS, line, strict=True):
        yield cell
        if name in _PRECISE:
            yield _(cell.precision) if isinstance(cell, Dated) else None


def _day(date: Dated) -> datetime.datetime | None:
    """A day that spreadsheets know: theirs begin in 1900."""
    try:
        day = datetime.datetime.fromisoformat(date.day[:10])
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
            name: str(cell) if isinstance(cell, Decimal | Dated) else cell
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
    # Python between two triples lets other threads go on, which C alone holds up for seconds.
    ordered = sorted(triples, key=lambda triple: str(triple))
    serialize((each for each in ordered), out, RdfFormat.TURTLE, prefixes=PREFIXES)
    return out.getvalue()


def _text(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return _BETWEEN.join(cell)
    return "" if cell is None else str(cell)
