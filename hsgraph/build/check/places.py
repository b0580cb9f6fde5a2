"""Leads findings to the lines where what is wrong was written, or what it follows from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, Variable

from hsgraph.build.check.infer import Rule, algebra_of, rules_of
from hsgraph.build.check.report import SEVERITIES, Finding
from hsgraph.build.queries import construct
from hsgraph.build.read import source_text
from hsgraph.build.read.files import rdf_format
from hsgraph.build.read.reader import Source
from hsgraph.build.read.scan import TurtleScan
from hsgraph.errors import Place
from hsgraph.namespaces import HS, INFERRED, RDF, compact

_OF_A_THING: Final = (RDF + "type", HS + "partOf")
"""What says no more than which thing a statement is about."""
_MOST: Final = 5
_NOT_TURTLE: Final = (RdfFormat.RDF_XML, RdfFormat.JSON_LD)
_INNER: Final = ("p", "p1", "p2")


class Origins:
    """The origins of what the rules in a store have derived there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def _rules(self) -> dict[object, Rule]:
        return {rule.graph: rule for rule in rules_of(self._store)}

    def of(self, subject: str, predicate: str, value: str | None) -> tuple[Triple, ...]:
        """What a statement follows from, in the order in which its rule reads it.

        It is nothing when a file makes the statement, or when there is no such statement. Without a
        value all statements of the subject and property are meant.
        """
        if subject.startswith("_:"):
            return ()
        quads = [
            quad
            for quad in self._quads(NamedNode(subject), NamedNode(predicate), None)
            if value is None or getattr(quad.object, "value", None) == value
        ]
        if not all(map(_is_derived, quads)):
            return ()
        found: dict[Triple, None] = {}
        met = set(quads)
        while quads:
            for premise in self._premises(quads.pop(0)):
                others = list(self._quads(premise.subject, premise.predicate, premise.object))
                if not all(map(_is_derived, others)):
                    found[premise] = None
                quads += [other for other in others if _is_derived(other) and other not in met]
                met.update(others)
        return tuple(found)

    def _premises(self, quad: Quad) -> Iterator[Triple]:
        """What the rule that derived a statement has read for it."""
        rule = self._rules.get(quad.graph_name)
        if rule is None:
            return
        template, pattern, read = _parts(rule.query)
        for subject, predicate, value in template:
            if predicate != str(quad.predicate):
                continue
            own = f"{subject} {predicate} {value} ."
            query = f"CONSTRUCT {{ {read} {own} }} WHERE {{ {pattern} }}"
            bound = {
                Variable(term[1:]): given
                for term, given in ((subject, quad.subject), (value, quad.object))
                if term in pattern.split()
            }
            others = (each for each in construct(self._store, query, bound) if each != quad.triple)
            yield from sorted(others, key=lambda each: read.find(str(each.predicate)))

    def _quads(self, subject: Any, predicate: NamedNode, value: Any) -> Iterator[Quad]:
        return self._store.quads_for_pattern(subject, predicate, value, None)


def _is_derived(quad: Quad) -> bool:
    graph = quad.graph_name
    return isinstance(graph, NamedNode) and graph.value.startswith(INFERRED)


@lru_cache(maxsize=100)
def _parts(query: str) -> tuple[list[tuple[str, str, str]], str, str]:
    """The template of a CONSTRUCT as SPARQL writes terms, the pattern, and what it reads.

    The pattern is without filters, bindings and sums: they choose among what is read.
    """
    from rdflib.paths import AlternativePath, Path

    algebra = algebra_of(query)
    read: list[str] = []

    def pattern(node: Any) -> str:
        own = []
        for subject, path, value in dict.get(node, "triples", ()):
            own.append(f"{subject.n3()} {path.n3()} {value.n3()} .")
            steps = path.args if isinstance(path, AlternativePath) else [path]
            read.extend(
                f"{subject.n3()} {step.n3()} {value.n3()} ."
                for step in steps
                if not isinstance(step, Path)
            )
        inner = [f"{{ {pattern(node[name])} }}" for name in _INNER if name in node]
        joined = {"LeftJoin": " OPTIONAL ", "Union": " UNION "}.get(node.name, " ")
        return " ".join(own) + joined.join(inner[:1] if node.name == "Minus" else inner)

    where = pattern(algebra.p)
    template = [tuple(term.n3() for term in triple) for triple in algebra.template]
    return template, where, " ".join(read)


class Places:
    """Finds the line of a statement: that of the value, else of the property, else of the thing."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = cache(self._lines_of)

    def of(self, subject: str, predicate: str | None, value: str | None) -> Place | None:
        """The file and line of a statement, or of as much of it as a file has.

        Without a property, that of any property with the value; a thing is no value of its own.
        """
        if value == subject and not predicate:
            value = None
        places = self._source.locations.get(subject, [])
        statement = (subject, predicate or "")
        keys: list[tuple[str, ...]] = [(*statement, value or ""), statement]
        for key in keys:
            for file in dict.fromkeys(place.file for place in places):
                if line := self._lines(file).get(key):
                    return Place(file, line)
        return places[0] if places else None

    def _lines_of(self, file: str) -> dict[tuple[str, ...], int]:
        lines: dict[tuple[str, ...], int] = {}
        path = (self._source.root or Path()) / file
        if path.suffix != ".rq" and rdf_format(path, file) in _NOT_TURTLE:
            return lines
        scan = TurtleScan(source_text.decode(source_text.read_bytes(path, file), file))
        for statement in scan:
            subject = statement.subject or ""
            for part in scan.parts(statement):
                lines.setdefault((subject, "", part.value), part.line)
                lines.setdefault((subject, part.predicate), part.line)
                lines.setdefault((subject, part.predicate, part.value), part.line)
        return lines


def placed(findings: Iterable[Finding], places: Places, origins: Origins) -> Iterator[Finding]:
    """The findings with their places; what a file does not say is told where it follows from.

    It is left out where it follows from a statement with a finding of its own, as severe at least.
    """
    listed = list(findings)
    wrong: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in listed:
        wrong[finding.focus, finding.path].append(finding)
    for finding in listed:
        path, value = finding.path, finding.value
        found = origins.of(finding.focus, path, value) if path else ()
        if not found:
            place = places.of(finding.focus, path, value)
            yield _at(finding, place)
        elif not any(_is_told(each, finding, wrong) for each in found):
            yield _at_origin(finding, found, places)


def _is_told(
    origin: Triple, finding: Finding, wrong: dict[tuple[str, str | None], list[Finding]]
) -> bool:
    """Whether a statement has a finding of its own that is as severe as that of what follows."""
    subject, predicate, value = map(_text, origin)
    severity = SEVERITIES.index(finding.severity)
    return any(
        each.value in (None, value) and SEVERITIES.index(each.severity) <= severity
        for each in wrong.get((subject, predicate), ())
    )


def _at_origin(finding: Finding, origins: tuple[Triple, ...], places: Places) -> Finding:
    """The finding at the first of its origins: those with its value, else those with literals."""
    told = [each for each in origins if _text(each.predicate) not in _OF_A_THING]
    same = [each for each in told if _text(each.object) == finding.value]
    values = [each for each in told if isinstance(each.object, Literal)]
    chosen = (same or values or told or list(origins))[:_MOST]
    lines = (places.of(*map(_text, each)) for each in chosen)
    where = next(filter(None, lines), places.of(finding.focus, None, None))
    pairs = (map(compact, map(_text, (each.predicate, each.object))) for each in chosen)
    look = f"  Look at {', '.join(map(' '.join, pairs))}."
    return replace(_at(finding, where), details=(look, *finding.details))


def _at(finding: Finding, place: Place | None) -> Finding:
    return replace(finding, file=place.file, line=place.line) if place else finding


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
