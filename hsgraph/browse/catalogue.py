"""All programmes in memory as sets of bits: which have what, and how many, for any choice."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from hsgraph.browse.choice import NONE, Choice, name_of, years
from hsgraph.build.index.facets import BY_NAME, Facets, Programme, Value
from hsgraph.build.index.words import fold

_SPARSE: Final = 2_000
"""A value that fewer than one programme in so many has is counted one by one, not by bits."""


@dataclass(frozen=True)
class Counted:
    """A value of a facet and the number of programmes that a choice leaves it."""

    name: str
    value: str
    label: str
    parent: str
    count: int


@dataclass(frozen=True)
class Found:
    """What a choice leaves: the programmes as bits, and the counts of each facet.

    The counts of a facet are those with its own choice left aside, what choosing another value
    of it would add; where all its values must hold, what choosing another would leave.
    """

    bits: int
    total: int
    counts: Mapping[str, tuple[Counted, ...]]


class _Members:
    """The programmes that have a value; bits are made when they are needed."""

    def __init__(self, value: Value, size: int) -> None:
        self.value = value
        self._ids = value.members
        self._size = size
        self._dense = len(value.members) * _SPARSE >= size

    @cached_property
    def bits(self) -> int:
        return bits_of(self._ids, self._size)

    def count(self, among: int, mask: bytes) -> int:
        if self._dense:
            return (self.bits & among).bit_count()
        return sum(1 for _ in self.among(mask))

    def among(self, mask: bytes) -> Iterator[int]:
        """Those of them that are among others, which are given as bits."""
        return (number for number in self._ids if mask[number >> 3] >> (number & 7) & 1)


class Catalogue:
    """The programmes of one version of the data and what they can be narrowed by."""

    def __init__(self, facets: Facets) -> None:
        self.programmes = facets.programmes
        self.size = len(facets.programmes)
        self._all = (1 << self.size) - 1
        self._missing: dict[str, int] = {}
        self._facets = {
            name: {
                name_of(BY_NAME[name], value.value): _Members(value, self.size) for value in values
            }
            for name, values in facets.values.items()
        }

    def find(self, choice: Choice, within: int = -1) -> Found:
        """The programmes that fit a choice, among those of `within` (bits) if that is given."""
        start = within & self._all
        chosen = {
            name: self._all_of(name, values) if name in choice.every else self._any_of(name, values)
            for name, values in choice.values
        }
        bits = start
        for members in chosen.values():
            bits &= members
        counts = {}
        for name in self._facets:
            others = bits
            if name in chosen and name not in choice.every:
                others = start
                for other, members in chosen.items():
                    others &= members if other != name else self._all
            counts[name] = self.counts(name, others)
        return Found(bits, bits.bit_count(), counts)

    def label(self, name: str, value: str) -> str:
        """What a value is called; its name in addresses where it is not known."""
        known = self._facets[name].get(value)
        return known.value.label if known else value

    def bits(self, iris: Iterable[str]) -> int:
        """Some programmes as bits; others are passed over."""
        numbers = (self._numbers[iri] for iri in iris if iri in self._numbers)
        return bits_of(numbers, self.size)

    def ordered(self, bits: int, sort: str, best: Iterable[str] = ()) -> Iterator[int]:
        """The numbers of some programmes in an order; `best` are IRIs by relevance."""
        mask = bits.to_bytes(self.size // 8 + 1, "little")
        return (n for n in self._order(sort, best) if mask[n >> 3] >> (n & 7) & 1)

    def values(self, bits: int, name: str) -> dict[int, list[str]]:
        """The labels of the values of a facet, by programme, of some programmes."""
        found: dict[int, list[str]] = {}
        mask = bits.to_bytes(self.size // 8 + 1, "little")
        for members in self._facets[name].values():
            for number in members.among(mask):
                found.setdefault(number, []).append(members.value.label)
        return found

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {programme.iri: number for number, programme in enumerate(self.programmes)}

    @cached_property
    def _orders(self) -> dict[str, array[int]]:
        keys: dict[str, Callable[[Programme], tuple[object, ...]]] = {
            "oldest": lambda p: (not p.date, p.date, p.iri if p.date else ""),
            "title": lambda p: (fold(p.label), p.iri),
            "budget": lambda p: (p.amount is None, -(p.amount or 0), p.iri),
        }

        def ordered(key: Callable[[Programme], tuple[object, ...]]) -> array[int]:
            return array("I", sorted(range(self.size), key=lambda n: key(self.programmes[n])))

        return {name: ordered(key) for name, key in keys.items()}

    def _order(self, sort: str, best: Iterable[str]) -> Iterable[int]:
        if sort == "relevance":
            return [self._numbers[iri] for iri in best if iri in self._numbers]
        return range(self.size) if sort == "start" else self._orders[sort]

    def _all_of(self, name: str, values: Iterable[str]) -> int:
        bits = self._all
        for value in values:
            bits &= self._any_of(name, (value,))
        return bits

    def _any_of(self, name: str, values: Iterable[str]) -> int:
        bits = 0
        for value in values:
            known = self._facets[name].get(value)
            if value == NONE:
                bits |= self._without(name)
            elif known:
                bits |= known.bits
            elif name == "year" and (span := years(value)):
                within = (m for year, m in self._facets[name].items() if span[0] <= year <= span[1])
                for members in within:
                    bits |= members.bits
        return bits

    def _without(self, name: str) -> int:
        """The programmes without any value of a facet."""
        if name not in self._missing:
            some = 0
            for members in self._facets[name].values():
                some |= members.bits
            self._missing[name] = self._all & ~some
        return self._missing[name]

    def counts(self, name: str, among: int) -> tuple[Counted, ...]:
        """How many of some programmes have each value of a facet."""
        mask = among.to_bytes(self.size // 8 + 1, "little")
        found = [
            Counted(key, m.value.value, m.value.label, m.value.parent, m.count(among, mask))
            for key, m in self._facets[name].items()
        ]
        missing = (self._without(name) & among).bit_count()
        return (*found, Counted(NONE, "", "", "", missing))


def bits_of(numbers: Iterable[int], size: int) -> int:
    """Numbers below `size` as a set of bits."""
    mask = bytearray(size // 8 + 1)
    for number in numbers:
        mask[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(mask, "little")
