"""What a search gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST: Final = 200
"""Characters of a search text that count; the rest is left out."""


@dataclass(frozen=True)
class Hit:
    """A thing found; `matched` is the other name that the text met, if it was not the label."""

    iri: str
    label: str
    kind: str
    score: float
    matched: str = ""
    description: str = ""


@dataclass(frozen=True)
class SearchResults:
    """One page of the things found, best first: all pages together have the best `listed` ones.

    `kinds` counts what was found of each kind, also of others than were asked for, unless only a
    few things are asked for. `near` is the text that was searched for instead, where words of it
    are not known but others much like them are. `partly` says that no thing has all the words,
    `more` that there are more than `total`.
    """

    query: str
    total: int
    results: tuple[Hit, ...]
    listed: int = 0
    kinds: tuple[tuple[str, int], ...] = ()
    near: str = ""
    partly: bool = False
    more: bool = False
