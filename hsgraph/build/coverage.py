"""Counts how full the graph is: per class and property, per programme, and warnings per shape."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from pyoxigraph import NamedNode, Store

from hsgraph.build.report import Report
from hsgraph.namespaces import GRAPH

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
_COUNT: Final = "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a $thing }"
_PRESENT: Final = """
SELECT ?property (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a $thing ; ?property ?o } GROUP BY ?property
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
_PARTS: Final = """
PREFIX hs: <https://w3id.org/hsgraph/ontology#>
SELECT ?part ?thing WHERE { ?part hs:partOf ?thing FILTER (isIRI(?part)) } ORDER BY ?part ?thing
"""
_EVIDENCE: Final = """
PREFIX hs: <https://w3id.org/hsgraph/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT (COUNT(DISTINCT ?part) AS ?parts) (COUNT(DISTINCT ?shown) AS ?evidenced)
  (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  { ?part hs:partOf $thing OPTIONAL { ?part hs:evidence [] BIND (?part AS ?shown) } } UNION
  { ?claim a hs:Claim ; rdf:subject $thing } UNION
  { ?claim a hs:Claim ; rdf:subject/hs:partOf $thing }
}
"""


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


def coverage(store: Store, report: Report) -> Coverage:
    """Count a graph with what its shapes expect of it."""
    warnings = [finding for finding in report.findings if finding.severity == "warning"]
    classes = sorted(row["class"].value for row in _rows(store, _CLASSES))
    programmes = [row["thing"].value for row in _rows(store, _PROGRAMMES)]
    owners = {row["part"].value: row["thing"].value for row in _rows(store, _PARTS)}
    by_programme = Counter(owners.get(finding.focus, finding.focus) for finding in warnings)
    return Coverage(
        tuple(_class(store, iri) for iri in classes),
        tuple(_programme(store, iri, by_programme) for iri in programmes),
        tuple(sorted(Counter(finding.shape_name for finding in warnings).items())),
    )


def _class(store: Store, iri: str) -> ClassCoverage:
    present = {row["property"].value: _number(row["n"]) for row in _rows(store, _PRESENT, iri)}
    expected = {row["property"].value: row for row in _rows(store, _EXPECTED, iri)}

    def order(name: str) -> tuple[bool, float, str]:
        row = expected.get(name)
        rank = row["order"] if row else None
        return (row is None, float(rank.value) if rank else 1e9, name)

    properties = []
    for name in sorted(present.keys() | expected.keys(), key=order):
        row = expected.get(name)
        shown = row["name"].value if row and row["name"] else _label(store, name)
        required = bool(row and _number(row["required"]))
        count = present.get(name, 0)
        properties.append(PropertyCoverage(name, shown, count, row is not None, required))
    count = _number(next(iter(_rows(store, _COUNT, iri)))["n"])
    return ClassCoverage(iri, _label(store, iri), count, tuple(properties))


def _programme(store: Store, iri: str, warnings: dict[str, int]) -> ProgrammeCoverage:
    row = next(iter(_rows(store, _EVIDENCE, iri)))
    return ProgrammeCoverage(
        iri,
        _label(store, iri),
        claims=_number(row["claims"]),
        parts=_number(row["parts"]),
        parts_with_evidence=_number(row["evidenced"]),
        warnings=warnings.get(iri, 0),
    )


def _label(store: Store, iri: str) -> str:
    row = next(iter(_rows(store, _LABEL, iri)), None)
    if row is not None and row["label"] is not None:
        return str(row["label"].value)
    return iri.rpartition("#")[2].rpartition("/")[2]


def _number(term: Any) -> int:
    return int(term.value) if term is not None else 0


def _rows(store: Store, query: str, thing: str | None = None) -> Iterator[Any]:
    if thing is not None:
        query = query.replace("$thing", str(NamedNode(thing)))
    return iter(store.query(query, use_default_graph_as_union=True))  # type: ignore[arg-type]
