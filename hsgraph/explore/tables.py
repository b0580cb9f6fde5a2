"""What a way to explore shows, as rows of a table: names, addresses and numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from hsgraph.describe.words.labels import Ref
from hsgraph.explore.causes import Causes
from hsgraph.explore.matrix import Matrix
from hsgraph.explore.money import Money
from hsgraph.explore.network import Network
from hsgraph.explore.timeline import Timeline
from hsgraph.explore.worldmap import WorldMap
from hsgraph.languages import later
from hsgraph.languages import translated as _
from hsgraph.literals import no_formula

Row = tuple[str | int, ...]
_CHOSEN: Final = (later("agency"), later("dimension"), later("drives"), later("answers"))
"""Words that a view chooses."""


def to_csv(view: object) -> str:
    """The rows as CSV, the first with the names of the columns."""
    return written(rows(view))


def written(table: Iterable[Iterable[object]]) -> str:
    """RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = io.StringIO()
    csv.writer(text).writerows([no_formula(str(cell)) for cell in row] for row in table)
    return text.getvalue()


def rows(view: object) -> Iterator[Row]:
    """The names of the columns, then the rows."""
    match view:
        case WorldMap():
            yield _("country"), "iri", "M49", _("programmes")
            for c in view.countries:
                yield *_thing(c.ref), c.code, c.programmes
        case Timeline():
            yield _("year"), _("programmes")
            for year in view.years:
                if year.within:
                    yield year.year, year.programmes
        case Matrix():
            yield *_heads(_("threat"), _("intervention")), _("programmes")
            for row, cells in zip(view.threats.heads, view.cells, strict=True):
                for column, cell in zip(view.interventions.heads, cells, strict=True):
                    yield *_thing(row.ref), *_thing(column.ref), cell.programmes
        case Network():
            other = _("other organisation"), _("other iri")
            yield _("organisation"), "iri", *other, _("programmes")
            for pair in view.pairs:
                yield *_thing(pair.one), *_thing(pair.other), pair.programmes
        case Causes():
            counted = (_("programmes"),) if view.whole else ()
            yield *_heads(_("from")), _("link"), *_heads(_("to")), *counted
            for link in view.links:
                number = (link.programmes,) if view.whole else ()
                yield *_thing(link.source), _(link.how), *_thing(link.target), *number
        case Money():
            sums = _("programmes"), _("programmes with a sum"), _("US dollars from the fund")
            yield _(view.by), "iri", *sums
            for bar in view.bars:
                iri = bar.ref.iri if bar.ref else ""
                yield bar.name, iri, bar.programmes, bar.told, str(bar.dollars)
        case _:
            raise TypeError(type(view).__name__)


def _heads(*names: str) -> Iterator[str]:
    """The names of the columns for things: what they are called, and their IRIs."""
    for name in names:
        yield from (name, f"{name} iri")


def _thing(ref: Ref) -> tuple[str, str]:
    return ref.label, ref.iri
