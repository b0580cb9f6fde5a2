"""Parts of the data by address: named graphs, and the triples of a pattern.

The reading half of the SPARQL 1.1 Graph Store HTTP Protocol, and Triple Pattern Fragments, whose
controls stand in a graph of their own.
"""

from __future__ import annotations

import re
from functools import partial
from threading import BoundedSemaphore
from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template, request
from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from hsgraph import serialize
from hsgraph.describe.fragment import GENID, PARTS, Fragment, Pattern, controls
from hsgraph.describe.fragment import fragment as read
from hsgraph.engine.protocol import Limits
from hsgraph.errors import BadRequest, UnknownEntity
from hsgraph.formats import HTML, PAGE_FORMATS, RDF_FORMATS, Format
from hsgraph.namespaces import GRAPH, compact
from hsgraph.server.http import addresses
from hsgraph.server.http.addresses import named_node
from hsgraph.server.http.bounded import WAIT, one_of
from hsgraph.server.http.representation import forms_of, page_or_rdf, represent
from hsgraph.server.http.request_args import check_page, number
from hsgraph.server.markup.entity_page import graph_page
from hsgraph.server.site import current

graphs: Final = Blueprint("graphs", __name__)
_NAMED: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"
_PLACES: Final = BoundedSemaphore(2)
"""Whole graphs that one process writes at the same time: each may take much memory."""
FORMATS: Final = (*RDF_FORMATS, HTML)
_UNION: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_STRAY: Final = re.compile("%(?![0-9A-Fa-f]{2})")
"""A percent sign that begins no sign: an address may come with one, an IRI has none."""


@graphs.get("/data/graph")
def indirect() -> Response:
    """The graph that `?graph=IRI` names, or with `?default` the union of all."""
    names = request.args.getlist("graph")
    if ("default" in request.args) == bool(names) or len(names) > 1:
        raise BadRequest("Say which graph: either ?graph=IRI, once, or ?default.")
    if not names:
        # made where queries from outside are, and within their limits
        ask = partial(current().engine.answer, limits=Limits.of(current().settings))
        return represent(
            *("/data/graph?default", RDF_FORMATS, ""),
            lambda format: ask(_UNION, {"construct": format}).body,
        )
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


def _body(name: NamedNode, format: Format) -> bytes:
    with one_of(_PLACES, WAIT, "Others are fetching whole graphs just now.", 2):
        return serialize.write(statements(name), format)


def statements(name: NamedNode) -> list[Quad]:
    """What a named graph holds. Raises `UnknownEntity` for one that is not there."""
    found = current().engine.construct(_NAMED, {"graph": name})
    if not found:
        raise UnknownEntity(
            f"There is no graph <{name.value}>.",
            remedy="The service description at /sparql lists the graphs there are.",
        )
    return [Quad(t.subject, t.predicate, t.object, name) for t in found]


@graphs.get("/fragments")
@graphs.get("/fragments.<suffix:suffix>")
def fragment(suffix: str = "") -> Response:
    """The triples of a pattern, page by page, with controls (Triple Pattern Fragments)."""
    site, page = current(), number("page", 1, 1, 999_999_999)
    found = read(site.engine, Pattern.of(request.args), page, site.settings.fragment_size)
    path = "/fragments" + _query([*_asked(), ("page", page)] if page > 1 else _asked())

    def statements() -> list[Triple | Quad]:
        triples = [Triple(*map(_with_address, each)) for each in found.triples]  # type: ignore[arg-type]
        return [*triples, *_controls(found)]

    body = page_or_rdf(lambda: _html(found, path), statements)
    return represent(path, PAGE_FORMATS, suffix, body)


def _with_address(term: object) -> object:
    """A node without an IRI by an address that can be asked for."""
    if isinstance(term, BlankNode):
        return NamedNode(current().address() + GENID + term.value)
    return term


def _controls(found: Fragment) -> list[Quad]:
    address = current().address()
    pages = {"first": 1, "previous": found.page - 1, "next": found.page + 1}
    places = {"whole": address + "fragments" + _query(_asked())}
    for name, page in pages.items():
        places[name] = address + "fragments" + _query([*_asked(), ("page", page)])
    query = _STRAY.sub("%25", quote(request.query_string.decode(), safe="%&=+?/:@!$'()*,;~-._"))
    here = address + request.path.lstrip("/") + (query and f"?{query}")
    return controls(found, address + "fragments", here, current().dataset, places)


def _asked() -> list[tuple[str, object]]:
    return [(name, request.args[name]) for name in PARTS if request.args.get(name)]


def _query(asked: list[tuple[str, object]]) -> str:
    return f"?{urlencode(asked)}" if asked else ""


def _html(found: Fragment, path: str) -> str:
    """For people; programs are told of a page past the last that it is empty, and of how many."""
    check_page(found.page, found.pages)
    return render_template(
        "fragments.html",
        rows=[[_cell(term) for term in triple] for triple in found.triples],
        found=found,
        given={name: request.args.get(name, "") for name in PARTS},
        link=f"{request.script_root}/fragments" + _query([*_asked(), ("page", "")]),
        formats=forms_of(path),
    )


def _cell(term: object) -> tuple[str, str]:
    """What to write for a term, and the address of all that has it as its subject."""
    if isinstance(term, NamedNode):
        return compact(term.value), addresses.href(term.value, request.script_root) or ""
    return str(term), ""
