"""The values of properties of things, for a table that has been reconciled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.words.labels import Labels
from hsgraph.engine.protocol import Engine, Term
from hsgraph.namespaces import BASE, XSD
from hsgraph.reconcile.queries import query

_WHOLE: Final = frozenset(XSD + name for name in ("integer", "int", "long", "nonNegativeInteger"))
_PARTS: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))


@dataclass(frozen=True)
class Wanted:
    """A property to fetch, and at most how many values of it (0: all)."""

    property: str
    limit: int = 0


def extend(
    engine: Engine, things: Sequence[str], wanted: Sequence[Wanted]
) -> Mapping[str, Mapping[str, list[dict[str, Any]]]]:
    """By thing and property the values, as both versions of the API write them."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {
        thing: {each.property: [] for each in wanted} for thing in things
    }
    if not things or not wanted:
        return found
    parameters: dict[str, list[Term]] = {
        "things": [NamedNode(iri) for iri in dict.fromkeys(things)],
        "properties": [NamedNode(each.property) for each in wanted],
    }
    values: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for row in engine.select(query("values"), parameters).rows:
        values[row["thing"].value, row["property"].value].append(row["value"])
    labels = Labels.fetch(engine, {v for kept in values.values() for v in kept})
    limits = {each.property: each.limit for each in wanted}
    for (thing, name), kept in values.items():
        most = limits[name] or len(kept)
        found[thing][name] = [_written(value, labels) for value in kept[:most]]
    return found


def _written(value: Term, labels: Labels) -> dict[str, Any]:
    if not isinstance(value, Literal):
        if value.value.startswith(BASE):
            return {"id": value.value, "name": labels.ref(value.value).label}
        return {"str": value.value}
    datatype = value.datatype.value
    try:
        if datatype in _WHOLE:
            return {"int": int(value.value)}
        if datatype in _PARTS:
            return {"float": float(value.value)}
    except ValueError:
        return {"str": value.value}
    if datatype == XSD + "date" and len(value.value) == len("2026-01-01"):
        return {"date": value.value + "T00:00:00Z"}
    return {"str": value.value}
