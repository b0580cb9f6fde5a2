"""Validates a graph against its SHACL shapes with pySHACL and names file and line of each finding.

rdflib and pySHACL are loaded here and nowhere that serves: import this module late.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode
from pyshacl import validate as pyshacl_validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from hsgraph.build.check.follow import mistakes
from hsgraph.build.check.nearest import Known
from hsgraph.build.check.origins import Origins
from hsgraph.build.check.places import Places, placed
from hsgraph.build.check.report import BETWEEN_RESULTS, Finding, Report, Severity
from hsgraph.build.check.shapes import fill, shapes_of
from hsgraph.build.read.reader import Source
from hsgraph.errors import Place, SourceError
from hsgraph.namespaces import compact

_DEEPEST: Final = 5
_MOST_STATEMENTS: Final = 200
_NOT_FOLLOWED: Final = frozenset({SH.sourceShape, SH.focusNode, SH.value, SH.sourceConstraint})
_SEVERITIES: Final[dict[Node | None, Severity]] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}


def validate(
    source: Source, known: Collection[str] = (), shapes_source: Source | None = None
) -> Report:
    """Check all graphs of a source, taken together, against the shapes in its ontology/ graphs.

    Where `shapes_source` is given, its shapes stand in their place, and it is no part of the data.
    `known` are things of the project besides those of a source that is a part of it: an address
    that no thing has is told with the nearest.
    Raises SourceError when the shapes themselves cannot be used.
    """
    data = Graph(bind_namespaces="none")
    fill(data, source.quads, source.written)
    shapes = shapes_of(shapes_source or source, source.store)
    results = _run(data, shapes)
    ours = bool(source.root or known)
    if ours:
        paths = {str(path) for path in shapes.objects(None, SH.path) if isinstance(path, URIRef)}
        _say_what_is_missing(results, Known({*source.locations, *known}, paths))
    every = [_finding(results, node, data, shapes) for node in results.objects(None, SH.result)]
    findings: Iterable[Finding] = _each_once(every)
    if ours:
        compared = {str(s): str(o) for s, o in shapes.subject_objects(SH.lessThanOrEquals)}
        findings = mistakes(findings, source.store, compared)
    found = placed(findings, Places(source), Origins(source.store))
    return Report(tuple(sorted(found, key=lambda finding: finding.sort_key)))


def _say_what_is_missing(results: Graph, known: Known) -> None:
    """Let the messages about addresses of ours that no thing has say so.

    Where a property may not be there, it is the property that is looked up.
    """
    for node, value in list(results.subject_objects(SH.value)):
        component = results.value(node, SH.sourceConstraintComponent)
        meant = value
        if component == SH.ClosedConstraintComponent:
            meant = results.value(node, SH.resultPath) or value
        if isinstance(meant, URIRef):
            for message in list(results.objects(node, SH.resultMessage)):
                said = known.message(str(meant), str(message))
                if getattr(message, "language", None) in (None, "en") and said != str(message):
                    results.remove((node, SH.resultMessage, message))
                    results.add((node, SH.resultMessage, Literal(said, lang="en")))


def _each_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What two constraints of a shape find with the same words is one finding with both results."""
    found: dict[Finding, list[str]] = defaultdict(list)
    for finding in findings:
        found[replace(finding, statements="")].append(finding.statements)
    for finding, results in found.items():
        yield replace(finding, statements=BETWEEN_RESULTS.join(sorted(results)))


def _run(data: Graph, shapes: Graph) -> Graph:
    try:
        _, results, text = pyshacl_validate(
            data, shacl_graph=shapes, inference="none", inplace=True
        )
    except (MemoryError, RecursionError):
        raise
    except ReportableRuntimeError as error:
        raise _unusable(str(error)) from error
    except re.error as error:
        raise _unusable(f"sh:pattern {error.pattern!r}: {error}") from error
    except Exception as error:  # what rdflib makes of queries has no common kind
        raise _unusable(f"{type(error).__name__}: {error}") from error
    if not isinstance(results, Graph):
        raise _unusable(text)
    return results


def _unusable(text: str) -> SourceError:
    return SourceError(
        f"The shapes cannot be used: {text}",
        place=Place("ontology/shapes.ttl"),
        remedy="Mend the shape that the message names.",
    )


def _finding(results: Graph, node: Node, data: Graph, shapes: Graph) -> Finding:
    def one(predicate: Node) -> Node | None:
        return results.value(node, predicate)

    focus, shape, path = one(SH.focusNode), one(SH.sourceShape), one(SH.resultPath)
    value = one(SH.value)
    return Finding(
        severity=_SEVERITIES.get(one(SH.resultSeverity), "info"),
        shape=_text(shape),
        shape_name=_name(shapes, shape),
        message=_message(results, node),
        focus=_on_a_line(focus) if isinstance(focus, Literal) else _text(focus),
        focus_label=_label(data, focus),
        path=str(path) if isinstance(path, URIRef) else None,
        value=None if value is None else _text(value),
        details=tuple(_details(results, node)),
        statements=_statements(results, node),
    )


def _message(results: Graph, node: Node) -> str:
    """What is wrong, in one language where a shape says it in several: English, else the first."""
    by_language = defaultdict(list)
    for message in sorted(results.objects(node, SH.resultMessage), key=str):
        by_language[(getattr(message, "language", "") or "en").partition("-")[0]].append(message)
    chosen = "en" if "en" in by_language else min(by_language, default="en")
    return " ".join(map(str, by_language[chosen]))


def _details(results: Graph, node: Node, depth: int = 1) -> Iterator[str]:
    """What is wrong with what a thing refers to, one line for each result within the result."""
    found = sorted((_message(results, each), each) for each in results.objects(node, SH.detail))
    for message, detail in found:
        told = (results.value(detail, name) for name in (SH.resultPath, SH.value))
        about = " ".join(
            compact(str(each)) for each in told if each and not isinstance(each, BNode)
        )
        yield "  " * depth + (f"{message} ({about})" if about else message)
        if depth < _DEEPEST:
            yield from _details(results, detail, depth + 1)


def _statements(results: Graph, node: Node) -> str:
    """All that the report says of a result, as N-Triples, with names that stay the same."""
    names: dict[Node, str] = {node: "_:result"}
    lines: dict[str, None] = {}
    waiting = [node]
    while waiting and len(lines) < _MOST_STATEMENTS:
        about = waiting.pop(0)
        pairs = results.predicate_objects(about)
        for predicate, value in sorted(pairs, key=lambda p: (str(p[0]), _order(p[1]))):
            inner = isinstance(value, BNode) and predicate not in _NOT_FOLLOWED
            if inner and value not in names:
                names[value] = f"{names[node]}{len(names)}"
                waiting.append(value)
            written = names[value] if inner else _on_a_line(value)
            lines[f"{names[about]} {predicate.n3()} {written} ."] = None
    return "\n".join(lines)


def _on_a_line(value: Node) -> str:
    """A term as N-Triples writes it; rdflib spreads a text of several lines over as many."""
    if isinstance(value, Literal) and "\n" in value:
        datatype = NamedNode(str(value.datatype)) if value.datatype else None
        return str(RdfLiteral(str(value), datatype=datatype, language=value.language))
    return value.n3()


def _order(value: Node) -> str:
    return "" if isinstance(value, BNode) else value.n3()


def _text(node: Node | None) -> str:
    return node.n3() if isinstance(node, BNode) else str(node)


def _name(shapes: Graph, shape: Node | None) -> str:
    named = (name for name in shapes.objects(shape, SH.name) if isinstance(name, Literal))
    names = sorted(named, key=lambda name: (name.language not in (None, "en"), str(name)))
    return str(names[0]) if names and isinstance(shape, BNode) else _text(shape).rpartition("#")[2]


def _label(data: Graph, node: Node | None) -> str:
    for predicate in (SKOS.prefLabel, RDFS.label):
        labels = [label for label in data.objects(node, predicate) if isinstance(label, Literal)]
        if labels:
            return str(min(labels, key=lambda label: (label.language != "en", str(label))))
    return ""
