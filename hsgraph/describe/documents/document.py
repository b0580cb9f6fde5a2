"""What an RDF document about a thing holds: one rule, for every format and for the page.

The statements of the thing, authored and inferred; those of its parts (`hs:partOf`); the claims
about it and its parts, and annotations of what it says; their evidence and selectors; what the
thing says by nodes without an IRI, up to a depth; the name and type of everything these point to;
and what points to it, up to a limit for each property. At most four queries, or look-ups where the
data is in this process.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from hsgraph.build.index.aggregates import LINKS
from hsgraph.describe.documents.incoming import Counted, Incoming, incoming_links
from hsgraph.describe.queries import query
from hsgraph.describe.values import by_key
from hsgraph.describe.words.labels import TOLD, Labels, Told
from hsgraph.describe.words.nameless import STATEMENT, precisions
from hsgraph.engine.lookups import Lookups, Node
from hsgraph.engine.protocol import Engine, Term
from hsgraph.errors import UnknownEntity
from hsgraph.languages import later, told
from hsgraph.namespaces import HS, INFERRED, OA, OWL, RDF, RULES

DEPTH: Final = 4
"""Steps from a thing over nodes without an IRI; `document.rq` takes as many."""
_MOST_NAMELESS: Final = 1000
_PART_OF: Final = NamedNode(HS + "partOf")
_SUBJECT: Final = NamedNode(RDF + "subject")
_ANNOTATED: Final = NamedNode(OWL + "annotatedSource")
_EVIDENCE: Final = NamedNode(HS + "evidence")
_SELECTOR: Final = NamedNode(OA + "hasSelector")
_REST: Final = NamedNode(RDF + "rest")
Statement = tuple[str, str, NamedNode | Literal, str]
"""Subject, property, value, graph."""


@dataclass(frozen=True)
class Document:
    """Everything an RDF document about `iri` says, and the labels a page needs to show it."""

    iri: str
    quads: tuple[Quad, ...]
    incoming: tuple[Incoming, ...]
    version: str
    engine: Engine = field(repr=False, compare=False)

    @cached_property
    def said(self) -> Mapping[NamedNode | BlankNode | Triple, list[Triple]]:
        """The statements by what they are about, each once, in a stable order."""
        triples = sorted({quad.triple for quad in self.quads}, key=str)
        return by_key((triple.subject, triple) for triple in triples)

    @cached_property
    def rows(self) -> tuple[Statement, ...]:
        """The statements about things with an IRI, as texts but for the value."""
        found: list[Statement] = []
        for quad in self.quads:
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, (NamedNode, Literal)):
                found.append((subject.value, quad.predicate.value, value, graph_of(quad)))
        return tuple(found)

    @cached_property
    def labels(self) -> Labels:
        """The labels of everything that a page shows: things, properties, graphs, rules."""
        named = {s for link in self.incoming for s in link.subjects}
        named |= {link.predicate for link in self.incoming}
        terms = {term for q in self.quads for term in (q.predicate, q.object, q.graph_name)}
        named |= {term.value for term in terms if isinstance(term, NamedNode)}
        named |= {rule_of(iri) for iri in named if iri.startswith(INFERRED)}
        told: Told = {subject: {} for subject, *_ in self.rows}
        for subject, predicate, value, _ in self.rows:
            if predicate in TOLD:
                told[subject].setdefault(predicate, {})[value] = None
        return Labels.fetch(self.engine, named, told)

    @cached_property
    def claimed(self) -> dict[str, str]:
        """How exactly the dates that claims of the document state are known, by claim."""
        told: dict[str, dict[str, list[Term]]] = {}
        for subject, predicate, value, _ in self.rows:
            if predicate in STATEMENT:
                told.setdefault(subject, {}).setdefault(predicate, []).append(value)
        return precisions(self.engine, told)

    @cached_property
    def statements(self) -> frozenset[Triple]:
        """All statements without their graphs, each once, in no order."""
        own = {quad.triple for quad in self.quads}
        return frozenset(own.union(self.naming, self.links))

    @cached_property
    def naming(self) -> tuple[Triple, ...]:
        """Name and type of what the statements point to and come from, other than themselves."""
        pointed = {quad.object for quad in self.quads}
        pointed |= {NamedNode(s) for link in self.incoming for s in link.subjects}
        mentioned = pointed - {quad.subject for quad in self.quads}
        things = [term for term in mentioned if isinstance(term, NamedNode)]
        return tuple(Labels.fetch(self.engine, things).naming(things))

    @cached_property
    def links(self) -> tuple[Triple, ...]:
        """The incoming statements that the limit lets in."""
        thing = NamedNode(self.iri)
        return tuple(
            Triple(NamedNode(subject), NamedNode(link.predicate), thing)
            for link in self.incoming
            for subject in link.subjects
            if subject not in link.indirect
        )

    @property
    def whole(self) -> list[Triple | Quad]:
        """All statements, and those with a graph once more in it.

        The default graph of TriG and N-Quads is the document, as in every other format; the named
        graphs say who says what. Clients that ask for quads first (Comunica does) and look at the
        default graph would otherwise see labels only.
        """
        return [*self.statements, *self.quads]

    @property
    def triples(self) -> tuple[Triple, ...]:
        """All statements without their graphs, each once, in a stable order."""
        return tuple(sorted(self.statements, key=str))


def document(
    engine: Engine, iri: str, *, links: int = LINKS, counted: Counted | None = None
) -> Document:
    """Gather the document about `iri`, with at most `links` incoming links for each property.

    `counted` tells those of things that many point to, where they were counted beforehand.
    Raises UnknownEntity when no statement has the IRI as its subject or object.
    """
    thing = NamedNode(iri)
    near = engine.lookups
    quads = tuple(_quads(engine, thing) if near is None else _looked_up(near, thing, counted))
    incoming = incoming_links(engine, thing, links, counted=counted)
    if not incoming and not any(quad.subject == thing for quad in quads):
        raise UnknownEntity(
            told(later("There is nothing at <{1}>."), iri),
            remedy=later("Check the address, or search for the name."),
        )
    return Document(iri, quads, incoming, engine.version, engine)


def is_inferred(quad: Quad) -> bool:
    """Whether a rule wrote this statement rather than a person."""
    return graph_of(quad).startswith(INFERRED)


def graph_of(quad: Quad) -> str:
    """The IRI of the graph of a statement; empty for the default graph."""
    name = quad.graph_name
    return name.value if isinstance(name, NamedNode) else ""


def rule_of(graph: str) -> str:
    """The IRI of the rule whose results are in an inferred graph."""
    return RULES + graph.removeprefix(INFERRED)


def _quads(engine: Engine, thing: NamedNode) -> Iterable[Quad]:
    for row in engine.select(query("document"), {"thing": thing}).rows:
        subject, predicate, graph = row["subject"], row["predicate"], row["graph"]
        if isinstance(predicate, NamedNode) and not isinstance(subject, Literal):
            assert not isinstance(graph, Literal), "no literal names a graph"
            yield Quad(subject, predicate, row["object"], graph)


def _looked_up(lookups: Lookups, thing: NamedNode, counted: Counted | None) -> list[Quad]:
    """What `document.rq` gives, by look-ups.

    The store finds what points to a hub with one property by going through all that points to it,
    so it is not asked for what was counted to be none.
    """
    own = lookups.about([thing])
    known = counted(thing.value) if counted else None
    parts, claims, annotations = (
        lookups.subjects(predicate, thing) if known is None or predicate.value in known else []
        for predicate in (_PART_OF, _SUBJECT, _ANNOTATED)
    )
    claims += annotations
    claims += [of for said in annotations for of in lookups.subjects(_ANNOTATED, said)]
    claims += [claim for part in parts for claim in lookups.subjects(_SUBJECT, part)]
    told: dict[Term | Triple, None] = {thing: None}
    quads = own + lookups.about(_new([*parts, *claims], told))
    cited, selectors = _cited(quads)
    evidence = lookups.about(_new(cited, told))
    quads += evidence
    quads += lookups.about(_new(selectors + _cited(evidence)[1], told))
    return quads + _nested(lookups, quads, told)


def _cited(quads: Iterable[Quad]) -> tuple[list[Node], list[Node]]:
    """The evidence and the selectors that statements point to."""
    found: dict[NamedNode, list[Node]] = {_EVIDENCE: [], _SELECTOR: []}
    for quad in quads:
        if (predicate := quad.predicate) in found:
            value = quad.object
            if isinstance(value, NamedNode | BlankNode):
                found[predicate].append(value)
    return found[_EVIDENCE], found[_SELECTOR]


def _new(nodes: Iterable[Node], told: dict[Term | Triple, None]) -> list[Node]:
    """Those of some nodes that are not told of yet, which they are then."""
    found = [node for node in dict.fromkeys(nodes) if node not in told]
    told.update(dict.fromkeys(found))
    return found


def _nested(lookups: Lookups, quads: Iterable[Quad], told: Container[Term | Triple]) -> list[Quad]:
    """What is said of the nodes without an IRI that these lead to; a list counts as one step."""
    known: set[BlankNode] = set()
    found: list[Quad] = []
    for _ in range(DEPTH):
        step = _blank_nodes(quads, known, told)
        quads = lookups.about(step)
        while step and len(known) < _MOST_NAMELESS:
            step = _blank_nodes((q for q in quads if q.predicate == _REST), known, told)
            quads += lookups.about(step)
        found += quads
    return found


def _blank_nodes(
    quads: Iterable[Quad], known: set[BlankNode], told: Container[Term | Triple]
) -> list[BlankNode]:
    """The nodes without an IRI in object place that are not known yet, which they are then."""
    found = dict.fromkeys(
        quad.object
        for quad in quads
        if isinstance(quad.object, BlankNode)
        and quad.object not in known
        and quad.object not in told
    )
    fitting = list(found)[: _MOST_NAMELESS - len(known)]
    known.update(fitting)
    return fitting
