"""The Reconciliation Service API, 0.2 (which OpenRefine speaks) and the draft of 1.0 beside it.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
https://reconciliation-api.github.io/specs/draft/
"""

from __future__ import annotations

import time
from threading import BoundedSemaphore
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from hsgraph import __version__
from hsgraph.describe.dataset import spaces
from hsgraph.engine.runners.disconnect import DISCONNECT
from hsgraph.errors import BadRequest, EngineBusy
from hsgraph.graph import KnowledgeGraph
from hsgraph.languages import later, told
from hsgraph.namespaces import DATASET, HS, ID
from hsgraph.reconcile import schema
from hsgraph.reconcile.match import Candidate, Query, match
from hsgraph.reconcile.messages import (
    Json,
    bounded,
    candidate,
    described,
    extension,
    manifest,
    parsed,
    query_of,
    whole,
)
from hsgraph.reconcile.schema import Item
from hsgraph.reconcile.values import iri_of
from hsgraph.search.groups import notes_on
from hsgraph.server.http.addresses import link, named_node
from hsgraph.server.http.bounded import one_of
from hsgraph.server.http.representation import json, not_stored, page
from hsgraph.server.http.security import CONTENT_SECURITY_POLICY
from hsgraph.server.site import current, once_a_version

reconciliation: Final = Blueprint("reconciliation", __name__)
SECONDS: Final = 2.0
"""What one batch may take of the processor."""
_WHILE: Final = 8.0
"""What it may take in all, on a machine that others keep busy."""
_LATE: Final = (
    "The batch took all the time that there is for one, and this name was not looked at; ask again"
    " for those that have this message, fewer at once."
)
_PLACES: Final = BoundedSemaphore(2)
"""Batches that one process matches at the same time."""
_WAIT: Final = 0.5
_SUGGESTED: Final = 20
_NAME: Final = "hsgraph: programmes, organisations, places and concepts of human security"
_FRAMED: Final = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


@reconciliation.route("/reconcile", methods=["GET", "POST"])
def service() -> Response:
    """The Reconciliation Service API 0.2: its manifest, `queries=` to match, `extend=` to fetch."""
    if batch := request.values.get("queries"):
        queries = parsed(batch)
        found = _batch(list(queries.values()), "result")
        return _told(dict(zip(queries, found, strict=True)), found)
    if text := request.values.get("query"):
        single = parsed(text) if text.lstrip().startswith("{") else {"query": text}
        found = _batch([single], "result")
        return _told(found[0], found)
    if wanted := request.values.get("extend"):
        return _extended(parsed(wanted), draft=False)
    return _manifest("0.2")


@reconciliation.get("/reconcile/1.0")
def service_1_0() -> Response:
    """The manifest of the Reconciliation Service API 1.0 (draft)."""
    return _manifest("1.0")


@reconciliation.post("/reconcile/1.0/match")
def match_1_0() -> Response:
    """Candidates for a batch of queries (1.0)."""
    queries = parsed(request.get_data(as_text=True)).get("queries")
    if not isinstance(queries, list):
        raise BadRequest("The body must be an object with a list “queries”.")
    found = _batch(queries, "candidates")
    return _told({"results": found}, found)


@reconciliation.post("/reconcile/1.0/extend")
def extend_1_0() -> Response:
    """Values of properties of things (1.0)."""
    return _extended(parsed(request.get_data(as_text=True)), draft=True)


@reconciliation.get("/reconcile/suggest/<slug:what>")
@reconciliation.get("/reconcile/1.0/suggest/<slug:what>")
def suggest(what: str) -> Response:
    """Completions for the beginning of the name of an entity, a type or a property."""
    prefix = request.args.get("prefix", "").strip()
    start = whole(request.args.get("cursor"))
    if what == "entity":
        graph = current().graph
        if prefix.startswith(ID):
            candidates = match(graph, Query(prefix, limit=1))
            hits = [Item(each.iri, each.name, each.description) for each in candidates]
        else:
            found = graph.search(prefix, limit=_SUGGESTED, offset=start).results if prefix else ()
            kinds = {} if current().of_programmes else notes_on(graph.engine, found)
            hits = [
                Item(hit.iri, hit.label, hit.description or kinds.get(hit.iri, hit.kind))
                for hit in found
            ]
        return json({"result": [described(hit) for hit in hits]})
    items = _items(what)
    wanted = prefix.casefold()
    fitting = [i for i in items if wanted in i.name.casefold() or iri_of(prefix) == i.iri]
    fitting.sort(key=lambda i: (not i.name.casefold().startswith(wanted), i.name))
    return json({"result": [described(i) for i in fitting[start : start + _SUGGESTED]]})


@reconciliation.get("/reconcile/flyout/<slug:what>")
def flyout(what: str) -> Response:
    """A few words on an entity, a type or a property, shown beside the completions."""
    iri = request.args.get("id", "")
    if what == "entity":
        found = _entity(iri)
        item = Item(found.iri, found.name, found.description)
    else:
        known = {each.iri: each for each in _items(what)}
        if iri not in known:
            raise NotFound(f"There is no {what} “{iri[:200]}”.")
        item = known[iri]
    return json({"id": item.iri, "html": render_template("flyout.html", item=item)})


@reconciliation.get("/reconcile/preview")
@reconciliation.get("/reconcile/1.0/preview")
def preview() -> Response:
    """A thing in a small frame of another page."""
    try:
        found = _entity(request.args.get("id", ""))
        response = page("preview.html", thing=found, address=link(found.iri, request.script_root))
    except (NotFound, BadRequest) as error:
        said = error.message if isinstance(error, BadRequest) else error.description
        response = page("preview.html", thing=None, said=said)
        response.status_code = 404
    return response


@reconciliation.after_request
def framed(response: Response) -> Response:
    """Let other pages show a preview in a frame, also one that could not be made."""
    if request.endpoint == f"{reconciliation.name}.{preview.__name__}":
        response.headers["Content-Security-Policy"] = _FRAMED
    return response


@reconciliation.get("/reconcile/propose")
@reconciliation.get("/reconcile/1.0/extend/propose")
def propose() -> Response:
    """The properties that can be fetched for things of a type: those that its shapes name."""
    of = request.args.get("type", "")
    found = schema.properties(current().engine, of and named_node(of, BadRequest).value)
    most = whole(request.args.get("limit")) or len(found)
    answer: Json = {"properties": [described(item) for item in found[:most]], "limit": most}
    return json({**answer, "type": of} if of else answer)


def _batch(queries: list[Any], member: str) -> list[Json]:
    """For each query its candidates, under the name that a version of the API has for them.

    Among several, one that cannot be understood, or for which there was no time, has none, and an
    `error` that says why; it takes no others with it.
    """
    bounded(queries)
    client = DISCONNECT.get()
    found: list[Json] = []
    with one_of(_PLACES, _WAIT, "Others are matching names just now."):
        end, spent = time.monotonic() + _WHILE, time.thread_time() + SECONDS
        for query in queries:
            if client and client.is_set:
                raise EngineBusy("Nobody waits for these matches any more.")
            if found and (time.thread_time() > spent or time.monotonic() > end):
                found.append({member: [], "error": _LATE})
                continue
            try:
                wanted = query_of(query, _items)
                found.append({member: [candidate(e) for e in match(current().graph, wanted)]})
            except BadRequest as error:
                if len(queries) == 1:
                    raise
                found.append({member: [], "error": error.message})
    return found


def _told(content: Json, found: list[Json]) -> Response:
    """A batch as JSON; one that is not answered whole is not kept, since it may be next time."""
    late = any(each.get("error") == _LATE for each in found)
    return not_stored(json(content)) if late else json(content)


def _extended(wanted: Json, *, draft: bool) -> Response:
    with one_of(_PLACES, _WAIT, "Others are matching names just now."):
        return json(extension(current().engine, wanted, draft=draft))


def _manifest(version: str) -> Response:
    name, things, terms = _whose()
    served = f"{__version__} ({current().version})"
    about = {"name": name, "things": things, "terms": terms, "served": served}
    return json(manifest(version, _items("type"), address=current().address(), **about))


@once_a_version
def _whose(graph: KnowledgeGraph) -> tuple[str, str, str]:
    """The name of the service, and where the IRIs of its things and of their terms begin."""
    if current().dataset == DATASET:
        return _NAME, ID, HS
    things, terms = spaces(graph.engine)
    return "Things of this dataset", things or current().address(), terms or current().address()


def _items(what: str) -> tuple[Item, ...]:
    if what == "type":
        return schema.types(current().engine)
    if what == "property":
        return schema.properties(current().engine)
    raise NotFound(f"There are suggestions for entity, type and property, not for “{what}”.")


def _entity(iri: str) -> Candidate:
    wanted = iri and named_node(iri, BadRequest).value
    found = match(current().graph, Query(wanted, limit=1)) if wanted else ()
    if not found or found[0].iri != iri:
        sentence = later("There is nothing called “{1}” here; ids are whole IRIs.")
        raise NotFound(told(sentence, iri[:200]))
    return found[0]
