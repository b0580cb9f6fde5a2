"""/contribute: a form for a new programme, made in the browser from our own shapes."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from flask import Blueprint, Response, render_template

from hsgraph import serialize
from hsgraph.curate.form import form_parts, form_shapes
from hsgraph.formats import TURTLE
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.http.representation import cached
from hsgraph.server.http.representation import page as answer
from hsgraph.server.markup.markup import without_indentation
from hsgraph.server.site import current

contributing: Final = Blueprint("contributing", __name__)


@contributing.get("/contribute")
def form() -> Response:
    """The page with the form; it stores nothing here."""
    site = current()
    html = render_template(
        "contribute.html", parts=form_parts(site.engine), target=site.settings.contribute_url
    )
    return answer(without_indentation(html))


@contributing.get("/contribute.ttl")
def shapes() -> Response:
    """The shapes that the form is made from, with the things that can be chosen."""
    graph = current().graph
    return cached(_shapes(graph, graph.version), TURTLE.content_type)


@lru_cache(maxsize=2)
def _shapes(graph: KnowledgeGraph, version: str) -> bytes:
    """Kept, since it lists all things that can be chosen; `version` tells when it is too old."""
    return serialize.write(form_shapes(graph.engine), TURTLE)
