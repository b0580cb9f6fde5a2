"""The answer to a question: its query run, a sentence, a table, and how it was read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import inf, isfinite
from typing import Any, Final

from pyoxigraph import NamedNode

from hsgraph.ask import parts
from hsgraph.ask.composing.compose import compose
from hsgraph.ask.names.lexicon import Lexicon
from hsgraph.ask.reading import PROJECT, RESTS_ON, Piece, Read, Reading, Refusal
from hsgraph.describe.words import wording
from hsgraph.engine.protocol import Engine, Limits
from hsgraph.formats import RESULTS_JSON
from hsgraph.languages import spoken
from hsgraph.literals import real
from hsgraph.namespaces import XSD

MOST_ROWS: Final = 1000
_NAMED: Final = 3
_NUMBERS: Final = frozenset(XSD + kind for kind in ("integer", "decimal", "double", "float"))
_KINDS: Final = {
    "list": "list", "number": "number", "money": "money", "amount": "money", "date": "date",
    "length": "number", "boolean": "boolean", "definition": "definition", "about": "definition",
    "evidence": "evidence", "causes": "list", "effects": "list",
    "people": "number", "share": "number",
}  # fmt: skip
_KINDS_OF: Final = {
    "later": "Project",
    "sums": "budget-kind",
    "led": "Agency",
    "funded": "Organisation",
    "intervention-type-against": "intervention-type",
    "population-group": "BeneficiaryTarget",
}
Cell = str | int | float | bool | None


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

    Of yes or no, that is the programmes that were counted for it.
    """
    if answer.kind != "boolean":
        return answer
    rows = tuple(row[2:] for row in answer.rows if row[2])
    return replace(answer, columns=answer.columns[2:], rows=rows)


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
    for row in table.rows if reading.form == "list" else ():
        told.setdefault(row[0], row)
    one_each = tuple(told.values()) or rows
    text = sentence(lexicon, reading, one_each, len(one_each))
    things = table.columns[:1] == ("answer",) and reading.form not in ("boolean", "definition")
    asked_for = ("Source" if reading.form == "evidence" else _kind(reading)) if things else ""
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
        said[:1] = [_capital(_plural(lexicon, answer.asked_for, language))]
    return said


def sentence(lexicon: Lexicon, reading: Reading, rows: Sequence[Sequence[Cell]], count: int) -> str:
    """The answer in one sentence, in the language of the question."""
    with spoken(reading.language):
        return _sentence(lexicon, reading, rows, count)


def _sentence(
    lexicon: Lexicon, reading: Reading, rows: Sequence[Sequence[Cell]], count: int
) -> str:
    def say(code: str, **values: object) -> str:
        return lexicon.text(code, reading.language).format(**values)

    what = _plural(lexicon, _kind(reading), reading.language)
    if reading.form == "number" and not reading.grouped:
        return say("answer-number", count=rows[0][0] if rows else 0, what=_capital(what))
    if reading.form == "share":
        if not rows or rows[0][0] is None:
            return say("answer-none")
        share, (part, whole) = rows[0][0], (_money(cell) for cell in rows[0][1:3])
        code = "answer-share-of-money" if reading.by_money else "answer-share"
        return say(code, share=share, part=part, all=whole, what=what)
    if reading.average:
        code = "answer-average-length" if reading.form == "length" else "answer-average-money"
        if not rows or not rows[0][1]:
            return say("answer-none")
        return say(code, total=_rounded(rows[0][0]), count=rows[0][1])
    if reading.form == "money":
        if not rows or not rows[0][1]:
            return say("answer-no-money")
        return say("answer-money", total=_money(rows[0][0]), count=rows[0][1])
    if reading.form == "boolean":
        yes, programmes = rows[0][:2]
        if reading.counted and not (yes and programmes):
            return say("answer-yes-none" if yes else "answer-no-number", count=programmes)
        told = say((reading.rests_on or "answer-yes") if yes else "answer-no", count=programmes)
        more = yes and isinstance(programmes, int) and programmes > len(rows)
        return f"{told} {say('answer-named-first', count=len(rows))}" if more else told
    if not rows:
        return say("answer-none")
    if reading.form == "people":
        people = "; ".join(f"{row[2]}: {_money(row[0])}" for row in rows[:_NAMED])
        return say("answer-people", names=people)
    names = _names(reading, rows)
    if reading.form == "evidence":
        return say("answer-sources", names=names)
    if reading.form in ("date", "length", "amount", "definition", "about"):
        return names
    if reading.rank is not None and len(rows) == 1 and len(rows[0]) > 2:
        return say("answer-first", names=names, number=_figure(reading, rows[0][2]))
    code = "answer-one" if count == 1 else "answer-many" if count <= _NAMED else "answer-more"
    return say(code, count=count, what=what, names=names)


def _plural(lexicon: Lexicon, kind: str, language: str) -> str:
    code = "label-years" if kind == "year" else "label-programmes"
    return lexicon.kind(kind, language) or lexicon.text(code, language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _kind(reading: Reading) -> str:
    return _KINDS_OF.get(reading.target, reading.target)


def _names(reading: Reading, rows: Sequence[Sequence[Cell]]) -> str:
    if reading.form in ("definition", "about"):
        return " ".join(f"{row[1]}: {row[2]}" for row in rows[:_NAMED] if row[2]) or str(rows[0][1])
    if reading.form == "amount":
        return "; ".join(
            f"{_money(row[0])} {str(row[1]).rsplit('/', 1)[-1]} ({row[5]})" for row in rows[:_NAMED]
        )
    if reading.form in ("date", "length"):
        return "; ".join(f"{_date(row[0])} ({row[2]})" for row in rows[:_NAMED])
    told = [str(row[1] if row[1] is not None else row[0]) for row in rows[:_NAMED]]
    if reading.subjects and rows[1:] and len(rows[0]) > 2:
        told = [
            f"{name}: {_figure(reading, row[2])}" for name, row in zip(told, rows, strict=False)
        ]
    return ", ".join(told)


def _figure(reading: Reading, value: Cell) -> str:
    return wording.money(str(value), "USD").exact if reading.by_money else str(value)


def _date(value: Cell) -> str:
    return wording.date(value) if isinstance(value, str) else str(value)


def _money(value: Cell) -> str:
    if not isinstance(value, int | float):
        return str(value)
    written = wording.number(f"{value:.2f}".removesuffix(".00"))
    return f"{written}0" if re.search(r"[.,][0-9]$", written) else written


def _rounded(value: Cell) -> str:
    return _money(round(value, 2) if isinstance(value, float) else value)


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
