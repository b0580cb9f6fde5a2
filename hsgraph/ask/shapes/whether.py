"""Questions for yes or no that deny or count something, or that no count of programmes decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hsgraph.ask.pieces import bounds
from hsgraph.ask.pieces.chunk import Chunk, has
from hsgraph.ask.pieces.numbers import BOUNDING, COMPARED, Number
from hsgraph.ask.question import Question, definite
from hsgraph.ask.reading import LINKED, PROJECT, Condition, Reading
from hsgraph.ask.shapes.forms import rank_of
from hsgraph.ask.shapes.whole import of_whole, quantified, served
from hsgraph.ask.target import class_of

DENIED: Final = "denied"
"""The code of words that deny a verb or a noun, "not", "aucun"; not of "without" or "except"."""
_DONE: Final = (
    "worked", "took-part", "led", "implemented", "funded", "partnered", "addresses", "benefits",
    "received", "affected", "causes", "driven",
)  # fmt: skip
"""Verbs: a "not" after one belongs to a name, as in "worked in Kenya, not in Peru"."""
_LACKING: Final = ("started", "ended", "approved", "announced", "money")
"""What programmes may be without: "no end date", "no budget"."""


def affirmed(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The pieces without the words that deny the verb or the programmes.

    After a noun "not" restricts: "programmes in Kenya that do not involve UNICEF".
    """
    return [
        replace(c, meanings=tuple(m for m in c.meanings if m.value not in (DENIED, "not")))
        if _denies(chunks, at)
        else c
        for at, c in enumerate(chunks)
    ]


def _denies(chunks: Sequence[Chunk], at: int) -> bool:
    before, after = chunks[:at], chunks[at + 1 : at + 3]
    restricts = any(class_of(c) for c in before) and not definite(chunks)
    lacks = has(after, *_LACKING) or any(class_of(c) == "Source" for c in after)
    return chunks[at].cue(DENIED) and not (restricts or lacks or has(before, *_DONE))


def denied(reading: Reading, given: Sequence[Chunk]) -> Reading:
    """Whether no programme fits, of the reading of the question without "not".

    Where it is not known to be so for want of programmes, it is left undecided: what was planned
    may not have come about. A group is served by an intervention for it too.
    """
    tried = reading.rests_on not in ("", LINKED)
    if reading.counted or tried or reading.quantity:
        words = tuple(_words(c) for at, c in enumerate(given) if _denies(given, at))
        return replace(reading, undecided=(*reading.undecided, *words))
    return replace(
        reading, conditions=served(reading.conditions), counted=True, at_least=0, at_most=0
    )


def decided(q: Question, reading: Reading) -> Reading:
    """The reading with how many programmes there must be, and the words that leave it open."""
    of_some = of_whole(q, reading)
    told = quantified(q.chunks) if of_some is not None else None
    reading = of_some or reading
    counts = [n for n in q.numbers if n.role == "count"]
    given = [n for n in counts if n.how in COMPARED or n.value > 1]
    if len(given) == 1 and _counts_programmes(q, given[0]):
        least, most = bounds.bounds(given[0])
        reading = replace(reading, counted=True, at_least=least, at_most=most)
        given = []
    pieces = [c for number in given for c in q.chunks[number.start : number.end + 1]]
    pieces += [c for at, c in enumerate(q.chunks) if _leaves_open(q, at) and not _is(at, told)]
    rank = rank_of(q)
    if rank is not None and not bounds.lengths(q.numbers):
        pieces += [c for at, c in enumerate(q.chunks) if c.cue(rank) and not _is(at, told)]
    reading = replace(reading, undecided=tuple(dict.fromkeys(_words(c) for c in pieces)))
    return _of_leaders(reading) if definite(q.chunks) or of_some else reading


def _is(at: int, told: tuple[int, int] | None) -> bool:
    """Whether a piece is the "all" or "most" that the reading decides on."""
    return told is not None and at == told[0]


def _of_leaders(reading: Reading) -> Reading:
    """The reading about one programme: where no lead is known, who carries it out counts."""
    known, beside = _where_known(reading.conditions), _where_known(reading.beside)
    notes = () if known == reading.conditions else ("note-led",)
    return replace(reading, conditions=known, beside=beside, notes=(*reading.notes, *notes))


def _where_known(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    return tuple(replace(c, part="led-where-known") if c.part == "led" else c for c in conditions)


def _counts_programmes(q: Question, number: Number) -> bool:
    """Whether a number is one of programmes: their noun follows it, or nothing does."""
    after = next((c for c in q.chunks[number.end + 1 :] if not c.is_filler), None)
    if after is None:
        return number.how in BOUNDING
    return class_of(after) == PROJECT and number.how != "about-number"


def _leaves_open(q: Question, at: int) -> bool:
    """Whether all of something are asked about, one alone, a second, or what has no programme."""
    chunk, after = q.chunks[at], q.chunks[at + 1 : at + 4]
    noun = next((c for c in after if not c.is_filler), None)
    before = [class_of(c) for c in q.chunks[:at] if class_of(c)]
    lacking = chunk.cue("not") and bool(before) and noun is not None and class_of(noun) == PROJECT
    nth = chunk.meaning is not None and chunk.meaning.value.startswith("ordinal-")
    return lacking or nth or chunk.cue("only") or (chunk.cue("every") and noun is not None)


def _words(chunk: Chunk) -> str:
    return " ".join(token.text for token in chunk.tokens)
