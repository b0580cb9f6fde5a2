"""Search for people and programs: the page, the same as JSON, and suggestions while typing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import Literal

from hsgraph.browse.lists import rows
from hsgraph.describe.shared import listing
from hsgraph.describe.values import Values, values_of
from hsgraph.describe.words.labels import Labels
from hsgraph.errors import BadRequest
from hsgraph.formats import HTML, JSON
from hsgraph.languages import DEFAULT, later, reader, said, told
from hsgraph.namespaces import DCTERMS, SKOS
from hsgraph.search.groups import groups_of, notes_on, plurals
from hsgraph.search.results import Hit, SearchResults
from hsgraph.server.http.addresses import link
from hsgraph.server.http.representation import json, negotiated, page, requested
from hsgraph.server.http.request_args import check_page, number
from hsgraph.server.pages.ask import answer_of
from hsgraph.server.site import current

finding: Final = Blueprint("search", __name__)
RESULTS: Final = 20
MOST_RESULTS: Final = 500
_MOST_OFFSET: Final = 100_000
"""More than is ever ranked, so that paging reaches all of that."""
SUGGESTED: Final = 8
_TEXTS: Final = (SKOS + "definition", DCTERMS + "description")
_RANKED: Final = 200
_MOST_KINDS: Final = 10
_SHORTEST: Final = 2
_SUGGESTED_KINDS: Final = ("project", "concept", "place", "organisation")
"""What a programme consists of is left to the page of results: there is so much of it."""


@finding.get("/search")
def search() -> Response:
    """Things by their names and texts, as a page or as JSON."""
    chosen = requested((HTML, JSON))
    return negotiated(_json() if chosen.format is JSON else _html())


@finding.get("/suggest")
def suggest() -> Response:
    """What a search that is being typed may mean, as JSON."""
    text = _text()
    found = SearchResults(text, 0, ())
    if len(text.encode()) >= _SHORTEST:
        kinds = _SUGGESTED_KINDS if current().of_programmes else ()
        found = _search(text, kinds, SUGGESTED, 0, brief=True)
    notes = notes_on(current().engine, found.results)
    suggestions = [
        {
            "label": hit.label,
            "kind": notes[hit.iri],
            "matched": hit.matched,
            "iri": hit.iri,
            "address": link(hit.iri, request.script_root),
        }
        for hit in found.results
    ]
    return json({"query": text, "total": found.total, "suggestions": suggestions})


def _json() -> Response:
    text, kinds = _text(), _kinds()
    limit = number("limit", RESULTS, 1, MOST_RESULTS)
    return json(_search(text, kinds, limit, number("offset", 0, 0, _MOST_OFFSET)).as_json())


def _html() -> Response:
    text, kinds = _text(), _kinds()
    at = number("page", 1, 1, MOST_RESULTS)
    window = (RESULTS, (at - 1) * RESULTS) if kinds else (_RANKED, 0)
    found = _search(text, kinds, *window)
    pages = max(1, -(-min(found.listed, MOST_RESULTS) // RESULTS)) if kinds else 1
    check_page(at, pages)
    names = plurals(current().engine, [kind for kind, _ in found.kinds])
    groups = () if kinds else groups_of(found, names, _SUGGESTED_KINDS)
    shown = [hit for group in groups for hit in group.hits] if groups else found.results
    programmes = [hit.iri for hit in shown if hit.kind == "project"]
    return page(
        "search.html",
        whole=not current().graph.asker.preparing,
        **(answer_of(text) if at == 1 and not kinds else {"answer": None}),
        q=text,
        found=found,
        kinds=[(kind, names[kind], total) for kind, total in found.kinds],
        chosen=kinds,
        groups=[group for group in groups if group.hits],
        rest=[group for group in groups if not group.hits],
        notes=notes_on(current().engine, shown),
        wholes=listing.wholes(current().engine, [hit.iri for hit in shown]),
        rows={row.ref.iri: row for row in rows(current().engine, programmes)},
        page=at,
        pages=pages,
    )


def _search(
    text: str, kinds: tuple[str, ...], limit: int, offset: int, *, brief: bool = False
) -> SearchResults:
    found = current().graph.search(text, kinds=kinds, limit=limit, offset=offset, brief=brief)
    if reader() == DEFAULT:
        return found
    iris = [hit.iri for hit in found.results]
    labels = Labels.fetch(current().engine, iris)
    texts = values_of(current().engine, iris, _TEXTS)
    return replace(
        found,
        results=tuple(
            _named(hit, labels.ref(hit.iri).label, texts.get(hit.iri, {})) for hit in found.results
        ),
    )


def _named(hit: Hit, label: str, texts: Values) -> Hit:
    """A hit as the reader's language names and describes it."""
    own = (text for each in _TEXTS for text in texts.get(each, ()) if isinstance(text, Literal))
    words = next((text.value for text in own if text.language == reader()), "")
    return replace(
        hit,
        label=label,
        matched=hit.matched if hit.matched != label else "",
        description=words or said(hit.description, DEFAULT),
    )


def _text() -> str:
    return request.args.get("q", "").strip()


def _kinds() -> tuple[str, ...]:
    chosen = tuple(kind for kind in request.args.getlist("kind") if kind)[:_MOST_KINDS]
    known = current().graph.kinds
    if known and not {*chosen} <= {*known}:
        among = ", ".join(known)
        raise BadRequest(told(later("“{1}” must be one of: {2}."), "kind", among))
    return chosen
