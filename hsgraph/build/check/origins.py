"""Leads a derived statement back to the statements of the files that it follows from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, Store, Triple, Variable

from hsgraph.build.check.infer import Rule, algebra_of, rules_of
from hsgraph.build.queries import construct
from hsgraph.namespaces import INFERRED

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
        if subject.startswith(("_:", '"')):
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
