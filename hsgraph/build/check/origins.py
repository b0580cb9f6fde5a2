"""Leads a derived statement back to the statements of the files that it follows from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple, Variable

from hsgraph.build.check.infer import Rule
from hsgraph.namespaces import INFERRED

_INNER: Final = ("p", "p1", "p2")
_DEEPEST: Final = 8
Node = NamedNode | BlankNode | Literal


class Origins:
    """The origins of what rules have derived in a store."""

    def __init__(self, store: Store, rules: Iterable[Rule]) -> None:
        self._store = store
        self._rules = {rule.graph: rule for rule in rules}

    def of(self, subject: str, predicate: str, value: str | None) -> tuple[Triple, ...]:
        """What a statement follows from, in the order in which its rule reads it.

        It is nothing when a file makes the statement, or when there is no such statement. Without a
        value all statements of the subject and property are meant.
        """
        quads = [
            quad
            for quad in self._quads(NamedNode(subject), NamedNode(predicate), None)
            if value is None or getattr(quad.object, "value", None) == value
        ]
        if not all(map(_is_derived, quads)):
            return ()
        found = (each for quad in quads for each in self._origins(quad, _DEEPEST))
        return tuple(dict.fromkeys(found))

    def _origins(self, quad: Quad, depth: int) -> Iterator[Triple]:
        for premise in self._premises(quad) if depth else ():
            quads = list(self._quads(premise.subject, premise.predicate, premise.object))
            if quads and all(map(_is_derived, quads)):
                for each in quads:
                    yield from self._origins(each, depth - 1)
            elif quads:
                yield premise

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
            found = self._store.query(query, use_default_graph_as_union=True, substitutions=bound)
            others = (each for each in found if each != quad.triple)
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
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    algebra = translateQuery(parseQuery(query)).algebra
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
