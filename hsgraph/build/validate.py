"""Validates a graph against its SHACL shapes with pySHACL and names file and line of each finding.

rdflib and pySHACL are loaded here and nowhere that serves: import this module late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from pyshacl import validate as pyshacl_validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from hsgraph.build.infer import with_prefixes
from hsgraph.build.read import Source
from hsgraph.build.report import Finding, Report, Severity
from hsgraph.build.scan import TurtleScan
from hsgraph.errors import Place, SourceError
from hsgraph.namespaces import GRAPH

_SHAPES: Final = GRAPH + "ontology/"
_VOCABULARIES: Final = _SHAPES + "vocab/"
_TARGET: Final = ox.NamedNode(str(SH.target))
_SELECT: Final = ox.NamedNode(str(SH.select))
_SEVERITIES: Final[dict[Node | None, Severity]] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}


def validate(source: Source) -> Report:
    """Check all graphs of a source, taken together, against the shapes in its ontology/ graphs.

    Raises SourceError when the shapes themselves cannot be used.
    """
    data = Graph(bind_namespaces="none")
    _fill(data, source.quads)
    shapes = _shapes(source)
    results = _run(data, shapes)
    findings = {_finding(results, node, data, shapes) for node in results.objects(None, SH.result)}
    placed = _Places(source)
    return Report(tuple(sorted(map(placed.locate, findings), key=lambda finding: finding.sort_key)))


def _run(data: Graph, shapes: Graph) -> Graph:
    try:
        _, results, text = pyshacl_validate(
            data, shacl_graph=shapes, inference="none", inplace=True
        )
    except ReportableRuntimeError as error:
        results, text = None, str(error)
    if isinstance(results, Graph):
        return results
    raise SourceError(
        f"The shapes cannot be used: {text}",
        place=Place("ontology/shapes.ttl"),
        remedy="Mend the shape that the message names.",
    )


def _shapes(source: Source) -> Graph:
    """The shapes, with the queries of their SPARQL targets answered: Oxigraph is faster at it."""
    shapes, store = Graph(bind_namespaces="none"), source.store
    for file in source.files:
        if file.graph.startswith(_SHAPES) and not file.graph.startswith(_VOCABULARIES):
            graph = ox.NamedNode(file.graph)
            _fill(shapes, store.quads_for_pattern(None, None, None, graph))
            for quad in store.quads_for_pattern(None, _TARGET, None, graph):
                if isinstance(quad.object, ox.NamedNode | ox.BlankNode):
                    for node in _targets(source, quad.object):
                        shapes.add((_term(quad.subject), SH.targetNode, _term(node)))
    return shapes


def _targets(source: Source, target: ox.NamedNode | ox.BlankNode) -> Iterator[Any]:
    """The focus nodes that a sh:SPARQLTarget selects (SHACL Advanced Features, section 3.1)."""
    for quad in source.store.quads_for_pattern(target, _SELECT, None, None):
        if isinstance(quad.object, ox.Literal):
            query = with_prefixes(source.store, target, quad.object.value)
            try:
                rows = source.store.query(query, use_default_graph_as_union=True)
            except SyntaxError as error:
                raise SourceError(
                    f"The query of a sh:target is not valid SPARQL: {error.msg}\n{query}",
                    place=Place("ontology/shapes.ttl"),
                ) from None
            yield from (row["this"] for row in rows)  # type: ignore[union-attr]


def _fill(graph: Graph, quads: Iterable[ox.Quad]) -> None:
    """Add quads to an rdflib graph; every term is made once, since most come many times."""
    known: dict[object, Node] = {}

    def term(node: Any) -> Node:
        found = known.get(node)
        if found is None:
            found = known[node] = _term(node)
        return found

    add = graph.store.add
    for quad in quads:
        add((term(quad.subject), term(quad.predicate), term(quad.object)), graph)


def _term(node: Any) -> Node:
    if isinstance(node, ox.NamedNode):
        return URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return BNode(node.value)
    if node.language is not None:
        return Literal(node.value, lang=node.language)
    return Literal(node.value, datatype=URIRef(node.datatype.value), normalize=False)


def _finding(results: Graph, node: Node, data: Graph, shapes: Graph) -> Finding:
    def one(predicate: Node) -> Node | None:
        return results.value(node, predicate)

    messages = sorted(str(message) for message in results.objects(node, SH.resultMessage))
    focus, shape, path = one(SH.focusNode), one(SH.sourceShape), one(SH.resultPath)
    value = one(SH.value)
    return Finding(
        severity=_SEVERITIES.get(one(SH.resultSeverity), "violation"),
        shape=_text(shape),
        shape_name=_name(shapes, shape),
        message=" ".join(messages),
        focus=_text(focus),
        focus_label=_label(data, focus),
        path=str(path) if isinstance(path, URIRef) else None,
        value=None if value is None else _text(value),
    )


def _text(node: Node | None) -> str:
    return node.n3() if isinstance(node, BNode) else str(node)


def _name(shapes: Graph, shape: Node | None) -> str:
    names = sorted(str(name) for name in shapes.objects(shape, SH.name))
    return names[0] if names and isinstance(shape, BNode) else _text(shape).rpartition("#")[2]


def _label(data: Graph, node: Node | None) -> str:
    for predicate in (SKOS.prefLabel, RDFS.label):
        labels = [label for label in data.objects(node, predicate) if isinstance(label, Literal)]
        if labels:
            return str(min(labels, key=lambda label: (label.language != "en", str(label))))
    return ""


class _Places:
    """Finds the line of a finding: that of the value, else of the property, else of the thing."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._parts: dict[str, dict[tuple[str, ...], int]] = {}

    def locate(self, finding: Finding) -> Finding:
        places = self._source.locations.get(finding.focus, [])
        if not places:
            return finding
        statement = (finding.focus, finding.path or "")
        keys: list[tuple[str, ...]] = [(*statement, finding.value or ""), statement]
        for key in keys:
            for file in dict.fromkeys(place.file for place in places):
                if line := self._lines(file).get(key):
                    return replace(finding, file=file, line=line)
        return replace(finding, file=places[0].file, line=places[0].line)

    def _lines(self, file: str) -> dict[tuple[str, ...], int]:
        if file not in self._parts:
            lines: dict[tuple[str, ...], int] = {}
            scan = TurtleScan(((self._source.root or Path()) / file).read_text("utf-8"))
            for statement in scan:
                subject = statement.subject or ""
                for part in scan.parts(statement):
                    lines.setdefault((subject, part.predicate), part.line)
                    lines.setdefault((subject, part.predicate, part.value), part.line)
            self._parts[file] = lines
        return self._parts[file]
