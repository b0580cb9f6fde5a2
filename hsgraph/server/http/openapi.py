"""The HTTP interface as an OpenAPI 3.1 document, made from the routes that there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from werkzeug.routing import Map, Rule

from hsgraph import __version__, formats
from hsgraph.formats import Format
from hsgraph.server.site import Site

_DOCUMENTED: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
"""The methods that an OpenAPI 3.1 document can name; QUERY comes with OpenAPI 3.2."""
_PART: Final = re.compile(r"<(?:[^:<>]+:)?([a-z_]+)>")
_WITH_HTML: Final = (formats.HTML, *formats.RDF_FORMATS)
_RESULTS: Final = tuple(dict.fromkeys((*formats.RESULT_FORMATS, *formats.RDF_FORMATS)))
_MEDIA: Final[Mapping[str, tuple[Format, ...]]] = {
    "documents.document": formats.DOCUMENT_FORMATS,
    "documents.document_in": formats.DOCUMENT_FORMATS,
    "documents.by_iri": formats.DOCUMENT_FORMATS,
    "graphs.indirect": formats.RDF_FORMATS,
    "graphs.direct": formats.RDF_FORMATS,
    "graphs.direct_in": formats.RDF_FORMATS,
    "vocabulary.ontology": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.ontology_in": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.shapes": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.shapes_in": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.rules": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.rules_in": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.schemes": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.schemes_in": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.scheme": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.scheme_in": (formats.HTML, *formats.RDF_FORMATS),
    "vocabulary.concept": formats.DOCUMENT_FORMATS,
    "vocabulary.concept_in": formats.DOCUMENT_FORMATS,
    "vocabulary.context": (formats.JSONLD,),
    "search.search": (formats.HTML, formats.JSON),
    "search.suggest": (formats.JSON,),
    "ask.ask": (formats.HTML, formats.JSON),
    "sparql.endpoint": _RESULTS,
    "data.overview": _WITH_HTML,
    "data.overview_in": _WITH_HTML,
    "data.catalog": formats.RDF_FORMATS,
    "data.catalog_in": formats.RDF_FORMATS,
    "data.whole": formats.RDF_FORMATS,
    "data.table": (formats.RESULTS_CSV,),
    "data.table_description": (formats.JSON,),
    "data.tables_description": (formats.JSON,),
    "data.changes": (formats.HTML, formats.JSON),
    "data.changes_in": (formats.HTML, formats.JSON),
    "fragments.fragment": _WITH_HTML,
    "fragments.fragment_in": _WITH_HTML,
    "reconciliation.service": (formats.JSON,),
    "reconciliation.service_1_0": (formats.JSON,),
    "reconciliation.match_1_0": (formats.JSON,),
    "reconciliation.extend_1_0": (formats.JSON,),
    "reconciliation.suggest": (formats.JSON,),
    "reconciliation.flyout": (formats.JSON,),
    "reconciliation.propose": (formats.JSON,),
    "reconciliation.suggest_1_0": (formats.JSON,),
    "reconciliation.propose_1_0": (formats.JSON,),
    "health.ready": (formats.JSON,),
    "health.openapi": (formats.JSON,),
}
_QUERY_BODIES: Final = ("application/sparql-query", "application/x-www-form-urlencoded")
_BODIES: Final[Mapping[str, tuple[str, ...]]] = {
    "reconciliation.service": ("application/x-www-form-urlencoded",),
    "reconciliation.match_1_0": ("application/json",),
    "reconciliation.extend_1_0": ("application/json",),
}
_QUERY: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "sparql.endpoint": (
        ("query", "the query; without it the service describes itself"),
        ("default-graph-uri", "a graph for the default graph; may be repeated"),
        ("named-graph-uri", "a graph that GRAPH may name; may be repeated"),
        ("format", "the format of the answer, before Accept"),
        ("timeout", "seconds; may only lower the deadline of the server"),
    ),
    "graphs.indirect": (("graph", "the IRI of a graph"), ("default", "the union of all graphs")),
    "search.search": (("q", "the words to look for"), ("kind", "only this kind; may be repeated")),
    "ask.ask": (
        ("q", "the question, in English, French or Spanish"),
        ("other", "the number of another reading, from 1"),
    ),
    "search.suggest": (("q", "what is typed so far"),),
    "documents.by_iri": (("iri", "the IRI to describe"), ("format", "before Accept")),
    "documents.document": (("format", "before Accept"),),
    "fragments.fragment": (
        ("subject", "an IRI; empty for anything"),
        ("predicate", "an IRI; empty for anything"),
        ("object", "an IRI or a literal; empty for anything"),
        ("page", "the number of the page, from 1"),
    ),
    "reconciliation.service": (
        ("queries", "a batch of queries as JSON"),
        ("extend", "things and properties to fetch, as JSON"),
    ),
    "reconciliation.suggest": (("prefix", "what was typed"), ("cursor", "how many to pass over")),
    "reconciliation.flyout": (("id", "an IRI"),),
    "reconciliation.preview": (("id", "an IRI"),),
    "reconciliation.propose": (("type", "an IRI"), ("limit", "at most so many")),
}


def describe(routes: Map, views: Mapping[str, Callable[..., Any]], site: Site) -> dict[str, Any]:
    """The document for all routes."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(routes.iter_rules(), key=lambda rule: rule.rule):
        operations = paths.setdefault(template(rule), {})
        for method in _DOCUMENTED:
            if method in (rule.methods or ()):
                operations[method.lower()] = _operation(rule, views[rule.endpoint], method)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "hsgraph",
            "version": __version__,
            "summary": "A knowledge graph of human security programmes",
        },
        "servers": [{"url": site.address()}],
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


def template(rule: Rule) -> str:
    """The path of a route as OpenAPI writes it."""
    return _template(rule.rule)


@lru_cache(maxsize=256)
def _template(path: str) -> str:
    return _PART.sub(r"{\1}", path)


def _operation(rule: Rule, view: Callable[..., Any], method: str) -> dict[str, Any]:
    lines = (view.__doc__ or "").strip().splitlines()
    summary = lines[0].rstrip(".") if lines else rule.endpoint.replace(".", ": ").replace("_", " ")
    media: dict[str, Any] = {
        format.media_type: {} for format in _MEDIA.get(rule.endpoint, (formats.HTML,))
    }
    problem = {
        "description": "What went wrong",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    operation: dict[str, Any] = {
        "operationId": f"{rule.endpoint}.{method.lower()}.{len(rule.arguments)}",
        "summary": summary,
        "parameters": [*_path_parameters(rule), *_query_parameters(rule.endpoint)],
        "responses": {"200": {"description": "The answer", "content": media}, "default": problem},
    }
    if method == "POST":
        operation["requestBody"] = {
            "required": True,
            "content": {name: {} for name in _BODIES.get(rule.endpoint, _QUERY_BODIES)},
        }
    return operation


def _path_parameters(rule: Rule) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PART.findall(rule.rule)
    ]


def _query_parameters(endpoint: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "description": about, "schema": {"type": "string"}}
        for name, about in _QUERY.get(endpoint, ())
    ]


_PROBLEM: Final = {
    "type": "object",
    "description": "Problem details (RFC 9457)",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "requestId": {"type": "string"},
        "remedy": {"type": "string"},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
        "expected": {"type": "array", "items": {"type": "string"}},
        "available": {"type": "array", "items": {"type": "string"}},
    },
}
