"""/about and /help: who makes the data, how far it can be trusted, what the marks mean."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request

from hsgraph.describe import about as describe
from hsgraph.describe.citation import dataset_cited
from hsgraph.describe.shared import listing
from hsgraph.errors import SettingsError
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import DATASET
from hsgraph.server.http.representation import page
from hsgraph.server.site import current, once_a_version

telling: Final = Blueprint("telling", __name__)
_PLACES: Final = re.compile(r"\{(\w*)\}")
_LONGEST: Final = 500
"""Characters of an address or title that are passed on: mail programs take no long addresses."""
_dataset: Final = once_a_version(lambda graph: describe.about(graph.engine))
_COUNTED: Final = (("programmes", "project"), ("sources", "source"))


@telling.get("/about")
def about() -> Response:
    """Who makes this, how complete, how coded, how current, licence, how to cite."""
    return page(
        "about.html",
        view=_dataset(),
        counts=_counts(),
        cited=dataset_cited(current().engine, current().address()),
        dataset=DATASET,
        licence=current().licence,
    )


@telling.get("/help")
def key() -> Response:
    """The key to the marks, and how to find things."""
    return page("help.html", view=_dataset())


@once_a_version
def _counts(graph: KnowledgeGraph) -> dict[str, int]:
    return {name: listing.count(graph.engine, kind) for name, kind in _COUNTED}


@telling.app_template_global()
def feedback_link(title: str) -> str:
    """Where a reader says what is wrong with this page."""
    site = current()
    if not site.settings.feedback_url:
        return request.script_root + "/about#contribute"
    path = request.full_path.removesuffix("?").removeprefix("/")
    return feedback(site.settings.feedback_url, site.address() + path, title)


def check_feedback(template: str) -> None:
    """Raise SettingsError for an address with unknown places to fill."""
    for name in _PLACES.findall(template):
        if name not in ("address", "title"):
            raise SettingsError(
                f"feedback_url: there is nothing to put for {{{name}}}",
                remedy="The places are {address} and {title}.",
            )


def feedback(template: str, address: str, title: str) -> str:
    """The address with the page's own address and title in it, percent-encoded."""
    told = {"address": address, "title": title}
    return _PLACES.sub(lambda found: quote(told[found[1]][:_LONGEST], safe=""), template)
