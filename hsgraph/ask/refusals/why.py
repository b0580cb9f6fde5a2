"""Why a question has no answer, with what can be told instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hsgraph.ask.conditions import choose
from hsgraph.ask.interpret import read
from hsgraph.ask.names.lexicon import LEXICON, Lexicon
from hsgraph.ask.names.name import PLACES, Meaning
from hsgraph.ask.pieces.chunk import Chunk
from hsgraph.ask.pieces.numbers import numbers, uncompared
from hsgraph.ask.question import definite
from hsgraph.ask.reading import PROJECT, Reading, Refusal
from hsgraph.ask.refusals.unheld import against_one, unasked
from hsgraph.ask.refusals.unknown import Unknown
from hsgraph.ask.telling import is_empty_place, labels, offered
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import HS


@dataclass(frozen=True)
class Refusals:
    """Tells of the pieces of a question whether they can be answered."""

    engine: Engine
    lexicon: Lexicon
    unknown: Unknown

    def of(
        self, chunks: Sequence[Chunk], unknown: Sequence[str], question: str, language: str
    ) -> Refusal | None:
        """Why there is no answer; None where there may be one."""
        for chunk in chunks:
            meaning = chunk.meaning
            priced = chunk.cue("money") and definite(chunks)
            if meaning is not None and meaning.kind == "not-held" and not priced:
                return self._held(meaning.value, chunks, chunk.text(question), language)
        if (unheld := unasked(chunks, self.lexicon.grammar(language))) is not None:
            return self._held(LEXICON + unheld, chunks, question, language)
        absent = [c for c in chunks if is_empty_place(c, self.lexicon)]
        places = [c for c in chunks if c.kind(*PLACES) and c not in absent]
        if absent and not (places and definite(chunks)) and len(absent) >= len(places):
            words = ", ".join(c.text(question) for c in absent)
            return Refusal("reason-place", words, None, self._around(chunks, absent[0], language))
        if (one := against_one(chunks)) is not None:
            return Refusal("reason-one", one.text(question), None, self.nearest(chunks, language))
        if alone := uncompared(chunks, numbers(chunks, money=True)):
            words = ", ".join(chunk.text(question) for chunk in alone)
            return Refusal("reason-number", words, None, self.nearest(chunks, language))
        serious = self.unknown.needed(unknown, chunks, question, language)
        understood = any(c.is_name or c.tokens[0].is_number for c in chunks)
        if serious or (unknown and not understood):
            near = self.nearest(chunks, language) if understood else ()
            return Refusal("reason-words", ", ".join(unknown), None, near)
        return None

    def nearest(
        self, chunks: Sequence[Chunk], language: str, kind: str | None = None
    ) -> tuple[tuple[str, Reading], ...]:
        """What can be told instead: things of a kind, or programmes, by what was understood."""
        kept = [c for at, c in enumerate(chunks) if c.meanings and choose(chunks, at) is not None]
        kept = [c for c in kept if not (c.guessed or is_empty_place(c, self.lexicon))]
        target = (kind or "").removeprefix(HS) or PROJECT
        return self._listed(kept, language, target) if kept else ()

    def _held(self, entry: str, chunks: Sequence[Chunk], words: str, language: str) -> Refusal:
        near = self.nearest(chunks, language, self.lexicon.reasons[entry].nearest)
        return Refusal("reason-held", words, entry, near)

    def _around(
        self, chunks: Sequence[Chunk], absent: Chunk, language: str
    ) -> tuple[tuple[str, Reading], ...]:
        """The programmes of the region around a country that has none."""
        assert absent.meaning is not None
        region = self.lexicon.around.get(absent.meaning.value)
        if region is None:
            return ()
        label = labels(self.engine, [region], language).get(region, "")
        near = Meaning("Region", region, label)
        kept = [replace(c, meanings=(near,)) if c is absent else c for c in chunks]
        return self._listed(kept, language, PROJECT)

    def _listed(
        self, chunks: Sequence[Chunk], language: str, target: str
    ) -> tuple[tuple[str, Reading], ...]:
        reading = read(chunks, self.lexicon.grammar(language))
        listed = replace(reading, form="list", target=target, rank=None, properties=())
        return (offered(self.engine, self.lexicon, listed),)
