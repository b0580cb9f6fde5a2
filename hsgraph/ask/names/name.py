"""What words may stand for, and the ways to call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PLACES: Final = ("Country", "Region", "Municipality", "Place")
ORGANISATIONS: Final = ("Agency", "Partner", "Organisation")
"""Kinds of things that names are of."""
PREFERRED: Final = 3
OTHER: Final = 2
PART: Final = 1


@dataclass(frozen=True)
class Meaning:
    """What some words may stand for.

    `kind` is "cue", "class", a vocabulary, the local name of a class, or another name of a part of
    queries; `value` is a code or an IRI; `others` are further IRIs of which each will do.
    """

    kind: str
    value: str
    label: str
    others: tuple[str, ...] = ()
    narrower: bool = False
    """Whether the words mean less than the thing does: "tsunami" for natural disasters."""

    @property
    def values(self) -> tuple[str, ...]:
        return self.others or (self.value,)


@dataclass(frozen=True)
class Name:
    """One way to call something, with how good a name it is; `key` are the stems of its words.

    A word of the lexicon is also kept as written, with its accents.
    """

    meaning: Meaning
    key: tuple[str, ...]
    language: str
    rank: int
    capitals: bool = False
    words: tuple[str, ...] = ()
    written: str = ""
