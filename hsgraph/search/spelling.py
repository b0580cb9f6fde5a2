"""Typing errors: the known words that are much like an unknown one."""

from __future__ import annotations

import sqlite3
from itertools import takewhile
from typing import Final

from hsgraph.resources import queries

_CANDIDATES: Final = 150
_ALTERNATIVES: Final = 2
_SHORTEST: Final = 4
AFTER: Final = "\U0010ffff"
"""What stands after all that begins with a text, if it follows that text."""
sql: Final = queries("hsgraph.search.queries", "sql")
"""What the index is asked, by name."""


def completions(database: sqlite3.Connection, word: str, most: int) -> list[str]:
    """The words of the index that begin with a word, itself first, then the most used."""
    found = database.execute(sql("completions"), (word, word + AFTER, most))
    return [row[0] for row in found]


def is_known(database: sqlite3.Connection, word: str) -> bool:
    """Whether a word of the index is this one or begins with it; short ones count as known."""
    if len(word) < _SHORTEST:
        return True
    return database.execute(sql("known"), (word, word + AFTER)).fetchone() is not None


def alternatives(database: sqlite3.Connection, word: str) -> list[str]:
    """The known words nearest to a word, the best first; none if all differ too much."""
    most = 1 if len(word) < 6 else 2
    padded = f"_{word}_"
    parts = sorted({padded[i : i + 3] for i in range(len(padded) - 2)})
    match = " OR ".join(f'"{part}"' for part in parts)
    bounds = (len(word) - most, len(word) + most)
    near = []
    for other, uses in database.execute(sql("alike"), (match, *bounds, _CANDIDATES)):
        apart = distance(word, other, most)
        if apart is not None:
            alike = _common(word, other) + _common(word[::-1], other[::-1])
            near.append((apart, -alike, -uses, other))
    return [other for *_, other in sorted(near)[:_ALTERNATIVES]]


def _common(one: str, other: str) -> int:
    """How many letters two words begin with in common: slips are rare in the first and the last."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in pairs)


def distance(one: str, other: str, most: int) -> int | None:
    """How many letters must be put in, left out, changed or swapped with the next one.

    None if more than `most` (the optimal string alignment distance).
    """
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, against in enumerate(other, start=1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != against))
            swapped = row > 1 and column > 1 and letter == other[column - 2]
            if swapped and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return None
        before, above = above, current
    return above[-1] if above[-1] <= most else None
