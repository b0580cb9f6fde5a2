"""What is left out of what is asked for: "besides UNDP", "who gave money but for the Fund"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from hsgraph.ask.names.lexicon import OTHER_ONES
from hsgraph.ask.names.name import ORGANISATIONS, PLACES, Meaning
from hsgraph.ask.pieces.chunk import Chunk, has
from hsgraph.ask.reading import PROJECT
from hsgraph.ask.target import Target, target

FUND: Final = "fund"
"""The code of words for the Fund, which make no condition where all programmes are its own."""
SEAT: Final = "seat"
"""The kind of a country that stands for who sits there."""
_ALIKE: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("Agency", "led", "Partner", "Organisation"), ORGANISATIONS),
    **dict.fromkeys(PLACES, PLACES),
    "funded": ("Fund", SEAT, *ORGANISATIONS),
    "Threat": ("threat-type",),
    "Intervention": ("intervention-type",),
    "BeneficiaryTarget": ("population-group",),
}
"""The kinds of names that things asked for have, where not just their own."""
_NEAR: Final = 4


def settled(chunks: Sequence[Chunk], wanted: Target) -> list[Chunk]:
    """The pieces; "besides" is "not" before one of the things asked for, else "and"."""
    out = list(chunks)
    for at, chunk in enumerate(chunks):
        if not chunk.cue("besides", "not"):
            continue
        named = next((n for n in range(at + 1, len(out))[:_NEAR] if _says(out[n])), None)
        if named is not None and wanted.kind == "funded":
            out[named] = _as_fund(out[named])
        if chunk.cue("besides"):
            left_out = named is not None and out[named].kind(*_kinds(wanted)) is not None
            left_out = left_out or (wanted.kind == PROJECT and has_other(chunks[:at]))
            out[at] = replace(chunk, meanings=(Meaning("cue", "not" if left_out else "and", ""),))
    return out


def has_other(chunks: Sequence[Chunk]) -> bool:
    """Whether others than something are asked for: "which other programmes", "where else"."""
    return any(meaning.value == OTHER_ONES for chunk in chunks for meaning in chunk.meanings)


def set_apart(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The pieces; "than" after "other" leaves out what it names, as "besides" does."""
    besides = Meaning("cue", "besides", "")
    return [
        replace(chunk, meanings=(besides,))
        if chunk.cue("than") and has_other(chunks[max(0, at - _NEAR) : at])
        else chunk
        for at, chunk in enumerate(chunks)
    ]


def seated(chunks: Sequence[Chunk], empty: Collection[str]) -> list[Chunk]:
    """The pieces; a country stands for the funders that sit there where they are left out, or where
    it is one of the empty places, in which no programme works: "programmes funded by Japan"."""
    out = list(chunks)
    of_funders = target(chunks).kind == "funded"
    alone = sum(c.kind(*PLACES, PROJECT) is not None for c in chunks) == 1
    for at, chunk in enumerate(chunks):
        country = chunk.kind("Country")
        if country is None:
            continue
        left_out = has(chunks[max(0, at - _NEAR) : at], "besides", "not")
        pays = alone and country.value in empty and _pays(chunks, at)
        if left_out if of_funders else pays:
            out[at] = replace(chunk, meanings=(replace(country, kind=SEAT),))
    return out


def _pays(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether a country is who funds, by the words beside it."""
    before = chunks[max(0, at - 3) : at]
    to_it = has(before, "during", "for", "received")
    return not to_it and (has(before, "funded") or has(chunks[at + 1 : at + 2], "funded"))


def _kinds(wanted: Target) -> tuple[str, ...]:
    return _ALIKE.get(wanted.kind, (wanted.kind,))


def _says(chunk: Chunk) -> bool:
    fund = any(meaning.value == FUND for meaning in chunk.meanings)
    return bool(chunk.meanings) and (fund or not chunk.is_filler)


def _as_fund(chunk: Chunk) -> Chunk:
    """A piece that names the Fund, with the Fund as its meaning."""
    fund = next((m for m in chunk.meanings if m.value == FUND), None)
    if fund is None:
        return chunk
    return replace(chunk, meanings=(Meaning("Fund", fund.values[0], fund.label),))
