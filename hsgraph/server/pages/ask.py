"""Questions in plain words: the page with the answer, and the same as JSON."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, request

from hsgraph.ask.answer import Answer, below, headings, sources
from hsgraph.ask.in_words import Cell, in_words
from hsgraph.describe.words import wording
from hsgraph.formats import HTML, JSON
from hsgraph.languages import INTERFACE, interface
from hsgraph.server.http.addresses import link
from hsgraph.server.http.representation import json, negotiated, page, requested
from hsgraph.server.http.request_args import check_page, number, page_number
from hsgraph.server.site import current

asking: Final = Blueprint("ask", __name__)
ROWS: Final = 50
_YEARS_END: Final = 10_000
"""Numbers below it are written without thousands signs, as years are."""
_LONGEST_SEARCHED: Final = 300
"""Characters of a search up to which it is read as a question too, in the threads of pages."""
_CENTS_END: Final = 10_000
"""Sums from it on are shown without cents in tables of several; JSON and the query have them."""


@asking.route("/ask", methods=["GET", "POST"])
def ask() -> Response:
    """The answer to `q`, as a page or as JSON; `other` takes another reading."""
    chosen = requested((HTML, JSON))
    text = str(request.values.get("q", "")).strip()
    if chosen.format is JSON:
        return negotiated(json(current().graph.ask(text, other=_other()).as_json()))
    return negotiated(_page(text))


def answer_of(text: str) -> dict[str, Any]:
    """What the page of results shows above the hits when a search asks something."""
    asker = current().graph.asker
    if len(text) > _LONGEST_SEARCHED or asker.preparing or not asker.is_question(text):
        return {"answer": None}
    return _shown(current().graph.ask(text), 0)


def _page(text: str) -> Response:
    graph = current().graph
    other, at = _other(), page_number() - 1
    shown = _shown(graph.ask(text, other=other), at) if text else {"answer": None}
    languages = sorted(INTERFACE, key=lambda code: code != interface())
    examples = [(code, graph.asker.examples(code)) for code in languages]
    return page("ask.html", q=text, other=other, examples=examples, **shown)


def _other() -> int:
    return number("other", 0, 0, 99_999)


def _shown(answer: Answer, at: int) -> dict[str, Any]:
    answer = below(answer)
    pages = max(1, -(-len(answer.rows) // ROWS))
    check_page(at + 1, pages)
    rows = answer.rows[at * ROWS : (at + 1) * ROWS]
    marks = sources(current().engine, [iri for row in rows if (iri := _iri(row[0]))])
    said = headings(current().graph.asker.lexicon, answer, interface())
    columns = [text for name, text in zip(answer.columns, said, strict=True) if not _names(name)]
    return {
        "answer": answer,
        "columns": columns,
        "lines": [(_cells(answer, row), marks.get(_iri(row[0]) or "", 0)) for row in rows],
        "marked": any(marks.values()),
        "answer_page": at + 1,
        "answer_pages": pages,
    }


def _cells(answer: Answer, row: tuple[Cell, ...]) -> list[tuple[str, str | None, bool]]:
    """The text, the address and whether it is a number of each cell; names stand for things."""
    cells: list[tuple[str, str | None, bool]] = []
    for name, cell in zip(answer.columns, row, strict=True):
        if _names(name) and cells:
            text, address, number = cells.pop()
            cells.append((str(cell or text), address, number))
        else:
            iri = _iri(cell)
            address = link(iri, request.script_root) if iri else None
            text = _text(cell, cents=len(answer.rows) == 1)
            cells.append((text, address, isinstance(cell, int | float)))
    return cells


def _names(column: str) -> bool:
    """Whether a column has the names of the things in the one before it."""
    return column == "name" or column.endswith("Name")


def _iri(cell: Cell) -> str | None:
    return cell if isinstance(cell, str) and cell.startswith(("http://", "https://")) else None


def _text(cell: Cell, *, cents: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return wording.number(f"{cell:.2f}" if cents or abs(cell) < _CENTS_END else f"{cell:.0f}")
    if isinstance(cell, int) and cell >= _YEARS_END:
        return wording.figure(cell)
    if isinstance(cell, str) and cell.startswith("http"):
        return cell.rsplit("/", 1)[-1]
    return in_words(cell)
