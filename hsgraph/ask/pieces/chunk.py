"""A piece of a question: some of its words in a row, with what they may mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hsgraph.ask.names.name import Meaning
from hsgraph.ask.names.words import Token

_NAMELESS: Final = ("cue", "class", "filler", "number", "not-held")
"""The kinds of meanings that name nothing of the graph."""


@dataclass(frozen=True)
class Chunk:
    """Some words of a question, in a row, with what they may mean, the likeliest first."""

    tokens: tuple[Token, ...]
    start: int
    meanings: tuple[Meaning, ...]
    worth: float = 0.0

    @property
    def end(self) -> int:
        return self.start + len(self.tokens)

    def text(self, question: str) -> str:
        return question[self.tokens[0].start : self.tokens[-1].end]

    @property
    def meaning(self) -> Meaning | None:
        return self.meanings[0] if self.meanings else None

    @property
    def guessed(self) -> bool:
        """Whether everyday words are but a part of a name, or words in one."""
        partly = self.worth < 0 or (self.meaning is not None and self.meaning.kind == "words")
        return partly and not any(token.text[0].isupper() for token in self.tokens)

    def cue(self, *codes: str) -> bool:
        return any(m.kind == "cue" and m.value in codes for m in self.meanings)

    @property
    def is_name(self) -> bool:
        """Whether a piece names something of the graph."""
        return self.meaning is not None and self.meaning.kind not in _NAMELESS

    @property
    def is_filler(self) -> bool:
        return self.kind("filler") is not None

    def kind(self, *kinds: str) -> Meaning | None:
        """The likeliest meaning of one of these kinds."""
        return next((m for m in self.meanings if m.kind in kinds), None)


def first(chunks: Iterable[Chunk], *codes: str) -> int:
    """Where the first word of one of these codes is among some pieces; -1 where none is."""
    return next((at for at, chunk in enumerate(chunks) if chunk.cue(*codes)), -1)


def has(chunks: Iterable[Chunk], *codes: str) -> bool:
    """Whether a word of one of these codes is among some pieces."""
    return any(chunk.cue(*codes) for chunk in chunks)
