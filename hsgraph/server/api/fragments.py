"""/fragments: Triple Pattern Fragments; their controls stand in a graph of their own."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template, request
from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from hsgraph.describe.fragment import GENID, PARTS, Fragment, Pattern, controls
from hsgraph.describe.fragment import fragment as read
from hsgraph.formats import PAGE_FORMATS
from hsgraph.namespaces import compact
from hsgraph.server.http import addresses
from hsgraph.server.http.representation import forms_of, page_or_rdf, represent
from hsgraph.server.http.request_args import check_page, number
from hsgraph.server.site import current

fragments: Final = Blueprint("fragments", __name__)
_STRAY: Final = re.compile("%(?![0-9A-Fa-f]{2})")
"""A percent sign that begins no sign: an address may come with one, an IRI has none."""


@fragments.get("/fragments")
@fragments.get("/fragments.<suffix:suffix>")
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
