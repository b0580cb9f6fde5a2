"""The HTTP interface as an OpenAPI 3.1 document, from the routes and what each says it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from werkzeug.routing import Map, Rule

from hsgraph import __version__
from hsgraph.formats import HTML
from hsgraph.server.http.answers import LANGUAGE, Answers, answers_of
from hsgraph.server.site import Site

_DOCUMENTED: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
"""The methods that an OpenAPI 3.1 document can name; QUERY comes with OpenAPI 3.2."""
_PART: Final = re.compile(r"<(?:[^:<>]+:)?([a-z_]+)>")
_STATIC: Final = Answers(("*/*",))


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
    """What does not depend on the routes."""
    found: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return found


def _operation(rule: Rule, view: Callable[..., Any], method: str) -> dict[str, Any]:
    said = _STATIC if rule.endpoint == "static" else answers_of(view)
    path, types = template(rule.rule), said.media_types(rule.rule)
    lines = (view.__doc__ or "").strip().splitlines()
    queries = dict(said.parameters)
    if said.negotiated and "{suffix}" not in path:
        queries.setdefault("format", "the format, before Accept")
    if not said.only_sends and {*types} & {HTML.media_type, "" if said.types else "text/csv"}:
        queries |= LANGUAGE
    operation: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{method.lower()} {path}"),
        "summary": lines[0].rstrip(".") if lines else rule.endpoint,
        "parameters": [
            *(_parameter(name, "path", required=True) for name in _PART.findall(rule.rule)),
            *(_parameter(name, "query", description=about) for name, about in queries.items()),
        ],
        "responses": _responses(said, types),
    }
    if method == "POST":
        operation["requestBody"] = {"required": True, "content": {name: {} for name in said.body}}
    return operation


def _responses(said: Answers, types: Iterable[str]) -> dict[str, Any]:
    """What is answered by status; all errors are told in one way."""
    answer = {"description": "The answer", "content": {name: dict[str, Any]() for name in types}}
    return {
        **({} if said.only_sends else {"200": answer}),
        **{str(status): {"description": "It is at Location"} for status in said.sends},
        **{str(status): {**answer, "description": "What is wrong"} for status in said.fails},
        "default": _known()["problem"],
    }


def _parameter(name: str, place: str, **more: object) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": {"type": "string"}, **more}
