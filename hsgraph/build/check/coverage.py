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
from hsgraph.namespaces import GRAPH, HS

_CLASSES: Final = f"""
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?class WHERE {{
  {{ [] sh:targetClass ?class }} UNION
  {{ GRAPH ?graph {{ [] a ?class }} FILTER (!STRSTARTS(STR(?graph), "{GRAPH}ontology/")) }}
  FILTER (isIRI(?class))
}}
"""
_LABEL: Final = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT (MIN(STR(?text)) AS ?label) WHERE {
  $thing rdfs:label|skos:prefLabel ?text FILTER (LANG(?text) IN ("", "en"))
}
"""
_EXPECTED: Final = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?property (MIN(?named) AS ?name) (MIN(?rank) AS ?order) (MAX(?least) AS ?required) WHERE {
  ?shape sh:targetClass $thing ; sh:property ?part . ?part sh:path ?property
  OPTIONAL { ?part sh:name ?text . BIND (STR(?text) AS ?named) }
  OPTIONAL { ?part sh:order ?rank }
  OPTIONAL { ?part sh:minCount ?least }
  FILTER (isIRI(?property))
} GROUP BY ?property
"""
_PROGRAMMES: Final = """
PREFIX hs: <https://w3id.org/hsgraph/ontology#>
SELECT DISTINCT ?thing WHERE { ?thing a hs:Project } ORDER BY ?thing
"""
_PROGRAMME_LABELS: Final = """
PREFIX hs: <https://w3id.org/hsgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing (MIN(STR(?text)) AS ?label) WHERE {
  ?thing a hs:Project ; rdfs:label|skos:prefLabel ?text FILTER (LANG(?text) IN ("", "en"))
} GROUP BY ?thing
"""
_PARTS: Final = """
PREFIX hs: <https://w3id.org/hsgraph/ontology#>
SELECT ?thing (COUNT(DISTINCT ?part) AS ?n) WHERE { ?part hs:partOf ?thing } GROUP BY ?thing
"""
_EVIDENCED: Final = """
PREFIX hs: <https://w3id.org/hsgraph/ontology#>
SELECT ?thing (COUNT(DISTINCT ?part) AS ?n) WHERE { ?part hs:partOf ?thing ; hs:evidence [] }
GROUP BY ?thing
"""
_CLAIMS: Final = """
PREFIX hs: <https://w3id.org/hsgraph/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?thing (COUNT(DISTINCT ?claim) AS ?n) WHERE {
  { ?claim a hs:Claim ; rdf:subject ?thing } UNION
  { ?claim a hs:Claim ; rdf:subject ?part . ?part hs:partOf ?thing }
} GROUP BY ?thing
"""
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
    classes = sorted(row["class"].value for row in _rows(store, _CLASSES))
    return Coverage(
        tuple(_class(store, iri, counted.get(iri, ClassCount())) for iri in classes),
        tuple(_programmes(store, Counter(_whole(store, each.focus) for each in warnings))),
        tuple(sorted(Counter(finding.shape_name for finding in warnings).items())),
    )


def _class(store: Store, iri: str, counted: ClassCount) -> ClassCoverage:
    expected = {row["property"].value: row for row in _rows(store, _EXPECTED, iri)}

    def order(name: str) -> tuple[bool, float, str]:
        row = expected.get(name)
        rank = row["order"] if row else None
        return (row is None, float(rank.value) if rank else 1e9, name)

    properties = []
    for name in sorted(counted.properties.keys() | expected.keys(), key=order):
        row = expected.get(name)
        shown = row["name"].value if row and row["name"] else _label(store, name)
        required = bool(row and _number(row["required"]))
        found = counted.properties.get(name)
        count = found.subjects if found else 0
        properties.append(PropertyCoverage(name, shown, count, row is not None, required))
    return ClassCoverage(iri, _label(store, iri), counted.entities, tuple(properties))


def _programmes(store: Store, warnings: Mapping[str, int]) -> Iterator[ProgrammeCoverage]:
    claims, parts, evidenced = (_counts(store, each) for each in (_CLAIMS, _PARTS, _EVIDENCED))
    rows = _rows(store, _PROGRAMME_LABELS)
    labels = {row["thing"].value: row["label"].value for row in rows if row["label"]}
    for row in _rows(store, _PROGRAMMES):
        iri = row["thing"].value
        yield ProgrammeCoverage(
            iri=iri,
            label=labels.get(iri) or _local_name(iri),
            claims=claims.get(iri, 0),
            parts=parts.get(iri, 0),
            parts_with_evidence=evidenced.get(iri, 0),
            warnings=warnings.get(iri, 0),
        )


def _counts(store: Store, query: str) -> dict[str, int]:
    return {row["thing"].value: _number(row["n"]) for row in _rows(store, query)}


def _whole(store: Store, iri: str) -> str:
    """What a thing is part of, else the thing itself."""
    if iri.startswith("_:"):
        return iri
    quads = store.quads_for_pattern(NamedNode(iri), _PART_OF, None, None)
    return max((quad.object.value for quad in quads if hasattr(quad.object, "value")), default=iri)


def _label(store: Store, iri: str) -> str:
    row = next(iter(_rows(store, _LABEL, iri)), None)
    if row is not None and row["label"] is not None:
        return str(row["label"].value)
    return _local_name(iri)


def _local_name(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _number(term: Any) -> int:
    return int(term.value) if term is not None else 0


def _rows(store: Store, query: str, thing: str | None = None) -> Iterator[Any]:
    if thing is not None:
        query = query.replace("$thing", str(NamedNode(thing)))
    return iter(store.query(query, use_default_graph_as_union=True))  # type: ignore[arg-type]
