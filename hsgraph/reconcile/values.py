"""The values of properties of things: those to fetch, and those that were given beside a name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.dataset import programmes_are_in
from hsgraph.describe.values import by_key, texts
from hsgraph.describe.words.labels import Labels
from hsgraph.engine.protocol import Engine, Term
from hsgraph.literals import NUMBERS, WHOLE_NUMBERS, is_value
from hsgraph.namespaces import BASE, XSD, expanded
from hsgraph.reconcile.names import likeness
from hsgraph.reconcile.queries import query

_DAYS: Final = frozenset(XSD + name for name in ("date", "dateTime", "dateTimeStamp"))
_DAY: Final = re.compile(r"(-?\d{4,}-\d\d-\d\d)(T[\d:.]+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_MIDNIGHT: Final = re.compile(r"T00:00(:00(\.0+)?)?")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_LONGEST_NUMBER: Final = 1_000
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FITS: Final = 0.85
"""How alike a value is at least to one that was given."""


def iri_of(given: object) -> str:
    """The IRI that a text is, or writes with a prefix of ours; nothing for any other."""
    text = expanded(str(given))
    try:
        return NamedNode(text).value if _ABSOLUTE.match(text) else ""
    except ValueError:
        return ""


def extend(
    engine: Engine, things: Sequence[str], limits: Mapping[str, int]
) -> Mapping[str, Mapping[str, list[dict[str, Any]]]]:
    """By thing and property the values, as both versions of the API write them.

    `limits` are the properties to fetch, with how many values of each at most (0: all).
    """
    found: dict[str, dict[str, list[dict[str, Any]]]] = {
        thing: {name: [] for name in limits} for thing in things
    }
    if not things or not limits:
        return found
    parameters: dict[str, list[Term]] = {
        "things": [NamedNode(iri) for iri in dict.fromkeys(things)],
        "properties": [NamedNode(name) for name in limits],
    }
    rows = engine.select(query("values"), parameters).rows
    values = by_key(((row["thing"].value, row["property"].value), row["value"]) for row in rows)
    labels = Labels.fetch(engine, {v for kept in values.values() for v in kept})
    ours = programmes_are_in(engine)
    for (thing, name), kept in values.items():
        most = limits[name] or len(kept)
        found[thing][name] = [_written(value, labels, ours) for value in kept[:most]]
    return found


def _written(value: Term, labels: Labels, ours: bool) -> dict[str, Any]:
    """A value; things are those of our namespace, or in data of others those that have a name."""
    if not isinstance(value, Literal):
        if value.value.startswith(BASE) if ours else labels.of(value.value).names:
            return {"id": value.value, "name": labels.ref(value.value).label}
        return {"str": value.value}
    text, datatype = value.value, value.datatype.value
    if not is_value(text, datatype) or len(text) > _LONGEST_NUMBER:
        return {"str": text}
    if datatype in WHOLE_NUMBERS:
        return {"int": int(text)}
    if datatype in NUMBERS and isfinite(number := float(text)):
        return {"float": number}
    if datatype in _DAYS and (found := _DAY.fullmatch(text)):
        day, time, zone = found.groups()
        return {"date": text if time else f"{day}T00:00:00{zone or 'Z'}"}
    return {"str": text}


@dataclass(frozen=True)
class Condition:
    """A property that a thing should have one of some values for."""

    property: str
    values: tuple[str, ...]
    required: bool = False
    quantifier: str = "any"


def fitting(
    engine: Engine, things: Sequence[str], conditions: Sequence[Condition]
) -> dict[str, dict[int, bool]]:
    """For each thing, which conditions (by number) it fits."""
    if not things or not conditions:
        return {}
    parameters: dict[str, list[Term]] = {
        "things": [NamedNode(thing) for thing in things],
        "properties": [NamedNode(iri) for iri in sorted({c.property for c in conditions})],
    }
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in texts(engine, query("named_values"), parameters):
        known[row["thing"], row["property"]] |= {row["value"], row.get("name", row["value"])}
    return {
        thing: {
            number: _holds(condition, known[thing, condition.property])
            for number, condition in enumerate(conditions)
        }
        for thing in things
    }


def _holds(condition: Condition, known: set[str]) -> bool:
    measured = {_measured(value) for value in known}
    met = [
        value in known
        or (exact in measured if (exact := _measured(value)) else likeness([value], known) >= _FITS)
        for value in condition.values
    ]
    if condition.quantifier == "none":
        return not any(met)
    return all(met) if condition.quantifier == "all" else any(met)


def _measured(text: str) -> str:
    """A number without idle zeros, a time, or the day that begins with it; nothing for a text.

    Numbers and days that are written alike mean others, and those that are not may mean the same.
    """
    if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return str(Fraction(text))
    found = _DAY.fullmatch(text)
    if not found:
        return ""
    return found[1] if _MIDNIGHT.fullmatch(found[2] or "T00:00") else text
