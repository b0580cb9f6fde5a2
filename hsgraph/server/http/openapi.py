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
from hsgraph.server.site import Site

_DOCUMENTED: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
"""The methods that an OpenAPI 3.1 document can name; QUERY comes with OpenAPI 3.2."""
_PART: Final = re.compile(r"<(?:[^:<>]+:)?([a-z_]+)>")
_GROUPS: Final = {
    "document": formats.DOCUMENT_FORMATS,
    "list": (formats.HTML, formats.JSON),
    "page": formats.PAGE_FORMATS,
    "rdf": formats.RDF_FORMATS,
    "results": (*formats.RESULT_FORMATS, *formats.RDF_FORMATS),
}
"""The formats that a client may choose among, by the names that openapi.json has for them."""
_OF_SUFFIXES: Final = {
    "csv": "text/csv",
    "gz": "application/gzip",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle",
    "txt": "text/plain",
    "xml": "application/xml",
}
"""The types of addresses that end so and of which openapi.json says no other."""
_PAGES: Final = ("text/html",)
_REPEATED: Final = "may be repeated"
"""How openapi.json ends what it says of a parameter of which each value counts."""
_LANGUAGE: Final = {"lang": "the language: en, fr, es, ar, ru or zh"}
_About = str | Mapping[str, Any]
"""What openapi.json says of a parameter: a sentence, with a JSON Schema where it is no text."""


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
    """What a route does not say itself: types, redirects, parameters and bodies by endpoint."""
    found: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return found


@lru_cache(maxsize=512)
def parameters_of_page(endpoint: str, rule: str) -> Mapping[str, bool] | None:
    """The parameters of a page or of its table, and whether each may be repeated.

    None where others do no harm, as on pages without any, and where an example has its own.
    """
    known, path = _known()["routes"].get(endpoint, {}), template(rule)
    types = {"text/csv"} if path.endswith(".csv") else {*_types(known, path)}
    if "others" in known or not ({"parameters", "shares"} & {*known}):
        return None
    if "types" in known and "text/html" not in types:
        return None
    return {name: _repeats(about) for name, about in _queries(known, path).items()}


def _repeats(about: _About) -> bool:
    return (about if isinstance(about, str) else about["about"]).endswith(_REPEATED)


def _operation(rule: Rule, view: Callable[..., Any], method: str) -> dict[str, Any]:
    known, path = _known()["routes"].get(rule.endpoint, {}), template(rule.rule)
    lines = (view.__doc__ or "").strip().splitlines()
    queries, required = _queries(known, path), known.get("requires", ())
    operation: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{method.lower()} {path}"),
        "summary": lines[0].rstrip(".") if lines else rule.endpoint,
        "parameters": [
            *(_parameter(name, "path", "", required=True) for name in _PART.findall(rule.rule)),
            *(
                _parameter(name, "query", about, required=name in required)
                for name, about in queries.items()
            ),
        ],
        "responses": _responses(known, path),
    }
    if method == "POST":
        bodies = {name: dict[str, Any]() for name in known["bodies"]}
        operation["requestBody"] = {"required": True, "content": bodies}
    return operation


def _types(known: Mapping[str, Any], path: str) -> list[str]:
    """The types of what is answered with 200; none where clients are only sent elsewhere."""
    suffix = path.rpartition(".")[2]
    if suffix == "gz" or ("types" not in known and suffix in _OF_SUFFIXES):
        return [_OF_SUFFIXES[suffix]]
    types: list[str] = []
    for name in known.get("types", _PAGES):
        types += [each.media_type for each in _GROUPS[name]] if name in _GROUPS else [name]
    return types


def _queries(known: Mapping[str, Any], path: str) -> dict[str, _About]:
    queries: dict[str, _About] = {**known.get("parameters", {})}
    for name in known.get("shares", ()):
        queries |= _known()["shared"][name]
    if "{suffix}" not in path and not _GROUPS.keys().isdisjoint(known.get("types", ())):
        queries.setdefault("format", "the format, before Accept")
    if {*_types(known, path)} & {*_PAGES, *(() if "types" in known else ("text/csv",))}:
        queries |= _LANGUAGE
    return queries


def _responses(known: Mapping[str, Any], path: str) -> dict[str, Any]:
    """What is answered by status; all errors are told in one way."""
    content = {name: dict[str, Any]() for name in _types(known, path)}
    return {
        **({"200": {"description": "The answer", "content": content}} if content else {}),
        **{str(status): {"description": "It is at Location"} for status in known.get("sends", ())},
        **{
            str(status): {"description": "What is wrong", "content": content}
            for status in known.get("fails", ())
        },
        "default": _known()["problem"],
    }


def _parameter(name: str, place: str, about: _About, *, required: bool) -> dict[str, Any]:
    text = {"type": "string", "minLength": int(required)}
    schema: Mapping[str, Any] = {"type": "array", "items": text} if _repeats(about) else text
    if not isinstance(about, str):
        schema = {key: value for key, value in about.items() if key != "about"}
        about = about["about"]
    parameter = {"name": name, "in": place, "required": required, "schema": schema}
    return {**parameter, "description": about} if about else parameter
