"""The answer to a question: its query run, a sentence, a table, and how it was read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import inf, isfinite
from typing import Any, Final

from pyoxigraph import NamedNode

from hsgraph.ask import parts
from hsgraph.ask.composing.compose import compose
from hsgraph.ask.in_words import KNOWN, Cell, capital, kind_of, plural, sentence
from hsgraph.ask.names.lexicon import Lexicon
from hsgraph.ask.reading import PROJECT, RESTS_ON, Piece, Read, Reading, Refusal
from hsgraph.engine.protocol import Engine, Limits
from hsgraph.formats import RESULTS_JSON
from hsgraph.literals import real
from hsgraph.namespaces import XSD, local_name

MOST_ROWS: Final = 1000
Rows = tuple[tuple[Cell, ...], ...]
_NUMBERS: Final = frozenset(XSD + kind for kind in ("integer", "decimal", "double", "float"))
_KINDS: Final = {
    "list": "list", "number": "number", "money": "money", "amount": "money", "date": "date",
    "length": "number", "boolean": "boolean", "definition": "definition", "about": "definition",
    "evidence": "evidence", "causes": "list", "effects": "list",
    "people": "number", "share": "number",
}  # fmt: skip


@dataclass(frozen=True)
class Alternative:
    """Another reading of the question, with its query."""

    text: str
    query: str


@dataclass(frozen=True)
class Answer:
    """What a question got: the first column is the answer, the others say more of it."""

    question: str
    language: str
    answered: bool
    query: str | None
    kind: str
    text: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    reading: Sequence[Piece] = ()
    unknown: Sequence[str] = ()
    alternatives: Sequence[Alternative] = field(default=())
    reason: str | None = None
    notes: Sequence[str] = field(default=())
    asked_for: str = ""
    """The kind of the things in the first column, where it holds things."""
    rests_on: str | None = None
    """The class of what a yes rests on."""

    def as_json(self) -> dict[str, Any]:
        """The answer as docs/ask.md has it."""
        return {
            "question": self.question,
            "language": self.language,
            "answered": self.answered,
            "query": self.query,
            "kind": self.kind,
            "text": self.text,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "rests_on": self.rests_on,
            "reading": [{"words": p.words, "as": p.taken_for, "iri": p.iri} for p in self.reading],
            "unknown": list(self.unknown),
            "alternatives": [{"text": a.text, "query": a.query} for a in self.alternatives],
            "reason": self.reason,
            "notes": list(self.notes),
        }


def below(answer: Answer) -> Answer:
    """The answer with what of its rows stands below its sentence.

    Of yes or no, that is the programmes that were counted for it; dates are cut to what is known.
    """
    if answer.kind != "boolean":
        columns, rows = no_finer(answer.columns, answer.rows)
        return replace(answer, columns=columns, rows=rows)
    at = answer.columns.index("programme")
    rows = tuple(row[at:] for row in answer.rows if row[at])
    return replace(answer, columns=answer.columns[at:], rows=rows)


def no_finer(columns: Sequence[str], rows: Rows) -> tuple[tuple[str, ...], Rows]:
    """Columns and rows with each date cut to what is known of it, without how exactly it is known.

    "2013-02-28" that is known to the month becomes "2013-02".
    """
    how = {
        at: columns.index(f"{c}Precision")
        for at, c in enumerate(columns)
        if f"{c}Precision" in columns
    }
    kept = [at for at in range(len(columns)) if at not in how.values()]
    return tuple(columns[at] for at in kept), tuple(
        tuple(_cut(row[at], row[how[at]]) if at in how else row[at] for at in kept) for row in rows
    )


def _cut(date: Cell, precision: Cell) -> Cell:
    known = KNOWN.get(local_name(precision)) if isinstance(precision, str) else None
    return date[:known] if isinstance(date, str) else date


def refused(lexicon: Lexicon, question: str, read: Read, refusal: Refusal) -> Answer:
    """No answer: why, and what is nearest."""
    held = lexicon.reasons.get(refusal.held or "")
    if held is not None:
        reason = held.why.get(read.language) or held.why.get("en", "")
    else:
        reason = lexicon.text(refusal.code, read.language).format(
            words=refusal.words, count=refusal.words
        )
    near = tuple(Alternative(text, compose(reading)) for text, reading in refusal.nearest)
    return Answer(
        question, read.language, False, None, "list", reason, reading=read.pieces,
        unknown=read.unknown, alternatives=near, reason=reason,
    )  # fmt: skip


@dataclass(frozen=True)
class Table:
    """The rows of an answer, as values of JSON."""

    query: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def run(engine: Engine, query: str, limits: Limits) -> Table:
    """Answer a query under limits, as one from outside: in a process that can be stopped."""
    body = engine.answer(query, {"select": RESULTS_JSON}, limits=limits).body
    found = json.loads(body)
    columns = tuple(found["head"]["vars"])
    bindings = found["results"]["bindings"]
    rows = tuple(tuple(_cell(row.get(name)) for name in columns) for row in bindings)
    return Table(query, columns, rows)


def is_nothing(table: Table, reading: Reading) -> bool:
    """Whether an answer is none, no or nought."""
    row = table.rows[0] if table.rows else (None,)
    if reading.form == "money":
        return not row[-1]
    if reading.form == "boolean":
        return not row[1]
    return not row[0] if reading.form in ("number", "share") else not table.rows


def is_no(table: Table, reading: Reading) -> bool:
    """Whether an answer is no."""
    return reading.form == "boolean" and is_nothing(table, reading)


def answered(lexicon: Lexicon, table: Table, question: str, read: Read, reading: Reading) -> Answer:
    """The answer that the rows of a reading are."""
    notes = [lexicon.text(code, read.language) for code in reading.notes]
    of_sources = reading.period is not None and reading.period.kinds == ("published",)
    if (reading.period is not None and not of_sources) or reading.rank in ("earliest", "latest"):
        notes.append(lexicon.text("note-dates", read.language))
    if reading.by_money and not {"note-money", "note-sums"} & set(reading.notes):
        notes.append(lexicon.text("note-money", read.language))
    if reading.target == "led" and not reading.leads:
        notes.append(lexicon.text("note-led", read.language))
    others = tuple(Alternative(text, compose(other)) for text, other in read.others)
    rows = table.rows[:MOST_ROWS]
    if reading.form == "boolean":  # Virtuoso computes numbers for booleans
        rows = tuple((bool(row[0]), *row[1:]) for row in rows)
    told: dict[Cell, tuple[Cell, ...]] = {}
    known = no_finer(table.columns, rows)[1]
    for row in no_finer(table.columns, table.rows)[1] if reading.form == "list" else ():
        told.setdefault(row[0], row)
    one_each = tuple(told.values()) or known
    text = sentence(lexicon, reading, one_each, len(one_each))
    things = table.columns[:1] == ("answer",) and reading.form not in ("boolean", "definition")
    asked_for = ("Source" if reading.form == "evidence" else kind_of(reading)) if things else ""
    yes = reading.form == "boolean" and bool(rows[0][0]) and not is_nothing(table, reading)
    return Answer(
        question, read.language, True, table.query, _KINDS[reading.form], text, table.columns,
        rows, read.pieces, read.unknown, others, None, tuple(notes), asked_for,
        (RESTS_ON.get(reading.rests_on) or PROJECT) if yes else None,
    )  # fmt: skip


def headings(lexicon: Lexicon, answer: Answer, language: str) -> list[str]:
    """What stands above each column, in a language."""
    said = [lexicon.text(f"column-{name}", language) or name for name in answer.columns]
    if answer.asked_for:
        said[:1] = [capital(plural(lexicon, answer.asked_for, language))]
    return said


def _cell(term: Mapping[str, str] | None) -> Cell:
    """A term of SPARQL results in JSON, as a plain value."""
    if term is None:
        return None
    value, kind = term["value"], term.get("datatype")
    if kind == XSD + "boolean":
        return value == "true"
    if kind in _NUMBERS and isfinite(real(value, inf)):
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)
    return value


def sources(engine: Engine, things: Sequence[str]) -> dict[str, int]:
    """How many sources the graph names for each of some things."""
    if not things:
        return {}
    values = [NamedNode(iri) for iri in things]
    rows = engine.select(parts.text("sources"), {"things": values}).rows
    return {row["thing"].value: int(row["sources"].value) for row in rows}
