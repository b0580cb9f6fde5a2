"""What the graph knows already: organisations, places and concepts, found by all their names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Store

from hsgraph.build.read.reader import read_project
from hsgraph.curate.countries import country_codes, territories
from hsgraph.curate.words import Word, either, plain, without_article, words, words_of
from hsgraph.namespaces import DCTERMS, HS, ID, RDF, SKOS, VOCAB

_ORGANISATIONS: Final = ("Agency", "Fund", "Partner", "Organisation")
_PLACES: Final = ("Country", "Region", "Municipality", "Place")
_DATES: Final = ("startDate", "endDate", "approvedDate", "announcedDate")
_LONGEST: Final = 14


@dataclass(frozen=True)
class Known:
    """A thing of the graph: its kind, its name, and the countries it belongs to."""

    iri: str
    kind: str
    label: str
    countries: frozenset[str] = frozenset()
    codes: tuple[str, str, str] | None = None
    """Of a country that the graph does not have yet: its ISO codes and its M49 code."""

    @property
    def slug(self) -> str:
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True)
class Found:
    """Things of one name, and where in the text the name stands."""

    things: tuple[Known, ...]
    start: int
    end: int
    exact: bool = True


@dataclass(frozen=True)
class Programme:
    """A programme of the graph, as far as it helps to recognise it."""

    iri: str
    titles: frozenset[str]
    countries: frozenset[str]
    dates: frozenset[str]
    amounts: frozenset[str]


class Graph:
    """The names of a project's files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._store: Store = read_project(root).store
        self.things: dict[str, Known] = {}
        self._names: dict[str, dict[str, dict[str, bool]]] = defaultdict(lambda: defaultdict(dict))
        self._index()

    def _index(self) -> None:
        for kind in _PLACES:
            for iri in self._of_class(HS + kind):
                self._add(iri, "country" if kind == "Country" else "place")
        for kind in _ORGANISATIONS:
            for iri in self._of_class(HS + kind):
                self._add(iri, "organisation")
        for iri in self._of_class(SKOS + "Concept"):
            if iri.startswith(VOCAB):
                self._add(iri, iri.removeprefix(VOCAB).partition("/")[0])
        self._add_other_countries()
        for iri, phrases in words().concepts.items():
            if iri in self.things:
                for phrase in phrases:
                    self._name(self.things[iri], phrase)

    def _of_class(self, iri: str) -> list[str]:
        return self.subjects(RDF + "type", NamedNode(iri))

    def values(self, iri: str, predicate: str) -> list[str]:
        """The values of a property as texts, in order."""
        quads = self._store.quads_for_pattern(NamedNode(iri), NamedNode(predicate), None, None)
        return sorted(
            quad.object.value for quad in quads if isinstance(quad.object, Literal | NamedNode)
        )

    def _labels(self, iri: str) -> list[str]:
        """The names of a thing, English first."""
        quads = self._store.quads_for_pattern(NamedNode(iri), NamedNode(SKOS + "prefLabel"), None)
        labels = [quad.object for quad in quads if isinstance(quad.object, Literal)]
        labels.sort(key=lambda label: (label.language != "en", label.value))
        return [label.value for label in labels]

    def subjects(self, predicate: str, value: NamedNode | Literal) -> list[str]:
        """What has a thing or a text as the value of a property."""
        quads = self._store.quads_for_pattern(None, NamedNode(predicate), value, None)
        return sorted(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))

    def _add(self, iri: str, kind: str) -> None:
        labels = self._labels(iri)
        if not labels or iri in self.things:
            return
        countries = self._countries(iri, kind == "organisation")
        thing = Known(iri, kind, labels[0], countries)
        self.things[iri] = thing
        for label in labels + self.values(iri, SKOS + "altLabel"):
            self._name(thing, label)
            for place in self._around(iri) if kind == "organisation" else ():
                for join in words().phrases["of-names"]:
                    if label.endswith(f" {join} {place}"):
                        self._name(thing, label.removesuffix(f" {join} {place}"))
        for acronym in self.values(iri, HS + "acronym"):
            self._name(thing, acronym, as_written=True)
        for code in self.values(iri, HS + "isoAlpha2"):
            for name in territories().get(code, ()):
                self._name(thing, name)

    def _add_other_countries(self) -> None:
        """The countries that the graph does not have, so that none is taken for another."""
        taken = {code for iri in self.things for code in self.values(iri, HS + "isoAlpha2")}
        for alpha2, (alpha3, m49) in country_codes().items():
            names = territories().get(alpha2, ())
            if alpha2 in taken or not names:
                continue
            iri = f"{ID}place/{plain(names[0]).replace(' ', '-')}"
            thing = Known(iri, "country", names[0], frozenset({iri}), (alpha2, alpha3, m49))
            if self.things.setdefault(iri, thing) is thing:
                for name in names:
                    self._name(thing, name)

    def _around(self, iri: str) -> list[str]:
        """The names of the places that a thing is within."""
        names, left = [], self.values(iri, HS + "within")
        while left:
            place = left.pop()
            names += self.values(place, SKOS + "prefLabel")
            left += self.values(place, HS + "within")
        return names

    def _countries(self, iri: str, above: bool) -> frozenset[str]:
        found, left = set(), self.values(iri, HS + "within") if above else [iri]
        while left:
            place = left.pop()
            if HS + "Country" in self.values(place, RDF + "type"):
                found.add(place)
            else:
                left += self.values(place, HS + "within")
        return frozenset(found)

    def _name(self, thing: Known, name: str, *, as_written: bool = False) -> None:
        key = plain(name)
        if key:
            short = name.isupper() and len(name) <= 6
            self._names[thing.kind][key].setdefault(thing.iri, as_written or short)

    def named(
        self, name: str, *kinds: str, countries: frozenset[str] = frozenset()
    ) -> tuple[Known, ...]:
        """The things with just this name; those of the countries alone where there are some."""
        whole = plain(name)
        found = [
            self.things[iri]
            for kind in kinds
            for key in (whole, without_article(whole))
            for iri in self._names[kind].get(key, ())
        ]
        return _fitting(dict.fromkeys(found), countries)

    def area(self, name: str, countries: frozenset[str]) -> tuple[Known, ...]:
        """The areas of these countries whose name has but the word for such an area more."""
        key = plain(name)
        near = {
            thing: None
            for known, thing in self.names_of("place")
            if key and thing.countries & countries and _of_area().sub("", known) == key
        }
        return tuple(near)

    def is_agency(self, thing: Known) -> bool:
        """Whether an organisation is an agency of the United Nations."""
        return HS + "Agency" in self.values(thing.iri, RDF + "type")

    def find(self, text: str, *kinds: str, countries: frozenset[str] = frozenset()) -> list[Found]:
        """All names in a text, the longest at each place, none inside another."""
        listed, found, position = words_of(text), [], 0
        while position < len(listed):
            hit = self._longest(text, listed, position, kinds, countries)
            if hit:
                found.append(hit[0])
            position += hit[1] if hit else 1
        return found

    def _longest(
        self,
        text: str,
        listed: list[Word],
        position: int,
        kinds: tuple[str, ...],
        countries: frozenset[str],
    ) -> tuple[Found, int] | None:
        for length in range(min(_LONGEST, len(listed) - position), 0, -1):
            part = listed[position : position + length]
            key = " ".join(word.plain for word in part)
            start, end = part[0].start, part[-1].end
            things = [
                self.things[iri]
                for kind in kinds
                for iri, as_written in self._names[kind].get(key, {}).items()
                if not as_written or not text[start:end].islower()
            ]
            if things:
                fitting = _fitting(things, countries)
                return (Found(fitting, start, end), length) if fitting else None
        return None

    def names_of(self, kind: str) -> Iterable[tuple[str, Known]]:
        """Every name of a kind of thing, as it is compared."""
        for key, iris in self._names[kind].items():
            for iri in iris:
                yield key, self.things[iri]

    @cached_property
    def programmes(self) -> list[Programme]:
        """All programmes of the graph."""
        return [self._programme(iri) for iri in self._of_class(HS + "Project")]

    def _programme(self, iri: str) -> Programme:
        titles = [
            plain(title)
            for predicate in (SKOS + "prefLabel", SKOS + "altLabel", DCTERMS + "title")
            for title in self.values(iri, predicate)
        ]
        dates = [day for name in _DATES for day in self.values(iri, HS + name)]
        amounts = [
            amount.partition(".")[0]
            for part in self.subjects(HS + "partOf", NamedNode(iri))
            if part.startswith(ID + "budget/")
            for amount in self.values(part, HS + "amount")
        ]
        countries = frozenset(
            country
            for place in self.values(iri, HS + "takesPlaceIn")
            for country in self._countries(place, False)
        )
        return Programme(iri, frozenset(titles), countries, frozenset(dates), frozenset(amounts))


def _fitting(things: Iterable[Known], countries: frozenset[str]) -> tuple[Known, ...]:
    """The things of these countries or of none; all where no country is known."""
    listed = tuple(dict.fromkeys(things))
    if not countries:
        return listed
    inside = tuple(thing for thing in listed if thing.countries & countries)
    return inside or tuple(thing for thing in listed if not thing.countries)


@cache
def _of_area() -> re.Pattern[str]:
    of = "|".join(sorted(map(plain, words().phrases["of-area"]), key=len, reverse=True))
    return re.compile(rf"^(?:{either('area')}) (?:(?:{of}) )?| (?:{either('area')})$")
