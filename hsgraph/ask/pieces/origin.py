"""Where people come from, which is no place of a programme: "Ukrainian refugees in Moldova"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hsgraph.ask.names.grammar import Grammar
from hsgraph.ask.names.name import PLACES
from hsgraph.ask.names.words import split
from hsgraph.ask.pieces.chunk import Chunk

_PLACES: Final = (*PLACES, "absent")
_PEOPLE: Final = ("population-group", "threat-type")


def without_origins(chunks: Sequence[Chunk], grammar: Grammar) -> list[Chunk]:
    """The pieces, what people are called after their country without a meaning.

    It is kept where the question names no other place.
    """
    origins = [at for at in range(len(chunks)) if _is_origin(chunks, at, grammar)]
    places = [at for at, chunk in enumerate(chunks) if _is_place(chunk) and at not in origins]
    if not places:
        return list(chunks)
    return [
        replace(chunk, meanings=()) if at in origins else chunk for at, chunk in enumerate(chunks)
    ]


def _is_origin(chunks: Sequence[Chunk], at: int, grammar: Grammar) -> bool:
    """Whether a piece is the adjective of a country, beside the people that it tells of."""
    chunk = chunks[at]
    beside = at + 1 if grammar.adjective_first else at - 1
    if not _is_place(chunk) or len(chunk.tokens) > 1 or not 0 <= beside < len(chunks):
        return False
    meaning = chunk.kind("Country", "absent")
    if meaning is None or chunk.tokens[0].folded in split(meaning.label):
        return False
    if not grammar.adjective_first and chunk.tokens[0].text[0].isupper():
        return False
    people = chunks[beside].meaning
    return people is not None and people.kind in _PEOPLE


def _is_place(chunk: Chunk) -> bool:
    return chunk.meaning is not None and chunk.meaning.kind in _PLACES
