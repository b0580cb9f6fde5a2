"""The Reconciliation Service API, 0.2 (which OpenRefine speaks) and the draft of 1.0 beside it.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
https://reconciliation-api.github.io/specs/draft/
"""

from __future__ import annotations

import json
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from hsgraph import __version__
from hsgraph.errors import BadRequest
from hsgraph.namespaces import HS, ID
from hsgraph.reconcile import schema
from hsgraph.reconcile.extend import Wanted, extend
from hsgraph.reconcile.match import Candidate, Query, match
from hsgraph.reconcile.schema import Item
from hsgraph.server.api.reconcile_json import Json, candidate, described, parsed, query_of, rows
from hsgraph.server.http import addresses
from hsgraph.server.http.representation import CACHE_CONTROL
from hsgraph.server.http.security import CONTENT_SECURITY_POLICY
from hsgraph.server.site import current

reconciliation: Final = Blueprint("reconciliation", __name__)
_BATCH: Final = 200
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
        queries = parsed(batch, dict)
        _bounded(queries)
        found = {name: {"result": _matched(query_of(q))} for name, q in queries.items()}
        return _json(found)
    if text := request.values.get("query"):
        single = parsed(text, dict) if text.lstrip().startswith("{") else {"query": text}
        return _json({"result": _matched(query_of(single))})
    if wanted := request.values.get("extend"):
        return _json(_extended(parsed(wanted, dict), draft=False))
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
    _bounded(queries)
    return _json({"results": [{"candidates": _matched(query_of(q))} for q in queries]})


@reconciliation.post("/reconcile/1.0/extend")
def extend_1_0() -> Response:
    """Values of properties of things (1.0)."""
    return _json(_extended(_body(), draft=True))


@reconciliation.get("/reconcile/suggest/<slug:what>")
def suggest(what: str) -> Response:
    """Completions for the beginning of the name of an entity, a type or a property."""
    prefix = request.args.get("prefix", "").strip()
    start = _whole(request.args.get("cursor", "0"))
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
    found = _entity(request.args.get("id", ""))
    html = render_template("preview.html", thing=found, address=addresses.href(found.iri))
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _FRAMED
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


@reconciliation.get("/reconcile/propose")
def propose() -> Response:
    """The properties that can be fetched for things of a type: those that its shapes name."""
    of = request.args.get("type", "")
    found = schema.properties(current().engine, _iri(of) if of else "")
    most = _whole(request.args.get("limit", "0")) or len(found)
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


def _matched(query: Query) -> list[Json]:
    return [candidate(found) for found in match(current().graph, query)]


def _extended(wanted: Json, *, draft: bool) -> Json:
    ids, properties = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise BadRequest("An extension names a list of “ids” and a list of “properties”.")
    _bounded(ids)
    asked = [
        Wanted(_iri(each["id"]), _whole((each.get("settings") or {}).get("limit", 0)))
        for each in properties
        if isinstance(each, dict) and "id" in each
    ]
    names = {item.iri: item.name for item in schema.properties(current().engine)}
    meta = [
        {"id": each.property, "name": names.get(each.property, each.property)} for each in asked
    ]
    things = [_iri(str(each)) for each in ids]
    values = extend(current().engine, things, asked)
    return {"meta": meta, "rows": rows(values) if draft else values}


def _manifest() -> Json:
    address = current().address() + "reconcile"
    return {
        "versions": ["0.2"],
        "name": _NAME,
        "identifierSpace": ID,
        "schemaSpace": HS,
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
        "name": _NAME,
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
    return parsed(request.get_data(as_text=True), dict)


def _bounded(batch: Any) -> None:
    if len(batch) > _BATCH:
        raise BadRequest(f"A batch has at most {_BATCH} entries; this has {len(batch)}.")


def _iri(text: str) -> str:
    """An IRI, checked. Raises `BadRequest`."""
    try:
        return NamedNode(text).value
    except ValueError as error:
        raise BadRequest(f"“{text[:200]}” is not an IRI; types and properties are IRIs.") from error


def _whole(text: object) -> int:
    try:
        return max(0, int(str(text) or 0))
    except ValueError as error:
        raise BadRequest(f"“{text}” is not a whole number.") from error


def _json(content: Any) -> Response:
    body = json.dumps(content, ensure_ascii=False) + "\n"
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response
