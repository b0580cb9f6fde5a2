"""Words that mean nothing by themselves: taken for words in names where they are, else unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from pyoxigraph import Literal

from hsgraph.ask import parts
from hsgraph.ask.composing.restrict import in_names
from hsgraph.ask.interpret import DIRECTION
from hsgraph.ask.names.lexicon import Lexicon
from hsgraph.ask.names.name import ORGANISATIONS, PLACES, Meaning
from hsgraph.ask.names.words import split, stem_in_names
from hsgraph.ask.pieces.chunk import Chunk, has
from hsgraph.ask.question import described
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import local_name

_SUMS: Final = ("money", "total", "number", "how-much")
"""Words with which no name is asked about, but a sum or a number."""
_OPENING: Final = "¿¡«“\"' "
"""What a question may begin with before its first word."""
_MOST_UNKNOWN: Final = 2
_SHORTEST_WORD: Final = 4
_FEW: Final = 2
"""Of so many words a name is known by one."""


@dataclass(frozen=True)
class Unknown:
    """Tells what to make of words that are no names and do nothing in a question."""

    engine: Engine
    lexicon: Lexicon

    def told_apart(self, chunks: Sequence[Chunk], language: str) -> tuple[list[Chunk], list[str]]:
        """Words without a meaning: taken for words in names where they are, else unknown."""
        out: list[Chunk] = []
        unknown: list[str] = []
        placed = any(chunk.kind(*PLACES) for chunk in chunks)
        for chunk in chunks:
            token = chunk.tokens[0]
            if not placed and any(meaning.value == DIRECTION for meaning in chunk.meanings):
                unknown.append(token.text)
            if self._is_everyday(chunk, language):
                everyday = Meaning("words", stem_in_names(token.folded, language), token.text)
                out.append(replace(chunk, meanings=(everyday, *chunk.meanings)))
                continue
            if chunk.meanings or token.is_number or token.is_sign:
                out.append(chunk)
                continue
            telling = not self.is_verb(token.text, language) or token.is_capital
            if telling and len(unknown) < _MOST_UNKNOWN and self._in_names(token.folded, language):
                word = stem_in_names(token.folded, language)
                meaning = Meaning("words", word, token.text)
                out.append(replace(chunk, meanings=(meaning,)))
            else:
                unknown.append(token.text)
                out.append(chunk)
        return out, list(dict.fromkeys(unknown))

    def called(self, chunks: Sequence[Chunk], question: str) -> list[Chunk]:
        """The pieces; where all that is to be defined is the name of a concept, it is one piece:
        a lead agency makes a condition of any other question, and is a role in this one."""
        asked = next((at for at, c in enumerate(chunks) if not c.is_filler), 0)
        rest = list(chunks[asked + 1 :])
        while rest and (rest[-1].is_filler or rest[-1].cue("average", "definition")):
            rest.pop()
        while rest and rest[0].is_filler:
            rest.pop(0)
        known = len(rest) == 1 and rest[0].is_name and rest[0].worth > 0
        if not (rest and chunks[asked].cue("definition")) or known or has(rest, *_SUMS):
            return list(chunks)
        words = question[rest[0].tokens[0].start : rest[-1].tokens[-1].end].lower()
        rows = self.engine.select(parts.text("called"), {"words": Literal(words)}).rows
        if not rows:
            return list(chunks)
        concepts = tuple(row["concept"].value for row in rows)
        kind = local_name(rows[0]["kind"].value)
        tokens = tuple(token for chunk in rest for token in chunk.tokens)
        meaning = Meaning(kind, concepts[0], rows[0]["label"].value, concepts)
        return [chunks[asked], Chunk(tokens, rest[0].start, (meaning,), 1.0)]

    def _is_everyday(self, chunk: Chunk, language: str) -> bool:
        """Whether a small part of the name of an organisation is rather a word like any other."""
        meaning, token = chunk.meaning, chunk.tokens[0]
        if meaning is None or chunk.worth >= 0 or len(chunk.tokens) > 1 or token.is_capital:
            return False
        named = meaning.kind in ORGANISATIONS and len(split(meaning.label)) > _FEW
        return named and self._in_names(token.folded, language)

    def _in_names(self, word: str, language: str) -> bool:
        if len(word) < _SHORTEST_WORD or not word.isalnum():
            return False
        assembly = parts.Assembly()
        assembly.add("conditions/words", {"word": in_names(stem_in_names(word, language))})
        return self.engine.ask(assembly.query("exists"))

    def needed(
        self, unknown: Sequence[str], chunks: Sequence[Chunk], question: str, language: str
    ) -> list[str]:
        """The unknown words without which a question cannot be read: not verbs, nor adjectives."""
        first = question.lstrip(_OPENING)
        light = described(chunks) if self.lexicon.grammar(language).adjective_first else ()
        done = [b.tokens[0].text for a, b in pairwise(chunks) if a.cue("who")]
        return [
            word
            for word in unknown
            if (not self.is_verb(word, language) and word not in light)
            or (word[0].isupper() and not first.startswith(word))
            or word in done
        ]

    def is_verb(self, word: str, language: str) -> bool:
        """Whether a word looks like a verb or adverb, without which a question can be read."""
        endings = self.lexicon.grammar(language).endings
        return len(word) > _SHORTEST_WORD and word.lower().endswith(endings)
