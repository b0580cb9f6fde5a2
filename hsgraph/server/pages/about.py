"""/about and /help: who makes the data, how far it can be trusted, what the marks mean."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from flask import Blueprint, Response, render_template, request

from hsgraph.describe import about as describe
from hsgraph.describe.citation import dataset_cited
from hsgraph.describe.shared import listing
from hsgraph.graph import KnowledgeGraph
from hsgraph.languages import per_reader
from hsgraph.namespaces import DATASET
from hsgraph.server.http.representation import page
from hsgraph.server.markup.feedback import feedback
from hsgraph.server.site import current

telling: Final = Blueprint("telling", __name__)
_COUNTED: Final = (("programmes", "project"), ("sources", "source"))


@telling.get("/about")
def about() -> Response:
    """Who makes this, how complete, how coded, how current, licence, how to cite."""
    graph = current().graph
    html = render_template(
        "about.html",
        view=dataset_view(graph, graph.version),
        counts=_counts(graph, graph.version),
        cited=dataset_cited(current().engine, current().address()),
        dataset=DATASET,
        licence=current().licence,
    )
    return page(html)


@telling.get("/help")
def key() -> Response:
    """The key to the marks, and how to find things."""
    graph = current().graph
    return page(render_template("help.html", view=dataset_view(graph, graph.version)))


@per_reader(2)
def dataset_view(graph: KnowledgeGraph, version: str) -> describe.About:
    """What the dataset says of itself; `version` tells when it is out of date."""
    return describe.about(graph.engine)


@lru_cache(maxsize=2)
def _counts(graph: KnowledgeGraph, version: str) -> dict[str, int]:
    return {name: listing.count(graph.engine, kind) for name, kind in _COUNTED}


@telling.app_context_processor
def _for_templates() -> dict[str, object]:
    return {"feedback_link": _feedback_link}


def _feedback_link(title: str) -> str:
    """Where a reader says what is wrong with this page."""
    site = current()
    if not site.settings.feedback_url:
        return request.script_root + "/about#contribute"
    path = request.full_path.removesuffix("?").removeprefix("/")
    return feedback(site.settings.feedback_url, site.address() + path, title)
