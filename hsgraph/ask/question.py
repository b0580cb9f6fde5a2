"""A question in pieces, with what has been found in them so far, and what can be told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hsgraph.ask.conditions import Found
from hsgraph.ask.names.grammar import Grammar
from hsgraph.ask.pieces.chunk import Chunk
from hsgraph.ask.pieces.numbers import INDEFINITE, Number
from hsgraph.ask.reading import PROJECT, Condition, Rank
from hsgraph.ask.target import Target, class_of

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
        return any(chunk.cue(*codes) for chunk in self.chunks)

    def at(self, *codes: str) -> int:
        return next((at for at, c in enumerate(self.chunks) if c.cue(*codes)), -1)

    def conditions(self, *parts: str) -> list[Condition]:
        return [f.condition for f in self.found if not parts or f.condition.part in parts]


def definite(chunks: Sequence[Chunk]) -> bool:
    """Whether the question is about one programme: "the programme in Soacha"."""
    for at, chunk in enumerate(chunks):
        if class_of(chunk) == PROJECT and not chunk.tokens[-1].folded.endswith("s"):
            before = chunks[max(0, at - 3) : at]
            return not any(
                c.cue("which", "per", "number", *RANKS)
                or any(m.value == INDEFINITE for m in c.meanings)
                for c in before
            )
    return False


def is_name(chunk: Chunk) -> bool:
    """Whether a piece names something of the graph."""
    meaning = chunk.meaning
    return meaning is not None and meaning.kind not in (
        "cue",
        "class",
        "filler",
        "number",
        "not-held",
    )


def is_filler(chunk: Chunk) -> bool:
    return bool(chunk.meanings) and any(m.kind == "filler" for m in chunk.meanings)


def counts(chunks: Sequence[Chunk], kind: str) -> bool:
    """Whether a concept of a kind follows "how many" directly: "how many farmers"."""
    at = next((at for at, c in enumerate(chunks) if c.cue("number")), -1)
    after = [c for c in chunks[at + 1 :] if not is_filler(c)] if at >= 0 else []
    return bool(after and after[0].meaning and after[0].meaning.kind == kind)
