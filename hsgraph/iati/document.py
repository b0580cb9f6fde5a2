"""Writes activities as an IATI 2.03 document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from hsgraph.iati.activities import Thing
from hsgraph.namespaces import ADMS, DCTERMS, HS, OWL, PROV, SCHEMA, SKOS, VOCAB, WGS84

VERSION: Final = "2.03"
REPORTER: Final = "hsgraph"
"""Not registered with IATI; see docs/iati.md."""
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that XML has no way to write: one in one name would make the whole file unreadable."""
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_OTHER: Final = "90"
_OURS: Final = "99"
_OF_PRECISION: Final = f"{{{HS}}}precision"
_OF_PROPERTY: Final = f"{{{HS}}}property"
_DATE_TYPES: Final = {"startDate": "2", "endDate": "4", "announcedDate": "1"}
_ONGOING, _CLOSED = "2", "4"
_CRS: Final = "http://www.opengis.net/def/crs/EPSG/0/4326"
_GEONAMES: Final = "https://sws.geonames.org/"


def fits(programme: Thing) -> bool:
    """Whether IATI can hold the programme: the standard asks for a date and an organisation."""
    return bool(_dates(programme)) and any(map(role, programme.parts("participation")))


def role(participation: Thing) -> str:
    """The code of IATI for how an organisation takes part, or nothing where IATI has none."""
    return participation.thing(PROV + "hadRole").value(SKOS + "notation")


def document(programmes: Iterable[Thing], today: date) -> bytes:
    """The XML of the programmes that fit."""
    register_namespace("hs", HS)
    root = Element("iati-activities", {"version": VERSION})
    for programme in programmes:
        if fits(programme):
            root.append(_activity(programme, today))
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return _NOT_XML.sub("\ufffd".encode(), written) + b"\n"


def _activity(programme: Thing, today: date) -> Element:
    attributes = {_LANG: "en", "linked-data-uri": programme.iri}
    element = Element("iati-activity", attributes)
    SubElement(element, "iati-identifier").text = f"{REPORTER}-{programme.slug}"
    reporter = {"ref": REPORTER, "type": _OTHER, "secondary-reporter": "1"}
    _narrative(SubElement(element, "reporting-org", reporter), REPORTER)
    title = SubElement(element, "title")
    for text in programme.titles:
        _narrative(title, *text)
    _descriptions(element, programme)
    for participation in programme.parts("participation"):
        if role(participation):
            _organisation(element, participation)
    end = programme.value(HS + "endDate")
    closed = end and end < today.isoformat()
    SubElement(element, "activity-status", {"code": _CLOSED if closed else _ONGOING})
    for name in _dates(programme):
        _date(element, programme, name)
    _places(element, programme.things(HS + "takesPlaceIn"))
    interventions = {
        kind
        for part in programme.parts("intervention")
        for kind in part.things(HS + "interventionType")
    }
    for tag, scheme, concepts in (
        ("sector", "intervention-type", sorted(interventions)),
        ("tag", "keyword", programme.things(HS + "keyword")),
    ):
        for concept in concepts:
            attributes = {"vocabulary": _OURS, "vocabulary-uri": VOCAB + scheme}
            attributes["code"] = concept.slug
            _narrative(SubElement(element, tag, attributes), concept.name)
    _money(element, programme)
    for source in programme.things(DCTERMS + "source"):
        for url, _ in source.texts(SCHEMA + "url"):
            linked = SubElement(element, "document-link", {"url": url, "format": "text/html"})
            _narrative(SubElement(linked, "title"), source.name)
            SubElement(linked, "category", {"code": "A12"})
    return element


def _descriptions(element: Element, programme: Thing) -> None:
    general = SubElement(element, "description", {"type": "1"})
    for text in programme.texts(DCTERMS + "description") or programme.titles:
        _narrative(general, *text)
    objectives = programme.parts("objective")
    objectives.sort(key=lambda each: int(each.value(HS + "order") or 0))
    for kind, parts in (("2", objectives), ("3", programme.parts("target"))):
        for part in parts:
            for text in part.texts(SKOS + "prefLabel")[:1]:
                _narrative(SubElement(element, "description", {"type": kind}), *text)


def _organisation(element: Element, participation: Thing) -> None:
    organisation = participation.thing(PROV + "agent")
    refs = [
        each.value(SKOS + "notation")
        for each in organisation.things(ADMS + "identifier")
        if each.value(HS + "identifierScheme") == "IATI"
    ]
    attributes = {"role": role(participation)}
    if any(refs[:1]):
        attributes["ref"] = refs[0]
    _narrative(SubElement(element, "participating-org", attributes), organisation.name)


def _dates(programme: Thing) -> list[str]:
    """The start and the end; where neither is known, the announcement as planned start."""
    own = [name for name in ("startDate", "endDate") if programme.value(HS + name)]
    return own or [name for name in ("announcedDate",) if programme.value(HS + name)]


def _date(element: Element, programme: Thing, name: str) -> None:
    precision = programme.thing(HS + name.replace("Date", "Precision")).slug
    attributes = {"type": _DATE_TYPES[name], "iso-date": programme.value(HS + name)}
    attributes |= {_OF_PRECISION: precision, _OF_PROPERTY: name}
    written = SubElement(element, "activity-date", attributes)
    if name == "announcedDate":
        _narrative(written, "Day of the announcement; no source seen gives the start.")


def _places(element: Element, places: list[Thing]) -> None:
    countries = [each for each in places if each.value(HS + "isoAlpha2")]
    regions = [each for each in places if each.value(HS + "m49") and each not in countries]
    for place in countries:
        attributes = {"code": place.value(HS + "isoAlpha2")}
        _narrative(SubElement(element, "recipient-country", attributes), place.name)
    for place in regions:
        attributes = {"code": place.value(HS + "m49"), "vocabulary": "2"}
        _narrative(SubElement(element, "recipient-region", attributes), place.name)
    for place in places:
        if place not in countries and place not in regions:
            _location(SubElement(element, "location"), place)


def _location(location: Element, place: Thing) -> None:
    same = [each.iri for each in place.things(OWL + "sameAs") if each.iri.startswith(_GEONAMES)]
    if same:
        attributes = {"vocabulary": "G1", "code": same[0].removeprefix(_GEONAMES).strip("/")}
        SubElement(location, "location-id", attributes)
    _narrative(SubElement(location, "name"), place.name)
    point = [place.value(WGS84 + "lat"), place.value(WGS84 + "long")]
    if all(point):
        SubElement(SubElement(location, "point", {"srsName": _CRS}), "pos").text = " ".join(point)


def _money(element: Element, programme: Thing) -> None:
    """The total as budget where its period is known, the Fund's money as incoming commitment."""
    start, end = programme.value(HS + "startDate"), programme.value(HS + "endDate")
    stated = [each for each in programme.parts("budget") if each.value(HS + "preferred") != "false"]
    for money in stated:
        if money.thing(HS + "budgetKind").slug == "total" and start and end:
            budget = SubElement(element, "budget", {"type": "1", "status": "1"})
            SubElement(budget, "period-start", {"iso-date": start})
            SubElement(budget, "period-end", {"iso-date": end})
            _value(budget, money, start)
    funders = [each for each in programme.parts("participation") if role(each) == "1"]
    day = programme.value(HS + "approvedDate") or programme.value(HS + "announcedDate") or start
    for money in stated:
        if money.thing(HS + "budgetKind").slug == "fund-contribution" and day:
            transaction = SubElement(element, "transaction")
            SubElement(transaction, "transaction-type", {"code": "11"})
            SubElement(transaction, "transaction-date", {"iso-date": day})
            _value(transaction, money, day)
            for funder in funders[:1]:
                name = funder.thing(PROV + "agent").name
                _narrative(SubElement(transaction, "provider-org"), name)


def _value(parent: Element, money: Thing, day: str) -> None:
    attributes = {"currency": money.thing(HS + "currency").slug, "value-date": day}
    SubElement(parent, "value", attributes).text = money.value(HS + "amount")


def _narrative(parent: Element, text: str, language: str = "en") -> None:
    attributes = {} if language in ("en", "") else {_LANG: language}
    SubElement(parent, "narrative", attributes).text = text
