"""What a page says of itself in schema.org terms, for search engines."""

from __future__ import annotations

from typing import Any, Final

from hsgraph.describe.entity.entity import EntityView
from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.shared.concept import SharedView
from hsgraph.describe.words.labels import Ref
from hsgraph.languages import interface
from hsgraph.namespaces import BASE, HS, SKOS

_NAME: Final = 200
_DESCRIPTION: Final = 500
"""Characters of a name and of a description."""
_MOST: Final = 50
"""Places, sources or keywords that are told."""
_TYPES: Final = {
    HS + "Organisation": "Organization",
    HS + "Agency": "Organization",
    HS + "Partner": "Organization",
    HS + "Fund": "Organization",
    HS + "Country": "Country",
    HS + "Region": "AdministrativeArea",
    HS + "Municipality": "AdministrativeArea",
    HS + "Place": "Place",
    HS + "Source": "DigitalDocument",
    SKOS + "Concept": "DefinedTerm",
}


def schema_org(view: EntityView, base: str) -> dict[str, Any]:
    """A `WebPage` about the thing.

    A programme is no `schema:Project`, which is an organisation: its period and places are those
    that the page covers.
    """
    name = "hsgraph" if view.iri.startswith(BASE) else base
    page: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": view.label[:_NAME],
        "inLanguage": interface(),
        "isPartOf": {"@type": "Dataset", "name": name, "url": base, "version": view.version},
        "about": _about(view),
    }
    if view.description is not None:
        page["description"] = view.description.label[:_DESCRIPTION]
    if isinstance(view, ProjectView):
        page |= _programme(view)
    return page


def _about(view: EntityView) -> dict[str, Any]:
    type_ = next((_TYPES[ref.iri] for ref in view.types if ref.iri in _TYPES), "Thing")
    about: dict[str, Any] = {"@type": type_, "@id": view.iri, "name": view.label[:_NAME]}
    if view.also:
        about["alternateName"] = [name[:_NAME] for name in view.also[:10]]
    if isinstance(view, SharedView) and type_ == "DefinedTerm" and view.description is not None:
        about["description"] = view.description.label[:_DESCRIPTION]
    return about


def _programme(view: ProjectView) -> dict[str, Any]:
    places = [fact.value for fact in (*view.countries, *view.places)]
    found: dict[str, Any] = {
        "spatialCoverage": [_thing("Place", ref) for ref in places[:_MOST] if isinstance(ref, Ref)],
        "citation": [_thing("CreativeWork", ref) for ref in view.sources[:_MOST]],
        "keywords": [fact.label for fact in view.keywords[:_MOST]],
    }
    if view.start_iso or view.end_iso:
        found["temporalCoverage"] = f"{view.start_iso or '..'}/{view.end_iso or '..'}"
    return {name: value for name, value in found.items() if value}


def _thing(type_: str, ref: Ref) -> dict[str, str]:
    return {"@type": type_, "@id": ref.iri, "name": ref.label[:_NAME]}
