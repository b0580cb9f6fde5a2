"""Gathers from an engine what an IATI activity can hold of programmes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from hsgraph.engine.protocol import Engine, Row
from hsgraph.namespaces import ADMS, DCTERMS, GRAPH, HS, ID, PROV, SKOS
from hsgraph.resources import queries

_query: Final = queries("hsgraph.iati.queries")
_LINKS: Final = (
    DCTERMS + "source",
    HS + "interventionType",
    HS + "keyword",
    HS + "takesPlaceIn",
    PROV + "agent",
    PROV + "hadRole",
)


class Text(NamedTuple):
    text: str
    language: str


@dataclass(frozen=True, order=True)
class Thing:
    """A programme, a part of one or what they name, with what is said of it."""

    iri: str
    facts: _Facts = field(compare=False, repr=False)

    @property
    def slug(self) -> str:
        return self.iri.rpartition("/")[2]

    @property
    def name(self) -> str:
        return self.value(SKOS + "prefLabel")

    @property
    def titles(self) -> list[Text]:
        return self.texts(DCTERMS + "title") or self.texts(SKOS + "prefLabel")

    def texts(self, name: str) -> list[Text]:
        """The values of a property, the English ones first."""
        listed = self.facts.values.get((self.iri, name), ())
        return sorted(listed, key=lambda each: (each.language != "en", each.language, each.text))

    def value(self, name: str) -> str:
        """The first of them as text, or an empty one."""
        return next((each.text for each in self.texts(name)), "")

    def thing(self, name: str) -> Thing:
        """The first of them as a thing, of which nothing is said where there is none."""
        return Thing(self.value(name), self.facts)

    def things(self, name: str) -> list[Thing]:
        """What a property leads to."""
        return [Thing(each.text, self.facts) for each in self.texts(name)]

    def parts(self, kind: str) -> list[Thing]:
        """The parts of a kind in order of their addresses."""
        found = sorted(self.facts.parts[self.iri])
        return [Thing(part, self.facts) for part in found if part.startswith(f"{ID}{kind}/")]


def activities(engine: Engine, project: str | None = None) -> list[Thing]:
    """One programme, or all in order of their addresses; empty where there is no such one."""
    rows = [] if project else engine.select(_query("all")).rows
    iris = [NamedNode(project)] if project else [NamedNode(r["project"].value) for r in rows]
    written = Literal(GRAPH + "data/")
    facts = _Facts()
    facts.add(engine.select(_query("programmes"), {"projects": iris, "written": written}).rows)
    programmes = sorted({thing for thing, _ in facts.values})
    facts.add(engine.select(_query("parts"), {"projects": iris}).rows)
    for names in (_LINKS, (ADMS + "identifier",)):
        things = [NamedNode(iri) for iri in facts.objects(names)]
        facts.add(engine.select(_query("things"), {"things": things}).rows)
    return [Thing(iri, facts) for iri in programmes]


class _Facts:
    """Statements by subject and property, and the parts of each programme."""

    def __init__(self) -> None:
        self.parts: dict[str, set[str]] = defaultdict(set)
        self.values: dict[tuple[str, str], set[Text]] = defaultdict(set)

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            thing, value = row["thing"].value, row["value"]
            if "project" in row:
                self.parts[row["project"].value].add(thing)
            language = value.language or "" if isinstance(value, Literal) else ""
            self.values[thing, row["property"].value].add(Text(value.value, language))

    def objects(self, names: tuple[str, ...]) -> list[str]:
        """What the statements with these properties lead to."""
        found = (values for (_, name), values in self.values.items() if name in names)
        return sorted({each.text for values in found for each in values})
