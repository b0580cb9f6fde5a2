"""Writes activities as an IATI 2.03 document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from hsgraph.iati.activities import Activity, Dated, Organisation, Place
from hsgraph.namespaces import HS, VOCAB

VERSION: Final = "2.03"
REPORTER: Final = "hsgraph"
"""Not registered with IATI; see docs/iati.md."""
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_OTHER: Final = "90"
_OURS: Final = "99"
_OF_PRECISION: Final = f"{{{HS}}}precision"
_OF_PROPERTY: Final = f"{{{HS}}}property"
_DATE_TYPES: Final = {"startDate": "2", "endDate": "4", "announcedDate": "1"}
_ONGOING, _CLOSED = "2", "4"
_WGS84: Final = "http://www.opengis.net/def/crs/EPSG/0/4326"


def fits(activity: Activity) -> bool:
    """Whether IATI can hold the programme: the standard asks for a date and an organisation."""
    return bool(_dates(activity)) and any(each.role for each in activity.organisations)


def document(activities: Iterable[Activity], today: date) -> bytes:
    """The XML of the activities that fit."""
    register_namespace("hs", HS)
    root = Element("iati-activities", {"version": VERSION})
    for activity in activities:
        if fits(activity):
            root.append(_activity(activity, today))
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _activity(activity: Activity, today: date) -> Element:
    attributes = {_LANG: "en", "linked-data-uri": activity.iri}
    element = Element("iati-activity", attributes)
    SubElement(element, "iati-identifier").text = f"{REPORTER}-{activity.slug}"
    reporter = {"ref": REPORTER, "type": _OTHER, "secondary-reporter": "1"}
    _narrative(SubElement(element, "reporting-org", reporter), REPORTER)
    title = SubElement(element, "title")
    for text in activity.titles:
        _narrative(title, text.text, text.language)
    _descriptions(element, activity)
    for organisation in activity.organisations:
        if organisation.role:
            _organisation(element, organisation)
    ends = [each.day for each in activity.dates if each.property == "endDate"]
    closed = bool(ends) and ends[0] < today.isoformat()
    SubElement(element, "activity-status", {"code": _CLOSED if closed else _ONGOING})
    for dated in _dates(activity):
        _date(element, dated)
    _places(element, activity.places)
    for tag, scheme, codes in (
        ("sector", "intervention-type", activity.interventions),
        ("tag", "keyword", activity.keywords),
    ):
        for code in codes:
            attributes = {"vocabulary": _OURS, "vocabulary-uri": VOCAB + scheme}
            attributes["code"] = code.iri.rpartition("/")[2]
            _narrative(SubElement(element, tag, attributes), code.name)
    _money(element, activity)
    for link in activity.links:
        linked = SubElement(element, "document-link", {"url": link.iri, "format": "text/html"})
        _narrative(SubElement(linked, "title"), link.name)
        SubElement(linked, "category", {"code": "A12"})
    return element


def _descriptions(element: Element, activity: Activity) -> None:
    general = SubElement(element, "description", {"type": "1"})
    for text in activity.descriptions or activity.titles:
        _narrative(general, text.text, text.language)
    for _, text in activity.objectives:
        _narrative(SubElement(element, "description", {"type": "2"}), text.text, text.language)
    for text in activity.targets:
        _narrative(SubElement(element, "description", {"type": "3"}), text.text, text.language)


def _organisation(element: Element, organisation: Organisation) -> None:
    attributes = {"role": organisation.role}
    if organisation.ref:
        attributes["ref"] = organisation.ref
    _narrative(SubElement(element, "participating-org", attributes), organisation.name)


def _dates(activity: Activity) -> list[Dated]:
    """The start and the end; where neither is known, the announcement as planned start."""
    own = [each for each in activity.dates if each.property in ("startDate", "endDate")]
    return own or [each for each in activity.dates if each.property == "announcedDate"]


def _date(element: Element, dated: Dated) -> None:
    attributes = {"type": _DATE_TYPES[dated.property], "iso-date": dated.day}
    attributes |= {_OF_PRECISION: dated.precision, _OF_PROPERTY: dated.property}
    written = SubElement(element, "activity-date", attributes)
    if dated.property == "announcedDate":
        _narrative(written, "Day of the announcement; no source seen gives the start.")


def _places(element: Element, places: list[Place]) -> None:
    for place in places:
        if place.alpha2:
            country = SubElement(element, "recipient-country", {"code": place.alpha2})
            _narrative(country, place.name)
    for place in places:
        if place.m49 and not place.alpha2:
            attributes = {"code": place.m49, "vocabulary": "2"}
            _narrative(SubElement(element, "recipient-region", attributes), place.name)
    for place in places:
        if not place.alpha2 and not place.m49:
            location = SubElement(element, "location")
            if place.geonames:
                attributes = {"vocabulary": "G1", "code": place.geonames}
                SubElement(location, "location-id", attributes)
            _narrative(SubElement(location, "name"), place.name)
            if place.point:
                point = SubElement(location, "point", {"srsName": _WGS84})
                SubElement(point, "pos").text = " ".join(place.point)


def _money(element: Element, activity: Activity) -> None:
    """The total as budget where its period is known, the Fund's money as incoming commitment."""
    days = {each.property: each.day for each in activity.dates}
    start, end = days.get("startDate"), days.get("endDate")
    for money in activity.money:
        if money.kind == "total" and start and end:
            budget = SubElement(element, "budget", {"type": "1", "status": "1"})
            SubElement(budget, "period-start", {"iso-date": start})
            SubElement(budget, "period-end", {"iso-date": end})
            value = SubElement(budget, "value", {"currency": money.currency, "value-date": start})
            value.text = money.amount
    funders = [each for each in activity.organisations if each.role == "1"]
    day = days.get("approvedDate") or days.get("announcedDate") or start
    for money in activity.money:
        if money.kind == "fund-contribution" and day:
            transaction = SubElement(element, "transaction")
            SubElement(transaction, "transaction-type", {"code": "11"})
            SubElement(transaction, "transaction-date", {"iso-date": day})
            attributes = {"currency": money.currency, "value-date": day}
            SubElement(transaction, "value", attributes).text = money.amount
            for funder in funders[:1]:
                _narrative(SubElement(transaction, "provider-org"), funder.name)


def _narrative(parent: Element, text: str, language: str = "en") -> None:
    attributes = {} if language in ("en", "") else {_LANG: language}
    SubElement(parent, "narrative", attributes).text = text
