"""Which graph says what: a data file or what a rule inferred, and the statements about a thing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.documents.document import document, graph_of, is_inferred, rule_of
from hsgraph.describe.entity.entity import Group, grouped
from hsgraph.describe.entity.facts import Fact, Facts, Text
from hsgraph.describe.pages import Paged, window
from hsgraph.describe.queries import query
from hsgraph.describe.values import by_key
from hsgraph.describe.words.labels import Labels, Ref, kind_of
from hsgraph.describe.words.nameless import name_by_what_they_say
from hsgraph.engine.protocol import Engine
from hsgraph.errors import UnknownEntity
from hsgraph.languages import later, told
from hsgraph.namespaces import GRAPH, INFERRED, RDF, SKOS, local_name

COUNTED: Final = 10_000
"""Statements that a page counts; of a larger graph it says that there are more."""
SHOWN: Final = 25
"""Things of one kind that the page lists."""


@dataclass(frozen=True)
class GraphView:
    """A named graph; `rule` is the rule that wrote it, if one did.

    The `things` that it speaks of stand by kind, with the number of those left out.
    """

    iri: str
    label: str
    rule: Ref | None
    statements: int
    whole: bool
    groups: tuple[Group, ...]
    things: tuple[tuple[str, tuple[Ref, ...], int], ...]


def graph_view(engine: Engine, iri: str) -> GraphView:
    """Read a named graph. Raises UnknownEntity when there is none."""
    rows = engine.select(query("graph_things"), {"graph": NamedNode(iri)}).rows
    found = [row["thing"].value for row in rows if isinstance(row.get("thing"), NamedNode)]
    counted = sum(int(row["count"].value) for row in rows)
    if not found:
        raise no_graph(iri)
    rule = rule_of(iri) if iri.startswith(INFERRED) else ""
    labels = Labels.fetch(engine, {iri, rule or iri, *found[: SHOWN * 100]})
    kinds = by_key((kind_of(i) or local_name(i.rpartition("/")[0]), i) for i in found)
    shown = [thing for things in kinds.values() for thing in things[:SHOWN]]
    name_by_what_they_say(engine, labels, shown)
    named = labels.ref(iri).label if labels.of(iri).names else iri.removeprefix(GRAPH)
    groups: tuple[Group, ...] = ()
    if labels.of(iri).types:
        facts = Facts(document(engine, iri, links=0))
        groups = grouped(facts, frozenset({RDF + "type", SKOS + "prefLabel"}))
    return GraphView(
        iri=iri,
        label=f"Inferred: {labels.ref(rule).label}" if rule else named,
        rule=labels.ref(rule) if rule else None,
        statements=min(counted, COUNTED),
        whole=counted <= COUNTED,
        groups=groups,
        things=tuple(
            (kind, tuple(map(labels.ref, all_[:SHOWN])), max(0, len(all_) - SHOWN))
            for kind, all_ in kinds.items()
        ),
    )


def no_graph(iri: str) -> UnknownEntity:
    """The error for a named graph that is not there."""
    return UnknownEntity(
        told(later("There is no graph {1}."), f"<{iri}>"),
        remedy=later("The service description at /sparql lists the graphs there are."),
    )


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
        about, predicate, graph = quad.subject, quad.predicate.value, graph_of(quad)
        subject = about.value if isinstance(about, NamedNode) else str(about)
        value = quad.object
        if not isinstance(value, NamedNode | Literal):
            value = Literal(str(value))
        rule = facts.ref(rule_of(graph)) if is_inferred(quad) else None
        fact = facts.fact(subject, predicate, value)
        if isinstance(fact.value, Text):
            fact = replace(fact, value=replace(fact.value, tag=fact.value.language))
        named = facts.labels.property(predicate)
        rows.append(StatementRow(facts.ref(subject), named, fact, facts.ref(graph), rule))
    return Statements(len(quads), page, size, facts.ref(iri), tuple(rows))
