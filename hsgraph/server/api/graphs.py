"""Named graphs by address: the reading half of the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode, Quad, Triple

from hsgraph import serialize
from hsgraph.errors import BadRequest, UnknownEntity
from hsgraph.formats import DATASET_FORMATS, HTML, RDF_FORMATS
from hsgraph.namespaces import GRAPH
from hsgraph.server.http.addresses import named_node
from hsgraph.server.http.negotiation import Negotiated
from hsgraph.server.http.representation import CACHE_CONTROL, asked, represent, suffixed
from hsgraph.server.markup.entity_page import graph_page
from hsgraph.server.site import current

graphs: Final = Blueprint("graphs", __name__)
_NAMED: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"
FORMATS: Final = (*RDF_FORMATS, HTML)
_UNION: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@graphs.get("/data/graph")
def indirect() -> Response:
    """The graph that `?graph=IRI` names, or with `?default` the union of all."""
    names = request.args.getlist("graph")
    if ("default" in request.args) == bool(names) or len(names) > 1:
        raise BadRequest("Say which graph: either ?graph=IRI, once, or ?default.")
    chosen = asked(RDF_FORMATS)
    name = named_node(names[0]) if names else None
    response = Response(_body(name, chosen), content_type=chosen.content_type)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.vary.add("Accept")
    return response


@graphs.get("/graph/<graph:path>")
def direct(path: str) -> Response:
    """A named graph of ours, in the format asked for."""
    return _of_path(path, asked(FORMATS))


@graphs.get("/graph/<graph:path>.<suffix:suffix>")
def direct_in(path: str, suffix: str) -> Response:
    """A named graph of ours, in the format of the suffix."""
    return _of_path(path, suffixed(suffix, FORMATS))


def _of_path(path: str, chosen: Negotiated) -> Response:
    name = NamedNode(GRAPH + path)
    return represent(
        f"/graph/{path}",
        chosen,
        FORMATS,
        lambda: _page(name) if chosen.format is HTML else _body(name, chosen),
        canonical=name.value,
    )


def _page(name: NamedNode) -> str:
    """The page about a graph: what it is, how much is in it, what it speaks of."""
    return graph_page(name)


def _body(name: NamedNode | None, chosen: Negotiated) -> bytes:
    return serialize.write(
        statements(name, with_graphs=chosen.format in DATASET_FORMATS), chosen.format
    )


def statements(name: NamedNode | None, *, with_graphs: bool = False) -> list[Triple | Quad]:
    """What a named graph holds, or the union. Raises `UnknownEntity` for one that is not there."""
    if name is None:
        return list(current().engine.construct(_UNION))
    found = current().engine.construct(_NAMED, {"graph": name})
    if not found:
        raise UnknownEntity(
            f"There is no graph <{name.value}>.",
            remedy="The service description at /sparql lists the graphs there are.",
        )
    if not with_graphs:
        return list(found)
    return [Quad(t.subject, t.predicate, t.object, name) for t in found]
