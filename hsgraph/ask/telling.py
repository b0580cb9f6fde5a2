"""What is told of each piece of a question: what it was taken for, or that it is no condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.ask import parts
from hsgraph.ask.conditions import choose
from hsgraph.ask.names.lexicon import LEXICON, UNMEASURED, Lexicon
from hsgraph.ask.pieces.chunk import Chunk
from hsgraph.ask.reading import Piece, Reading
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import BASE, VOCAB

_SEVERAL: Final = ", "
"""What stands between the names of several things that a piece may be."""
_KINDS: Final = ("threat-type", "intervention-type")
_SILENT: Final = (
    "which", "yes-no", "during", "and", "for", "with", "list", "between", "to", "or", "both",
    "passive", "present",
)  # fmt: skip
"""What is not told of how a question was read."""


def told(chunks: Sequence[Chunk], question: str, lexicon: Lexicon, language: str) -> list[Piece]:
    """Each piece of the question with what it was taken for."""
    found = ((chunk, _told(chunks, at, lexicon, language)) for at, chunk in enumerate(chunks))
    return [
        Piece(chunk.text(question), *said, chunk.guessed)
        for chunk, said in found
        if said is not None
    ]


def _told(
    chunks: Sequence[Chunk], at: int, lexicon: Lexicon, language: str
) -> tuple[str, str | None] | None:
    """What a piece was taken for, with the address of that; None where it need not be told."""
    chunk = chunks[at]
    meaning = choose(chunks, at) or chunk.meaning
    if meaning is None or chunk.cue(*_SILENT):
        return None
    if is_empty_place(chunk, lexicon):
        return lexicon.text("label-no-programme", language), None
    if meaning.kind == "not-held":
        return lexicon.text("label-not-held", language), None
    if meaning.kind == "filler":
        nothing = lexicon.text("label-no-condition", language)
        return (nothing, None) if meaning.value in UNMEASURED else None
    named = meaning.value.startswith("http") and not meaning.value.startswith(LEXICON)
    return meaning.label, meaning.value if named else None


def is_empty_place(chunk: Chunk, lexicon: Lexicon) -> bool:
    """Whether a piece names a place where no programme works."""
    meaning = chunk.meaning
    if meaning is None:
        return False
    return meaning.kind == "absent" or (
        meaning.kind == "Country" and set(meaning.values) <= lexicon.empty_places
    )


def labels(engine: Engine, things: Sequence[str], language: str) -> dict[str, str]:
    """What the graph calls some things in a language, or in English."""
    values: parts.Values = {
        "things": [NamedNode(iri) for iri in things],
        "language": Literal(language),
    }
    rows = engine.select(parts.text("labels"), values).rows if things else ()
    return {row["thing"].value: row["name"].value for row in rows}


def named(engine: Engine, pieces: Sequence[Piece], language: str) -> list[Piece]:
    """The pieces, concepts by their own names, not by the plain words they were found by."""
    concepts = [p.iri for p in pieces if p.iri and p.iri.startswith(VOCAB)]
    names = labels(engine, concepts, language)
    return [
        replace(piece, taken_for=names[piece.iri])
        if piece.iri in names and _SEVERAL not in piece.taken_for
        else piece
        for piece in pieces
    ]


def by_kind(pieces: Sequence[Piece], language: str) -> bool:
    """Whether words were taken for a kind of threats or interventions that has another name."""
    kinds = tuple(f"{VOCAB}{kind}/" for kind in _KINDS)
    told = [piece for piece in pieces if (piece.iri or "").startswith(kinds)]
    return not all(piece.is_plain(language) for piece in told)


def offered(engine: Engine, lexicon: Lexicon, reading: Reading) -> tuple[str, Reading]:
    """A reading in words: the kind of what it lists, and its conditions."""
    one = {c: c.values[0] for c in reading.conditions if not (c.others or c.values[1:])}
    known = labels(engine, [v for v in one.values() if v.startswith(BASE)], reading.language)
    names = [known.get(one.get(c, ""), c.label) for c in reading.conditions]
    return " · ".join((lexicon.kind(reading.target, reading.language), *names)), reading
