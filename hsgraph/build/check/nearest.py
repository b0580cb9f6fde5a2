"""Says of the address of a thing that there is none, and which it may have been meant to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Final

from hsgraph.namespaces import HS, ID, VOCAB, compact

MEANT: Final = " Did you mean "
_ALIKE: Final = 0.6
_ALIKE_TERMS: Final = 0.8
"""Names of properties and classes are short, so that others are alike by chance."""
_LONGER: Final = 6
"""How many letters more or fewer a name may have and still be meant."""
_FEW: Final = 12
"""Concepts that a message can name."""


class Known:
    """The addresses of things, concepts, terms and properties that there are."""

    def __init__(self, iris: Iterable[str], properties: Iterable[str] = ()) -> None:
        self._iris: dict[str, set[str]] = defaultdict(set)
        for iri in {*filter(lambda iri: iri.startswith((ID, VOCAB, HS)), iris), *properties}:
            self._iris[_kind(iri)].add(iri)
        self._near = cache(self._nearest)

    def message(self, iri: str, message: str) -> str:
        """What to say of a value: the message, unless it is an address of ours without a thing."""
        alike = self._iris.get(_kind(iri))
        if not alike or iri in alike:
            return message
        near = self._near(iri)
        if iri.startswith(VOCAB):
            message = f"There is no concept {compact(iri)}."
            message += "" if near else f" Those there are: {_all_of(alike, _kind(iri)[:-1])}"
        return f"{message}{MEANT}{near}?" if near else message

    def _nearest(self, iri: str) -> str | None:
        kind = _kind(iri)
        alike = sorted(each for each in self._iris[kind] if abs(len(each) - len(iri)) <= _LONGER)
        least = _ALIKE if iri.startswith((ID, VOCAB)) else _ALIKE_TERMS
        names = {each.removeprefix(kind): each for each in alike}
        found = get_close_matches(iri.removeprefix(kind), names, 1, least)
        return compact(names[found[0]]) if found else None


def _all_of(concepts: set[str], vocabulary: str) -> str:
    """The concepts by name where they are few, else where they are listed."""
    return ", ".join(map(compact, sorted(concepts))) if len(concepts) <= _FEW else vocabulary


def _kind(iri: str) -> str:
    """The part of an address that all things of a kind have."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
