"""The page of a thing and of a named graph, as documents show them in HTML."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from flask import render_template, request
from markupsafe import Markup
from pyoxigraph import NamedNode

from hsgraph.describe import quality
from hsgraph.describe.entity.entity import EntityView
from hsgraph.describe.entity.graph_view import graph_view
from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.schema_org import schema_org
from hsgraph.describe.shared.concept import SharedView
from hsgraph.describe.shared.stated import StatedView
from hsgraph.explore.charts.chain import NARROW, WIDE, chain_chart
from hsgraph.explore.small_map import small_map
from hsgraph.formats import HTML, JSON, RDF_FORMATS
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.http import addresses
from hsgraph.server.http.representation import place_of
from hsgraph.server.markup.chart import drawn
from hsgraph.server.markup.markup import short_name, without_indentation
from hsgraph.server.markup.questions import questions_about
from hsgraph.server.site import current


def entity_page(view: EntityView) -> str:
    """The page of a thing."""
    path = addresses.local_path(view.iri) or f"/describe?iri={quote(view.iri, safe='')}"
    if isinstance(view, ProjectView):
        template = "project.html"
    elif isinstance(view, StatedView):
        template = "stated.html"
    else:
        template = "shared.html" if isinstance(view, SharedView) else "thing.html"
    html = render_template(
        template,
        view=view,
        name=short_name(view.iri),
        permalink=view.iri,
        formats=_formats(path),
        questions=questions_about(view.iri),
        gaps=_gaps_of(view.iri),
        small_map=small_map(view) if isinstance(view, ProjectView | SharedView) else None,
        charts=_charts(view),
        schema_org=schema_org(view, current().address()),
    )
    return without_indentation(html)


def graph_page(name: NamedNode) -> str:
    """The page of a named graph. Raises UnknownEntity."""
    path = addresses.local_path(name.value) or ""
    html = render_template(
        "graph.html",
        view=graph_view(current().engine, name.value),
        formats=tuple((f.label, f"{request.script_root}{path}.{f.suffix}") for f in RDF_FORMATS),
    )
    return without_indentation(html)


def _charts(view: EntityView) -> tuple[Markup, ...]:
    """The chain of a programme for a wide page and for a phone; the style sheet shows one."""
    if not isinstance(view, ProjectView):
        return ()
    return tuple(drawn(chain_chart(view.chain, form)) for form in (WIDE, NARROW))


def _formats(path: str) -> tuple[tuple[str, str], ...]:
    """Label and address of every format of a document, as the foot of its page lists them."""
    if "#" in path:
        return ()
    formats = (format for format in (*RDF_FORMATS, JSON) if format is not HTML)
    return tuple((f.label, place_of(path, f)) for f in formats)


def _gaps_of(iri: str) -> tuple[str, int]:
    """The file that speaks of a thing, and how many gaps the checks found in it."""
    graph = current().graph
    places = graph.snapshot.locations(iri) if graph.snapshot else []
    if not places:
        return "", 0
    return places[0].file, _gaps(graph, graph.version).get(places[0].file, 0)


@lru_cache(maxsize=2)
def _gaps(graph: KnowledgeGraph, version: str) -> dict[str, int]:
    return dict(quality.gaps(graph.snapshot.report())) if graph.snapshot else {}
