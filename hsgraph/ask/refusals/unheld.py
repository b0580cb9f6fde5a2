"""Questions in known words that ask for what no source says: effects, persons, the world itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from hsgraph.ask.names.grammar import Grammar
from hsgraph.ask.names.lexicon import UNMEASURED
from hsgraph.ask.names.name import ORGANISATIONS, PLACES
from hsgraph.ask.pieces.chunk import Chunk, first, has
from hsgraph.ask.question import ASKED, counts, counts_people, definite, is_people, reaches
from hsgraph.ask.reading import PROJECT, REACHED
from hsgraph.ask.target import class_of, has_noun, noun_after

CONTACT: Final = "not-held-contact"
EFFECTS: Final = "not-held-effects"
PEOPLE: Final = "not-held-people"
ORDER_OF_PEOPLE: Final = "not-held-order-of-people"
WORLD: Final = "not-held-world"
PRESENT: Final = "not-held-present"
_IDEAS: Final = ("threat-type", "intervention-type", "dimension", "keyword", "words")
_GROUPS: Final = "population-group"
_DEEDS: Final = (
    "led", "implemented", "funded", "partnered", "took-part", "tried", "addresses", "benefits",
    "received", "worked", "money", "approved", "announced", "published", "follows",
)  # fmt: skip
"""What is done by programmes, or to them."""
_AVERAGED: Final = ("money", "received", "total", "how-much", "how-long", "lasting", "largest")
"""What an average is known of."""
_BOUNDS: Final = ("started", "ended")
_ASKED: Final = (*ASKED, "list", "definition", "share", "about", "evidence", "running")


def unasked(chunks: Sequence[Chunk], grammar: Grammar) -> str | None:
    """The entry of the lexicon that says why there is no answer; None where there may be one."""
    deeds = counts(chunks, "intervention-type") and not reaches(chunks)
    if deeds and (definite(chunks) or not has_noun(chunks)):
        return EFFECTS
    if counts(chunks, "threat-type") and has(chunks, "benefits"):
        return REACHED if not has_noun(chunks) else None
    if _asks_effect(chunks, grammar) or _asks_change(chunks):
        return EFFECTS
    if _ranks_people(chunks):
        return ORDER_OF_PEOPLE
    if _asks_head(chunks):
        return PEOPLE
    if _asks_to_apply(chunks):
        return CONTACT
    if has(chunks, "average") and not has(chunks, "definition", *_AVERAGED):
        first_named = next(
            (c for c in chunks if _is_idea(c) or c.kind(_GROUPS) or c.cue("number")), None
        )
        if first_named is not None and not has_noun(chunks[: chunks.index(first_named)]):
            return WORLD
    if _asks_the_present(chunks):
        return PRESENT
    return WORLD if _asks_the_world(chunks) else None


def _ranks_people(chunks: Sequence[Chunk]) -> bool:
    """Whether the most or fewest people are asked for: "which reached the most women?"."""
    return any(
        chunk.cue("most", "least")
        and not class_of(after)
        and (after.kind(_GROUPS) or is_people(after))
        for chunk, after in pairwise(chunks)
    )


def _asks_the_world(chunks: Sequence[Chunk]) -> bool:
    """Whether what is asked is no matter of programmes: "how many earthquakes hit Peru?"."""
    if has(chunks, "why") and not any(c.kind("threat-type") for c in chunks):
        return True
    tests = (_counts_ideas, _dates_events, _measures_ideas, _asks_of_itself, _describes)
    return any(test(chunks) for test in tests)


def _asks_of_itself(chunks: Sequence[Chunk]) -> bool:
    """Whether countries are asked for by one, and not by programmes: "which border Kenya?"."""
    nouns = [class_of(c) for c in chunks if class_of(c)]
    named = [c for c in chunks if c.kind("Country") and not class_of(c)]
    joined = ("not", "besides", "or", "compare", "than", "most", "least", "more-than", "less-than")
    return nouns == ["Country"] and len(named) == 1 and not has(chunks, *joined)


def _counts_ideas(chunks: Sequence[Chunk]) -> bool:
    """Whether a number or a share is asked of what is not counted: "how many earthquakes"."""
    for at, chunk in enumerate(chunks):
        after = [c for c in chunks[at + 1 :] if not c.is_filler]
        if chunk.cue("number") and counts_people(chunks) and not reaches(chunks):
            return not has_noun(chunks)
        shared = chunk.cue("share") and after and after[0].kind("population-group")
        counted = chunk.cue("number", "share") and not reaches(chunks)
        if after and (shared or (counted and (_is_idea(after[0]) or after[0].cue("affected")))):
            return noun_after(chunks, at) is None
    return False


def _dates_events(chunks: Sequence[Chunk]) -> bool:
    """Whether a date is asked of what is no programme: "when was UNDP founded?"."""
    if not has(chunks, "when") or has_noun(chunks) or not any(c.is_name for c in chunks):
        return False
    bodies = any(c.kind(*ORGANISATIONS, PROJECT) for c in chunks)
    done = (*_DEEDS, *_BOUNDS) if bodies else _DEEDS
    return not has(chunks, *done)


def _measures_ideas(chunks: Sequence[Chunk]) -> bool:
    """Whether a measure is asked that no source has: "how poor is Liberia?", "the most modern"."""
    if has(chunks, "addresses", "tried"):
        return False
    return any(
        (chunk.cue("how") and _is_idea(after) and not has_noun(chunks))
        or (chunk.cue("most", "least") and _is_no_measure(after))
        for chunk, after in pairwise(chunks)
    )


def _is_no_measure(chunk: Chunk) -> bool:
    """Whether a piece has no meaning but that its word may be in names: "beautiful", "modern"."""
    unknown = not chunk.meanings and chunk.tokens[0].text.isalpha()
    return unknown or chunk.kind("words") is not None


def _describes(chunks: Sequence[Chunk]) -> bool:
    """Whether only what a place or body is like is asked: "is Kosovo independent?"."""
    asked = has(chunks, "yes-no", "where")
    done = has(chunks, *_DEEDS)
    named = [c for c in chunks if not (c.is_filler or c.cue("yes-no", "where"))]
    told = any(m.value in UNMEASURED for c in chunks[-1:] for m in c.meanings)
    bodies = bool(named) and all(c.kind(*PLACES, *ORGANISATIONS) for c in named)
    return asked and told and bodies and not done


def _asks_the_present(chunks: Sequence[Chunk]) -> bool:
    """Whether yes or no is asked of how things stand now: "is malaria still a problem?"."""
    nouns = {class_of(c) for c in chunks if class_of(c)}
    kinds = {c.meaning.kind for c in chunks if c.meaning}
    named = "threat-type" in kinds and not kinds & {*ORGANISATIONS, PROJECT}
    free = not has(chunks, *_ASKED, *_DEEDS) and not _asks_a_link(chunks)
    return free and named and nouns <= {"Threat"} and has(chunks, "present")


def _asks_a_link(chunks: Sequence[Chunk]) -> bool:
    """Whether a threat and what causes it are both named: "is hunger caused by drought?"."""
    threats = [c for c in chunks if c.kind("threat-type")]
    return len(threats) > 1 and has(chunks, "causes", "driven")


def _is_idea(chunk: Chunk) -> bool:
    return chunk.meaning is not None and chunk.meaning.kind in _IDEAS


def against_one(chunks: Sequence[Chunk]) -> Chunk | None:
    """The one thing that others of its kind are compared with: "more programmes than Kenya"."""
    more = next((at for at, c in enumerate(chunks) if c.cue("most", "least")), len(chunks))
    than = next((at for at, c in enumerate(chunks) if c.cue("compare") and at > more), 0)
    kinds = ("Country", "Agency")
    named = [at for at, c in enumerate(chunks) if c.kind(*kinds) and not class_of(c)]
    if not than or len(named) != 1 or named[0] < than:
        return None
    alike = any(class_of(c) in kinds and chunks[named[0]].kind(class_of(c) or "") for c in chunks)
    return chunks[named[0]] if alike and chunks[0].cue("which") else None


def _asks_effect(chunks: Sequence[Chunk], grammar: Grammar) -> bool:
    """Whether a question asks if programmes worked: "did the programme in Peru reduce poverty?"."""
    asked = first(chunks, "yes-no", "how", "how-much", "why")
    done = first(chunks, "effected", "worked")
    if asked < 0 and grammar.as_stated and _is_said_of_given(chunks, grammar.articles):
        asked = 0
    if asked < 0 or done < 0 or has(chunks, "which", "where", "who", "number"):
        return False
    if any(c.kind(*ORGANISATIONS) and not c.kind(*PLACES) for c in chunks[:done]):
        on = [c for c in chunks[done + 1 :] if c.kind("threat-type", "dimension")]
        return chunks[done].cue("effected") and chunks[asked].cue("yes-no") and bool(on)
    if not chunks[done].cue("effected") and not _ends(chunks, done):
        return False
    return any(_is_given(chunks, at, grammar.articles) for at in range(done))


def _asks_change(chunks: Sequence[Chunk]) -> bool:
    """Whether yes or no is asked of how a threat went on: "did incomes rise in Laos?"."""
    named = any(c.kind("threat-type") for c in chunks)
    doers = has_noun(chunks) or any(c.kind(*ORGANISATIONS, PROJECT) for c in chunks)
    asked = has(chunks, "yes-no", "passive") and not has(chunks, *_ASKED)
    asked = asked and not _asks_a_link(chunks)
    return named and asked and not doers and has(chunks, "changed", "effected")


def _is_said_of_given(chunks: Sequence[Chunk], articles: Collection[str]) -> bool:
    """Whether a question in the order of a statement begins with it: "¿El programa mejoró …?"."""
    first = chunks[0].tokens[0].folded in articles
    return first and len(chunks) > 1 and class_of(chunks[1]) == PROJECT


def _ends(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether nothing but filler follows: "did the programme in Peru work?"."""
    return all(c.is_filler for c in chunks[at + 1 :])


def _is_given(chunks: Sequence[Chunk], at: int, articles: Collection[str]) -> bool:
    """Whether a piece is a programme that is spoken of as known."""
    chunk = chunks[at]
    if chunk.kind(PROJECT) and not class_of(chunk):
        return True
    before = chunks[max(0, at - 3) : at]
    return class_of(chunk) == PROJECT and any(
        token.folded in articles for c in before for token in c.tokens
    )


def _asks_to_apply(chunks: Sequence[Chunk]) -> bool:
    """Whether it is asked how to come by money or a programme: "how can a town get a grant?", not
    how one came by it: "how did Liberia get money?"."""
    how = first(chunks, "how") if not has(chunks, "past") else -1
    told = [c for c in chunks[how:] if c.cue("received") or not c.is_filler]
    return how >= 0 and any(
        chunk.cue("received") and (after.cue("money") or class_of(after) == PROJECT)
        for chunk, after in pairwise(told)
    )


def _asks_head(chunks: Sequence[Chunk]) -> bool:
    """Whether the person at the head of an organisation is asked for: "qui dirige l'UNICEF ?"."""
    who = has(chunks, "who")
    heads = has(chunks, "led", "implemented")
    told = [c for c in chunks if c.meaning and c.meaning.kind not in ("filler", "cue")]
    return who and heads and len(told) == 1 and told[0].kind(*ORGANISATIONS) is not None
