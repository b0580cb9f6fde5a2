"""Counts how full the graph is: per class and property, per programme, and warnings per shape."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pyoxigraph import NamedNode, Store

from hsgraph.build.check.report import Report
from hsgraph.build.quads.statistics import ClassCount
from hsgraph.build.queries import query, select
from hsgraph.literals import real
from hsgraph.namespaces import HS, local_name

_PART_OF: Final = NamedNode(HS + "partOf")


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
class ProgrammeCoverage:
    """A programme: its claims, its parts, the parts with evidence, warnings in its files."""

    iri: str
    label: str
    claims: int
    parts: int
    parts_with_evidence: int
    warnings: int


@dataclass(frozen=True)
class Coverage:
    """How full a graph is."""

    classes: tuple[ClassCoverage, ...] = ()
    programmes: tuple[ProgrammeCoverage, ...] = ()
    warnings_by_shape: tuple[tuple[str, int], ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Coverage:
        content: dict[str, Any] = json.loads(text)
        classes = []
        for item in content["classes"]:
            properties = tuple(PropertyCoverage(**part) for part in item.pop("properties"))
            classes.append(ClassCoverage(**item, properties=properties))
        return cls(
            tuple(classes),
            tuple(ProgrammeCoverage(**item) for item in content["programmes"]),
            tuple((name, count) for name, count in content["warnings_by_shape"]),
        )


def coverage(store: Store, report: Report, counted: Mapping[str, ClassCount]) -> Coverage:
    """Count a graph with what its shapes expect of it; `counted` are the things of each class."""
    warnings = [finding for finding in report.findings if finding.severity == "warning"]
    classes = sorted(row["class"] for row in select(store, query("classes")))
    return Coverage(
        tuple(_class(store, iri, counted.get(iri, ClassCount())) for iri in classes),
        tuple(_programmes(store, Counter(_whole(store, each.focus) for each in warnings))),
        tuple(sorted(Counter(finding.shape_name for finding in warnings).items())),
    )


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


def _programmes(store: Store, warnings: Mapping[str, int]) -> Iterator[ProgrammeCoverage]:
    claims, parts, evidenced = (
        {row["thing"]: int(row["n"]) for row in select(store, query(name)) if "thing" in row}
        for name in ("claims", "parts", "evidenced")
    )
    for row in select(store, query("programmes")):
        if iri := row.get("thing"):
            yield ProgrammeCoverage(
                iri=iri,
                label=row.get("label") or local_name(iri),
                claims=claims.get(iri, 0),
                parts=parts.get(iri, 0),
                parts_with_evidence=evidenced.get(iri, 0),
                warnings=warnings.get(iri, 0),
            )


def _whole(store: Store, iri: str) -> str:
    """What a thing is part of, else the thing itself."""
    if iri.startswith("_:"):
        return iri
    quads = store.quads_for_pattern(NamedNode(iri), _PART_OF, None, None)
    return max((quad.object.value for quad in quads if hasattr(quad.object, "value")), default=iri)


def _label(store: Store, iri: str) -> str:
    row = next(select(store, query("label"), thing=iri), {})
    return row.get("label") or local_name(iri)
