"""Gathers from an engine what an IATI activity can hold of programmes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.engine.protocol import Engine, Row
from hsgraph.iati.queries import query
from hsgraph.namespaces import ADMS, DCTERMS, GRAPH, HS, ID, OWL, PROV, SCHEMA, SKOS, WGS84

_LINKS: Final = (
    DCTERMS + "source",
    HS + "interventionType",
    HS + "keyword",
    HS + "takesPlaceIn",
    PROV + "agent",
    PROV + "hadRole",
)
_GEONAMES: Final = "https://sws.geonames.org/"


@dataclass(frozen=True)
class Text:
    text: str
    language: str


@dataclass(frozen=True)
class Dated:
    """A date of ours: `property` is its name, as in `startDate`."""

    property: str
    day: str
    precision: str


@dataclass(frozen=True)
class Organisation:
    iri: str
    name: str
    role: str
    """The code of IATI, or nothing where IATI has none."""
    ref: str


@dataclass(frozen=True)
class Place:
    iri: str
    name: str
    alpha2: str
    m49: str
    point: tuple[str, str] | None
    geonames: str


@dataclass(frozen=True)
class Named:
    """A concept of one of our vocabularies, or a page at an address."""

    iri: str
    name: str


@dataclass(frozen=True)
class Money:
    kind: str
    amount: str
    currency: str


@dataclass
class Activity:
    """A programme, as far as IATI can hold it."""

    iri: str
    titles: list[Text] = field(default_factory=list)
    descriptions: list[Text] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    keywords: list[Named] = field(default_factory=list)
    interventions: list[Named] = field(default_factory=list)
    objectives: list[tuple[int, Text]] = field(default_factory=list)
    targets: list[Text] = field(default_factory=list)
    money: list[Money] = field(default_factory=list)
    links: list[Named] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.iri.rpartition("/")[2]


def activities(engine: Engine, project: str | None = None) -> list[Activity]:
    """One programme, or all in order of their addresses; empty where there is no such one."""
    rows = [] if project else engine.select(query("all")).rows
    iris = [NamedNode(project)] if project else [NamedNode(r["project"].value) for r in rows]
    written = Literal(GRAPH + "data/")
    facts = _Facts(engine.select(query("programmes"), {"projects": iris, "written": written}).rows)
    facts.add(engine.select(query("parts"), {"projects": iris}).rows)
    for names in (_LINKS, (ADMS + "identifier",)):
        things = [NamedNode(iri) for iri in facts.objects(names)]
        facts.add(engine.select(query("things"), {"things": things}).rows)
    return [_activity(facts, iri) for iri in sorted(facts.projects)]


class _Facts:
    """Statements by subject and property, and the parts of each programme."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.projects: set[str] = set()
        self.parts: dict[str, set[str]] = defaultdict(set)
        self._values: dict[tuple[str, str], dict[Text, None]] = defaultdict(dict)
        for row in rows:
            self.projects.add(row["thing"].value)
            self._keep(row)

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if "project" in row:
                self.parts[row["project"].value].add(row["thing"].value)
            self._keep(row)

    def _keep(self, row: Row) -> None:
        value = row["value"]
        language = value.language or "" if isinstance(value, Literal) else ""
        key = (row["thing"].value, row["property"].value)
        self._values[key][Text(value.value, language)] = None

    def texts(self, thing: str, name: str) -> list[Text]:
        listed = self._values.get((thing, name), {})
        return sorted(listed, key=lambda each: (each.language != "en", each.language, each.text))

    def values(self, thing: str, name: str) -> list[str]:
        return [each.text for each in self.texts(thing, name)]

    def value(self, thing: str, name: str) -> str:
        return next(iter(self.values(thing, name)), "")

    def objects(self, names: tuple[str, ...]) -> list[str]:
        """What the statements with these properties lead to."""
        found = (
            each.text
            for (_, name), listed in self._values.items()
            if name in names
            for each in listed
        )
        return sorted(set(found))

    def of_kind(self, project: str, kind: str) -> list[str]:
        return sorted(part for part in self.parts[project] if part.startswith(f"{ID}{kind}/"))


def _activity(facts: _Facts, iri: str) -> Activity:
    titles = facts.texts(iri, DCTERMS + "title") or facts.texts(iri, SKOS + "prefLabel")
    activity = Activity(iri, titles, facts.texts(iri, DCTERMS + "description"))
    for name in ("start", "end", "announced", "approved"):
        if day := facts.value(iri, f"{HS}{name}Date"):
            precision = facts.value(iri, f"{HS}{name}Precision").rpartition("/")[2]
            activity.dates.append(Dated(f"{name}Date", day, precision))
    taking_part = facts.of_kind(iri, "participation")
    activity.organisations = [_organisation(facts, part) for part in taking_part]
    activity.places = [_place(facts, place) for place in facts.values(iri, HS + "takesPlaceIn")]
    activity.keywords = _codes(facts, facts.values(iri, HS + "keyword"))
    types = {
        each
        for part in facts.of_kind(iri, "intervention")
        for each in facts.values(part, HS + "interventionType")
    }
    activity.interventions = _codes(facts, sorted(types))
    for part in facts.of_kind(iri, "objective"):
        for text in facts.texts(part, SKOS + "prefLabel")[:1]:
            activity.objectives.append((int(facts.value(part, HS + "order") or 0), text))
    activity.objectives.sort(key=lambda each: each[0])
    for part in facts.of_kind(iri, "target"):
        activity.targets += facts.texts(part, SKOS + "prefLabel")[:1]
    activity.money = [
        Money(
            facts.value(part, HS + "budgetKind").rpartition("/")[2],
            facts.value(part, HS + "amount"),
            facts.value(part, HS + "currency").rpartition("/")[2],
        )
        for part in facts.of_kind(iri, "budget")
        if facts.value(part, HS + "preferred") != "false"
    ]
    for source in facts.values(iri, DCTERMS + "source"):
        for url in facts.values(source, SCHEMA + "url"):
            activity.links.append(Named(url, facts.value(source, SKOS + "prefLabel")))
    return activity


def _organisation(facts: _Facts, part: str) -> Organisation:
    agent = facts.value(part, PROV + "agent")
    role = facts.value(facts.value(part, PROV + "hadRole"), SKOS + "notation")
    refs = [
        facts.value(identifier, SKOS + "notation")
        for identifier in facts.values(agent, ADMS + "identifier")
        if facts.value(identifier, HS + "identifierScheme") == "IATI"
    ]
    name = facts.value(agent, SKOS + "prefLabel")
    return Organisation(agent, name, role, next(iter(refs), ""))


def _place(facts: _Facts, iri: str) -> Place:
    latitude, longitude = facts.value(iri, WGS84 + "lat"), facts.value(iri, WGS84 + "long")
    same = [each for each in facts.values(iri, OWL + "sameAs") if each.startswith(_GEONAMES)]
    return Place(
        iri,
        facts.value(iri, SKOS + "prefLabel"),
        facts.value(iri, HS + "isoAlpha2"),
        facts.value(iri, HS + "m49"),
        (latitude, longitude) if latitude and longitude else None,
        same[0].removeprefix(_GEONAMES).strip("/") if same else "",
    )


def _codes(facts: _Facts, iris: list[str]) -> list[Named]:
    return [Named(iri, facts.value(iri, SKOS + "prefLabel")) for iri in iris]
