"""Two things of a kind that a question sets against each other: "Kenya or Uganda"."""

from __future__ import annotations

from typing import Final

from hsgraph.ask.pieces.numbers import comparative
from hsgraph.ask.question import Question
from hsgraph.ask.reading import PROJECT, Condition

_NAMED: Final = {
    **dict.fromkeys(("place", "project"), "Place"),
    **dict.fromkeys(("implemented", "organisation"), "Agency"),
}
"""What is compared where things are named, by the part of their condition."""
_IDEAS: Final = {
    "threat-type": "threat-type",
    "addressed": "threat-type",
    "population-group": "population-group",
    "intervention-type": "intervention-type",
}
"""The same of concepts."""


def set_against(q: Question) -> tuple[str, ...]:
    """The things of which one is asked for."""
    compared = sides(q)
    return compared.values if compared is not None else ()


def sides(q: Question) -> Condition | None:
    """The condition that names the two things."""
    for item in q.found:
        condition = item.condition
        listed = condition.part in _NAMED or _is_free(q, condition)
        two = len(condition.values) == 2 and " / " in condition.label
        against = q.has("or", "compare") or comparative(q.chunks) or _has_than(q, condition)
        if listed and two and against:
            return condition
    return None


def _is_free(q: Question, condition: Condition) -> bool:
    """Whether concepts are compared: threats where no other kind of thing is asked for, and all
    by their programmes."""
    free = not q.target.stated or q.target.kind == "Threat"
    threats = condition.part == "threat-type" and free
    return threats or (condition.part in _IDEAS and more_programmes(q))


def _has_than(q: Question, condition: Condition) -> bool:
    """Whether "than" stands between the two."""
    return any(c.cue("than") and condition.start < c.start < condition.end for c in q.chunks)


def kind_of(q: Question) -> str:
    """The kind of the two things."""
    condition = sides(q)
    part = condition.part if condition is not None else ""
    return _NAMED.get(part) or _IDEAS.get(part) or PROJECT


def more_programmes(q: Question) -> bool:
    """Whether more or fewer programmes are spoken of: "did more programmes deal with drought or
    with floods?"."""
    at = q.target.at
    more = ("most", "least", "more-than", "less-than")
    return q.target.kind == PROJECT and at > 0 and q.chunks[at - 1].cue(*more)
