"""How good a match is: where the words are found, how fully, and how connected the thing is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hsgraph.build.index.entries import ACRONYM, CODE, LABEL
from hsgraph.build.index.words import words as words_of
from hsgraph.namespaces import KINDS
from hsgraph.search.results import LONGEST

_MOST_WORDS: Final = 12
_IN_LABEL: Final = (10.0, 7.0)
_IN_NAMES: Final = (7.0, 5.0)
_ELSEWHERE: Final = (3.0, 3.0)
"""What a word of the search is worth, as a whole word and as the beginning of one."""
_WHOLE_LABEL: Final = 12.0
_WHOLE_ACRONYM: Final = 11.0
_WHOLE_NAME: Final = 9.0
_WHOLE_CODE: Final = 3.0
_BEGINS_LABEL: Final = 4.0
_COVERED: Final = 3.0
_CONNECTED: Final = 0.5
_WORTH: Final = {name: kind.worth for name, kind in KINDS.items() if kind.worth is not None}
_OTHER_KIND: Final = -6.0


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant; `folded` is its label and its other names, one a line."""

    id: int
    kind: str
    links: int
    folded: str


def words(text: str) -> list[str]:
    """The words of a search text, folded; nothing else of it reaches the index."""
    return words_of(text[:LONGEST])[:_MOST_WORDS]


def score(candidate: Candidate, wanted: Sequence[str], way: int | None, bearers: int = 1) -> float:
    """How well a thing fits; `way` is what the whole text is to it (label, acronym …), if any.

    `bearers` is how many things have it for another name: what several are called means none.
    """
    label, _, others = candidate.folded.partition("\n")
    in_label, in_others = label.split(), others.split()
    worth = sum(
        _worth(word, in_label, _IN_LABEL) or _worth(word, in_others, _IN_NAMES) or _ELSEWHERE[0]
        for word in wanted
    ) / len(wanted)
    named = [word for word in in_label if word.startswith(tuple(wanted))]
    covered = len(named) / len(in_label) if in_label else 0.0
    begins = _BEGINS_LABEL if label.startswith(" ".join(wanted)) else 0.0
    return (
        worth
        + _bonus(way, bearers)
        + begins
        + _COVERED * covered
        + _CONNECTED * math.log1p(candidate.links)
        + _WORTH.get(candidate.kind, _OTHER_KIND)
    )


def _worth(word: str, among: Sequence[str], worth: tuple[float, float]) -> float:
    if word in among:
        return worth[0]
    return worth[1] if any(other.startswith(word) for other in among) else 0.0


def _bonus(way: int | None, bearers: int) -> float:
    if way is None:
        return 0.0
    bonuses = {LABEL: _WHOLE_LABEL, ACRONYM: _WHOLE_ACRONYM, CODE: _WHOLE_CODE}
    return bonuses.get(way, _WHOLE_NAME / max(1, bearers) ** 2)
