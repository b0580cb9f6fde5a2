"""Asks a graph in plain words: reads the question, makes its query, answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final

from hsgraph.ask.answer import Answer, Table, answered, is_no, is_nothing, refused, run
from hsgraph.ask.composing.compose import compose
from hsgraph.ask.excluded import seated, set_apart
from hsgraph.ask.in_words import Cell
from hsgraph.ask.interpret import read
from hsgraph.ask.names import lexicon as lexicons
from hsgraph.ask.names.lexicon import Lexicon
from hsgraph.ask.other_readings import less, meant_else, narrow, others, sized, swapped, wider
from hsgraph.ask.pieces.cut import cut
from hsgraph.ask.pieces.sentences import LONGEST, asking, clean
from hsgraph.ask.question import OF_ONE, is_asking, is_empty
from hsgraph.ask.reading import ONLY_TRIED, WIDER_KIND, YES_REPORTED, Read, Reading, Refusal
from hsgraph.ask.refusals.unknown import Unknown
from hsgraph.ask.refusals.why import Refusals
from hsgraph.ask.telling import by_kind, is_empty_place, named, offered, told
from hsgraph.ask.which_programme import by_name, compared, entitled, single
from hsgraph.engine.protocol import Engine, Limits
from hsgraph.errors import BadRequest
from hsgraph.languages import later
from hsgraph.languages import told as in_place
from hsgraph.namespaces import HS

NAMES: Final = "names.sqlite"
"""The file of a snapshot that keeps the names of its things."""
_NOTHING: Final = Table("", (), ())
_NO_OTHER: Final = later("Other readings of this question: {1}; none has the number {2}.")


@dataclass(frozen=True)
class Asker:
    """Answers questions from one graph; the words are read from it once.

    `names` is a file that keeps the names of its things, made by who needs it first.
    """

    engine: Engine
    limits: Limits = Limits(seconds=5.0, bytes=50_000_000)
    names: Path | None = None

    def prepare(self) -> None:
        """Read the words now, so that the first question does not wait for them."""
        with self._reading:
            self.lexicon.text("title", "en")

    @property
    def preparing(self) -> bool:
        """Whether the words are being read: a page that can do without them need not wait."""
        return self._reading.locked()

    @cached_property
    def _reading(self) -> Lock:
        return Lock()

    @cached_property
    def lexicon(self) -> Lexicon:
        return lexicons.read(self.engine, self.names)

    @cached_property
    def _unknown(self) -> Unknown:
        return Unknown(self.engine, self.lexicon)

    @cached_property
    def _refusals(self) -> Refusals:
        return Refusals(self.engine, self.lexicon, self._unknown)

    def ask(self, question: str, *, other: int = 0, by: Engine | None = None) -> Answer:
        """The answer to a question, or why there is none; `other` asks for another reading.

        `by` is the engine for a question of ours, which needs no runner. Raises BadRequest for a
        reading that there is not.
        """
        engine = by or self.engine
        question = clean(question)
        found, table = self._first(question, engine)
        if other:
            ways = found.result.nearest if isinstance(found.result, Refusal) else found.others
            if not 0 < other <= len(ways):
                raise BadRequest(in_place(_NO_OTHER, len(ways), other))
            result, found = ways[other - 1][1], replace(found, others=ways)
            table = run(engine, compose(result), self.limits)
            found = self._checked(found, result, table, engine)
        if isinstance(found.result, Refusal):
            return refused(self.lexicon, question, found, found.result)
        return answered(self.lexicon, table, question, found, found.result)

    def _first(self, question: str, engine: Engine) -> tuple[Read, Table]:
        """What a question most likely asks, or why it has no answer, and what that leads to."""
        if len(question) > LONGEST:
            return Read("en", Refusal("reason-long", f"{LONGEST:,}")), _NOTHING
        found = self.read(question)
        result = found.result
        if isinstance(result, Reading) and result.untold and not self._rows(result, engine):
            result = self._untold(result, question)
        if isinstance(result, Refusal):
            return replace(found, result=result), _NOTHING
        found, result = self._resting(found, result, engine)
        table = run(engine, compose(result), self.limits)
        for again in self._again(result, found, question, engine):
            if table.rows and not is_no(table, result):
                break
            more = run(engine, compose(again[1]), self.limits)
            if more.rows and not is_no(more, again[1]):
                (found, result), table = again, more
        if not table.rows:
            found = replace(found, others=(*found.others, *self._nearest_to(result, engine)))
        return self._checked(found, result, table, engine), table

    def _checked(self, found: Read, result: Reading, table: Table, engine: Engine) -> Read:
        """The question read so, with notes on what that leads to, or why it gives no answer."""
        if result.quantity and not table.rows[0][2]:
            near = tuple(self._nearest_to(result, engine))
            return replace(found, result=Refusal("answer-none", "", None, near))
        guessed = ", ".join(piece.words for piece in found.pieces if piece.guessed)
        if guessed and is_nothing(table, result):
            near = tuple(found.others)
            return replace(found, result=Refusal("reason-guessed", guessed, None, near))
        if result.form == "boolean" and not is_no(table, result):
            if WIDER_KIND in result.notes:
                near = (offered(self.engine, self.lexicon, replace(result, form="list", notes=())),)
                return replace(found, result=Refusal("reason-wider", "", None, near))
            if by_kind(found.pieces, found.language):
                result = replace(result, notes=(*result.notes, "note-by-kind"))
        if table.rows and (wide := narrow(result)) is not None:
            told = table.rows[0][0] if result.form == "number" else len(table.rows)
            if told != len(self._rows(wide, engine)):
                result = replace(result, notes=(*result.notes, "note-narrow"))
        return replace(found, result=result)

    def is_question(self, text: str) -> bool:
        """Whether a text asks something, and is more than a name to look for."""
        if not 1 < len(text) <= LONGEST:
            return False
        _, chunks = cut(self.lexicon.gazetteer, clean(text))
        return text.rstrip().endswith("?") or is_asking(chunks)

    def examples(self, language: str = "en") -> tuple[str, ...]:
        """Questions to begin with."""
        return tuple(texts[language] for texts in self.lexicon.examples if language in texts)

    def read(self, question: str) -> Read:
        """What a question asks, without asking it of the graph.

        Where a sentence before it cannot be read, only the one that asks is.
        """
        found = self._read(question)
        refusal = found.result
        if not isinstance(refusal, Refusal) or refusal.code not in ("reason-words", "reason-held"):
            return found
        alone = self._alone(question)
        return found if alone is None else replace(alone[0], unknown=found.unknown)

    def _again(
        self, result: Reading, found: Read, question: str, engine: Engine
    ) -> Iterator[tuple[Read, Reading]]:
        """How a question that leads to nothing may be meant, one way after the other."""
        if (meant := meant_else(result, found)) is not None:
            yield meant
        for wide in wider(result):
            yield self._resting(found, wide, engine)
        if result.form == "boolean" or result.quantity:
            return
        if (called := by_name(result, question, self.lexicon)) is not None:
            yield found, called
        if (alone := self._alone(question)) is not None:
            yield alone

    def _resting(self, found: Read, tried: Reading, engine: Engine) -> tuple[Read, Reading]:
        """What came about by the results that sources report; where none is, by what was tried."""
        if not (tried.rests_on and tried.of("intervention-type")):
            return found, tried
        reported = swapped(replace(tried, rests_on=YES_REPORTED), "intervention-type", "reported")
        if is_nothing(run(engine, compose(reported), self.limits), reported):
            return found, replace(tried, rests_on=ONLY_TRIED)
        wider = (self.lexicon.text("other-tried", tried.language), tried)
        return replace(found, others=(wider, *found.others)), reported

    def _untold(self, result: Reading, question: str) -> Refusal:
        """Why nothing is told, and what is held beside it."""
        entry = lexicons.LEXICON + result.untold
        kind = (self.lexicon.reasons[entry].nearest or HS + "Project").removeprefix(HS)
        planned = swapped(result, "concerns", "intervention-type")
        listed = replace(planned, form="list", target=kind, notes=())
        near = (offered(self.engine, self.lexicon, listed),)
        return Refusal("reason-held", question, entry, near)

    def _nearest_to(self, result: Reading, engine: Engine) -> list[tuple[str, Reading]]:
        """What there is without one condition of a list that leads to nothing."""
        near = less(result, self.lexicon)
        return [(text, other) for text, other in near if self._rows(other, engine)]

    def _rows(self, reading: Reading, engine: Engine) -> tuple[tuple[Cell, ...], ...]:
        return run(engine, compose(reading), self.limits).rows

    def _alone(self, question: str) -> tuple[Read, Reading] | None:
        """The sentence that asks, read without the others, where there are others."""
        asked = asking(question)
        found = self._read(asked) if asked != question else None
        if found is None or isinstance(found.result, Refusal):
            return None
        result = replace(found.result, notes=(*found.result.notes, "note-sentence"))
        return replace(found, result=result), result

    def _read(self, question: str) -> Read:
        language, chunks = cut(self.lexicon.gazetteer, question)
        chunks = entitled(chunks, self.lexicon.grammar(language), self.engine)
        chunks = self._unknown.called(chunks, question)
        chunks, unknown = self._unknown.told_apart(chunks, language)
        chunks = sized(seated(set_apart(chunks), self.lexicon.empty_places), self.lexicon, language)
        pieces = named(self.engine, told(chunks, question, self.lexicon, language), language)
        if (refusal := self._refusals.of(chunks, unknown, question, language)) is not None:
            return Read(language, refusal, pieces, unknown)
        absent = [c.text(question) for c in chunks if is_empty_place(c, self.lexicon)]
        chunks = [replace(c, meanings=()) if is_empty_place(c, self.lexicon) else c for c in chunks]
        reading = read(chunks, self.lexicon.grammar(language))
        undecided = reading.undecided or (absent if reading.form == "boolean" else ())
        if undecided:
            near = self._refusals.nearest(chunks, language)
            open_to = Refusal("reason-undecided", ", ".join(undecided), None, near)
            return Read(language, open_to, pieces, unknown)
        if is_empty(reading, chunks):
            of_one = reading.period or (pieces and reading.form in OF_ONE)
            code = "reason-which" if of_one else "reason-empty"
            return Read(language, Refusal(code), pieces, unknown)
        more = others(reading, chunks, question, self.lexicon)
        one = compared(reading, chunks, self.engine) or single(reading, chunks, self.engine)
        if one is not None:
            more = ((self.lexicon.text("other-all", language), reading), *more)
        return Read(language, one or reading, pieces, unknown, more)
