"""Named graphs by address: the reading half of the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode, Quad

from hsgraph import serialize
from hsgraph.describe.entity.provenance import no_graph
from hsgraph.engine.protocol import Limits
from hsgraph.errors import BadRequest
from hsgraph.formats import HTML, RDF_FORMATS, Format
from hsgraph.namespaces import GRAPH
from hsgraph.server.http.addresses import named_node
from hsgraph.server.http.bounded import WAIT, one_of
from hsgraph.server.http.representation import represent
from hsgraph.server.markup.entity_page import graph_page
from hsgraph.server.site import current

graphs: Final = Blueprint("graphs", __name__)
_NAMED: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"
_PLACES: Final = BoundedSemaphore(2)
"""Whole graphs that one process writes at the same time: each may take much memory."""
FORMATS: Final = (*RDF_FORMATS, HTML)
_UNION: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@graphs.get("/data/graph")
def indirect() -> Response:
    """The graph that `?graph=IRI` names, or with `?default` the union of all."""
    names = request.args.getlist("graph")
    if ("default" in request.args) == bool(names) or len(names) > 1:
        raise BadRequest("Say which graph: either ?graph=IRI, once, or ?default.")
    if not names:
        return represent("/data/graph?default", RDF_FORMATS, "", _union)
    name = named_node(names[0], BadRequest)
    path = f"/data/graph?graph={quote(name.value, safe='')}"
    return represent(path, RDF_FORMATS, "", lambda format: _body(name, format))


@graphs.get("/graph/<graph:path>")
@graphs.get("/graph/<graph:path>.<suffix:suffix>")
def direct(path: str, suffix: str = "") -> Response:
    """A named graph of ours, in the format asked for or that of the suffix."""
    name = NamedNode(GRAPH + path)

    def body(format: Format) -> str | bytes:
        return graph_page(name) if format is HTML else _body(name, format)

    return represent(f"/graph/{path}", FORMATS, suffix, body, canonical=name.value)


def _union(format: Format) -> bytes:
    """All graphs as one: made where queries from outside are, and within their limits."""
    site = current()
    return site.engine.answer(_UNION, {"construct": format}, limits=Limits.of(site.settings)).body


def _body(name: NamedNode, format: Format) -> bytes:
    with one_of(_PLACES, WAIT, "Others are fetching whole graphs just now.", 2):
        return serialize.write(statements(name), format)


def statements(name: NamedNode) -> list[Quad]:
    """What a named graph holds. Raises `UnknownEntity` for one that is not there."""
    found = current().engine.construct(_NAMED, {"graph": name})
    if not found:
        raise no_graph(name.value)
    return [Quad(t.subject, t.predicate, t.object, name) for t in found]
