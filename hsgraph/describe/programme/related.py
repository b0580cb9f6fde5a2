"""What the page of a programme says of things beyond its document: parties, sources and places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from hsgraph.describe.entity.facts import Facts, Passage, Text
from hsgraph.describe.queries import query
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import REMEMBERED, Labels, Ref, kind_of, local_name
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Engine, Term
from hsgraph.namespaces import DCTERMS, HS, PROV, SCHEMA, WGS84

_BEYOND: Final = frozenset(
    NamedNode(iri)
    for iri in (
        *(HS + "organisationType", HS + "datePrecision", HS + "m49", WGS84 + "lat", WGS84 + "long"),
        *(DCTERMS + "publisher", DCTERMS + "date", SCHEMA + "url"),
    )
)
_DEGREES: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")


@dataclass(frozen=True)
class SourceLine:
    """A source with its number on the page, and words of it that no other fact rests on."""

    number: int
    ref: Ref
    publisher: Ref | None
    date: str
    address: str
    said: tuple[Passage, ...]


@dataclass(frozen=True)
class Point:
    """Where a place lies, in degrees."""

    label: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class About:
    """What the page says of organisations and sources beyond the programme's own document."""

    values: dict[tuple[str, str], list[tuple[Term, str]]]

    @classmethod
    def fetch(cls, engine: Engine, iris: list[str]) -> About:
        values: dict[tuple[str, str], list[tuple[Term, str]]] = defaultdict(list)
        for thing, about, value, name in _told(engine, [NamedNode(iri) for iri in iris]):
            values[thing, about].append((value, name))
        return cls(values)

    def ref(self, thing: str, about: str) -> Ref | None:
        found = sorted(self.values.get((thing, about), []), key=lambda pair: str(pair[0]))
        if not found:
            return None
        iri, name = found[0][0].value, found[0][1]
        return Ref(iri, name or local_name(iri), "en" if name else "", kind_of(iri))

    def text(self, thing: str, about: str) -> str:
        found = sorted(str(pair[0].value) for pair in self.values.get((thing, about), []))
        return found[0] if found else ""

    def points(self, places: Iterable[Ref | Text]) -> tuple[Point, ...]:
        """Where those of the places lie that have a point."""
        found = []
        for place in places:
            if isinstance(place, Ref):
                here = self.text(place.iri, WGS84 + "lat"), self.text(place.iri, WGS84 + "long")
                if all(_DEGREES.fullmatch(degrees) for degrees in here):
                    found.append(Point(place.label, float(here[0]), float(here[1])))
        return tuple(found)

    def codes(self, countries: Iterable[Ref | Text]) -> tuple[str, ...]:
        """The M49 codes of countries."""
        texts = (self.text(c.iri, HS + "m49") for c in countries if isinstance(c, Ref))
        return tuple(text for text in texts if text)

    def source(self, number: int, ref: Ref, said: tuple[Passage, ...]) -> SourceLine:
        precision = local_name(self.text(ref.iri, HS + "datePrecision") or "day")
        date = self.text(ref.iri, DCTERMS + "date")
        return SourceLine(
            number,
            ref,
            self.ref(ref.iri, DCTERMS + "publisher"),
            wording.date(date, precision) if date else "",
            self.text(ref.iri, SCHEMA + "url"),
            said,
        )


def _told(engine: Engine, things: list[NamedNode]) -> Iterator[tuple[str, str, Term, str]]:
    """Thing, property, value and its name: what `about.rq` gives, by look-ups where it can be."""
    if engine.lookups is None:
        rows = engine.select(query("about"), {"things": things}).rows if things else ()
        for row in rows:
            name = row["name"].value if "name" in row else ""
            yield row["thing"].value, row["about"].value, row["value"], name
        return
    told = [(thing, *pair) for thing in things for pair in _known(engine.lookups, thing)]
    labels = Labels.fetch(engine, [value for *_, value in told if isinstance(value, NamedNode)])
    for thing, about, value in told:
        name = labels.ref(value.value).label if value.value in labels.names else ""
        yield thing.value, about, value, name


def _known(lookups: Lookups, thing: NamedNode) -> tuple[tuple[str, Term], ...]:
    """The properties of a thing that other pages show too; kept for the next page."""
    memory: dict[str, tuple[tuple[str, Term], ...]] = lookups.memory.setdefault("beyond", {})
    known = memory.get(thing.value)
    if known is None:
        statements = ((quad.predicate, quad.object) for quad in lookups.about([thing]))
        known = tuple(
            dict.fromkeys(
                (predicate.value, value)
                for predicate, value in statements
                if predicate in _BEYOND and not isinstance(value, Triple)
            )
        )
        if len(memory) >= REMEMBERED:
            memory.clear()
        memory[thing.value] = known
    return known


def beyond(facts: Facts, iri: str) -> list[str]:
    """The things that the page of a programme says more of: its parties, sources and places."""
    agents = {a for p in facts.parts("Participation") for a in facts.iris(p, PROV + "agent")}
    evidence = facts.document.labels.types
    sources = {i for i, types in evidence.items() if HS + "Source" in types}
    return sorted({*agents, *sources, *facts.iris(iri, HS + "takesPlaceIn")})
