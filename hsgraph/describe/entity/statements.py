"""The statements about a thing one by one, with graph and evidence, in pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.documents.document import document, graph_of, is_inferred, rule_of
from hsgraph.describe.entity.facts import Fact, Facts, Text
from hsgraph.describe.pages import Paged, window
from hsgraph.describe.words.labels import Ref
from hsgraph.engine.protocol import Engine


@dataclass(frozen=True)
class StatementRow:
    """One statement: about a thing, a property, a value; and the graph that holds it."""

    subject: Ref
    property: Ref
    fact: Fact
    graph: Ref
    rule: Ref | None


@dataclass(frozen=True)
class Statements(Paged):
    """One page of the statements in the document about a thing."""

    about: Ref
    rows: tuple[StatementRow, ...]


def statements(engine: Engine, iri: str, *, page: int = 1, size: int = 100) -> Statements:
    """The statements in the document about `iri`, its own first. Raises UnknownEntity."""
    found = document(engine, iri, links=0)
    facts = Facts(found)
    quads = sorted(found.quads, key=lambda q: (getattr(q.subject, "value", "") != iri, str(q)))
    rows = []
    for quad in window(quads, page, size):
        value = quad.object
        if isinstance(quad.subject, NamedNode) and isinstance(value, NamedNode | Literal):
            subject, predicate, graph = quad.subject.value, quad.predicate.value, graph_of(quad)
            rule = facts.ref(rule_of(graph)) if is_inferred(quad) else None
            fact = facts.fact(subject, predicate, value)
            if isinstance(fact.value, Text):
                fact = replace(fact, value=replace(fact.value, tag=fact.value.language))
            named = facts.labels.property(predicate)
            rows.append(StatementRow(facts.ref(subject), named, fact, facts.ref(graph), rule))
    return Statements(len(quads), page, size, facts.ref(iri), tuple(rows))
