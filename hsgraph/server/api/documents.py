"""Things and the documents about them: /id/{kind}/{slug} and /{kind}/{slug} in every format."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from hsgraph import serialize
from hsgraph.describe.values import is_described
from hsgraph.errors import UnknownEntity
from hsgraph.formats import DOCUMENT_FORMATS, HTML, JSON, Format
from hsgraph.languages import later, told
from hsgraph.server.http import addresses
from hsgraph.server.http.representation import represent, see_other
from hsgraph.server.markup.entity_page import entity_page
from hsgraph.server.site import current

documents: Final = Blueprint("documents", __name__)


@documents.get("/id/<slug:kind>/<slug:slug>")
def thing(kind: str, slug: str) -> Response:
    """The thing itself cannot be sent; the document about it can."""
    iri = addresses.thing(kind, slug)
    if not is_described(current().engine, iri.value):
        raise UnknownEntity(
            told(later("There is nothing called {1} in this graph."), f"{kind}/{slug}"),
            remedy=later("Check the spelling, or search for the name."),
        )
    return see_other(f"/{kind}/{slug}", DOCUMENT_FORMATS)


@documents.get("/<slug:kind>/<slug:slug>")
@documents.get("/<slug:kind>/<slug:slug>.<suffix:suffix>")
def document(kind: str, slug: str, suffix: str = "") -> Response:
    """The document about a thing, in the format asked for or that of the suffix."""
    return about(addresses.thing(kind, slug), f"/{kind}/{slug}", suffix)


@documents.get("/describe")
def by_iri() -> Response:
    """The document about any IRI of the graph, also those of others, given as `?iri=`."""
    iri = addresses.named_node(request.args.get("iri", ""))
    path = addresses.local_path(iri.value)
    if path and "#" not in path:
        return see_other(path, DOCUMENT_FORMATS)
    return about(iri, f"/describe?iri={quote(iri.value, safe='')}")


def about(iri: NamedNode, path: str, suffix: str = "") -> Response:
    """The document about a thing, at its path without the suffix of a format."""
    return represent(
        path, DOCUMENT_FORMATS, suffix, lambda format: content(iri, format), canonical=iri.value
    )


def content(iri: NamedNode, format: Format) -> str | bytes:
    """The document about a thing in one format. Raises `UnknownEntity`."""
    graph = current().graph
    if format is HTML:
        return entity_page(graph.describe(iri.value))
    if format is JSON:
        view = asdict(graph.describe(iri.value))
        return json.dumps(view, ensure_ascii=False, indent=1, default=str) + "\n"
    return serialize.write(graph.document(iri.value).whole, format)
