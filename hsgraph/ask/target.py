"""What a question asks for: the kind of things, told by its nouns and question words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hsgraph.ask.names.name import ORGANISATIONS, Meaning
from hsgraph.ask.pieces.chunk import Chunk, first, has
from hsgraph.ask.reading import PROJECT
from hsgraph.namespaces import HS, VOCAB

_ASKING: Final = ("which", "number", "list", "who", "where", "definition", "how-much", "compare")
_ROLES: Final = {
    "led": "led",
    "funded": "funded",
    "partnered": "Partner",
    "took-part": "Organisation",
    "implemented": "Agency",
    "money": "funded",
    "tried": "Agency",
}
_NAMED_BY: Final = {
    "Threat": "threat-type",
    "Intervention": "intervention-type",
    "strategy": "strategy",
    "principle": "principle",
    "dimension": "dimension",
}
_DONE: Final = ("threat-type", "intervention-type", "population-group")
_BETWEEN: Final = 6
_WIDE: Final = ("Country", "Region")
"""Places that have parts."""
LATER: Final = "later"
"""The programmes that followed others."""


@dataclass(frozen=True)
class Target:
    """The kind of things asked for, the type of organisation, and the pieces that say it."""

    kind: str = PROJECT
    of_type: tuple[str, ...] = ()
    at: int = -1
    stated: bool = False


def class_of(chunk: Chunk) -> str | None:
    """The kind that a piece names: the local name of a class or a vocabulary."""
    meaning = chunk.kind("class")
    if meaning is None:
        return None
    return meaning.value.removeprefix(HS).removeprefix(VOCAB)


def has_noun(chunks: Iterable[Chunk]) -> bool:
    """Whether a kind of things is named."""
    return any(class_of(chunk) for chunk in chunks)


def as_places(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The pieces; a part of a country is a place, not a share: "what part of Kenya"; nor are things
    found in sources: "où trouve-t-on des projets"."""
    where = Meaning("cue", "where", "")
    return [
        replace(chunk, meanings=(where,))
        if (chunk.cue("share") and any(c.kind(*_WIDE) for c in chunks[at + 1 : at + 2]))
        or (chunk.cue("evidence") and chunk.tokens[1:] and _are_programmes(chunks[at + 1 :]))
        else chunk
        for at, chunk in enumerate(chunks)
    ]


def _are_programmes(chunks: Sequence[Chunk]) -> bool:
    """Whether programmes, and not what is said of one, follow first."""
    after = next((c for c in chunks if not c.is_filler), None)
    return after is not None and class_of(after) == PROJECT and after.tokens[-1].several


def within(wanted: Target, chunks: Sequence[Chunk]) -> Target:
    """What is asked for; where in a country is asked for places in it, not for the country."""
    countries = [c for c in chunks if c.kind("Country") and not class_of(c)]
    where = wanted.kind == "Country" and chunks[wanted.at].cue("where")
    if not where or len(countries) != 1 or has(chunks, "not", "besides"):
        return wanted
    return replace(wanted, kind="Place")


def target(chunks: Sequence[Chunk]) -> Target:
    """What is asked for; programmes when nothing else is."""
    spent = first(chunks, "spent-on")
    if spent >= 0 and not has(chunks, "how-much", "total", "average", "number"):
        return Target("Intervention", at=spent, stated=True)
    if (happened := first(chunks, "happened")) >= 0:
        return Target("Outcome", at=happened, stated=True)
    if (came := first(chunks, "effects-of")) >= 0 and _tells_programme(chunks[came:]):
        return Target("Outcome", at=came, stated=True)
    if has(chunks, "follows"):
        return Target(LATER, at=first(chunks, "follows"), stated=True)
    asked = [*_ASKING] if has(chunks, "tried") else [*_ASKING, "by-whom"]
    asking = next(
        (at for at, c in enumerate(chunks) if c.cue(*asked) and not _orders(chunks, at)), -1
    )
    found = _noun_before(chunks, asking) or noun_after(chunks, asking)
    if found is None and has(chunks, "where"):
        return Target("Country", at=first(chunks, "where"), stated=True)
    if found is None or (found.kind == PROJECT and chunks[asking].cue("who", "by-whom", "where")):
        found = _pronoun(chunks, asked) or found
    if found is None:
        found = _first_noun(chunks)
    if found is None:
        return Target()
    last = class_of(chunks[-1]) or class_of(chunks[max(0, len(chunks) - 2)])
    if last == "Outcome" and found.kind == PROJECT and found.at > asking + 1 > 0:
        return Target(last, at=len(chunks) - 1, stated=True)
    return _before_per(found, chunks) or _in_role(found, chunks)


def _tells_programme(chunks: Sequence[Chunk]) -> bool:
    """Whether a programme is named, and no threat: "the results of the programme in Soacha"."""
    named = any(c.kind(PROJECT) or class_of(c) == PROJECT for c in chunks)
    return named and not any(c.kind("threat-type") for c in chunks)


def _before_per(found: Target, chunks: Sequence[Chunk]) -> Target | None:
    """Whom a table tells of, where a role alone names them: "lead agencies by programme"."""
    if found.at < 1 or not chunks[found.at - 1].cue("per"):
        return None
    for code in ("led", "partnered", "funded"):
        if has(chunks[: found.at - 1], code):
            return Target(_ROLES[code], at=first(chunks, code), stated=True)
    return None


def _orders(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether a number is only told: "by number of programmes", "agencies and how many …"."""
    return chunks[at].cue("number") and at > 0 and chunks[at - 1].cue("per", "and")


def _noun(chunk: Chunk, at: int, joined: bool = False) -> Target | None:
    """The noun that a piece is; `joined` says that a word for taking part follows."""
    kind = class_of(chunk)
    if kind is not None:
        return Target(kind, at=at, stated=True)
    meaning = chunk.meaning
    if meaning is not None and meaning.kind == "outcome-kind":
        return Target("Outcome", at=at, stated=True)
    if joined or (meaning is not None and meaning.kind == "organisation-type"):
        meaning = chunk.kind("organisation-type")
    if meaning is not None and meaning.kind == "organisation-type":
        return Target("Organisation", meaning.values, at, True)
    return None


def _joins(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether the words after a piece say that it takes part in something."""
    return any(
        c.cue("took-part", "partnered", "implemented") or class_of(c) in ORGANISATIONS
        for c in chunks[at + 1 : at + 5]
    )


def _noun_before(chunks: Sequence[Chunk], asking: int) -> Target | None:
    """The noun that "which" takes up again: "threats which occur in Kenya"."""
    if asking < 1 or not chunks[asking].cue("which"):
        return None
    return _noun(chunks[asking - 1], asking - 1)


def noun_after(chunks: Sequence[Chunk], asking: int) -> Target | None:
    """The noun that a question word asks about: the next one, before any verb of the question."""
    if asking < 0 or chunks[asking].cue("definition", "how-much"):
        return None
    for at in range(asking + 1, min(len(chunks), asking + _BETWEEN)):
        chunk = chunks[at]
        noun = _noun(chunk, at, _joins(chunks, at))
        if noun is not None:
            return noun
        if chunk.cue("yes-no", *_ROLES, "addresses", "received", "benefits", "affected"):
            return None
    return None


def _pronoun(chunks: Sequence[Chunk], asked: Sequence[str]) -> Target | None:
    """What "who" and "where" ask for, by the verb."""
    where = first(chunks, "where")
    if where >= 0:
        return Target("Country", at=where, stated=True)
    who = first(chunks, *(code for code in ("who", "by-whom") if code in asked))
    if who < 0:
        return None
    if class_of(chunks[min(who + 1, len(chunks) - 1)]) == PROJECT:
        return Target("Agency", at=who, stated=True)
    if has(chunks, "benefits", "affected"):
        return Target("BeneficiaryTarget", at=who, stated=True)
    for code, kind in _ROLES.items():
        if has(chunks, code) and not _is_with_people(chunks, code):
            return Target(kind, at=who, stated=True)
    nouns = [t for t in (_noun(c, at) for at, c in enumerate(chunks)) if t and t.kind != PROJECT]
    return nouns[0] if nouns else Target("Agency", at=who, stated=False)


def _is_with_people(chunks: Sequence[Chunk], code: str) -> bool:
    """Whether a verb joins those who are helped, not a partner: "who works with child soldiers"."""
    after = [c.meaning for c in chunks[first(chunks, code) + 1 :] if not c.is_filler][:1]
    joined = code in ("partnered", "took-part")
    return joined and any(m is not None and m.kind in _DONE for m in after)


def _first_noun(chunks: Sequence[Chunk]) -> Target | None:
    nouns = [t for at, c in enumerate(chunks) if (t := _noun(c, at, _joins(chunks, at)))]
    plain = [t for t in nouns if not (_is_hint(chunks, t) or _is_setting(chunks, t))]
    if not plain:
        return None
    if plain[0].of_type and any(t.kind == PROJECT for t in plain):
        return next(t for t in plain if t.kind == PROJECT)
    return plain[0]


def _is_setting(chunks: Sequence[Chunk], noun: Target) -> bool:
    """Whether a noun only tells where something is: "solar energy villages"."""
    before = chunks[noun.at - 1].meaning if noun.at else None
    return noun.kind == "Municipality" and before is not None and before.kind in _DONE


def _is_hint(chunks: Sequence[Chunk], noun: Target) -> bool:
    """Whether a noun only says of what kind the name beside it is: "threats of drought"."""
    named = _NAMED_BY.get(noun.kind)
    if named is None:
        return False
    near = chunks[max(0, noun.at - 1) : noun.at + 3]
    return any(c.kind(named) for c in near if not c.cue("addresses"))


def _in_role(found: Target, chunks: Sequence[Chunk]) -> Target:
    if found.kind == "Fund":
        return Target("funded", (), found.at, True)
    by_each = found.at > 0 and chunks[found.at - 1].cue("per")
    if found.kind in ("Agency", "Organisation") and not by_each:
        if has(chunks, "led"):
            return Target("led", found.of_type, found.at, True)
        if has(chunks, "funded"):
            return Target("funded", found.of_type, found.at, True)
        untyped = found.kind == "Organisation" and not found.of_type
        if untyped and any(class_of(c) == "Partner" or c.cue("partnered") for c in chunks):
            return Target("Partner", (), found.at, True)
    return found
