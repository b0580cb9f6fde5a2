"""A question in pieces, with what has been found in them so far, and what can be told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from hsgraph.ask.conditions import Found
from hsgraph.ask.names.grammar import Grammar
from hsgraph.ask.names.lexicon import PEOPLE
from hsgraph.ask.pieces.chunk import Chunk, first, has
from hsgraph.ask.pieces.numbers import INDEFINITE, Number
from hsgraph.ask.reading import PROJECT, Condition, Rank, Reading
from hsgraph.ask.target import Target, class_of, has_noun

_ASKING: Final = (
    "number", "how-much", "when", "who", "why", "definition", "tried", "compare", "causes-of",
)  # fmt: skip
ASKED: Final = ("which", "who", "where", "how", "why", "number", "how-much", "when")
"""Words that ask for more than yes or no."""
_IDEAS: Final = ("threat-type", "intervention-type", "population-group")
RANKS: Final[tuple[Rank, ...]] = (
    "largest", "smallest", "earliest", "latest", "longest", "shortest", "most", "least",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """The pieces of a question with what has been found in them so far."""

    chunks: Sequence[Chunk]
    target: Target
    found: Sequence[Found]
    numbers: Sequence[Number]
    grammar: Grammar

    def has(self, *codes: str) -> bool:
        return has(self.chunks, *codes)

    def at(self, *codes: str) -> int:
        return first(self.chunks, *codes)

    @property
    def asks_whether(self) -> bool:
        """Whether yes or no is asked, in the order of questions or of statements."""
        told = self.has(*ASKED, "list")
        return not told and (self.has("yes-no") or self.grammar.as_stated)

    @property
    def is_turned(self) -> bool:
        """Whether a verb after its noun asks, by a pronoun after it: "impliquent-ils"."""
        said = [token.folded for chunk in self.chunks for token in chunk.tokens]
        return any(f"{verb}-{noun}".endswith(self.grammar.turned) for verb, noun in pairwise(said))

    def conditions(self, *parts: str) -> list[Condition]:
        return [f.condition for f in self.found if not parts or f.condition.part in parts]


def definite(chunks: Sequence[Chunk]) -> bool:
    """Whether the question is about one programme: "the programme in Soacha"."""
    for at, chunk in enumerate(chunks):
        if class_of(chunk) == PROJECT and not chunk.tokens[-1].several:
            before = chunks[max(0, at - 3) : at]
            return not any(
                c.cue("which", "per", "number", *RANKS)
                or any(m.value == INDEFINITE for m in c.meanings)
                for c in before
            )
    return False


def is_asking(chunks: Sequence[Chunk]) -> bool:
    """Whether some pieces ask, or name a kind of things and more."""
    several = sum(bool(c.meanings) and c.worth > 0 for c in chunks) > 1
    return has(chunks, *_ASKING) or (several and any(c.kind("class") for c in chunks))


def described(chunks: Sequence[Chunk]) -> set[str]:
    """The words without a meaning that stand before a name of an idea: "bitter winters"."""
    return {
        chunk.tokens[0].text
        for chunk, after in pairwise(chunks)
        if not chunk.meanings and after.worth > 0 and after.meaning and after.meaning.kind in _IDEAS
    }


def counts(chunks: Sequence[Chunk], kind: str) -> bool:
    """Whether a concept of a kind follows "how many" directly: "how many farmers"."""
    at = first(chunks, "number")
    after = [c for c in chunks[at + 1 :] if not c.is_filler] if at >= 0 else []
    return bool(after and after[0].meaning and after[0].meaning.kind == kind)


def reaches(chunks: Sequence[Chunk]) -> bool:
    """Whether people whom something reached are to be counted: "how many people did it help"."""
    return counts_people(chunks) and has(chunks, "benefits")


def counts_people(chunks: Sequence[Chunk]) -> bool:
    """Whether people of no group in particular follow "how many" directly."""
    at = first(chunks, "number")
    counted = next((c for c in chunks[at + 1 :] if c.meanings), None) if at >= 0 else None
    return counted is not None and is_people(counted)


def is_people(chunk: Chunk) -> bool:
    """Whether a piece may mean people of no group in particular."""
    return any(m.value == PEOPLE for m in chunk.meanings)


OF_ONE: Final = ("date", "length", "about", "boolean", "amount")
"""The forms that ask of a programme, where nothing else is named."""


def is_empty(reading: Reading, chunks: Sequence[Chunk]) -> bool:
    """Whether nothing of a question was understood but filler."""
    if reading.form == "definition":
        return not reading.subjects
    if reading.form in ("causes", "effects"):
        return not reading.of("threat-type", "place", "project")
    if reading.form == "share":
        return not (reading.conditions or reading.period or reading.sums or reading.lengths)
    if reading.form in OF_ONE:
        any_one = any(m.value == INDEFINITE for c in chunks for m in c.meanings)
        several = (any_one or has_noun(chunks)) and not definite(chunks)
        numbered = (
            reading.form == "boolean"
            and several
            and (reading.period or reading.sums or reading.lengths or reading.counted)
        )
        return not (reading.conditions or numbered)
    stated = any(c.kind("class") or c.cue("money", "number", "how-much") for c in chunks)
    dated = reading.period and any(c.tokens[0].is_number or c.kind("number") for c in chunks)
    ranked = reading.rank or dated or reading.sums or reading.counted
    return not (reading.conditions or stated or ranked or reading.of_type)


def is_of_others(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether a verb tells of something that a relative word brings in, or that follows it:
    "programmes where the conflict has ended", "programmes that helped end hunger"."""
    relative = max((n for n, c in enumerate(chunks[:at]) if not c.meanings), default=at)
    after = [c for c in chunks[at + 1 :] if not all(m.value == "link" for m in c.meanings)]
    takes = after[:1] and after[0].is_name and not any(class_of(c) for c in after)
    return bool(takes) or any(c.is_name for c in chunks[relative:at])


def without_relative(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The pieces; "where" asks nothing in "programmes where UNDP took part", nor "qui" in
    "projets de l'OIM qui aident"."""
    return [
        replace(chunk, meanings=()) if _is_relative(chunks, at) else chunk
        for at, chunk in enumerate(chunks)
    ]


def _is_relative(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether a word takes up a noun: the one before it, or that of a name, several of a kind."""
    if not chunks[at].cue("where", "who") or not 0 < at < len(chunks) - 1:
        return False
    before = chunks[at - 1].meaning
    if before is not None and before.kind == "population-group":
        return chunks[at].cue("who")
    if class_of(chunks[at - 1]) is not None:
        return class_of(chunks[at - 1]) == PROJECT or chunks[at].cue("where")
    nouns = [before for before in range(at) if class_of(chunks[before]) == PROJECT]
    named = nouns and all(c.is_name or _is_light(c) for c in chunks[nouns[-1] + 1 : at])
    return bool(named and nouns[-1] < at - 1 and not definite(chunks))


def _is_light(chunk: Chunk) -> bool:
    return chunk.is_filler and not chunk.cue("and")
