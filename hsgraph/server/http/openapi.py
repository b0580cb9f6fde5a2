"""The HTTP interface as an OpenAPI 3.1 document, from the routes there are and openapi.json."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from werkzeug.routing import Map, Rule

from hsgraph import __version__, formats
from hsgraph.formats import Format
from hsgraph.server.site import Site

_DOCUMENTED: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
"""The methods that an OpenAPI 3.1 document can name; QUERY comes with OpenAPI 3.2."""
_PART: Final = re.compile(r"<(?:[^:<>]+:)?([a-z_]+)>")
_OFFERED: Final[Mapping[str, tuple[Format, ...]]] = {
    "csv": (formats.RESULTS_CSV,),
    "document": formats.DOCUMENT_FORMATS,
    "html": (formats.HTML,),
    "json": (formats.JSON,),
    "jsonld": (formats.JSONLD,),
    "list": (formats.HTML, formats.JSON),
    "page": formats.PAGE_FORMATS,
    "rdf": formats.RDF_FORMATS,
    "results": (*formats.RESULT_FORMATS, *formats.RDF_FORMATS),
}
"""The formats of an answer, by the names that openapi.json has for them."""
_QUERY_BODIES: Final = ("application/sparql-query", "application/x-www-form-urlencoded")


def describe(routes: Map, views: Mapping[str, Callable[..., Any]], site: Site) -> dict[str, Any]:
    """The document for all routes."""
    known = _known()
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(routes.iter_rules(), key=lambda rule: rule.rule):
        operations = paths.setdefault(template(rule.rule), {})
        for method in _DOCUMENTED:
            if method in (rule.methods or ()):
                operations[method.lower()] = _operation(rule, views[rule.endpoint], method)
    document: dict[str, Any] = known["document"]
    info = {**document["info"], "version": __version__}
    return {**document, "info": info, "servers": [{"url": site.address()}], "paths": paths}


@lru_cache(maxsize=512)
def template(rule: str) -> str:
    """The path of a route as OpenAPI writes it."""
    return _PART.sub(r"{\1}", rule)


@lru_cache(maxsize=1)
def _known() -> dict[str, Any]:
    """What a route does not say itself: formats, parameters and bodies by endpoint."""
    found: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return found


def _operation(rule: Rule, view: Callable[..., Any], method: str) -> dict[str, Any]:
    known, path = _known(), template(rule.rule)
    lines = (view.__doc__ or "").strip().splitlines()
    offered = _OFFERED[known["answers"].get(rule.endpoint, "html")]
    media = {format.media_type: dict[str, Any]() for format in offered}
    queries = known["parameters"].get(rule.endpoint, {})
    operation: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{method.lower()} {path}"),
        "summary": lines[0].rstrip(".") if lines else rule.endpoint,
        "parameters": [
            *(_parameter(name, "path", required=True) for name in _PART.findall(rule.rule)),
            *(_parameter(name, "query", description=about) for name, about in queries.items()),
        ],
        "responses": {
            "200": {"description": "The answer", "content": media},
            "default": known["problem"],
        },
    }
    if method == "POST":
        bodies = known["bodies"].get(rule.endpoint, _QUERY_BODIES)
        operation["requestBody"] = {"required": True, "content": {name: {} for name in bodies}}
    return operation


def _parameter(name: str, place: str, **more: object) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": {"type": "string"}, **more}
