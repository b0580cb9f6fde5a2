"""Which programme is meant by "the programme in Soacha" or "the Tanzania northwest project"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from hsgraph.ask.composing.compose import matching
from hsgraph.ask.composing.restrict import in_names
from hsgraph.ask.names.grammar import Grammar
from hsgraph.ask.names.lexicon import Lexicon
from hsgraph.ask.names.name import PLACES, Meaning
from hsgraph.ask.names.words import Token, split, stem, stem_in_names, tokens
from hsgraph.ask.parts import Assembly
from hsgraph.ask.pieces.chunk import Chunk, has
from hsgraph.ask.question import definite
from hsgraph.ask.reading import PROJECT, Condition, Reading
from hsgraph.ask.target import class_of
from hsgraph.engine.protocol import Engine, Term

_FITTING: Final = 0.9
"""What it is worth to fit all conditions, in words of a name."""
_MOST_WORDS: Final = 40
"""How many words of a name are looked for: the longest name of a programme has 34."""
_SIDE_BY_SIDE: Final = ("list", "about", "definition")
_FORMS: Final = ("date", "length", "amount", "about", "evidence")


def entitled(chunks: Sequence[Chunk], grammar: Grammar, engine: Engine) -> list[Chunk]:
    """The pieces; those beside the noun of one programme that are words of one name are its name.

    "The Wa drug control project" is the only one with all these words in its names.
    """
    out = list(chunks)
    for noun in range(1, len(chunks)):
        if class_of(chunks[noun]) != PROJECT or chunks[noun].tokens[-1].several:
            continue
        begin = noun
        while (
            begin and _may_name(chunks[begin - 1]) and not _is_article(chunks[begin - 1], grammar)
        ):
            begin -= 1
        given = chunks[begin:noun]
        if not (begin and given[1:] and _is_article(chunks[begin - 1], grammar)):
            continue
        words = tuple(token for c in given for token in c.tokens)
        if (found := _with_words(words, grammar, engine)) is not None:
            out[begin:noun] = [Chunk(words, given[0].start, (found,), 1.0)]
        break
    return out


def _may_name(chunk: Chunk) -> bool:
    """Whether a piece may be a part of a name: a word that asks for nothing."""
    return not any(m.kind in ("cue", "class", "number", "not-held") for m in chunk.meanings)


def _is_article(chunk: Chunk, grammar: Grammar) -> bool:
    return chunk.tokens[-1].folded in grammar.articles


def _with_words(words: Sequence[Token], grammar: Grammar, engine: Engine) -> Meaning | None:
    """The only programme that has all of some words in its names."""
    stems = dict.fromkeys(stem_in_names(word.folded, grammar.language) for word in words)
    if len(stems) > _MOST_WORDS:
        return None
    assembly = Assembly()
    for stemmed in stems:
        assembly.add("conditions/entitled", {"word": in_names(stemmed)})
    rows = engine.select(assembly.query("which")).rows
    if len(rows) != 1:
        return None
    return Meaning(PROJECT, rows[0]["project"].value, rows[0]["label"].value)


def single(reading: Reading, chunks: Sequence[Chunk], engine: Engine) -> Reading | None:
    """The reading about the one programme that fits best; None if none is better than the others.

    Best is one whose name has the words of the question, and that works in the fewest countries.
    Where none fits all that was understood, it is looked for among those of the place; the only
    one of a town is meant, whatever its name.
    """
    if not reading.conditions or not definite(chunks):
        return None
    if reading.of("project") and not reading.of("place"):
        return None
    if reading.form not in _FORMS and not _is_of_one(reading):
        return None
    rows = engine.select(matching(reading)).rows
    places = reading.of("place")
    if rows and (reading.of("project") or not _may_be_one_of_several(reading)):
        return None
    fitting = {row["project"].value for row in rows}
    if places:
        rows = engine.select(matching(replace(reading, conditions=places))).rows
    if len(fitting) == len(rows) < 2:
        return None
    words = {
        stem(word, "en")
        for chunk in chunks
        if chunk.meaning is not None and chunk.meaning.kind not in ("cue", "class", "filler")
        for word in (*(token.folded for token in chunk.tokens), *split(chunk.meaning.label))
    }

    def worth(row: Mapping[str, Term]) -> float:
        named = words & {stem(word, "en") for word in split(row["label"].value)}
        fits = _FITTING * (row["project"].value in fitting)
        return len(named) + fits - 0.3 * min(int(row["countries"].value), 10)

    ranked = sorted(
        ((worth(row), row["project"].value) for row in rows),
        reverse=True,
    )
    alone = len(ranked) == 1 and any(c.kind("Municipality", "Region", "Place") for c in chunks)
    if not ranked or not (alone or ranked[0][0] > 0):
        return None
    if len(ranked) > 1 and ranked[0][0] <= ranked[1][0]:
        return None
    label = next(r["label"].value for r in rows if r["project"].value == ranked[0][1])
    one = Condition("project", (ranked[0][1],), label)
    kept = ("budget-kind", "share-of") if reading.form in _FORMS else ("outcome-kind",)
    return replace(reading, conditions=(one, *reading.of(*kept)))


def compared(reading: Reading, chunks: Sequence[Chunk], engine: Engine) -> Reading | None:
    """The reading about the programmes that are set side by side: named, or each by its place."""
    named = [c.meaning for c in chunks if c.meaning and c.meaning.kind in (PROJECT, *PLACES)]
    listed = reading.form in _SIDE_BY_SIDE and not (reading.rank or reading.by_money)
    if not (named[1:] and listed and definite(chunks) and has(chunks, "compare")):
        return None
    found: list[Condition] = []
    for meaning in named:
        part = "project" if meaning.kind == PROJECT else "place"
        one = Condition(part, meaning.values, meaning.label)
        about = Reading("about", conditions=(one,), language=reading.language)
        found += (single(about, chunks, engine) or about).conditions
    label = " / ".join(condition.label for condition in found)
    either = replace(found[0], label=label, others=tuple(found[1:]))
    return Reading("about", conditions=(either,), language=reading.language)


def by_name(reading: Reading, question: str, lexicon: Lexicon) -> Reading | None:
    """The reading about the programmes that have all words of the conditions in their names."""
    given, names = tokens(question), lexicon.gazetteer
    words = [
        token.folded
        for c in reading.conditions
        for token in given[c.start : c.end]
        if not names.is_link(token.folded, reading.language)
    ]
    if len(reading.conditions) < 2 or any(c.negated or c.start < 0 for c in reading.conditions):
        return None
    found = [name.meaning for name in names.partly(words, (PROJECT,), reading.language)]
    if not found:
        return None
    values = tuple(dict.fromkeys(meaning.value for meaning in found))
    return replace(reading, conditions=(Condition("project", values, found[0].label),))


def _may_be_one_of_several(reading: Reading) -> bool:
    """Whether one programme is chosen of those that fit: it has one start, one lead agency."""
    led = reading.target == "led" and not any(c.negated for c in reading.conditions)
    return reading.form in _FORMS or led


def _is_of_one(reading: Reading) -> bool:
    """Whether what belongs to a programme is asked for: "the partners of the project in Ituri"."""
    return (
        reading.form in ("list", "number")
        and reading.target != PROJECT
        and not (reading.rank or reading.untold)
    )
