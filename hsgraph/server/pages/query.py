"""/query: the editor, its examples, its completions, and the questions as things with addresses."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from hsgraph.build.index.words import fold
from hsgraph.describe.entity.model import model, query_about
from hsgraph.explore.editor import filled, terms
from hsgraph.explore.worldmap import world
from hsgraph.formats import DOCUMENT_FORMATS, HTML, RDF_FORMATS, RESULT_FORMATS
from hsgraph.languages import later, told
from hsgraph.namespaces import GRAPH, PATHS, PREFIXES, QUERY
from hsgraph.server.api.documents import about
from hsgraph.server.http.representation import json, negotiated, page, requested
from hsgraph.server.http.request_args import only_known_parameters
from hsgraph.server.markup.entity_page import questions_here
from hsgraph.server.site import current

querying: Final = Blueprint("querying", __name__)

FIRST: Final = "programmes-by-dimension"
"""The example that a reader who asks for nothing sees."""
ONTOLOGY: Final = GRAPH + "ontology/hsgraph"
_PARAMETERS: Final = ("example", "class", "query", "format")
_EMPTY: Final = "SELECT * WHERE {\n  ?subject ?property ?value\n}\nLIMIT 100\n"


@querying.get("/query")
def editor() -> Response:
    """The query editor, with examples by theme."""
    text = request.args.get("query", "")
    if not text and (name := request.args.get("class", "")):
        text = query_about(current().engine, ONTOLOGY, name)
    return _page(request.args.get("example", ""), text)


@querying.get("/query/<slug:slug>")
@querying.get("/query/<slug:slug>.<suffix:suffix>")
def question(slug: str, suffix: str = "") -> Response:
    """A question: the editor with its query, or the question as RDF."""
    if requested(DOCUMENT_FORMATS, suffix).format is HTML:
        return negotiated(_page(slug, ""))
    return about(NamedNode(QUERY + slug), f"/query/{slug}", suffix)


@querying.get("/query/completions.json")
def completions() -> Response:
    """Prefixes, classes, properties and concepts of this graph, for editors to complete."""
    engine = current().engine
    found = terms(engine)
    place = {t.iri: n for n, t in enumerate(found) if t.kind == "property"}
    uses = {
        card.ref.iri: [place[u.property.iri] for u in card.uses if u.property.iri in place]
        for card in model(engine, ONTOLOGY)
    }
    told = [[t.kind, t.iri, t.label, *t.names] for t in found]
    return json({"prefixes": PREFIXES, "terms": told, "uses": uses})


def _page(slug: str, text: str) -> Response:
    every = questions_here()
    by_slug = {question.slug: question for question in every}
    if slug and slug not in by_slug:
        raise NotFound(told(later("There is no example “{1}”."), slug[:100]))
    chosen = by_slug.get(slug) or (by_slug.get(FIRST) if not text else None)
    own = [parameter.name for parameter in chosen.parameters] if chosen else []
    only_known_parameters((*_PARAMETERS, *own))
    example = filled(current().engine, chosen, request.args) if chosen else None
    ordered = sorted(every, key=lambda q: (fold(q.theme), fold(q.title)))
    return page(
        "query.html",
        themes=[(theme, list(found)) for theme, found in groupby(ordered, key=lambda q: q.theme)],
        example=example,
        given=bool(slug or text),
        text=text or (example.text if example else _EMPTY),
        forms=(("Tables", RESULT_FORMATS), ("Graphs", RDF_FORMATS)),
        places=[(namespace, request.script_root + path) for namespace, path in PATHS],
        prefixes=PREFIXES,
        world=world(),
    )
