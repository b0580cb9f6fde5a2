"""For operators and programs: is it up, is it ready, what is here, how much is it used."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, jsonify, render_template
from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import NotFound

from hsgraph.engine.protocol import Limits, Term
from hsgraph.errors import EngineBusy, HsgraphError
from hsgraph.formats import RESULTS_JSON
from hsgraph.namespaces import ID, SKOS, VOCAB
from hsgraph.server.api import status
from hsgraph.server.http import addresses
from hsgraph.server.http.openapi import describe
from hsgraph.server.http.representation import cached, not_stored
from hsgraph.server.ops import metrics
from hsgraph.server.site import Site, current

health: Final = Blueprint("health", __name__)
SITEMAP_SIZE: Final = 5000
_PAGES: Final = ("/data",)
"""Pages that are about no thing with a name."""
_READY_SECONDS: Final = 2.0
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NAMED_THINGS: Final = """
  ?thing $label ?any FILTER(STRSTARTS(STR(?thing), $things) || STRSTARTS(STR(?thing), $concepts))
"""
_COUNT: Final = f"SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {_NAMED_THINGS} }}"
_LIST: Final = f"SELECT DISTINCT ?thing WHERE {{ {_NAMED_THINGS} }} ORDER BY ?thing"
_PARAMETERS: Final[dict[str, Term]] = {
    "label": NamedNode(SKOS + "prefLabel"),
    "things": Literal(ID),
    "concepts": Literal(VOCAB),
}


@health.get("/healthz")
def alive() -> Response:
    """Whether this process answers; it says nothing of the data."""
    return not_stored(Response("ok\n", content_type="text/plain; charset=utf-8"))


@health.get("/readyz")
def ready() -> Response:
    """Whether data is loaded, our own queries are answered, and runners answer those of others.

    A last build that failed does not make it unready, since the data of before are served; it is
    told. Nor do runners that are all at work: pages answer, and queries wait or are told to.
    """
    site = current()
    started = monotonic()
    checks = {
        "snapshot": not site.damage,
        "search": _passes(lambda: bool(site.graph.search("human security", limit=1))),
        "data": _passes(lambda: site.engine.ask("ASK { ?s ?p ?o }")),
        "queries": _passes(lambda: _asks(site)),
    }
    good = all(checks.values())
    response = jsonify(
        ready=good,
        version=site.version if checks["data"] else None,
        checks=checks,
        **status.of_builds(site),
        seconds=round(monotonic() - started, 4),
    )
    response.status_code = 200 if good else 503
    return not_stored(response)


def _asks(site: Site) -> bool:
    """Whether queries from outside are answered, or only wait since all runners are at work."""
    found = status.of_runners(site)
    if found and found["running"] >= site.settings.runners:
        return True
    limits = Limits(seconds=_READY_SECONDS, bytes=1000)
    try:
        return bool(site.engine.answer("ASK {}", {"ask": RESULTS_JSON}, limits=limits).body)
    except EngineBusy:
        return True


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except HsgraphError:
        return False


@health.get("/metrics")
def counters() -> Response:
    """Counters of all workers, in Prometheus' text form."""
    text = current().metrics.text(status.metrics(current()))
    return not_stored(Response(text, content_type=metrics.CONTENT_TYPE))


@health.get("/robots.txt")
def robots() -> Response:
    """What crawlers may fetch: all but answers to queries and searches."""
    lines = [
        "User-agent: *",
        "Disallow: /sparql",
        "Disallow: /search",
        "Disallow: /suggest",
    ]
    if current().of_programmes:
        lines.append(f"Sitemap: {current().address()}sitemap.xml")
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@health.get("/llms.txt")
def llms() -> Response:
    """How a program that reads for people should read this site."""
    ours = current().of_programmes
    examples = current().graph.asker.examples() if ours else ()
    text = render_template("llms.txt", examples=examples, of_programmes=ours)
    return cached(text, "text/plain; charset=utf-8")


@health.get("/sitemap.xml")
def sitemap_index() -> Response:
    """The parts of the site map."""
    if not current().of_programmes:
        raise NotFound("There is no site map of this data.")
    (row,) = current().engine.select(_COUNT, _PARAMETERS).rows
    parts = -(-int(row["count"].value) // SITEMAP_SIZE) or 1
    links = [f"{current().address()}sitemap-{part}.xml" for part in range(1, parts + 1)]
    return _xml("sitemapindex", "sitemap", links)


@health.get("/sitemap-<int(min=1):part>.xml")
def sitemap(part: int) -> Response:
    """The pages about things with a name, in parts of bounded size."""
    page = f"{_LIST} LIMIT {SITEMAP_SIZE:d} OFFSET {(part - 1) * SITEMAP_SIZE:d}"
    rows = current().engine.select(page, _PARAMETERS).rows
    if not current().of_programmes or (not rows and part > 1):
        raise NotFound("The site map has fewer parts.")
    base = current().address().rstrip("/")
    paths = [addresses.local_path(row["thing"].value) for row in rows]
    if part == 1:
        paths = [*_PAGES, *paths]
    return _xml("urlset", "url", [base + path for path in paths if path and "#" not in path])


def _xml(root: str, element: str, links: list[str]) -> Response:
    entries = "".join(f"<{element}><loc>{escape(link)}</loc></{element}>\n" for link in links)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    body = f'{head}<{root} xmlns="{_NAMESPACE}">\n{entries}</{root}>\n'
    return Response(body, content_type="application/xml")


@health.get("/openapi.json")
def openapi() -> Response:
    """This interface, as OpenAPI 3.1."""
    return jsonify(describe(current_app.url_map, current_app.view_functions, current()))
