"""What a search gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST: Final = 200
"""Characters of a search text that count; the rest is left out."""
_TOLD: Final = ("iri", "label", "kind", "score", "matched")


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

    def as_json(self) -> dict[str, object]:
        """What programs are told: the query, the numbers, and of each thing found what it is."""
        found = [{name: getattr(hit, name) for name in _TOLD} for hit in self.results]
        told = {"query": self.query, "total": self.total, "listed": self.listed}
        return {**told, "results": found}
