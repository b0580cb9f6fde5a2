"""The pages for people: home, lists, and the page of every thing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from hsgraph.describe import listing
from hsgraph.describe.concept import SharedView
from hsgraph.describe.document import incoming_links
from hsgraph.describe.entity import EntityView
from hsgraph.describe.graph_view import graph_view
from hsgraph.describe.labels import Labels, words
from hsgraph.describe.project import ProjectView
from hsgraph.describe.statements import statements
from hsgraph.formats import HTML, JSON, RDF_FORMATS
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import compact
from hsgraph.server import addresses, quality
from hsgraph.server.asking import page_number, thing_named
from hsgraph.server.cite import cite
from hsgraph.server.contents import has_programmes, overview
from hsgraph.server.lines import Lines
from hsgraph.server.markup import clip, short_name, without_indentation
from hsgraph.server.query import asked_about
from hsgraph.server.representation import page as answer
from hsgraph.server.schema_org import schema_org
from hsgraph.server.site import current
from hsgraph.server.small_map import small_map

pages: Final = Blueprint("pages", __name__)
FIGURES: Final = ("project", "organisation", "place", "source", "claim")
LINK_PAGE: Final = 100
STATEMENTS: Final = 100


pages.add_url_rule("/quality", view_func=quality.overview)
pages.add_url_rule("/quality/findings", view_func=quality.findings)
pages.add_url_rule("/cite", view_func=cite)
pages.add_app_template_filter(clip)
pages.add_app_template_filter(compact, "curie")
pages.add_app_template_filter(short_name)


@pages.app_context_processor
def _parts() -> dict[str, Lines]:
    return {"parts": Lines(request.script_root)}


@pages.app_template_filter()
def kind_words(kind: str) -> str:
    """A kind in words, with a capital."""
    return words(kind).capitalize()


@pages.get("/")
def home() -> Response:
    """What this is, what is in here, and ways in."""
    if not has_programmes():
        return overview()
    graph = current().graph
    return answer(render_template("home.html", **_figures(graph, graph.version)))


@lru_cache(maxsize=2)
def _figures(graph: KnowledgeGraph, version: str) -> dict[str, Any]:
    """What the home page counts over the whole graph; `version` tells when it is out of date."""
    engine = graph.engine
    labels = Labels.fetch(engine, [listing.CLASSES[kind] for kind in FIGURES])
    return {
        "figures": [
            (kind, listing.count(engine, kind), labels.ref(listing.CLASSES[kind]))
            for kind in FIGURES
        ],
        "dimensions": listing.concepts(engine, "dimension", graph.shared),
        "latest": listing.latest(engine, 5, graph.shared),
    }


@pages.get("/statements")
def all_statements() -> Response:
    """Every statement in the document about a thing, with its graph and evidence."""
    iri = thing_named(request.args.get("of", ""))
    found = statements(current().engine, iri, page=page_number(), size=STATEMENTS)
    return answer(render_template("statements.html", view=found, name=_name(iri)))


@pages.get("/links")
def all_links() -> Response:
    """Everything that points to a thing with one property."""
    engine, iri = current().engine, thing_named(request.args.get("to", ""))
    by, number = thing_named(request.args.get("by", "")), page_number()
    thing = addresses.named_node(iri)
    start = (number - 1) * LINK_PAGE
    found = incoming_links(engine, thing, LINK_PAGE, offset=start, only=by)
    if not found or not found[0].subjects:
        raise NotFound("Nothing here points to that thing in that way.")
    labels = Labels.fetch(engine, [iri, by, *found[0].subjects])
    html = render_template(
        "links.html",
        about=labels.ref(iri),
        property=labels.property(by),
        things=[labels.ref(subject) for subject in found[0].subjects],
        total=found[0].count,
        page=number,
        pages=max(1, -(-found[0].count // LINK_PAGE)),
        name=_name(iri),
    )
    return answer(html)


def entity_page(view: EntityView) -> str:
    """The page of a thing."""
    path = addresses.local_path(view.iri) or "/describe"
    if isinstance(view, ProjectView):
        template = "project.html"
    else:
        template = "shared.html" if isinstance(view, SharedView) else "thing.html"
    html = render_template(
        template,
        view=view,
        name=_name(view.iri),
        permalink=view.iri,
        formats=_formats(path),
        questions=asked_about(view.iri),
        gaps=quality.gaps(view.iri),
        small_map=small_map(view) if isinstance(view, ProjectView | SharedView) else None,
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


def _formats(path: str) -> tuple[tuple[str, str], ...]:
    """Label and address of every format of a document, as the foot of its page lists them."""
    if path == "/describe" or "#" in path:
        return ()
    formats = (format for format in (*RDF_FORMATS, JSON) if format is not HTML)
    return tuple((f.label, f"{request.script_root}{path}.{f.suffix}") for f in formats)


def _name(iri: str) -> str:
    return short_name(iri)
