"""Yes or no about all or most of some programmes: "do all programmes in Haiti involve UNDP?"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from hsgraph.ask.conditions import CLASS_HINTS
from hsgraph.ask.pieces.chunk import Chunk, has
from hsgraph.ask.question import Question
from hsgraph.ask.reading import PROJECT, Condition, Quantity, Reading
from hsgraph.ask.target import class_of

_VERBS: Final = (
    "yes-no", "received", "led", "implemented", "funded", "addresses", "took-part", "partnered",
    "benefits", "affected",
)  # fmt: skip
"""What follows the last of them is said of the programmes that are named before it."""
QUANTITIES: Final[tuple[Quantity, ...]] = ("every", "majority")
_NOUN: Final = 4
"""How many pieces after "all" the word for programmes may stand: "all UNICEF programmes"."""


def quantified(chunks: Sequence[Chunk]) -> tuple[int, int] | None:
    """Where "all" or "most" stands, and the word for the programmes that it belongs to."""
    for at, chunk in enumerate(chunks):
        if not chunk.cue(*QUANTITIES):
            if not (chunk.is_filler or chunk.cue(*_VERBS)):
                return None
            continue
        for noun in range(at + 1, min(len(chunks), at + 1 + _NOUN)):
            if class_of(chunks[noun]) == PROJECT:
                return at, noun
            if not (chunks[noun].is_filler or chunks[noun].is_name or chunks[noun].cue("or")):
                return None
    return None


def asks_of_whole(q: Question) -> bool:
    """Whether yes or no is asked about all, most or none of something, in the order of questions or
    of statements about programmes: "¿Todos los programas de Ecuador trabajan con refugiados?".

    With "all", a participle or a pronoun before the verb, "todos los programas financiados por …",
    makes it a list; most and none of some programmes are never listed.
    """
    before = q.chunks[: max(0, q.at(*QUANTITIES))]
    if all(c.is_filler or c.cue(*_VERBS) for c in before) and not has(before, "list"):
        begun = before and before[0].tokens[0].folded.endswith(q.grammar.plurals)
        if has(before, "yes-no") or begun:
            return True
    if has(q.chunks[:1], "denied"):
        noun = next((at for at, c in enumerate(q.chunks[1:], 1) if not c.is_filler), 0)
        return class_of(q.chunks[noun]) == PROJECT
    given = quantified(q.chunks)
    if given is None or given[0] > 0 or not (q.grammar.as_stated and q.grammar.plurals):
        return False
    return (
        q.chunks[0].cue("majority")
        or q.is_turned
        or any(
            verb.cue(*_VERBS)
            and verb.tokens[0].folded.endswith(q.grammar.plurals)
            and before.meanings
            for before, verb in pairwise(q.chunks[given[1] :])
        )
    )


def of_whole(q: Question, reading: Reading) -> Reading | None:
    """The reading with the programmes that it counts, and what they are to be.

    None where it is open which of its conditions say which programmes are meant, or where what
    they are to be is a matter of dates and numbers, which sources leave out.
    """
    given = quantified(q.chunks)
    if given is None:
        return None
    at, noun = given
    begin = _place(q.chunks[noun])
    named = {_place(q.chunks[f.chunk]): f.condition for f in q.found}
    after = sorted(place for place in named if place > begin)
    verbs = [
        n
        for n, chunk in enumerate(q.chunks)
        if chunk.cue(*_VERBS) and begin < _place(chunk) < (after[-1] if after else 0)
    ]
    verbs.sort(key=lambda n: _place(q.chunks[n]))
    split = _place(q.chunks[verbs[-1]]) if verbs else after[-1] if after else 0
    numbers = [_place(q.chunks[number.start]) for number in q.numbers]
    if not after or _is_joined(q, verbs) or any(place > split for place in numbers):
        return None
    if q.has("compare") or any(_is_told(c) for c in q.chunks if _place(c) > after[-1]):
        return None
    whole = tuple(c for place, c in named.items() if place < split)
    parts = served(c for place, c in named.items() if place >= split)
    quantity = next(code for code in QUANTITIES if q.chunks[at].cue(code))
    return replace(reading, quantity=quantity, conditions=(*whole, *parts), beside=whole)


def served(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Conditions; a group is one that programmes set out to reach or have an intervention for."""
    return tuple(
        replace(c, part="served") if c.part == "population-group" else c for c in conditions
    )


def _is_joined(q: Question, verbs: Sequence[int]) -> bool:
    """Whether "and" joins verbs of which each has a name of its own: "involve UNDP and reach …"."""
    return any(
        has(q.chunks[one + 1 : other], "and") and any(c.is_name for c in q.chunks[one:other])
        for one, other in pairwise(verbs)
    )


def _is_told(chunk: Chunk) -> bool:
    """Whether a piece after the last name is what is said of the programmes: "have a source"."""
    hint = class_of(chunk) in (PROJECT, *CLASS_HINTS)
    return bool(chunk.meanings) and not (hint or chunk.is_filler or chunk.cue(*_VERBS))


def _place(chunk: Chunk) -> int:
    """Where a piece stands in the question as it was asked."""
    return chunk.tokens[0].start
