"""The conditions of a question: which of its names restrict what is asked, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from hsgraph.ask.names.name import ORGANISATIONS, PLACES, Meaning
from hsgraph.ask.pieces.chunk import Chunk, first, has
from hsgraph.ask.pieces.numbers import comparative
from hsgraph.ask.reading import PROJECT, Condition
from hsgraph.ask.target import Target, class_of, has_noun

CONCEPTS: Final = (
    "threat-type", "intervention-type", "population-group", "dimension", "strategy", "principle",
    "keyword", "outcome-kind", "organisation-type", "scope",
)  # fmt: skip
_ROLES: Final = ("led", "funded", "partnered")
_HINTS: Final = {
    "addresses": "threat-type",
    "tried": "threat-type",
    "causes": "threat-type",
    "causes-of": "threat-type",
    "effects-of": "threat-type",
    "driven": "threat-type",
    "why": "threat-type",
    "for": "population-group",
    "benefits": "population-group",
    "with": "intervention-type",
}
_NEAR: Final = 4
"""How many pieces may stand between "not" and what it belongs to."""
BUILT: Final = "built"
"""The code of words for what is done to what follows: "schools" that are built are no threat."""
CLASS_HINTS: Final = {
    "Threat": "threat-type",
    "threat-type": "threat-type",
    "Intervention": "intervention-type",
    "intervention-type": "intervention-type",
    "BeneficiaryTarget": "population-group",
    "dimension": "dimension",
    "strategy": "strategy",
    "principle": "principle",
    "keyword": "keyword",
}


@dataclass(frozen=True)
class Found:
    """A name in the question: the condition that it makes, and the meaning that was chosen."""

    condition: Condition
    meaning: Meaning
    chunk: int


def find(chunks: Sequence[Chunk], target: Target, definite: bool) -> list[Found]:
    """The conditions, in the order of the question, with what is joined by "or" made one."""
    found = [
        item
        for at, chunk in enumerate(chunks)
        if (at != target.at or _is_of_kind(chunk))
        and (item := _condition(chunks, at, target, definite)) is not None
    ]
    return _joined(list(_negated(found, chunks)), chunks)


def _is_of_kind(chunk: Chunk) -> bool:
    """Whether the noun that is asked for also restricts: "lessons" are outcomes of a kind."""
    return chunk.meaning is not None and chunk.meaning.kind == "outcome-kind"


def choose(chunks: Sequence[Chunk], at: int) -> Meaning | None:
    """The meaning of a piece that suits the words before it, among those that are as likely."""
    chunk = chunks[at]
    first = chunk.meaning
    if first is None or not chunk.is_name:
        return None
    suffers = at + 1 < len(chunks) and chunks[at + 1].cue("affected")
    groups = (c.meaning for c in chunks[at + 1 : at + 2] if c.worth > 0)
    describes = chunk.worth < 0 and any(m and m.kind == "population-group" for m in groups)
    wanted = "population-group" if suffers or describes else _hint(chunks, at)
    if wanted is not None and (fits := chunk.kind(wanted)) is not None:
        return fits
    beside = _joined_to(chunks, at) if chunk.worth < 0 else None
    return (beside and chunk.kind(beside)) or first


def _joined_to(chunks: Sequence[Chunk], at: int) -> str | None:
    """The kind of the concept that "or" or "and" joins a piece to: "housing or clean water"."""
    for row in (chunks[at + 1 : at + 5], chunks[max(0, at - 4) : at][::-1]):
        joined = False
        for chunk in row:
            joined = joined or chunk.cue("or", "and")
            meaning = chunk.meaning
            if meaning is not None and meaning.kind in CONCEPTS and chunk.worth > 0:
                if joined:
                    return meaning.kind
                break
    return None


def _hint(chunks: Sequence[Chunk], at: int) -> str | None:
    for back in range(1, 5):
        if at - back < 0:
            return None
        before = chunks[at - back]
        kind = class_of(before)
        if kind in CLASS_HINTS and back <= 2:
            return CLASS_HINTS[kind]
        for code, wanted in _HINTS.items():
            if before.cue(code):
                return wanted
        if any(meaning.value == BUILT for meaning in before.meanings):
            return "intervention-type"
        meaning = before.meaning
        if meaning is not None and meaning.kind not in ("filler", "cue", *PLACES):
            return None
    return None


def _condition(chunks: Sequence[Chunk], at: int, target: Target, definite: bool) -> Found | None:
    meaning = choose(chunks, at)
    if meaning is None:
        return None
    part = _part(meaning, chunks, target)
    if part is None:
        return None
    chunk = chunks[at]
    made = Condition(part, meaning.values, meaning.label, chunk.start, chunk.end)
    return Found(made, meaning, at)


def _part(meaning: Meaning, chunks: Sequence[Chunk], target: Target) -> str | None:
    """The part of queries for a meaning; None for what is no condition."""
    if meaning.kind in PLACES:
        return "place"
    if meaning.kind == PROJECT:
        return "project"
    if meaning.kind == "Fund":
        return "funded"
    if meaning.kind in ORGANISATIONS and target.kind == "Source" and has(chunks, "published"):
        return "published"
    if meaning.kind in ORGANISATIONS:
        for part in _ROLES:
            if part == "partnered" and (meaning.kind == "Agency" or target.kind != PROJECT):
                continue
            if target.kind != part and has(chunks, part):
                return part
        return "implemented" if meaning.kind == "Agency" else "organisation"
    if meaning.kind == "threat-type" and has(chunks, "addresses"):
        return "addressed"
    if meaning.kind in (*CONCEPTS, "words", "seat"):
        return meaning.kind
    return None


def _negated(found: Sequence[Found], chunks: Sequence[Chunk]) -> Iterator[Found]:
    """The conditions, those that a "not" belongs to negated: the next ones, else the one before."""
    marks = [
        at
        for at, c in enumerate(chunks)
        if c.cue("not")
        and c.meaning
        and c.meaning.kind == "cue"
        and not (_lacks(chunks, at) or _is_fewer(chunks, at))
    ]
    chosen: set[int] = set()
    for mark in marks:
        after = [item for item in found if item.chunk > mark]
        before = [item for item in found if item.chunk < mark]
        near = [item for item in after if _between(chunks, mark, item.chunk) <= _NEAR]
        if near:
            chosen.add(near[0].chunk)
            chosen |= _alternatives_of(near[0], after, chunks)
        elif before and not any(
            class_of(c) or c.cue("ended", "started", "money") for c in chunks[mark + 1 :]
        ):
            chosen.add(before[-1].chunk)
    for item in found:
        if item.chunk in chosen:
            part = item.condition.part
            part = "organisation" if part == "implemented" else part
            yield replace(item, condition=replace(item.condition, negated=True, part=part))
        else:
            yield item


def _between(chunks: Sequence[Chunk], mark: int, at: int) -> int:
    """How many pieces that say something stand between two others."""
    return sum(not c.is_filler for c in chunks[mark + 1 : at])


def _is_fewer(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether "menos" compares numbers: "menos proyectos que Camboya"."""
    return chunks[at].cue("least") and has(chunks[at + 1 :], "than")


def _lacks(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether "not" belongs to a date, money or a source: "without a start date in Peru"."""
    return any(
        c.cue("started", "ended", "approved", "announced") or class_of(c) == "Source"
        for c in chunks[at + 1 : at + 3]
    )


def _alternatives_of(first: Found, after: Sequence[Found], chunks: Sequence[Chunk]) -> set[int]:
    """What is joined to a negated name by "or", "nor" or a comma."""
    out: set[int] = set()
    for at, (last, item) in enumerate(pairwise(after)):
        joined = has(chunks[last.chunk + 1 : item.chunk], "or", "and")
        if item.meaning.kind != first.meaning.kind or not (
            joined or _is_listed(after[at:], chunks)
        ):
            break
        out.add(item.chunk)
    return out


def _joined(found: Sequence[Found], chunks: Sequence[Chunk]) -> list[Found]:
    """Names of one kind in a row made one condition: by "or" always, places by "and" too."""
    money = has(chunks, "money", "received", "how-much")
    both = has(chunks, "both") and not money
    out: list[Found] = []
    for at, item in enumerate(found):
        before = out[-1] if out else None
        listed = _is_listed(found[max(0, at - 1) :], chunks)
        if before is not None and _are_one(before, item, chunks, both, listed):
            values = tuple(dict.fromkeys((*before.condition.values, *item.condition.values)))
            label = before.condition.label
            if item.condition.label not in label.split(" / "):
                label += f" / {item.condition.label}"
            joined = replace(before.condition, values=values, label=label, end=item.condition.end)
            out[-1] = Found(joined, item.meaning, item.chunk)
        elif before is not None and _is_either(before, item, chunks):
            label = f"{before.condition.label} / {item.condition.label}"
            either = (*before.condition.others, item.condition)
            condition = replace(before.condition, label=label, others=either)
            out[-1] = Found(condition, before.meaning, item.chunk)
        else:
            out.append(item)
    return out


def _is_either(before: Found, item: Found, chunks: Sequence[Chunk]) -> bool:
    """Whether one of two conditions of different kinds will do; "or" after the noun that the first
    belongs to joins but verbs: "UNHCR programmes that built or repaired homes"."""
    between = chunks[before.chunk + 1 : item.chunk]
    at = first(between, "or")
    if before.condition.negated or item.condition.negated or at < 0:
        return False
    return has_noun(between[at:]) or not has_noun(between[:at])


def _is_listed(found: Sequence[Found], chunks: Sequence[Chunk]) -> bool:
    """Whether a comma stands between the first two, and "or" later: "UNDP, UNICEF or FAO"."""
    for one, other in pairwise(found):
        between = chunks[one.chunk : other.chunk + 1]
        if other.meaning.kind != one.meaning.kind or not _are_light(between[1:-1]):
            return has(between[1:-1], "or") and one is not found[0]
        if all(after.tokens[0].start <= c.tokens[-1].end + 1 for c, after in pairwise(between)):
            return False
    return False


def _are_light(chunks: Sequence[Chunk]) -> bool:
    return all(c.is_filler or not c.meanings for c in chunks)


def _are_one(before: Found, item: Found, chunks: Sequence[Chunk], both: bool, listed: bool) -> bool:
    one, other = before.condition, item.condition
    if (one.part, one.negated) != (other.part, other.negated):
        return False
    if set(other.values) <= set(one.values):
        return True
    same = before.meaning.kind == item.meaning.kind
    between = chunks[before.chunk + 1 : item.chunk]
    if listed or has(between, "or", "compare"):
        return not (one.others or other.others)
    ranked = comparative(chunks) or has(chunks, "largest", "smallest")
    if ranked and has(between, "than", "more-than", "less-than"):
        return True
    if same and has(between, "most", "least") and has(between, "than"):
        return True
    is_place = one.part in ("place", "project")
    light = _are_light(between) and not _is_beside(chunks)
    joined = light or has(between, "and", "compare", "both")
    ideas = one.part in ("threat-type", "keyword") and not any(class_of(c) for c in chunks)
    return (is_place or ideas) and joined and same and not both


def _is_beside(chunks: Sequence[Chunk]) -> bool:
    """Whether a verb stands before or after a cause and its effect: "does drought make hunger
    worse?", "¿Provoca la sequía hambre?"."""
    verb = first(chunks, "causes")
    asked = has(chunks, "yes-no") or verb == 0
    threats = [at for at, c in enumerate(chunks) if c.kind("threat-type")]
    return asked and verb >= 0 and len({at > verb for at in threats}) == 1
