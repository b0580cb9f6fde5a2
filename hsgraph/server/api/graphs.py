"""Named graphs by address: the reading half of the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode, Quad, Triple
from werkzeug.http import quote_etag

from hsgraph import serialize
from hsgraph.errors import BadRequest, UnknownEntity
from hsgraph.formats import DATASET_FORMATS, HTML, RDF_FORMATS, Format
from hsgraph.namespaces import GRAPH
from hsgraph.server.api.sparql import limits
from hsgraph.server.http.bounded import one_of
from hsgraph.server.http.negotiation import Negotiated
from hsgraph.server.http.representation import CACHE_CONTROL, etag, represent, requested
from hsgraph.server.markup.entity_page import graph_page
from hsgraph.server.site import current

graphs: Final = Blueprint("graphs", __name__)
_NAMED: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"
_PLACES: Final = BoundedSemaphore(2)
"""Whole graphs that one process writes at the same time: each may take much memory."""
_WAIT: Final = 1.0
FORMATS: Final = (*RDF_FORMATS, HTML)
_UNION: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@graphs.get("/data/graph")
def indirect() -> Response:
    """The graph that `?graph=IRI` names, or with `?default` the union of all."""
    names = request.args.getlist("graph")
    if ("default" in request.args) == bool(names) or len(names) > 1:
        raise BadRequest("Say which graph: either ?graph=IRI, once, or ?default.")
    chosen = requested(RDF_FORMATS)
    name = _absolute(names[0]) if names else None
    tag = etag(f"/data/graph {name}", chosen)
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        body = _body(name, chosen) if name else _union(chosen.format)
        response = Response(body, content_type=chosen.content_type)
    response.headers["ETag"] = quote_etag(tag)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.vary.add("Accept")
    return response


def _absolute(iri: str) -> NamedNode:
    """The name of a graph; a relative one has no meaning here (Graph Store Protocol, 4.2)."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadRequest(f"“{iri[:200]}” is no absolute IRI: {error}.") from error


@graphs.get("/graph/<graph:path>")
@graphs.get("/graph/<graph:path>.<suffix:suffix>")
def direct(path: str, suffix: str = "") -> Response:
    """A named graph of ours, in the format asked for or that of the suffix."""
    name, chosen = NamedNode(GRAPH + path), requested(FORMATS, suffix)
    return represent(
        f"/graph/{path}",
        chosen,
        FORMATS,
        lambda: graph_page(name) if chosen.format is HTML else _body(name, chosen),
        canonical=name.value,
    )


def _union(format: Format) -> bytes:
    """All graphs as one: made where queries from outside are, and within their limits."""
    site = current()
    return site.engine.answer(_UNION, {"construct": format}, limits=limits(site.settings)).body


def _body(name: NamedNode, chosen: Negotiated) -> bytes:
    with one_of(_PLACES, _WAIT, "Others are fetching whole graphs just now.", 2):
        return serialize.write(
            statements(name, with_graphs=chosen.format in DATASET_FORMATS), chosen.format
        )


def statements(name: NamedNode, *, with_graphs: bool = False) -> list[Triple | Quad]:
    """What a named graph holds. Raises `UnknownEntity` for one that is not there."""
    found = current().engine.construct(_NAMED, {"graph": name})
    if not found:
        raise UnknownEntity(
            f"There is no graph <{name.value}>.",
            remedy="The service description at /sparql lists the graphs there are.",
        )
    if not with_graphs:
        return list(found)
    return [Quad(t.subject, t.predicate, t.object, name) for t in found]
