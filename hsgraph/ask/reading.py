"""What a question was taken for: the plan of its one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from hsgraph.ask.names.words import split, stem

Form = Literal[
    "list", "number", "money", "amount", "date", "length", "boolean", "definition", "about",
    "evidence", "causes", "effects", "people", "share",
]  # fmt: skip
Rank = Literal["most", "least", "largest", "smallest", "earliest", "latest", "longest", "shortest"]
Quantity = Literal["", "every", "majority"]
PROJECT: Final = "Project"
REACHED: Final = "not-held-reached"
REPORTED: Final = "not-held-reported"
"""Entries of the lexicon: no source tells how many were reached, or what was done."""
TRIED: Final = "answer-tried"
ONLY_TRIED: Final = "answer-only-tried"
YES_REPORTED: Final = "answer-reported"
NAMED: Final = "answer-named"
LINKED: Final = "answer-linked"
"""Sentences of a yes that rests on what was planned or tried, on that alone where a result may be
reported, on such results, on threats that programmes name, or on links between threats."""
WIDER_KIND: Final = "note-wider-kind"
"""The note that some words mean less than what they were taken for."""
RESTS_ON: Final = {
    TRIED: "Intervention",
    ONLY_TRIED: "Intervention",
    YES_REPORTED: "Outcome",
    NAMED: "Threat",
    LINKED: "Interlinkage",
}
"""For the sentence of a yes, the class of what it rests on; programmes for any other."""


@dataclass(frozen=True)
class Condition:
    """What programmes, or the things asked for, must be: the part of queries, and its values."""

    part: str
    values: tuple[str, ...]
    label: str
    start: int = -1
    end: int = -1
    negated: bool = False
    others: tuple[Condition, ...] = ()
    """Conditions of other parts that will do as well: "housing or the Roma"."""


NOTHING: Final = (Condition("none", (), ""),)
"""What stands for conditions where a reading has none of those that its question names."""


@dataclass(frozen=True)
class Period:
    """From one day to another, of a date: any date of the programme, or one of some kinds."""

    first: str = "0001-01-01"
    last: str = "9999-12-31"
    kinds: tuple[str, ...] = ()
    running: bool = False
    also: tuple[Period, ...] = ()
    """What other dates must be: "started in 2009 and ended in 2012"."""


@dataclass(frozen=True)
class Sum:
    """What an amount of money must be."""

    how: Literal["more", "less", "at-least", "at-most", "exactly"]
    amount: Decimal


@dataclass(frozen=True)
class Length:
    """The fewest and the most months that a programme may last."""

    least: int
    most: int


@dataclass(frozen=True)
class Piece:
    """Some words of the question and what they were taken for."""

    words: str
    taken_for: str
    iri: str | None = None
    guessed: bool = False
    """Whether the words are but a part of a name."""

    def is_plain(self, language: str) -> bool:
        """Whether the words were taken for themselves: "Perú" for Peru, "how many"."""
        words = {stem(word, language) for word in split(self.words)}
        return {stem(word, language) for word in split(self.taken_for)} <= words


@dataclass(frozen=True)
class Reading:
    """All that is asked."""

    form: Form = "list"
    target: str = PROJECT
    of_type: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    period: Period | None = None
    sums: tuple[Sum, ...] = ()
    lengths: tuple[Length, ...] = ()
    rank: Rank | None = None
    limit: int = 1
    offset: int = 0
    measure: str = PROJECT
    by_money: bool = False
    at_least: int = 1
    at_most: int = 10**9
    counted: bool = False
    grouped: bool = False
    properties: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    beside: tuple[Condition, ...] = ()
    """The conditions of what is set beside: the whole of a share, the place that has fewer."""
    quantity: Quantity = ""
    """How many of the whole must be so for a yes: all or most; empty where any is enough."""
    at_first: int = 0
    """How many of a list are told; 0 for all."""
    cost: bool = False
    average: bool = False
    by_whom: bool = False
    paired: bool = False
    """Whether two of the things asked for are told together, with what they share."""
    beside_programme: bool = False
    """Whether each thing is told with its programme."""
    of_programmes: bool = False
    """Whether what must not be is said of each programme, not of all of a thing asked for."""
    language: str = "en"
    notes: tuple[str, ...] = ()
    rests_on: str = ""
    """The sentence of a yes that says what it rests on, where what came about is asked for."""
    undecided: tuple[str, ...] = ()
    """The words that leave open whether yes or no is right."""
    untold: str = ""
    """The entry of the lexicon that says why there is no answer, where nothing is found."""

    @property
    def leads(self) -> bool:
        """Whether agencies that lead are asked for in a table: only those that are said to."""
        return self.target == "led" and bool(self.rank or self.grouped or self.beside_programme)

    def of(self, *parts: str) -> tuple[Condition, ...]:
        """The conditions of these parts."""
        return tuple(c for c in self.conditions if c.part in parts)


@dataclass(frozen=True)
class Refusal:
    """Why a question has no answer here, and what is nearest."""

    code: str
    words: str = ""
    held: str | None = None
    nearest: tuple[tuple[str, Reading], ...] = ()


@dataclass(frozen=True)
class Read:
    """A question, read: what it asks or why not, piece by piece, with other ways to read it."""

    language: str
    result: Reading | Refusal
    pieces: Sequence[Piece] = ()
    unknown: Sequence[str] = ()
    others: Sequence[tuple[str, Reading]] = field(default=())
