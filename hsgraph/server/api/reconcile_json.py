"""The JSON of the Reconciliation Service API: queries read, candidates and values written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import NamedNode

from hsgraph.errors import BadRequest
from hsgraph.reconcile.conditions import Condition
from hsgraph.reconcile.match import LIMIT, Candidate, Query
from hsgraph.reconcile.schema import Item

Json = dict[str, Any]
_LONGEST: Final = 500


def parsed(text: str, kind: type[dict[str, Any]]) -> Json:
    """JSON that must be an object. Raises `BadRequest` with the place of the mistake."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadRequest(f"This is not JSON: {error}.") from error
    if not isinstance(found, kind):
        raise BadRequest("The JSON must be an object.")
    return found


def query_of(given: Any) -> Query:
    """A query as either version writes it. Raises `BadRequest` for what neither allows."""
    if not isinstance(given, dict):
        raise BadRequest("A query must be an object.")
    types = given.get("type") or ()
    names = [types] if isinstance(types, str) else list(types)
    text, conditions = _text(given.get("query", "")), []
    for each in given.get("properties") or ():
        conditions.append(Condition(_iri(_member(each, "pid")), _values(_member(each, "v"))))
    for each in given.get("conditions") or ():
        values = _values(_member(each, "v"))
        if _member(each, "matchType") == "name":
            text = text or next(iter(values), "")
            continue
        required, quantifier = bool(each.get("required")), each.get("matchQuantifier", "any")
        conditions.append(Condition(_iri(_member(each, "pid")), values, required, quantifier))
    if not text and not conditions:
        raise BadRequest("A query has a name to match, or properties.")
    limit = given.get("limit") or LIMIT
    if not isinstance(limit, int | float):
        raise BadRequest("“limit” must be a number.")
    return Query(text, tuple(_iri(name) for name in names), tuple(conditions), int(limit))


def candidate(found: Candidate) -> Json:
    """A candidate as both versions write it."""
    return {
        "id": found.iri,
        "name": found.name,
        "description": found.description,
        "type": [{"id": item.iri, "name": item.name} for item in found.types],
        "score": found.score,
        "match": found.match,
        "features": [{"id": i, "name": name, "value": value} for i, name, value in found.features],
    }


def described(item: Item) -> Json:
    """A type or a property."""
    return {"id": item.iri, "name": item.name, "description": item.description}


def rows(values: Mapping[str, Mapping[str, list[Json]]]) -> list[Json]:
    """Fetched values as version 1.0 writes them."""
    return [
        {"id": thing, "properties": [{"id": name, "values": v} for name, v in found.items()]}
        for thing, found in values.items()
    ]


def _member(given: Any, name: str) -> Any:
    if not isinstance(given, dict) or name not in given:
        raise BadRequest(f"Each property of a query has “{name}”.")
    return given[name]


def _values(given: Any) -> tuple[str, ...]:
    return tuple(_text(each) for each in (given if isinstance(given, list) else [given]))


def _text(given: Any) -> str:
    """A value as text: that of a thing is its IRI."""
    if isinstance(given, dict):
        given = given.get("id", "")
    if isinstance(given, bool):
        return str(given).lower()
    return str(given)[:_LONGEST]


def _iri(text: Any) -> str:
    try:
        return NamedNode(str(text)).value
    except ValueError as error:
        raise BadRequest(f"“{text}” is not an IRI; types and properties are IRIs.") from error
