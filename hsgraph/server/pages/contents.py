"""The home page and the lists of a dataset that holds no programmes: anybody's RDF files."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, request

from hsgraph.describe.dataset import Contents, contents, members
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.http.representation import page
from hsgraph.server.http.request_args import page_number, thing_named
from hsgraph.server.site import current, once_a_version

of_any_kind: Final = Blueprint("contents", __name__)


@of_any_kind.app_context_processor
def _whose() -> dict[str, object]:
    site = current()
    return {"of_programmes": site.of_programmes, "licence": site.licence}


def overview() -> Response:
    """What is in here, for a dataset of whatever kind."""
    return page(render_template("contents.html", view=_contents()))


@of_any_kind.get("/things")
def things() -> Response:
    """All things of a class, whatever class it is; with an empty one those that have none."""
    asked = request.args.get("class", "")
    named = asked if not asked and "class" in request.args else thing_named(asked)
    found = members(current().engine, named, page_number())
    return page(render_template("members.html", view=found))


@once_a_version
def _contents(graph: KnowledgeGraph) -> Contents:
    return contents(graph.engine)
