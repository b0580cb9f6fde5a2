"""For programs that find their own way: robots.txt, the site map, llms.txt and openapi.json."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, jsonify, render_template
from werkzeug.exceptions import NotFound

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import BASE
from hsgraph.search.fulltext import IndexSearch
from hsgraph.server.http.addresses import local_path
from hsgraph.server.http.openapi import describe
from hsgraph.server.http.representation import cached
from hsgraph.server.site import current, once_a_version

crawlers: Final = Blueprint("crawlers", __name__)
SITEMAP_SIZE: Final = 5000
_TEXT: Final = "text/plain; charset=utf-8"


@crawlers.get("/robots.txt")
def robots() -> Response:
    """What crawlers may fetch: all but answers to queries and searches."""
    text = render_template("robots.txt", address=current().address(), mapped=bool(_mapped()))
    return Response(text, content_type=_TEXT)


@crawlers.get("/llms.txt")
def llms() -> Response:
    """How a program that reads for people should read this site."""
    examples = current().graph.asker.examples() if current().of_programmes else ()
    return cached(render_template("llms.txt", examples=examples), _TEXT)


@crawlers.get("/sitemap.xml")
def sitemap_index() -> Response:
    """The parts of the site map."""
    if not _mapped():
        raise NotFound("There is no site map of this data.")
    parts = -(-_mapped() // SITEMAP_SIZE)
    links = [f"{current().address()}sitemap-{part}.xml" for part in range(1, parts + 1)]
    return _xml("sitemapindex", "sitemap", links)


@crawlers.get("/sitemap-<int(min=1):part>.xml")
def sitemap(part: int) -> Response:
    """The pages about things that a search finds, in parts of bounded size."""
    start, index = (part - 1) * SITEMAP_SIZE, current().graph.index
    if start >= _mapped() or not isinstance(index, IndexSearch):
        raise NotFound("The site map has fewer parts.")
    paths = map(local_path, index.below(BASE, SITEMAP_SIZE, start))
    base = current().address().rstrip("/")
    return _xml("urlset", "url", [base + path for path in paths if path and "#" not in path])


@once_a_version
def _mapped(graph: KnowledgeGraph) -> int:
    """How many things of programmes have an address and a name here, for which there is an index;
    things of others, and of what is too large to be indexed, are in no site map."""
    if not current().of_programmes or not isinstance(graph.index, IndexSearch):
        return 0
    return graph.index.count_below(BASE)


def _xml(root: str, element: str, links: list[str]) -> Response:
    body = render_template("sitemap.xml", root=root, element=element, links=links)
    return Response(body, content_type="application/xml")


@crawlers.get("/openapi.json")
def openapi() -> Response:
    """This interface, as OpenAPI 3.1."""
    return jsonify(describe(current_app.url_map, current_app.view_functions, current()))
