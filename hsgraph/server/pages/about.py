"""/about and /help: who makes the data, how far it can be trusted, what the marks mean."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, request

from hsgraph.describe import about as describe
from hsgraph.describe.citation import dataset_cited
from hsgraph.describe.shared import listing
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import DATASET
from hsgraph.server.http.representation import page
from hsgraph.server.markup.feedback import feedback
from hsgraph.server.site import current, once_a_version

telling: Final = Blueprint("telling", __name__)
_COUNTED: Final = (("programmes", "project"), ("sources", "source"))


@telling.get("/about")
def about() -> Response:
    """Who makes this, how complete, how coded, how current, licence, how to cite."""
    html = render_template(
        "about.html",
        view=_dataset(),
        counts=_counts(),
        cited=dataset_cited(current().engine, current().address()),
        dataset=DATASET,
        licence=current().licence,
    )
    return page(html)


@telling.get("/help")
def key() -> Response:
    """The key to the marks, and how to find things."""
    return page(render_template("help.html", view=_dataset()))


@once_a_version
def _dataset(graph: KnowledgeGraph) -> describe.About:
    return describe.about(graph.engine)


@once_a_version
def _counts(graph: KnowledgeGraph) -> dict[str, int]:
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
