"""The Reconciliation Service API, 0.2 (which OpenRefine speaks) and the draft of 1.0 beside it.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
https://reconciliation-api.github.io/specs/draft/
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from hsgraph import __version__
from hsgraph.describe.contents import spaces
from hsgraph.engine.runners.disconnect import DISCONNECT
from hsgraph.errors import BadRequest, EngineBusy
from hsgraph.namespaces import HS, ID
from hsgraph.reconcile import schema
from hsgraph.reconcile.extend import Wanted, extend
from hsgraph.reconcile.match import Candidate, Query, match
from hsgraph.reconcile.schema import Item
from hsgraph.server.api.reconcile_json import (
    Json,
    candidate,
    described,
    iri_of,
    parsed,
    query_of,
    rows,
    whole,
)
from hsgraph.server.http.links import link
from hsgraph.server.http.representation import CACHE_CONTROL
from hsgraph.server.http.security import CONTENT_SECURITY_POLICY
from hsgraph.server.site import Site, current

reconciliation: Final = Blueprint("reconciliation", __name__)
_BATCH: Final = 100
SECONDS: Final = 2.0
"""What one batch may take."""
_PLACES: Final = BoundedSemaphore(2)
"""Batches that one process matches at the same time."""
_WAIT: Final = 0.5
_SUGGESTED: Final = 20
_WIDTH, _HEIGHT = 420, 240
_NAME: Final = "hsgraph: programmes, organisations, places and concepts of human security"
_FRAMED: Final = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
_LIMIT: Final = {"type": "number", "default": 0, "label": "Limit", "name": "limit"}
_LIMIT_HELP: Final = "Most values of one property for one thing (0: all of them)"


@reconciliation.route("/reconcile", methods=["GET", "POST"])
def service() -> Response:
    """The Reconciliation Service API 0.2: its manifest, `queries=` to match, `extend=` to fetch."""
    if batch := request.values.get("queries"):
        queries = parsed(batch)
        found = _batch(list(queries.values()))
        named = zip(queries, found, strict=True)
        return _json({name: {"result": result} for name, result in named})
    if text := request.values.get("query"):
        single = parsed(text) if text.lstrip().startswith("{") else {"query": text}
        return _json({"result": _batch([single])[0]})
    if wanted := request.values.get("extend"):
        return _json(_extended(parsed(wanted), draft=False))
    return _json(_manifest())


@reconciliation.get("/reconcile/1.0")
def service_1_0() -> Response:
    """The manifest of the Reconciliation Service API 1.0 (draft)."""
    return _json(_manifest_1_0())


@reconciliation.post("/reconcile/1.0/match")
def match_1_0() -> Response:
    """Candidates for a batch of queries (1.0)."""
    queries = _body().get("queries")
    if not isinstance(queries, list):
        raise BadRequest("The body must be an object with a list “queries”.")
    return _json({"results": [{"candidates": found} for found in _batch(queries)]})


@reconciliation.post("/reconcile/1.0/extend")
def extend_1_0() -> Response:
    """Values of properties of things (1.0)."""
    return _json(_extended(_body(), draft=True))


@reconciliation.get("/reconcile/suggest/<slug:what>")
def suggest(what: str) -> Response:
    """Completions for the beginning of the name of an entity, a type or a property."""
    prefix = request.args.get("prefix", "").strip()
    start = whole(request.args.get("cursor"))
    if what == "entity":
        graph = current().graph
        if prefix.startswith(ID):
            hits = [_suggested(c) for c in match(graph, Query(prefix, limit=1))]
        else:
            found = graph.search(prefix, limit=_SUGGESTED, offset=start).results if prefix else ()
            hits = [
                {"id": hit.iri, "name": hit.label, "description": hit.description or hit.kind}
                for hit in found
            ]
        return _json({"result": hits})
    items = _items(what)
    wanted = prefix.casefold()
    fitting = [i for i in items if wanted in i.name.casefold() or prefix == i.iri]
    fitting.sort(key=lambda i: (not i.name.casefold().startswith(wanted), i.name))
    return _json({"result": [described(i) for i in fitting[start : start + _SUGGESTED]]})


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
    return _json({"id": item.iri, "html": render_template("flyout.html", item=item)})


@reconciliation.get("/reconcile/preview")
def preview() -> Response:
    """A thing in a small frame of another page."""
    try:
        found = _entity(request.args.get("id", ""))
        html, status = (
            render_template(
                "preview.html", thing=found, address=link(found.iri, request.script_root)
            ),
            200,
        )
    except (NotFound, BadRequest) as error:
        said = error.message if isinstance(error, BadRequest) else error.description
        html, status = render_template("preview.html", thing=None, said=said), 404
    response = Response(html, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _FRAMED
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


@reconciliation.get("/reconcile/propose")
def propose() -> Response:
    """The properties that can be fetched for things of a type: those that its shapes name."""
    of = request.args.get("type", "")
    found = schema.properties(current().engine, _iri(of) if of else "")
    most = whole(request.args.get("limit")) or len(found)
    answer: Json = {"properties": [described(item) for item in found[:most]], "limit": most}
    return _json({**answer, "type": of} if of else answer)


@reconciliation.get("/reconcile/1.0/suggest/<slug:what>")
def suggest_1_0(what: str) -> Response:
    """Completions, as `/reconcile/suggest/…` gives them (1.0)."""
    return suggest(what)


@reconciliation.get("/reconcile/1.0/preview")
def preview_1_0() -> Response:
    """A thing in a small frame of another page (1.0)."""
    return preview()


@reconciliation.get("/reconcile/1.0/extend/propose")
def propose_1_0() -> Response:
    """The properties that can be fetched for things of a type (1.0)."""
    return propose()


def _batch(queries: list[Any]) -> list[list[Json]]:
    """The candidates of each query, as long as somebody waits for them and time lasts.

    Among several, one that cannot be understood has none and takes no others with it.
    """
    _bounded(queries)
    end, client = time.monotonic() + SECONDS, DISCONNECT.get()
    found = []
    with _turn():
        for query in queries:
            if time.monotonic() > end or (client and client.is_set):
                raise EngineBusy(
                    f"This batch takes more than {SECONDS} seconds; ask for fewer things at once.",
                    retry_after=1,
                )
            try:
                wanted = query_of(query, lambda: _items("property"))
            except BadRequest:
                if len(queries) == 1:
                    raise
                wanted = Query()
            found.append([candidate(each) for each in match(current().graph, wanted)])
    return found


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few places for matching, so that it never takes all threads of the pages."""
    if not _PLACES.acquire(timeout=_WAIT):
        raise EngineBusy("Others are matching names just now.", retry_after=1)
    try:
        yield
    finally:
        _PLACES.release()


def _extended(wanted: Json, *, draft: bool) -> Json:
    ids, properties = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise BadRequest("An extension names a list of “ids” and a list of “properties”.")
    _bounded(ids)
    _bounded(properties)
    asked = [
        Wanted(iri, whole(settings.get("limit")) if isinstance(settings, dict) else 0)
        for each in properties
        if isinstance(each, dict) and (iri := iri_of(each.get("id")))
        for settings in [each.get("settings")]
    ]
    names = {item.iri: item.name for item in schema.properties(current().engine)}
    meta = [
        {"id": each.property, "name": names.get(each.property, each.property)} for each in asked
    ]
    with _turn():
        found = extend(current().engine, [iri for each in ids if (iri := iri_of(each))], asked)
    nothing: dict[str, list[Json]] = {each.property: [] for each in asked}
    values = {str(each): found.get(iri_of(each), nothing) for each in ids}
    return {"meta": meta, "rows": rows(values) if draft else values}


def _manifest() -> Json:
    address = current().address() + "reconcile"
    name, things, terms = _whose(current(), current().version)
    return {
        "versions": ["0.2"],
        "name": name,
        "identifierSpace": things,
        "schemaSpace": terms,
        "documentation": current().address() + "data",
        "serviceVersion": f"{__version__} ({current().version})",
        "view": {"url": f"{current().address()}describe?iri={{{{id}}}}"},
        "feature_view": {"url": f"{current().address()}data#{{{{id}}}}"},
        "defaultTypes": [{"id": i.iri, "name": i.name} for i in _items("type")],
        "suggest": {
            what: {
                "service_url": address,
                "service_path": f"/suggest/{what}",
                "flyout_service_url": address,
                "flyout_service_path": f"/flyout/{what}?id=${{id}}",
            }
            for what in ("entity", "type", "property")
        },
        "preview": {
            "url": f"{address}/preview?id={{{{id}}}}",
            "width": _WIDTH,
            "height": _HEIGHT,
        },
        "extend": {
            "propose_properties": {"service_url": address, "service_path": "/propose"},
            "property_settings": [{**_LIMIT, "help_text": _LIMIT_HELP}],
        },
    }


def _manifest_1_0() -> Json:
    setting = {"type": "number", "default": 0, "id": "limit", "name": "Limit"}
    return {
        "versions": ["1.0-draft"],
        "name": _whose(current(), current().version)[0],
        "documentation": current().address() + "data",
        "serviceVersion": f"{__version__} ({current().version})",
        "view": {"url": f"{current().address()}describe?iri={{id}}"},
        "defaultTypes": [{"id": i.iri, "name": i.name} for i in _items("type")],
        "suggest": {"entity": True, "type": True, "property": True},
        "preview": {"width": _WIDTH, "height": _HEIGHT},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [{**setting, "helpText": _LIMIT_HELP}],
        },
        "standardizedScore": True,
    }


@lru_cache(maxsize=4)
def _whose(site: Site, version: str) -> tuple[str, str, str]:
    """The name of the service, and where the IRIs of its things and of their terms begin."""
    if site.of_programmes:
        return _NAME, ID, HS
    things, terms = spaces(site.engine)
    return "Things of this dataset", things or site.address(), terms or site.address()


def _items(what: str) -> tuple[Item, ...]:
    if what == "type":
        return schema.types(current().engine)
    if what == "property":
        return schema.properties(current().engine)
    raise NotFound(f"There are suggestions for entity, type and property, not for “{what}”.")


def _entity(iri: str) -> Candidate:
    found = match(current().graph, Query(_iri(iri), limit=1)) if iri else ()
    if not found or found[0].iri != iri:
        raise NotFound(f"There is nothing called “{iri[:200]}” here; ids are whole IRIs.")
    return found[0]


def _suggested(found: Candidate) -> Json:
    return {"id": found.iri, "name": found.name, "description": found.description}


def _body() -> Json:
    return parsed(request.get_data(as_text=True))


def _bounded(batch: Any) -> None:
    if len(batch) > _BATCH:
        raise BadRequest(f"A batch has at most {_BATCH} entries; this has {len(batch)}.")


def _iri(text: str) -> str:
    """An IRI, checked. Raises `BadRequest`."""
    try:
        return NamedNode(text).value
    except ValueError as error:
        raise BadRequest(f"“{text[:200]}” is not an IRI; types and properties are IRIs.") from error


def _json(content: Any) -> Response:
    body = json.dumps(content, ensure_ascii=False) + "\n"
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response
