"""From the activities of an IATI 2.0x file to drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from hsgraph.curate.known import Graph, Known
from hsgraph.curate.model import (
    Ask,
    Concept,
    DateValue,
    Draft,
    Money,
    Part,
    Place,
    Text,
    few,
)
from hsgraph.curate.reading.confined import run_confined
from hsgraph.curate.sheet.desk import finish
from hsgraph.curate.sheet.facts import Facts
from hsgraph.curate.sheet.people import read_target
from hsgraph.curate.sheet.prose import FUND
from hsgraph.curate.words import words
from hsgraph.errors import Place as FilePlace
from hsgraph.errors import SourceError
from hsgraph.namespaces import ADMS, HS, ID, OWL, SKOS, VOCAB

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_GEONAMES: Final = "https://sws.geonames.org/"
_ROLES: Final = {"1": "funder", "2": "lead-agency", "4": "implementing-agency"}
_STARTS, _ENDS = ("2", "1"), ("4", "3")
_INCOMING: Final = ("1", "11", "13")
_DIGITS: Final = 15
"""Whole digits that no sum of money has."""
_PRECISIONS: Final = ("day", "month", "year")


@dataclass(frozen=True)
class _Element:
    """An element with the ways that we look at one."""

    tag: str
    attributes: dict[str, str]
    text: str
    line: int
    children: list[Any]

    def all(self, tag: str) -> Iterator[_Element]:
        """The children of a name; xml:lang holds for them too (XML 1.0, 2.12)."""
        spoken = {_LANG: self.get(_LANG)} if self.get(_LANG) else {}
        for name, attributes, *rest in self.children:
            if name == tag:
                yield _Element(name, spoken | attributes, *rest)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def narratives(self) -> list[tuple[str, str]]:
        """Language and text of each, those in English first; 2.01 and later have elements."""
        spoken = [*self.all("narrative")] or [self]
        found = [(_language(each), each.text) for each in spoken]
        return sorted(found, key=lambda each: each[0] != "en")

    @property
    def name(self) -> str:
        return " ".join(self.narratives[0][1].split())


def _language(element: _Element) -> str:
    """English where none is told, whatever country it is of."""
    tag = element.get(_LANG).lower() or "en"
    return "en" if tag.startswith("en-") else tag


def drafts_of_iati(path: Path, graph: Graph, ask: Ask) -> list[Draft]:
    """A draft for each activity; SourceError when the file has none."""
    root = _Element(*run_confined("xml", path))
    found = list(root.all("iati-activity")) if root.tag == "iati-activities" else []
    version = root.get("version")
    if not found or not version.startswith("2."):
        raise SourceError(
            "There is no activity of IATI 2.0x in this file.",
            place=FilePlace(str(path), root.line),
            remedy='Its root is <iati-activities version="2.03">.',
        )
    return [_Activity(path, element, graph, ask).draft() for element in found]


class _Activity:
    """Drafts one activity."""

    def __init__(self, path: Path, element: _Element, graph: Graph, ask: Ask) -> None:
        self._element, self._graph = element, graph
        ours = element.get("linked-data-uri").startswith(ID)
        self._draft = Draft(path.name, own_words=ours)
        self._facts = Facts(graph, self._draft, ask)

    def draft(self) -> Draft:
        draft = self._draft
        for title in self._element.all("title"):
            (language, text), *others = title.narratives
            draft.title = Text(text, few(text, title.line), language)
            draft.language = language
            draft.other_titles = [Text(t, few(t, title.line), lang) for lang, t in others]
        self._descriptions()
        for tag, take in (
            ("recipient-country", self._country),
            ("recipient-region", self._region),
            ("location", self._location),
            ("participating-org", self._organisation),
            ("sector", self._sector),
            ("tag", self._tag),
        ):
            for element in self._element.all(tag):
                take(element)
        self._dates()
        self._money()
        finish(draft, self._graph)
        address = self._element.get("linked-data-uri")
        if address in {programme.iri for programme in self._graph.programmes}:
            draft.same_as = address
        return draft

    def _descriptions(self) -> None:
        for element in self._element.all("description"):
            kind = element.get("type") or "1"
            if kind == "1" and self._draft.own_words:
                self._draft.description = [
                    Text(text, few(text, element.line), language)
                    for language, text in element.narratives
                ]
            elif kind == "2":
                text = element.name
                self._draft.objectives.append(Text(text, few(text, element.line)))
            elif kind == "3":
                read_target(self._facts, element.name, element.line)

    def _country(self, element: _Element) -> None:
        code = element.get("code")
        found = self._with(HS + "isoAlpha2", code) or [
            thing for thing in self._graph.things.values() if thing.codes and thing.codes[0] == code
        ]
        self._place(element, found, f"country {code}")
        if share := element.get("percentage"):
            self._draft.miss(element.line, f"{code} {share} %", "shares of countries have no place")

    def _region(self, element: _Element) -> None:
        code = element.get("code")
        known = self._with(HS + "m49", code) if element.get("vocabulary") == "2" else []
        self._place(element, known, f"region {code}")

    def _location(self, element: _Element) -> None:
        named = [each.name for each in element.all("name")]
        found: list[Known] = []
        for each in element.all("location-id"):
            if each.get("vocabulary") == "G1":
                address = f"{_GEONAMES}{each.get('code')}/"
                found += self._things(self._graph.subjects(OWL + "sameAs", NamedNode(address)))
        for name in named if not found else []:
            countries = self._draft.countries
            found += self._graph.named(name, "place", countries=countries)
        name = named[0] if named else ""
        self._place(element, found, name, name)

    def _place(
        self, element: _Element, found: list[Known], text: str, words_: str | None = None
    ) -> None:
        taken = {place.place for place in self._draft.places}
        if len(found) != 1:
            self._draft.miss(element.line, text, "no place, or several, of this name or code")
        elif found[0] not in taken:
            quoted = words_ or element.name or element.get("code")
            self._draft.places.append(Place(found[0], few(quoted, element.line)))

    def _organisation(self, element: _Element) -> None:
        name, role = element.name, _ROLES.get(element.get("role"))
        if role is None:
            self._draft.miss(element.line, name, f"the role {element.get('role')} has no place")
            return
        known = self._agency(element.get("ref"), name)
        quote = few(name or element.get("ref"), element.line)
        if known or name:
            self._draft.add_part(Part(role, quote, known, "" if known else name))

    def _agency(self, ref: str, name: str) -> Known | None:
        for identifier in self._graph.subjects(SKOS + "notation", Literal(ref)) if ref else ():
            for iri in self._graph.subjects(ADMS + "identifier", NamedNode(identifier)):
                if iri in self._graph.things:
                    return self._graph.things[iri]
        found = self._graph.named(name, "organisation", countries=self._draft.countries)
        found = found or self._graph.named(name, "organisation")
        return found[0] if len(found) == 1 else None

    def _sector(self, element: _Element) -> None:
        self._code(element, "intervention-type", self._draft.interventions)

    def _tag(self, element: _Element) -> None:
        self._code(element, "keyword", self._draft.keywords)

    def _code(self, element: _Element, vocabulary: str, taken: list[Concept]) -> None:
        code, name = element.get("code"), element.name
        concept = self._graph.things.get(f"{VOCAB}{vocabulary}/{code}")
        if element.get("vocabulary-uri") == VOCAB + vocabulary and concept:
            taken.append(Concept(concept, few(name or code, element.line)))
        else:
            self._draft.miss(element.line, f"{code} {name}".strip(), "a code of another list")

    def _dates(self) -> None:
        dated = list(self._element.all("activity-date"))
        ours = f"{{{HS}}}"
        for element in dated:
            if element.get(ours + "property") == "announcedDate":
                self._draft.announced = self._date(element)
        left = [each for each in dated if each.get(ours + "property") != "announcedDate"]
        for types, name in ((_STARTS, "start"), (_ENDS, "end")):
            found = [each for kind in types for each in left if each.get("type") == kind]
            if found:
                setattr(self._draft, name, self._date(found[0]))

    def _date(self, element: _Element) -> DateValue | None:
        printed = element.get("iso-date")
        precision = element.get(f"{{{HS}}}precision")
        try:
            day = date.fromisoformat(printed[:10])
        except ValueError:
            self._draft.miss(element.line, printed, "no date")
            return None
        precision = precision if precision in _PRECISIONS else "day"
        return DateValue(day, precision, few(printed, element.line))

    def _money(self) -> None:
        """Budgets, which are by year, add up to the total; what the Fund gives comes in."""
        totals: dict[str, Decimal] = {}
        line = 0
        for budget in self._element.all("budget"):
            for value in budget.all("value"):
                currency = value.get("currency") or self._element.get("default-currency")
                totals[currency] = totals.get(currency, Decimal()) + self._amount(value)
                line = line or value.line
        for currency, amount in totals.items():
            self._sum(currency, amount, "total", line)
        for transaction in self._element.all("transaction"):
            kinds = [each.get("code") for each in transaction.all("transaction-type")]
            if not kinds or kinds[0] not in _INCOMING:
                continue
            names = [each.name for each in transaction.all("provider-org")]
            fund = FUND in {k.iri for n in names for k in self._graph.named(n, "organisation")}
            for value in transaction.all("value"):
                currency = value.get("currency") or self._element.get("default-currency")
                kind = "fund-contribution" if fund else "co-funding"
                self._sum(currency, self._amount(value), kind, value.line)

    def _amount(self, value: _Element) -> Decimal:
        try:
            amount = Decimal(value.text.replace(",", ""))
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite() and amount.adjusted() < _DIGITS:
            return amount
        self._draft.miss(value.line, value.text, "no number")
        return Decimal()

    def _sum(self, code: str, amount: Decimal, kind: str, line: int) -> None:
        iri = words().currencies.get(code)
        if amount <= 0:
            return
        if iri is None:
            self._draft.miss(line, f"{code} {amount}", "no currency that is known here")
            return
        quote = few(str(amount), line)
        self._draft.money.append(Money(amount, iri, kind, False, quote))

    def _with(self, predicate: str, value: str) -> list[Known]:
        return self._things(self._graph.subjects(predicate, Literal(value)))

    def _things(self, iris: list[str]) -> list[Known]:
        return [self._graph.things[iri] for iri in iris if iri in self._graph.things]
