"""Counts how full the graph is: per class and property."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import Store

from hsgraph.build.quads.statistics import ClassCount
from hsgraph.build.queries import query, select
from hsgraph.literals import real
from hsgraph.namespaces import local_name


@dataclass(frozen=True)
class PropertyCoverage:
    """How many things of a class have a property; `expected` if a shape of the class names it."""

    iri: str
    name: str
    count: int
    expected: bool
    required: bool


@dataclass(frozen=True)
class ClassCoverage:
    """A class, the number of its things, and its properties in the order of its shape."""

    iri: str
    label: str
    count: int
    properties: tuple[PropertyCoverage, ...]


@dataclass(frozen=True)
class Coverage:
    """How full a graph is."""

    classes: tuple[ClassCoverage, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Coverage:
        content: dict[str, Any] = json.loads(text)
        classes = []
        for item in content["classes"]:
            properties = tuple(PropertyCoverage(**part) for part in item.pop("properties"))
            classes.append(ClassCoverage(**item, properties=properties))
        return cls(tuple(classes))


def coverage(store: Store, counted: Mapping[str, ClassCount]) -> Coverage:
    """Count a graph with what its shapes expect of it; `counted` are the things of each class."""
    classes = sorted(row["class"] for row in select(store, query("classes")))
    return Coverage(tuple(_class(store, iri, counted.get(iri, ClassCount())) for iri in classes))


def _class(store: Store, iri: str, counted: ClassCount) -> ClassCoverage:
    rows = select(store, query("expected"), thing=iri)
    expected = {row["property"]: row for row in rows if "property" in row}

    def order(name: str) -> tuple[bool, float, str]:
        return name not in expected, real(expected.get(name, {}).get("order", ""), 1e9), name

    properties = []
    for name in sorted(counted.properties.keys() | expected.keys(), key=order):
        row = expected.get(name, {})
        found = counted.properties.get(name)
        count = found.subjects if found else 0
        required = bool(real(row.get("required", ""), 0))
        shown = row.get("name") or _label(store, name)
        properties.append(PropertyCoverage(name, shown, count, name in expected, required))
    return ClassCoverage(iri, _label(store, iri), counted.entities, tuple(properties))


def _label(store: Store, iri: str) -> str:
    row = next(select(store, query("label"), thing=iri), {})
    return row.get("label") or local_name(iri)
