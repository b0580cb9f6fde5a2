"""/contribute: a form for a new programme, made in the browser from our own shapes."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template

from hsgraph import serialize
from hsgraph.curate.form import form_parts, form_shapes
from hsgraph.formats import TURTLE
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.http.representation import cached
from hsgraph.server.http.representation import page as answer
from hsgraph.server.markup.markup import without_indentation
from hsgraph.server.site import current, once_a_version

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
    return cached(_shapes(), TURTLE.content_type)


@once_a_version
def _shapes(graph: KnowledgeGraph) -> bytes:
    return serialize.write(form_shapes(graph.engine), TURTLE)
