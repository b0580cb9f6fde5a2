"""What the page of a programme says of things beyond its document: parties, sources and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from hsgraph.describe.entity.facts import Facts, Passage, Text
from hsgraph.describe.values import Values, first_text, values_of
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import DCTERMS, HS, PROV, SCHEMA, WGS84, local_name

_BEYOND: Final = (
    *(HS + "organisationType", HS + "datePrecision", HS + "m49", WGS84 + "lat", WGS84 + "long"),
    *(DCTERMS + "publisher", DCTERMS + "date", SCHEMA + "url"),
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

    values: Mapping[str, Values]
    labels: Labels

    @classmethod
    def fetch(cls, engine: Engine, iris: Iterable[str]) -> About:
        values = values_of(engine, iris, _BEYOND, kept="beyond")
        named = {t for found in values.values() for terms in found.values() for t in terms}
        return cls(values, Labels.fetch(engine, named))

    def ref(self, thing: str, about: str) -> Ref | None:
        iri = self.text(thing, about)
        return replace(self.labels.ref(iri), acronym="") if iri else None

    def text(self, thing: str, about: str) -> str:
        return first_text(self.values.get(thing, {}), about)

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


def mentioned(facts: Facts, iri: str) -> list[str]:
    """The things that the page of a programme says more of: its parties, sources and places."""
    agents = {a for p in facts.parts("Participation") for a in facts.iris(p, PROV + "agent")}
    sources = {i for i, known in facts.labels.namings.items() if HS + "Source" in known.types}
    return sorted({*agents, *sources, *facts.iris(iri, HS + "takesPlaceIn")})
