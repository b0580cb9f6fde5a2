"""Says of the address of a thing that there is none, and which it may have been meant to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Final

from hsgraph.namespaces import ID, VOCAB, compact

_ALIKE: Final = 0.6
_LONGER: Final = 6
"""How many letters more or fewer a name may have and still be meant."""


class Known:
    """The addresses of things and concepts that there are."""

    def __init__(self, iris: Iterable[str]) -> None:
        self._iris: dict[str, set[str]] = defaultdict(set)
        for iri in iris:
            if iri.startswith((ID, VOCAB)):
                self._iris[_kind(iri)].add(iri)
        self._near = cache(self._nearest)

    def message(self, iri: str, message: str) -> str:
        """What to say of a value: the message, unless it is an address of ours without a thing."""
        alike = self._iris.get(_kind(iri))
        if not alike or iri in alike:
            return message
        near = self._near(iri)
        if iri.startswith(VOCAB):
            others = f"did you mean {near}?" if near else f"those there are: {_kind(iri)[:-1]}"
            return f"There is no concept {compact(iri)}; {others}"
        return f"{message} Did you mean {near}?" if near else message

    def _nearest(self, iri: str) -> str | None:
        kind = _kind(iri)
        alike = sorted(each for each in self._iris[kind] if abs(len(each) - len(iri)) <= _LONGER)
        names = {each.removeprefix(kind): each for each in alike}
        found = get_close_matches(iri.removeprefix(kind), names, 1, _ALIKE)
        return compact(names[found[0]]) if found else None


def _kind(iri: str) -> str:
    """The part of an address that all things of a kind have."""
    return iri[: iri.rfind("/") + 1]
