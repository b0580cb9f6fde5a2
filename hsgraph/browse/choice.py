"""What a reader has chosen: the values of facets, words, an order. It stands in the address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hsgraph.build.index.facets import BY_NAME, FACETS, Facet
from hsgraph.errors import BadRequest
from hsgraph.languages import later, told

NONE: Final = "none"
"""How the absence of any value is called in addresses."""
SORTS: Final = {
    "start": later("latest first"),
    "oldest": later("earliest first"),
    "title": later("by title"),
    "budget": later("largest sum first"),
}
RELEVANCE: Final = "relevance"
_MOST_VALUES: Final = 50
_YEARS: Final = re.compile(r"(\d{4})?-(\d{4})?", re.ASCII)
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Choice:
    """What to list: programmes that have one of the values of each facet, and all the words.

    Of the facets in `every` they have all values. `values` go by facet, as addresses name them;
    `about` are IRIs of things that a programme has to do with in any way; an empty `sort` is by
    relevance where there are words, else by start.
    """

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    text: str = ""
    about: tuple[str, ...] = ()
    sort: str = ""
    every: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        given: Mapping[str, Sequence[str]],
        *,
        text: str = "",
        about: Iterable[str] = (),
        sort: str = "",
        every: Iterable[str] = (),
    ) -> Choice:
        """From what an address says.

        Raises BadRequest for too many values, an unknown sort, or a facet in `every` that no
        programme has two values of.
        """
        if sum(len(values) for values in given.values()) > _MOST_VALUES:
            raise BadRequest(told(later("At most {1} values can be chosen."), _MOST_VALUES))
        if sort and sort not in SORTS and sort != RELEVANCE:
            sorts = ", ".join((RELEVANCE, *SORTS))
            raise BadRequest(told(later("“{1}” must be one of: {2}."), "sort", sorts))
        values = (
            (facet.name, tuple(dict.fromkeys(v for v in given.get(facet.name, ()) if v)))
            for facet in FACETS
        )
        chosen = tuple((name, found) for name, found in values if found)
        sort = "" if sort == RELEVANCE or (sort == "start" and not text) else sort
        if unfit := [name for name in every if name not in BY_NAME or BY_NAME[name].plain]:
            raise BadRequest(told(later("There is no “all” for “{1}”."), unfit[0][:60]))
        together = tuple(name for name, _ in chosen if name in every)
        return cls(chosen, " ".join(text.split()), tuple(dict.fromkeys(about)), sort, together)

    @property
    def narrows(self) -> int:
        """How many things narrow the list."""
        return sum(len(v) for _, v in self.values) + bool(self.text) + len(self.about)

    @property
    def order(self) -> str:
        """The order that holds."""
        return self.sort or (RELEVANCE if self.text else "start")

    def of_facet(self, name: str) -> tuple[str, ...]:
        return dict(self.values).get(name, ())

    def toggled(self, name: str, value: str) -> Choice:
        """With a value, or without it where it is chosen."""
        held = self.of_facet(name)
        wanted = tuple(v for v in held if v != value) if value in held else (*held, value)
        chosen = dict(self.values) | {name: wanted}
        values = ((facet.name, chosen.get(facet.name, ())) for facet in FACETS)
        every = self.every if wanted else tuple(n for n in self.every if n != name)
        return replace(self, values=tuple((n, v) for n, v in values if v), every=every)

    def together(self, name: str, wanted: bool) -> Choice:
        """With all values of a facet at once, or with any of them."""
        others = (n for n, _ in self.values if n in self.every and n != name)
        return replace(self, every=(*others, name) if wanted else tuple(others))

    def sorted_by(self, sort: str) -> Choice:
        default = RELEVANCE if self.text else "start"
        return replace(self, sort="" if sort == default else sort)

    def pairs(self) -> Pairs:
        """Names and values for the query of an address, `about` left out."""
        found = [("q", self.text)] if self.text else []
        found += [(name, value) for name, values in self.values for value in values]
        found += [("all", name) for name in self.every]
        return (*found, *((("sort", self.sort),) if self.sort else ()))


def years(name: str) -> tuple[str, str] | None:
    """The first and the last year of a range such as `2010-2015`, `2010-` or `-2015`."""
    match = _YEARS.fullmatch(name)
    return (match[1] or "0000", match[2] or "9999") if match and len(name) > 1 else None


def year_range(first: str, last: str) -> str:
    """How the years from one to another are called in addresses. Raises BadRequest for no years."""
    if first and last and first > last:
        first, last = last, first
    if not years(f"{first}-{last}"):
        raise BadRequest(told(later("“from” and “to” must be years of four digits.")))
    return f"{first}-{last}"


def name_of(facet: Facet, value: str) -> str:
    """How a value of a facet is called in addresses."""
    if facet.namespace and value.startswith(facet.namespace):
        return value.removeprefix(facet.namespace)
    return value


def value_of(facet: Facet, name: str) -> str:
    """The value that an address names."""
    return name if facet.plain or ":" in name else facet.namespace + name


def facet(name: str) -> Facet:
    """The facet of a name. Raises BadRequest if there is none."""
    if name not in BY_NAME:
        sentence = later("There is no “{1}” to narrow by; there is: {2}.")
        raise BadRequest(told(sentence, name[:60], ", ".join(BY_NAME)))
    return BY_NAME[name]
