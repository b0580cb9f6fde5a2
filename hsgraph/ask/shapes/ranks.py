"""What a question asks for by an order or a count: an end of it, a threshold, a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hsgraph.ask.conditions import choose
from hsgraph.ask.names.name import ORGANISATIONS, PLACES
from hsgraph.ask.pieces import bounds
from hsgraph.ask.pieces.chunk import has
from hsgraph.ask.pieces.numbers import Number
from hsgraph.ask.question import Question, definite
from hsgraph.ask.reading import PROJECT, Condition, Form, Rank, Reading
from hsgraph.ask.shapes.forms import per_kind, rank_of
from hsgraph.ask.shapes.sides import kind_of, more_programmes, set_against
from hsgraph.ask.target import class_of

SUMS: Final = "sums"
"""Sums of each kind, not just the contributions of the Fund."""
SEVERAL: Final = 10
"""How many of an order are told where several are asked for."""
_HAD: Final = ("Agency", "Partner", "Threat", "Intervention", "Organisation")
_COUNTED: Final = (*ORGANISATIONS, "led", "funded", *PLACES, "Threat", "Intervention", "Outcome")
_SAID: Final = (
    "yes-no", "received", "led", "implemented", "funded", "addresses", "took-part", "partnered",
    "benefits", "affected", "started", "ended",
)  # fmt: skip
"""Verbs: what is before them is what they are said of."""
_TYPES: Final = {"Threat": "threat-type", "Intervention": "intervention-type"}


def typed(kind: str, conditions: Sequence[Condition]) -> str:
    """The vocabulary of the types of things of a kind; of interventions, those against threats."""
    kind = _TYPES.get(kind, kind)
    against = any(c.part in ("threat-type", "addressed") for c in conditions)
    return "intervention-type-against" if kind == "intervention-type" and against else kind


def _by_money(q: Question, at: int) -> bool:
    """Whether a rank or threshold is about money: by a word for it, or by "received"."""
    after = q.chunks[at + 1] if at + 1 < len(q.chunks) else None
    if after is not None and class_of(after) == PROJECT != q.target.kind:
        return False
    if q.chunks[at].cue("largest", "smallest") and not q.chunks[at].cue("most", "least"):
        counted = any(
            class_of(c) and class_of(c) != q.target.kind for c in q.chunks[at + 1 : at + 3]
        )
        return not counted
    return q.has("money", "received")


def counted_after(q: Question, at: int) -> str:
    """What is counted: the kind of things named after a piece, else programmes."""
    for other in range(at + 1, min(len(q.chunks), at + 4)):
        kind = class_of(q.chunks[other])
        if kind is not None and other != q.target.at:
            return kind
        if q.chunks[other].is_name:
            break
    return PROJECT


def comparison(q: Question, reading: Reading) -> Reading:
    """A table of the things that are set side by side."""
    kinds = {"place": "Place", "implemented": "Agency", "organisation": "Organisation"}
    part = q.found[0].condition.part
    if part not in kinds:
        return reading
    values = tuple(dict.fromkeys(v for c in q.conditions(part) for v in c.values))
    return _beside_each_other(q, replace(reading, target=kinds[part], subjects=values))


def _beside_each_other(q: Question, reading: Reading) -> Reading:
    return replace(reading, grouped=True, by_money=q.has("money", "received"))


def ranked(q: Question, reading: Reading, rank: Rank, counts: Sequence[Number]) -> Reading:
    at = max(q.at(rank), q.at("more-than", "less-than") if q.at(rank) < 0 else -1)
    nth = ordinal(q)
    limit = int(counts[0].value) if counts and not counts[0].how else 0
    if not limit:
        several = reading.target == q.target.kind and q.target.stated and _are_several(q)
        several = several or (rank in ("largest", "smallest") and _are_sums(q, at))
        limit = SEVERAL if several else 1
        limit = 2 if several and has(q.chunks[:at], "both") else limit
    measure = counted_after(q, at)
    counted = rank in ("most", "least") and measure == PROJECT
    one = _are_programmes(q) or bool(q.conditions("project"))
    one = one or (_asks_programme(q) and not counted and not more_programmes(q))
    if _are_programmes(q):
        reading, measure = replace(reading, target=PROJECT), q.target.kind
    subjects = () if one else set_against(q)
    if subjects and q.has("how-much", "number"):
        return _beside_each_other(q, replace(reading, target=kind_of(q), subjects=subjects))
    by_money = rank in ("largest", "smallest", "most", "least") and _by_money(q, at)
    kind = reading.target
    if subjects:
        limit = 1
        kind = kind_of(q)
        reading = replace(reading, conditions=tuple(_named(c) for c in q.conditions()))
    if kind == "intervention-type" or (rank in ("most", "least") and not by_money):
        kind = typed(kind, q.conditions())
    counts_itself = kind == measure == PROJECT and not subjects
    if counts_itself and _compares(q):
        words = " ".join(token.text for token in q.chunks[at].tokens)
        return replace(reading, undecided=(words,))
    if counts_itself and rank in ("most", "least", "largest"):
        by_money = True
    made = replace(
        reading, target=kind, rank=rank, limit=max(1, min(limit, 100)), measure=measure,
        by_money=by_money, subjects=subjects,
    )  # fmt: skip
    return replace(made, limit=1, offset=nth - 1) if nth else made


def _compares(q: Question) -> bool:
    """Whether programmes are compared with others that cannot be told: "more … than those for"."""
    if more_programmes(q):
        return q.has("or", "than")
    return q.has("yes-no") and q.has("than") and not q.chunks[0].cue("which")


def _named(condition: Condition) -> Condition:
    """A condition of threats compared: they are counted where programmes name them."""
    return replace(condition, part="threat-type") if condition.part == "addressed" else condition


def _are_programmes(q: Question) -> bool:
    """Whether one of two programmes is asked for by what it has: "which has more partners"."""
    nouns = [c for c in q.chunks if class_of(c)]
    both = definite(q.chunks) and set_against(q) and q.target.stated
    return bool(both and len(nouns) > 1 and q.target.kind in _HAD)


def _asks_programme(q: Question) -> bool:
    return q.target.stated and q.target.kind == PROJECT and not q.has("compare")


def ordinal(q: Question) -> int:
    """Which one of an order is asked for, "the second largest"; 0 if none."""
    for chunk in q.chunks:
        for meaning in chunk.meanings:
            if meaning.kind == "cue" and meaning.value.startswith("ordinal-"):
                return int(meaning.value.removeprefix("ordinal-"))
    return 0


def _are_several(q: Question) -> bool:
    """Whether the noun that is asked for means several things."""
    at = q.target.at
    said = [chunk.tokens[-1] for chunk in q.chunks[max(0, at - 1) : at + 1]]
    one = any(token.text.lower() in q.grammar.singular for token in said)
    return said[-1].several and not one


def _are_sums(q: Question, at: int) -> bool:
    """Whether several sums are asked for: "the biggest grants"."""
    near = q.chunks[max(0, at - 2) : at + 3]
    return not q.target.stated and any(c.cue("money") and c.tokens[-1].several for c in near)


def more_in_one(q: Question, reading: Reading, rank: Rank | None) -> Reading | None:
    """What one of two places has more of: "which threats are more common in Asia than in …"."""
    places = [at for at in range(len(q.chunks)) if _is_place(q, at)]
    if rank not in ("most", "least") or len(places) != 2 or reading.target not in _HAD:
        return None
    asked = q.chunks[max(0, q.target.at - 1)]
    between = q.chunks[places[0] + 1 : places[1]]
    if not asked.cue("which") or not has(between, "than", "compare"):
        return None
    more, less = places if rank == "most" else places[::-1]
    kept = tuple(c for c in q.conditions() if c.part != "place")
    return replace(
        reading, target=_TYPES.get(reading.target, reading.target),
        conditions=(*kept, _in(q, more)), beside=(*kept, _in(q, less)), by_money=q.has("money"),
    )  # fmt: skip


def _is_place(q: Question, at: int) -> bool:
    meaning = choose(q.chunks, at)
    return meaning is not None and meaning.kind in PLACES


def _in(q: Question, at: int) -> Condition:
    meaning = choose(q.chunks, at)
    assert meaning is not None
    return Condition("place", meaning.values, meaning.label, q.chunks[at].start, q.chunks[at].end)


def paired(q: Question, reading: Reading, counts: Sequence[Number]) -> Reading | None:
    """Which two are most often together in a programme: "which agencies work together most"."""
    kinds = (*ORGANISATIONS, *PLACES)
    if rank_of(q) != "most" or not q.has("both") or reading.target not in kinds:
        return None
    if any(f.meaning.kind == reading.target for f in q.found):
        return None
    several = _are_several(q) and not counts
    return replace(reading, paired=True, limit=2 * SEVERAL if several else 2)


def threshold(q: Question, reading: Reading, number: Number) -> Reading:
    least, most = bounds.bounds(number)
    kind = typed(reading.target, q.conditions())
    measure = counted_after(q, number.end)
    if kind == PROJECT and measure == PROJECT:
        kind = "Country"
    return replace(
        reading, target=kind, measure=measure, at_least=max(1, least), at_most=most, counted=True
    )


def per(q: Question, reading: Reading) -> Reading:
    """A table by what follows "per" or "by": counts, or of each programme what it has."""
    kind = per_kind(q)
    if kind is None:
        return reading
    money = q.has("money", "how-much")
    if kind == "budget-kind" and money:
        return replace(reading, target=SUMS, grouped=True, by_money=True, notes=("note-sums",))
    counted = q.target.kind if q.target.stated and q.target.kind in _COUNTED else PROJECT
    if kind == PROJECT != counted and not money and not q.has("number"):
        return replace(reading, beside_programme=True)
    kind = typed(kind, ()) if counted == PROJECT and not money else kind
    measure = PROJECT if kind in (counted, *_TYPES.values()) else counted
    return replace(reading, target=kind, grouped=True, by_money=money, measure=measure)


def share(q: Question, form: Form) -> Reading:
    """How much of a whole: what is said of its noun before a verb is the whole."""
    verb = next((at for at, c in enumerate(q.chunks) if at > q.at(form) and c.cue(*_SAID)), 0)
    kind = q.target.kind if q.target.stated and q.target.at > q.at(form) else PROJECT
    money = q.has("money") and not any(class_of(c) for c in q.chunks[:verb])
    return Reading(
        form, PROJECT if money else kind, by_money=money, conditions=tuple(q.conditions()),
        beside=tuple(f.condition for f in q.found if f.chunk < verb),
    )  # fmt: skip
