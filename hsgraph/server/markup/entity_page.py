"""The page of a thing and of a named graph, as documents show them in HTML."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask import render_template, request
from pyoxigraph import NamedNode

from hsgraph.browse.lists import with_sums
from hsgraph.describe import quality
from hsgraph.describe.entity.entity import EntityView
from hsgraph.describe.entity.provenance import graph_view
from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.schema_org import schema_org
from hsgraph.describe.shared.concept import SharedView
from hsgraph.describe.shared.stated import StatedView
from hsgraph.describe.words.labels import kind_of
from hsgraph.explore.charts.chain import NARROW, WIDE, chain_chart
from hsgraph.explore.worldmap import small_map
from hsgraph.formats import JSON, RDF_FORMATS
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import BASE
from hsgraph.questions import Question, questions
from hsgraph.server.http import addresses
from hsgraph.server.http.representation import forms_of
from hsgraph.server.markup.markup import short_name, without_indentation
from hsgraph.server.site import current, once_a_version

_TEMPLATES: Final[dict[type[EntityView], str]] = {
    ProjectView: "project.html",
    StatedView: "stated.html",
    SharedView: "shared.html",
    EntityView: "thing.html",
}


def entity_page(view: EntityView) -> str:
    path = addresses.local_path(view.iri) or f"/describe?iri={quote(view.iri, safe='')}"
    chain = view.chain if isinstance(view, ProjectView) else None
    listed = view.programmes.lines if isinstance(view, SharedView) else ()
    html = render_template(
        next(name for kind, name in _TEMPLATES.items() if isinstance(view, kind)),
        view=view,
        name=short_name(view.iri),
        permalink=view.iri,
        formats=forms_of(path, (*RDF_FORMATS, JSON)) if "#" not in path else (),
        questions=questions_about(view.iri),
        gaps=_gaps_of(view.iri),
        programmes=with_sums(current().engine, listed),
        small_map=small_map(view) if isinstance(view, ProjectView | SharedView) else None,
        charts=[chain_chart(chain, form) for form in (WIDE, NARROW)] if chain else (),
        schema_org=schema_org(view, current().address()),
    )
    return without_indentation(html)


def graph_page(name: NamedNode) -> str:
    """The page of a named graph. Raises UnknownEntity."""
    forms = forms_of(addresses.local_path(name.value) or "")
    view = graph_view(current().engine, name.value)
    return without_indentation(render_template("graph.html", view=view, formats=forms))


def _gaps_of(iri: str) -> tuple[str, int]:
    """The file that speaks of a thing, and how many gaps the checks found in it."""
    snapshot = current().graph.snapshot
    places = snapshot.locations(iri) if snapshot else []
    return (places[0].file, _gaps().get(places[0].file, 0)) if places else ("", 0)


@once_a_version
def _gaps(graph: KnowledgeGraph) -> dict[str, int]:
    return dict(quality.gaps(graph.snapshot.report())) if graph.snapshot else {}


def questions_about(iri: str) -> tuple[tuple[Question, str], ...]:
    """The questions that can be asked about a thing, each with the address that asks it."""
    kind = kind_of(iri)
    name = iri.removeprefix(BASE).removeprefix("id/")
    found = ((q, q.parameter_for(kind)) for q in questions_here() if kind in q.suits)
    return tuple(
        (q, f"{request.script_root}/query?example={q.slug}&{parameter.name}={name}")
        for q, parameter in found
        if parameter is not None
    )


@once_a_version
def questions_here(graph: KnowledgeGraph) -> tuple[Question, ...]:
    """They ask about programmes: a dataset without any has no use for them."""
    return questions() if current().of_programmes else ()
