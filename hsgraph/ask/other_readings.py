"""Other ways to read a question: what the same words could mean too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from hsgraph.ask.interpret import read
from hsgraph.ask.names.lexicon import SIZES, Lexicon
from hsgraph.ask.names.name import PLACES, Meaning
from hsgraph.ask.pieces.chunk import Chunk, has
from hsgraph.ask.question import RANKS
from hsgraph.ask.reading import PROJECT, Condition, Piece, Read, Reading
from hsgraph.ask.shapes.ranks import typed
from hsgraph.ask.target import LATER, class_of

_MOST: Final = 5
_NO_LIST: Final = ("number", "how-much", "per", "when", "how-long", "share", "average")
"""Words of questions that are no lists of programmes."""
_WITH_PROGRAMMES: Final = (PROJECT, "Agency", "Organisation", "Partner", "led", "funded")
"""What is known by its programmes alone."""
_LED_ASTRAY: Final = ("list", "date", "length", "amount", "about")
"""The forms that tell nothing where a name was taken for the wrong thing."""
_WIDER: Final = {"list": ("concerned", "note-wider"), "boolean": ("served", "note-served")}
"""For the forms that ask of a group, the part for it where none is a beneficiary, and the note."""
_IDEAS: Final = ("population-group", "intervention-type", "threat-type", "addressed")
_COUNTING: Final = ("list", "number")
_GROUPS: Final = {"population-group": "BeneficiaryTarget"}
"""Whose name in the plural a vocabulary has."""
_TYPED: Final = ("Threat", "Intervention")


def others(
    reading: Reading, chunks: Sequence[Chunk], question: str, lexicon: Lexicon
) -> tuple[tuple[str, Reading], ...]:
    """A few other readings, each with what is different in it; none that is the same."""
    found: dict[Reading, str] = {reading: ""}
    for text, other in _all(reading, chunks, question, lexicon):
        found.setdefault(other, text)
        if len(found) > _MOST:
            break
    del found[reading]
    return tuple((text, other) for other, text in found.items())


def meant_else(reading: Reading, found: Read) -> tuple[Read, Reading] | None:
    """The question read with the next meaning of one name, where the likeliest leads to nothing."""
    for _, other in found.others if reading.form in _LED_ASTRAY else ():
        pairs = [
            (a, b)
            for a, b in zip(reading.conditions, other.conditions, strict=False)
            if a.values != b.values
        ]
        same = replace(other, conditions=reading.conditions) == reading
        if same and len(pairs) == 1 and len(other.conditions) == len(reading.conditions):
            was, now = pairs[0]
            pieces = [
                Piece(p.words, now.label, now.values[0]) if p.iri == was.values[0] else p
                for p in found.pieces
            ]
            return replace(found, result=other, pieces=pieces), other
    return None


def wider(reading: Reading) -> Iterator[Reading]:
    """The readings with groups that are concerned in any way, where none is a beneficiary, and with
    one of several ideas of a kind, where nothing has all: "support for widows and orphans"."""
    if reading.rank or (reading.form == "boolean" and (reading.counted or reading.quantity)):
        return
    groups = [c for c in reading.of("population-group") if not c.negated]
    alone = len(groups) == 1 and not groups[0].others and not groups[0].values[1:]
    if alone and reading.form in _WIDER and reading.target in _WITH_PROGRAMMES:
        part, note = _WIDER[reading.form]
        made = swapped(reading, "population-group", part)
        yield replace(made, notes=(*reading.notes, note))
    for part in _IDEAS if reading.form == "list" and not reading.beside else ():
        ideas = [c for c in reading.of(part) if not c.negated]
        if ideas[1:]:
            label = " / ".join(c.label for c in ideas)
            either = replace(ideas[0], others=tuple(ideas[1:]), label=label)
            rest = tuple(c for c in reading.conditions if c not in ideas)
            yield replace(
                reading, conditions=(either, *rest), notes=(*reading.notes, "note-either")
            )


def narrow(reading: Reading) -> Reading | None:
    """The list with all that concerns a group, beside one or a number of those that name it as
    their beneficiary: "programmes for refugees in Africa"."""
    free = reading.form in _COUNTING and reading.target == PROJECT
    if not free or reading.rank or reading.at_first or reading.grouped or reading.counted:
        return None
    groups = [c for c in reading.of("population-group") if not c.negated]
    return (
        replace(swapped(reading, "population-group", "concerned"), form="list") if groups else None
    )


def less(reading: Reading, lexicon: Lexicon) -> Iterator[tuple[str, Reading]]:
    """A list without one of its conditions, each in turn."""
    plain = [c for c in reading.conditions if not c.negated]
    if reading.form != "list" or reading.subjects or len(reading.conditions) < 2:
        return
    for condition in plain[:_MOST]:
        kept = tuple(c for c in reading.conditions if c != condition)
        text = lexicon.text("other-without-this", reading.language).format(label=condition.label)
        yield text, replace(reading, conditions=kept)


def _all(
    reading: Reading, chunks: Sequence[Chunk], question: str, lexicon: Lexicon
) -> Iterator[tuple[str, Reading]]:
    yield from _sizes(reading, chunks, lexicon)
    yield from _meanings(reading, chunks, question, lexicon)

    def said(code: str) -> str:
        return lexicon.text(code, reading.language)

    if reading.of("threat-type") and reading.target == PROJECT and reading.form != "causes":
        yield said("other-addressed"), swapped(reading, "threat-type", "addressed")
    if reading.of("addressed"):
        yield said("other-named"), swapped(reading, "addressed", "threat-type")
    if reading.of("population-group") and reading.target == PROJECT:
        yield said("other-wider"), swapped(reading, "population-group", "concerned")
    if reading.of("implemented"):
        yield said("other-role"), swapped(reading, "implemented", "organisation")
    if reading.form == "list" and reading.target in _TYPED:
        kind = typed(reading.target, reading.conditions)
        yield said("other-types"), replace(reading, target=kind)
    if reading.form == "list" and reading.target != PROJECT and not reading.rank:
        yield said("other-programmes"), replace(reading, target=PROJECT, of_type=())
    if reading.target == "Outcome" and "note-undated" in reading.notes:
        yield said("other-later"), replace(reading, target=LATER, notes=())
    if reading.period is not None and reading.period.kinds and not reading.period.running:
        yield said("other-dates"), replace(reading, period=replace(reading.period, kinds=()))
    elif reading.period is not None and not reading.period.running:
        started = replace(reading.period, kinds=("startDate",))
        yield said("other-started"), replace(reading, period=started)
    places = reading.of("place")
    if reading.form == "money" and len(places) == 1:
        alone = Condition("alone", places[0].values, places[0].label)
        yield said("other-alone"), replace(reading, conditions=(*reading.conditions, alone))


def sized(chunks: Sequence[Chunk], lexicon: Lexicon, language: str) -> list[Chunk]:
    """The pieces; a size of the programmes that are asked for is an end of their order by money."""
    out = list(chunks)
    only_asked = has(chunks, "yes-no") and not has(chunks, "which")
    if only_asked or has(chunks, *RANKS, *_NO_LIST):
        return out
    for at, noun in enumerate(chunks):
        for beside in (at - 1, at + 1) if _are_programmes(noun) else ():
            rank = next((SIZES[m.value] for m in _meant(chunks, beside) if m.value in SIZES), None)
            if rank is not None:
                end = Meaning("cue", rank, lexicon.text(f"other-{rank}", language))
                out[beside] = replace(out[beside], meanings=(end, *out[beside].meanings))
    return out


def _are_programmes(chunk: Chunk) -> bool:
    return class_of(chunk) == PROJECT and chunk.tokens[-1].several


def _meant(chunks: Sequence[Chunk], at: int) -> tuple[Meaning, ...]:
    return chunks[at].meanings if 0 <= at < len(chunks) else ()


def _sizes(
    reading: Reading, chunks: Sequence[Chunk], lexicon: Lexicon
) -> Iterator[tuple[str, Reading]]:
    """All programmes, of whatever size."""
    if reading.rank and any(m.value in SIZES for chunk in chunks for m in chunk.meanings):
        yield (
            lexicon.text("other-all", reading.language),
            replace(reading, rank=None, limit=1, by_money=False),
        )


def _meanings(
    reading: Reading, chunks: Sequence[Chunk], question: str, lexicon: Lexicon
) -> Iterator[tuple[str, Reading]]:
    """The question with another meaning of one of its pieces."""
    for at, chunk in enumerate(chunks):
        for meaning in chunk.meanings[1:3]:
            same = meaning.values == chunk.meanings[0].values
            same = same or (
                bool(chunk.kind(*PLACES)) and meaning.kind in ("Partner", "Organisation")
            )
            if same or meaning.kind in ("cue", "class", "filler", "number", "not-held", "absent"):
                continue
            other = list(chunks)
            other[at] = replace(chunk, meanings=(meaning,))
            text = lexicon.text("other-reading", reading.language)
            words = chunk.text(question)
            made = read(other, lexicon.grammar(reading.language))
            label = meaning.label
            kind = lexicon.kind(_GROUPS.get(meaning.kind, meaning.kind), reading.language)
            if kind and Piece(words, label).is_plain(reading.language):
                label = f"{label} ({kind})"
            yield text.format(words=words, label=label), made


def swapped(reading: Reading, part: str, other: str) -> Reading:
    conditions = tuple(replace(c, part=other) if c.part == part else c for c in reading.conditions)
    return replace(reading, conditions=conditions)
