"""The sentence that an answer begins with, in the language of the question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from hsgraph.ask.names.lexicon import Lexicon
from hsgraph.ask.reading import Reading
from hsgraph.describe.words import wording
from hsgraph.languages import spoken

_NAMED: Final = 3
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
KNOWN: Final = {"year": 4, "month": 7, "day": 10}
"""How many signs of a date are known, by its precision."""
_KINDS_OF: Final = {
    "later": "Project",
    "sums": "budget-kind",
    "led": "Agency",
    "funded": "Organisation",
    "intervention-type-against": "intervention-type",
    "population-group": "BeneficiaryTarget",
}
Cell = str | int | float | bool | None
"""A value of an answer as JSON has it."""


def sentence(lexicon: Lexicon, reading: Reading, rows: Sequence[Sequence[Cell]], count: int) -> str:
    """The answer in one sentence, in the language of the question."""
    with spoken(reading.language):
        return _sentence(lexicon, reading, rows, count)


def _sentence(
    lexicon: Lexicon, reading: Reading, rows: Sequence[Sequence[Cell]], count: int
) -> str:
    def say(code: str, **values: object) -> str:
        return lexicon.text(code, reading.language).format(**values)

    what = plural(lexicon, kind_of(reading), reading.language)
    if reading.form == "number" and not reading.grouped:
        return say("answer-number", count=rows[0][0] if rows else 0, what=capital(what))
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
        if reading.quantity:
            return _of_whole(reading, rows, say)
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
    if reading.form == "length":
        return "; ".join(f"{_length(row, say)} ({row[2]})" for row in rows[:_NAMED])
    names = _names(reading, rows)
    if reading.form == "evidence":
        return say("answer-sources", names=names)
    if reading.form in ("date", "amount", "definition", "about"):
        return names
    if reading.rank is not None and len(rows) == 1 and len(rows[0]) > 2:
        figure = _figure(reading, rows[0][2])
        if reading.rank in ("longest", "shortest"):
            figure = say("answer-months", count=figure)
        elif reading.rank not in ("earliest", "latest") and not reading.by_money:
            counted = capital(plural(lexicon, reading.measure, reading.language))
            return say("answer-first-count", names=names, what=counted, number=figure)
        return say("answer-first", names=names, number=figure)
    code = "answer-one" if count == 1 else "answer-many" if count <= _NAMED else "answer-more"
    return say(code, count=count, what=what, names=names)


def _of_whole(reading: Reading, rows: Sequence[Sequence[Cell]], say: Callable[..., str]) -> str:
    """Whether all or most are so, of how many, and how many of those or the others are listed."""
    yes, count, whole = rows[0][:3]
    told = say("answer-of-all" if yes else "answer-not-of-all", count=count, all=whole)
    listed = sum(row[3] is not None for row in rows)
    among = int(whole or 0) - int(count or 0) if reading.quantity == "every" else count
    more = say(f"answer-listed-{reading.quantity}", count=listed, all=among)
    return f"{told} {more}" if listed else told


def plural(lexicon: Lexicon, kind: str, language: str) -> str:
    code = "label-years" if kind == "year" else "label-programmes"
    return lexicon.kind(kind, language) or lexicon.text(code, language)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def kind_of(reading: Reading) -> str:
    return _KINDS_OF.get(reading.target, reading.target)


def _names(reading: Reading, rows: Sequence[Sequence[Cell]]) -> str:
    if reading.form in ("definition", "about"):
        return " ".join(f"{row[1]}: {row[2]}" for row in rows[:_NAMED] if row[2]) or str(rows[0][1])
    if reading.form == "amount":
        return "; ".join(
            f"{_money(row[0])} {str(row[1]).rsplit('/', 1)[-1]} ({row[5]})" for row in rows[:_NAMED]
        )
    if reading.form == "date":
        return "; ".join(f"{in_words(row[0])} ({row[2]})" for row in rows[:_NAMED])
    told = [str(row[1] if row[1] is not None else row[0]) for row in rows[:_NAMED]]
    if reading.subjects and rows[1:] and len(rows[0]) > 2:
        told = [
            f"{name}: {_figure(reading, row[2])}" for name, row in zip(told, rows, strict=False)
        ]
    return ", ".join(told)


def _figure(reading: Reading, value: Cell) -> str:
    return wording.money(str(value), "USD").exact if reading.by_money else in_words(value)


def in_words(value: Cell) -> str:
    """A date as far as it is known in words, "Feb 2013" for "2013-02"; any other value as it is."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return str(value)
    precision = next(name for name, signs in KNOWN.items() if signs == len(value))
    return wording.date(value + "-01-01"[len(value) - 4 :], precision)


def _length(row: Sequence[Cell], say: Callable[..., str]) -> str:
    """How long a programme took: months, else what a source says, else from when to when."""
    stated, start, end = row[0], row[3], row[4]
    if stated is None:
        return wording.period(in_words(start), in_words(end))
    return say("answer-months", count=stated) if isinstance(stated, int) else str(stated)


def _money(value: Cell) -> str:
    if not isinstance(value, int | float):
        return str(value)
    written = wording.number(f"{value:.2f}".removesuffix(".00"))
    return f"{written}0" if re.search(r"[.,][0-9]$", written) else written


def _rounded(value: Cell) -> str:
    return _money(round(value, 2) if isinstance(value, float) else value)
