"""Questions in known words that ask for what no source says: effects of programmes, and persons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from hsgraph.ask.conditions import ORGANISATIONS
from hsgraph.ask.names.grammar import Grammar
from hsgraph.ask.pieces.chunk import Chunk
from hsgraph.ask.question import counts, definite
from hsgraph.ask.reading import PROJECT
from hsgraph.ask.target import class_of

EFFECTS: Final = "not-held-effects"
REACHED: Final = "not-held-reached"
PEOPLE: Final = "not-held-people"


def unasked(chunks: Sequence[Chunk], grammar: Grammar) -> str | None:
    """The entry of the lexicon that says why there is no answer; None where there may be one."""
    if counts(chunks, "intervention-type") and (definite(chunks) or not _has_noun(chunks)):
        return EFFECTS
    if counts(chunks, "threat-type") and any(c.cue("benefits") for c in chunks):
        return REACHED if not _has_noun(chunks) else None
    if _asks_effect(chunks, grammar):
        return EFFECTS
    return PEOPLE if _asks_head(chunks) else None


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


def _has_noun(chunks: Sequence[Chunk]) -> bool:
    return any(class_of(chunk) for chunk in chunks)


def _asks_effect(chunks: Sequence[Chunk], grammar: Grammar) -> bool:
    """Whether a question asks if programmes worked: "did the programme in Peru reduce poverty?"."""
    asked = next(
        (at for at, c in enumerate(chunks) if c.cue("yes-no", "how", "how-much", "why")), -1
    )
    done = next((at for at, c in enumerate(chunks) if c.cue("effected", "worked")), -1)
    if asked < 0 and grammar.as_stated and _is_said_of_given(chunks, grammar.articles):
        asked = 0
    if asked < 0 or done < 0 or any(c.cue("which", "where", "who", "number") for c in chunks):
        return False
    if any(c.kind("Agency", "Organisation", "Partner") for c in chunks[:done]):
        return False
    if not chunks[done].cue("effected") and not _ends(chunks, done):
        return False
    return any(_is_given(chunks, at, grammar.articles) for at in range(done))


def _is_said_of_given(chunks: Sequence[Chunk], articles: Collection[str]) -> bool:
    """Whether a question in the order of a statement begins with it: "¿El programa mejoró …?"."""
    first = chunks[0].tokens[0].folded in articles
    return first and len(chunks) > 1 and class_of(chunks[1]) == PROJECT


def _ends(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether nothing but filler follows: "did the programme in Peru work?"."""
    return all(c.kind("filler") for c in chunks[at + 1 :])


def _is_given(chunks: Sequence[Chunk], at: int, articles: Collection[str]) -> bool:
    """Whether a piece is a programme that is spoken of as known."""
    chunk = chunks[at]
    if chunk.kind(PROJECT) and not class_of(chunk):
        return True
    before = chunks[max(0, at - 3) : at]
    return class_of(chunk) == PROJECT and any(
        token.folded in articles for c in before for token in c.tokens
    )


def _asks_head(chunks: Sequence[Chunk]) -> bool:
    """Whether the person at the head of an organisation is asked for: "qui dirige l'UNICEF ?"."""
    who = any(c.cue("who") for c in chunks)
    heads = any(c.cue("led", "implemented") for c in chunks)
    told = [c for c in chunks if c.meaning and c.meaning.kind not in ("filler", "cue")]
    return who and heads and len(told) == 1 and told[0].kind(*ORGANISATIONS) is not None
