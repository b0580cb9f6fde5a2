"""The JSON of the Reconciliation Service API: what it reads and what it writes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from math import isfinite
from pathlib import Path
from string import Template
from typing import Any, Final

from hsgraph.engine.protocol import Engine
from hsgraph.errors import BadRequest
from hsgraph.reconcile.match import LIMIT, Candidate, Query
from hsgraph.reconcile.schema import Item
from hsgraph.reconcile.schema import properties as known_properties
from hsgraph.reconcile.values import Condition, extend, iri_of

Json = dict[str, Any]
_MANIFESTS: Final = (Path(__file__).parent / "manifests.json").read_text("utf-8")
_BATCH: Final = 100
_LONGEST: Final = 500
_MOST: Final = 10_000
_MOST_CONDITIONS: Final = 20
_MOST_VALUES: Final = 50
_DIGITS: Final = re.compile(r"[0-9]{1,9}")


def parsed(text: str) -> Json:
    """JSON that must be an object. Raises `BadRequest` with the place of the mistake."""
    try:
        found = json.loads(text, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BadRequest("The JSON has half a character: a lone surrogate.") from error
    except RecursionError as error:
        raise BadRequest("The JSON is nested too deep.") from error
    except ValueError as error:
        raise BadRequest(f"This is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise BadRequest("The JSON must be an object.")
    return found


def manifest(version: str, types: Iterable[Item], **values: str) -> Json:
    """What a service says of itself in a version of the API: 0.2 or 1.0.

    `values` are its `name` and `address`, the version `served`, and what the IRIs of its `things`
    and of its `terms` begin with.
    """
    quoted = {name: json.dumps(value)[1:-1] for name, value in values.items()}
    found: Json = json.loads(Template(_MANIFESTS).substitute(quoted))[version]
    return {**found, "defaultTypes": [{"id": item.iri, "name": item.name} for item in types]}


def query_of(given: Any, items: Callable[[str], Iterable[Item]]) -> Query:
    """A query as either version writes it. Raises `BadRequest` for what neither allows.

    Types and properties that are no IRIs are meant by their names, of which `items` tells those of
    each. Properties are left out where nothing is called so.
    """
    if not isinstance(given, dict):
        raise BadRequest("A query must be an object.")
    text, conditions = _name(given.get("query", "")), []
    for each in _listed(given.get("properties")):
        iri, values = _called(_member(each, "pid"), items, "property"), _values(_member(each, "v"))
        if iri and values:
            conditions.append(Condition(iri, values))
    for each in _listed(given.get("conditions")):
        values = _values(_member(each, "v"))
        if _member(each, "matchType") == "name":
            text = text or next(iter(values), "")
        elif (iri := _called(_member(each, "pid"), items, "property")) and values:
            required, quantifier = bool(each.get("required")), each.get("matchQuantifier", "any")
            conditions.append(Condition(iri, values, required, str(quantifier)))
    if not ({"query", "properties", "conditions"} & given.keys()):
        raise BadRequest("A query has a name to match, or properties.")
    types = tuple(_type(each, items) for each in _values(given.get("type")))
    return Query(text, types, tuple(conditions[:_MOST_CONDITIONS]), _limit(given.get("limit")))


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


def extension(engine: Engine, wanted: Json, *, draft: bool) -> Json:
    """The values of properties of things, as 0.2 or the draft of 1.0 writes them."""
    ids, properties = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise BadRequest("An extension names a list of “ids” and a list of “properties”.")
    bounded(ids)
    bounded(properties)
    limits = {
        iri: whole(settings.get("limit")) if isinstance(settings, dict) else 0
        for each in properties
        if isinstance(each, dict) and (iri := iri_of(each.get("id")))
        for settings in [each.get("settings")]
    }
    names = {item.iri: item.name for item in known_properties(engine)}
    meta = [{"id": iri, "name": names.get(iri, iri)} for iri in limits]
    found = extend(engine, [iri for each in ids if (iri := iri_of(each))], limits)
    nothing: dict[str, list[Json]] = {iri: [] for iri in limits}
    values = {each: found.get(iri_of(each), nothing) for each in ids if isinstance(each, str)}
    if not draft:
        return {"meta": meta, "rows": values}
    rows = [
        {"id": thing, "properties": [{"id": name, "values": v} for name, v in of_thing.items()]}
        for thing, of_thing in values.items()
    ]
    return {"meta": meta, "rows": rows}


def bounded(batch: Any) -> None:
    """Raise BadRequest for a batch with too many entries."""
    if len(batch) > _BATCH:
        raise BadRequest(f"A batch has at most {_BATCH} entries; this has {len(batch)}.")


def whole(given: object) -> int:
    """A whole number from 0 that is not beyond all use; 0 for everything else."""
    text = str(int(given)) if isinstance(given, float) and isfinite(given) else str(given)
    return min(int(text), _MOST) if _DIGITS.fullmatch(text) else 0


def _called(given: object, items: Callable[[str], Iterable[Item]], what: str) -> str:
    if iri := iri_of(given):
        return iri
    wanted = str(given).strip().casefold()
    return next((item.iri for item in items(what) if item.name.casefold() == wanted), "")


def _type(given: str, items: Callable[[str], Iterable[Item]]) -> str:
    if iri := _called(given, items, "type"):
        return iri
    raise BadRequest(f"No type is called “{given[:200]}”.")


def _limit(given: object) -> int:
    odd = not isinstance(given, int | float | None) or given in (float("inf"), float("-inf"))
    if odd and given != "" and not whole(given):
        raise BadRequest("“limit” must be a number.")
    return whole(given) or LIMIT


def _member(given: Any, name: str) -> Any:
    if not isinstance(given, dict) or name not in given:
        raise BadRequest(f"Each property of a query has “{name}”.")
    return given[name]


def _name(given: object) -> str:
    """The text of a cell; a number is one too."""
    if isinstance(given, str):
        return given.strip()[:_LONGEST]
    if isinstance(given, int | float) and not isinstance(given, bool):
        return _text(given)
    raise BadRequest("“query” must be a text.")


def _listed(given: object) -> list[Any]:
    """What is given, as a list; clients write nothing as null or as an empty text."""
    found = given if isinstance(given, list) else [given]
    return [each for each in found if each not in (None, "")]


def _values(given: Any) -> tuple[str, ...]:
    texts = (_text(each).strip() for each in _listed(given)[:_MOST_VALUES])
    return tuple(text for text in texts if text)


def _text(given: Any) -> str:
    """A value as text: that of a thing is its IRI."""
    if isinstance(given, dict):
        given = given.get("id") or ""
    if isinstance(given, list | dict):
        raise BadRequest("A value is a text, a number, a truth, or an object with an “id”.")
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    return str(given)[:_LONGEST]


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
