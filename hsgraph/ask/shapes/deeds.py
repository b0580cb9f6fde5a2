"""Questions about the course of programmes, which what sources report of it answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hsgraph.ask.names.name import PLACES
from hsgraph.ask.pieces.chunk import Chunk, has
from hsgraph.ask.pieces.numbers import INDEFINITE
from hsgraph.ask.question import Question, definite
from hsgraph.ask.reading import NAMED, PROJECT, REPORTED, TRIED, Condition, Reading
from hsgraph.ask.target import class_of

_DOERS: Final = ("project", "implemented", "led", "organisation", "partnered", "funded")
_CLAUSE: Final = 3
"""The pieces that a clause begins with: an article, a noun, a verb."""
_NEAR: Final = 5
"""How many pieces after "built" the programme may stand, in "built by the Kosovo programme"."""


def reported(q: Question) -> Reading | None:
    """What is reported of a deed: "did the programme in Kosovo build schools?".

    What a programme planned says nothing of what it did.
    """
    deeds = [f for f in q.found if f.condition.part == "intervention-type" and _does(q, f.chunk)]
    if not deeds or not q.asks_whether:
        return None
    conditions = tuple(_concerned(c) for c in q.conditions())
    return Reading(
        "list", "Outcome", conditions=conditions, notes=("note-reported",), untold=REPORTED
    )


def tells_deed(q: Question) -> bool:
    """Whether a group and what it got begin a question, as in a statement.

    Either may be first: "¿Los niños recibieron comidas?", "¿Encontraron trabajo los jóvenes?".
    """
    if len(q.chunks) < _CLAUSE or q.target.stated:
        return False
    first, second, third = q.chunks[:_CLAUSE]
    if _is_deed(first) and first.tokens[1:] and _is_article(q, 1):
        return third.kind("population-group") is not None
    if not (_is_article(q, 0) and second.kind("population-group")):
        return False
    after = next((c for c in q.chunks[_CLAUSE - 1 :] if not _is_light(c)), None)
    return after is not None and (after.cue("received") or _is_deed(after))


def rests_on(q: Question) -> str:
    """The sentence of a yes to what came about: "were wells dug in Bhutan?".

    It is none where programmes or agencies are asked about, or what was tried: that alone is the
    answer then. Whether any programme did something asks what came about.
    """
    by_any = any(meaning.value == INDEFINITE for meaning in q.chunks[0].meanings)
    if (q.target.stated and not by_any) or q.has("tried") or q.conditions(*_DOERS):
        return ""
    parts = {c.part for c in q.conditions() if not c.negated}
    if parts & {"intervention-type", "addressed", "population-group"}:
        return TRIED
    return NAMED if "threat-type" in parts else ""


def _concerned(condition: Condition) -> Condition:
    deed = condition.part == "intervention-type"
    return replace(condition, part="concerns") if deed else condition


def _does(q: Question, at: int) -> bool:
    """Whether a programme, or a place that stands for it, does what a piece names."""
    after = q.chunks[at + 1 :]
    if has(after[:1], "per"):
        nouns = [c for c in after[1:_NEAR] if class_of(c) == PROJECT]
        return bool(nouns) and not nouns[0].tokens[-1].several
    if at == 0:
        return definite(q.chunks) and _is_article(q, 1) and class_of(after[1]) == PROJECT
    turned = q.chunks[at - 1].cue("yes-no") and len(q.chunks[at - 1].tokens) > 1
    by = at - 1 - turned
    if by < 0 or (after and class_of(after[0]) == PROJECT):
        return False
    doer = q.chunks[by]
    if definite(q.chunks):
        return class_of(doer) == PROJECT or doer.kind(PROJECT, *PLACES) is not None
    before = q.chunks[:by]
    begins = all(c.cue("yes-no") or c.is_filler for c in before)
    return begins and not has(before, "during") and doer.kind(PROJECT, *PLACES) is not None


def _is_deed(chunk: Chunk) -> bool:
    return chunk.meaning is not None and chunk.meaning.kind == "intervention-type"


def _is_light(chunk: Chunk) -> bool:
    """Whether a piece adds nothing and joins nothing, as auxiliary verbs."""
    joins = any(m.kind == "cue" or m.value == "link" for m in chunk.meanings)
    return chunk.is_filler and not joins


def _is_article(q: Question, at: int) -> bool:
    return at + 1 < len(q.chunks) and q.chunks[at].tokens[0].folded in q.grammar.articles
