"""From the IRI of a thing to the view that its page shows, and what that says to search engines."""

from __future__ import annotations

from typing import Any, Final

from hsgraph.describe.documents.document import document
from hsgraph.describe.entity.entity import EntityView, entity
from hsgraph.describe.entity.facts import Facts
from hsgraph.describe.programme.project import ProjectView, project
from hsgraph.describe.shared.aggregates import Shared
from hsgraph.describe.shared.concept import SharedView, shared
from hsgraph.describe.shared.stated import stated
from hsgraph.describe.words.labels import Ref
from hsgraph.engine.protocol import Engine
from hsgraph.languages import interface
from hsgraph.namespaces import BASE, HS, OA, SKOS

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
"""The classes of things that programmes share, and what schema.org calls them."""
_STATED: Final = frozenset({HS + "Claim", OA + "SpecificResource"})


def entity_view(engine: Engine, iri: str, *, all_of_it: Shared | None = None) -> EntityView:
    """What the page about `iri` shows. Raises UnknownEntity when the graph says nothing of it.

    `all_of_it` answers what is said over all programmes; without it queries do.
    """
    over_all = all_of_it or Shared(engine)
    facts = Facts(document(engine, iri, counted=over_all.links))
    types = set(facts.labels.of(iri).types)
    if HS + "Project" in types:
        return project(facts, over_all)
    if types & _TYPES.keys():
        return shared(facts, over_all)
    if types & _STATED:
        return stated(facts)
    return entity(facts)


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
