"""/fragments: Triple Pattern Fragments; their controls stand in a graph of their own."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template, request
from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from hsgraph import serialize
from hsgraph.describe.fragment import GENID, PARTS, Fragment, Pattern, controls
from hsgraph.describe.fragment import fragment as read
from hsgraph.formats import HTML, PAGE_FORMATS, RDF_FORMATS
from hsgraph.namespaces import compact
from hsgraph.server.http import addresses
from hsgraph.server.http.representation import cached, requested
from hsgraph.server.http.request_args import number
from hsgraph.server.site import current

fragments: Final = Blueprint("fragments", __name__)
_LAST_PAGE: Final = 9_999_999


@fragments.get("/fragments")
@fragments.get("/fragments.<suffix:suffix>")
def fragment(suffix: str = "") -> Response:
    """The triples of a pattern, page by page, with controls (Triple Pattern Fragments)."""
    chosen, site = requested(PAGE_FORMATS, suffix), current()
    page = number("page", 1, 1, _LAST_PAGE)
    found = read(site.engine, Pattern.of(request.args), page, site.settings.fragment_size)
    if chosen.format is HTML:
        body: str | bytes = _html(found)
    else:
        triples = [Triple(*map(_with_address, each)) for each in found.triples]  # type: ignore[arg-type]
        body = serialize.write([*triples, *_controls(found)], chosen.format)
    response = cached(body, chosen.content_type)
    response.vary.add("Accept")
    for format in PAGE_FORMATS:
        if format is not chosen.format:
            place = f"{request.script_root}/fragments.{format.suffix}{_query()}"
            value = f'<{place}>; rel="alternate"; type="{format.media_type}"'
            response.headers.add("Link", value)
    return response


def _with_address(term: object) -> object:
    """A node without an IRI by an address that can be asked for."""
    return (
        NamedNode(current().address() + GENID + term.value) if isinstance(term, BlankNode) else term
    )


def _controls(found: Fragment) -> list[Quad]:
    address = current().address()
    pages = {"first": 1, "previous": found.page - 1, "next": found.page + 1}
    asked = _asked()
    places = {"whole": address + "fragments" + (f"?{urlencode(asked)}" if asked else "")}
    for name, page in pages.items():
        places[name] = f"{address}fragments?" + urlencode([*asked, ("page", page)])
    here = f"{address}{request.path.lstrip('/')}{_query()}"
    return controls(found, address + "fragments", here, current().dataset, places)


def _asked() -> list[tuple[str, object]]:
    return [(name, request.args[name]) for name in PARTS if request.args.get(name)]


def _query() -> str:
    """The query of this request, as it may stand in an IRI."""
    query = quote(request.query_string.decode(), safe="%&=+?/:@!$'()*,;~-._")
    return f"?{query}" if query else ""


def _html(found: Fragment) -> str:
    prefix = request.script_root
    return render_template(
        "fragments.html",
        rows=[[_cell(term) for term in triple] for triple in found.triples],
        found=found,
        given={name: request.args.get(name, "") for name in PARTS},
        link=f"{prefix}/fragments?" + urlencode([*_asked(), ("page", "")]),
        formats=[(f.label, f"{prefix}/fragments.{f.suffix}{_query()}") for f in RDF_FORMATS],
    )


def _cell(term: object) -> tuple[str, str]:
    """What to write for a term, and the address of all that has it as its subject."""
    if isinstance(term, NamedNode):
        return compact(term.value), addresses.href(term.value, request.script_root) or ""
    return str(term), ""
