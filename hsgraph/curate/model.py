"""A draft: what was read of a programme, each value with the words that it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from hsgraph.curate.known import Known

LONGEST: Final = 80
_WORDS: Final = 9


@dataclass(frozen=True)
class Quote:
    """A few words as printed, and their line."""

    words: str
    line: int


@dataclass(frozen=True)
class DateValue:
    day: date
    precision: str
    quote: Quote


@dataclass(frozen=True)
class Text:
    """Words of a source; in the language of the draft, where they name no other."""

    text: str
    quote: Quote
    language: str | None = None


@dataclass(frozen=True)
class Place:
    """A place; `stated` where a heading or the title says that it is one of the programme."""

    place: Known
    quote: Quote
    stated: bool = True


@dataclass(frozen=True)
class Concept:
    """A concept with the words by which it was found."""

    concept: Known
    quote: Quote


@dataclass(frozen=True)
class Part:
    """An organisation in a role; `new` is its name where the graph does not know it."""

    role: str
    quote: Quote
    known: Known | None = None
    new: str = ""
    acronym: str = ""
    stated: bool = True

    @property
    def name(self) -> str:
        return self.known.label if self.known else self.new


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str
    kind: str
    approximate: bool
    quote: Quote
    party: Known | None = None
    """Who gives it; of the share of an agency, who gets it."""


@dataclass(frozen=True)
class Target:
    groups: tuple[Known, ...]
    quote: Quote
    count: int | None = None
    approximate: bool = False
    directness: str | None = None


@dataclass(frozen=True)
class Missed:
    """A place of the document that was not understood, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Doubt:
    """A question that the document leaves open, and its answers."""

    question: str
    choices: tuple[str, ...]
    line: int
    text: str


Ask = Callable[[Doubt], int | None]
"""The number of the choice taken, or None for none."""


@dataclass
class Draft:
    """What was read so far; `file` and `language` are those of the document."""

    file: str
    language: str | None = None
    url: str | None = None
    own_words: bool = False
    """Whether its texts are our own words already, as in a table that a curator filled in."""
    slug: str = ""
    same_as: str | None = None
    title: Text | None = None
    other_titles: list[Text] = field(default_factory=list)
    description: list[Text] = field(default_factory=list)
    start: DateValue | None = None
    end: DateValue | None = None
    approved: DateValue | None = None
    announced: DateValue | None = None
    duration: Text | None = None
    places: list[Place] = field(default_factory=list)
    keywords: list[Concept] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    money: list[Money] = field(default_factory=list)
    objectives: list[Text] = field(default_factory=list)
    threats: list[Concept] = field(default_factory=list)
    interventions: list[Concept] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    left: list[Missed] = field(default_factory=list)
    """What was read but not drafted."""

    @property
    def countries(self) -> frozenset[str]:
        return frozenset().union(*(place.place.countries for place in self.places))

    def miss(self, line: int, text: str, why: str) -> None:
        self.missed.append(Missed(line, few(text).words if text else "", why))

    def add_part(self, part: Part) -> None:
        """Add an organisation once; the lead agency is not listed as another agency too."""
        agencies = {"lead-agency", "implementing-agency"}
        for number, other in enumerate(self.parts):
            same = other.known == part.known if part.known else other.new == part.new
            if same and (other.role == part.role or {other.role, part.role} <= agencies):
                if part.role == "lead-agency":
                    self.parts[number] = part
                return
        self.parts.append(part)


def few(text: str, line: int = 0, start: int = 0, end: int | None = None) -> Quote:
    """A quotation of a few words at most from a place in a text."""
    if end is not None and text[end - 1 : end].isalnum():
        while end < len(text) and text[end].isalnum():
            end += 1
    words = " ".join(text[start:end].split())
    kept = words.split(" ")[:_WORDS]
    while len(" ".join(kept)) > LONGEST and len(kept) > 1:
        kept.pop()
    shortened = " ".join(kept)[:LONGEST]
    if shortened != words:
        shortened = re.sub(r"[\s,;:(]+$", "", shortened)
    return Quote(shortened, line)
