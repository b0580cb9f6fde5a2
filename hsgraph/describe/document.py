"""What an RDF document about a thing holds: one rule, for every format and for the page.

The statements of the thing, authored and inferred; those of its parts (`hs:partOf`); the claims
about it and its parts; their evidence and selectors; the label and type of everything these
point to; and what points to it, up to a limit for each property. At most four queries, or
look-ups where the data is in this process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from hsgraph.build.shared import HUB
from hsgraph.describe.labels import Labels
from hsgraph.describe.queries import query
from hsgraph.engine.bind import bind
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Engine, Term
from hsgraph.errors import UnknownEntity
from hsgraph.namespaces import HS, INFERRED, OA, RDF, RULES, SKOS

LINKS: Final = 25
"""Incoming links of one kind, unless the caller says otherwise."""
_LINKS_OF_ONE_KIND: Final = (
    "{ SELECT ?subject ?predicate WHERE { { SELECT DISTINCT ?subject ($predicate AS ?predicate)"
    " WHERE { ?subject $predicate $thing } ORDER BY ?subject"
)
Counted = Callable[[str], Mapping[str, tuple[int, tuple[str, ...]]] | None]
_PART_OF: Final = NamedNode(HS + "partOf")
_SUBJECT: Final = NamedNode(RDF + "subject")
_EVIDENCE: Final = NamedNode(HS + "evidence")
_SELECTOR: Final = NamedNode(OA + "hasSelector")
_NAMING: Final = (RDF + "type", SKOS + "prefLabel")


@dataclass(frozen=True)
class Incoming:
    """The things that point to this one with one property: how many, and the first of them."""

    predicate: str
    count: int
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """Everything an RDF document about `iri` says, and the labels a page needs to show it."""

    iri: str
    quads: tuple[Quad, ...]
    incoming: tuple[Incoming, ...]
    labels: Labels
    version: str

    @cached_property
    def naming(self) -> tuple[Triple, ...]:
        """Label and type of what the statements point to and come from, other than themselves."""
        described = _subjects(self.quads)
        pointed = _pointed(self.quads) | {s for link in self.incoming for s in link.subjects}
        named: list[Triple] = []
        for iri in sorted(pointed - described):
            thing = NamedNode(iri)
            named += [
                Triple(thing, NamedNode(_NAMING[0]), NamedNode(t))
                for t in self.labels.types.get(iri, ())
            ]
            named += [
                Triple(thing, NamedNode(_NAMING[1]), n) for n in self.labels.names.get(iri, ())
            ]
        return tuple(named)

    @cached_property
    def links(self) -> tuple[Triple, ...]:
        """The incoming statements that the limit lets in."""
        thing = NamedNode(self.iri)
        return tuple(
            Triple(NamedNode(subject), NamedNode(link.predicate), thing)
            for link in self.incoming
            for subject in link.subjects
        )

    @cached_property
    def triples(self) -> tuple[Triple, ...]:
        """All statements without their graphs, each once, in a stable order."""
        own = {Triple(q.subject, q.predicate, q.object) for q in self.quads}
        return tuple(sorted(own.union(self.naming, self.links), key=str))

    @cached_property
    def all_quads(self) -> tuple[Quad, ...]:
        """All statements with their graphs; names and incoming links in the default graph."""
        own = {Triple(q.subject, q.predicate, q.object) for q in self.quads}
        extra = {*self.naming, *self.links} - own
        loose = [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in extra]
        return tuple(sorted({*self.quads, *loose}, key=str))


def document(
    engine: Engine, iri: str, *, links: int = LINKS, counted: Counted | None = None
) -> Document:
    """Gather the document about `iri`, with at most `links` incoming links for each property.

    `counted` tells those of things that many point to, where they were counted beforehand.
    Raises UnknownEntity when no statement has the IRI as its subject.
    """
    thing = NamedNode(iri)
    near = engine.lookups
    quads = tuple(_quads(engine, thing) if near is None else _looked_up(near, thing))
    if not any(quad.subject == thing for quad in quads):
        raise UnknownEntity(
            f"There is nothing at <{iri}>.",
            remedy="Check the address, or search for the name.",
        )
    incoming = incoming_links(engine, thing, links, counted=counted)
    named = _pointed(quads) | _subjects(quads)
    named |= {quad.predicate.value for quad in quads} | {link.predicate for link in incoming}
    named |= {s for link in incoming for s in link.subjects} | _rules(quads)
    named |= {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
    return Document(iri, quads, incoming, Labels.fetch(engine, named), engine.version)


def incoming_links(
    engine: Engine,
    thing: NamedNode,
    limit: int,
    *,
    offset: int = 0,
    only: str = "",
    counted: Counted | None = None,
) -> tuple[Incoming, ...]:
    """What points to a thing, by property: counts, and `limit` of the things from `offset`."""
    near = engine.lookups.links(thing, HUB) if engine.lookups is not None else None
    if near is not None:
        return _incoming(near, limit, offset, only) if limit else ()
    known = counted(thing.value) if counted and limit <= LINKS and not offset else None
    if known is not None:
        return tuple(
            Incoming(predicate, count, first[:limit])
            for predicate, (count, first) in sorted(known.items())
            if limit and (not only or predicate == only)
        )
    rows = engine.select(query("incoming_counts"), {"thing": thing}).rows
    counts = {row["predicate"].value: int(row["count"].value) for row in rows if "predicate" in row}
    wanted = sorted(p for p in counts if not only or p == only)
    if not wanted or not limit:
        return ()
    blocks = [
        bind(_LINKS_OF_ONE_KIND, {"thing": thing, "predicate": NamedNode(predicate)})
        + f" LIMIT {limit:d} OFFSET {offset:d} }} }} }}"
        for predicate in wanted
    ]
    found: dict[str, list[str]] = {predicate: [] for predicate in wanted}
    union = "SELECT ?subject ?predicate WHERE { " + " UNION ".join(blocks) + " }"
    for row in engine.select(union).rows:
        if isinstance(row["subject"], NamedNode):
            found[row["predicate"].value].append(row["subject"].value)
    return tuple(Incoming(p, counts[p], tuple(sorted(found[p]))) for p in wanted)


def _incoming(quads: Iterable[Quad], limit: int, offset: int, only: str) -> tuple[Incoming, ...]:
    found: dict[str, set[Term | Triple]] = defaultdict(set)
    for quad in quads:
        found[quad.predicate.value].add(quad.subject)
    return tuple(
        Incoming(predicate, len(found[predicate]), _window(found[predicate], limit, offset))
        for predicate in sorted(found)
        if not only or predicate == only
    )


def _window(subjects: Iterable[Term | Triple], limit: int, offset: int) -> tuple[str, ...]:
    named = sorted(subject.value for subject in subjects if isinstance(subject, NamedNode))
    return tuple(named[offset : offset + limit])


def is_inferred(quad: Quad) -> bool:
    """Whether a rule wrote this statement rather than a person."""
    return graph_of(quad).startswith(INFERRED)


def graph_of(quad: Quad) -> str:
    """The IRI of the graph of a statement; empty for the default graph."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def rule_of(graph: str) -> str:
    """The IRI of the rule whose results are in an inferred graph."""
    return RULES + graph.removeprefix(INFERRED)


def _quads(engine: Engine, thing: NamedNode) -> Iterable[Quad]:
    for row in engine.select(query("document"), {"thing": thing}).rows:
        subject, predicate, graph = row["subject"], row["predicate"], row["graph"]
        if isinstance(predicate, NamedNode) and not isinstance(subject, Literal):
            yield Quad(subject, predicate, row["object"], _graph(graph))


def _looked_up(lookups: Lookups, thing: NamedNode) -> list[Quad]:
    """What `document.rq` gives, by look-ups."""
    own = [thing, *(part for part in lookups.subjects(_PART_OF, thing))]
    claims = [claim for about in own for claim in lookups.subjects(_SUBJECT, about)]
    told = dict.fromkeys([*own, *claims])
    quads = lookups.about(told)
    for predicate in (_EVIDENCE, _SELECTOR):
        cited = dict.fromkeys(
            quad.object
            for quad in quads
            if quad.predicate == predicate and isinstance(quad.object, NamedNode | BlankNode)
        )
        more = [node for node in cited if node not in told]
        told |= dict.fromkeys(more)
        quads += lookups.about(more)
    return quads


def _graph(term: Term) -> NamedNode | BlankNode:
    if isinstance(term, Literal):
        raise TypeError(f"{term} cannot name a graph")
    return term


def _rules(quads: Iterable[Quad]) -> set[str]:
    return {rule_of(graph_of(quad)) for quad in quads if is_inferred(quad)}


def _pointed(quads: Iterable[Quad]) -> set[str]:
    """The IRIs in object place; reference lists of terms are not things of this graph."""
    return {q.object.value for q in quads if isinstance(q.object, NamedNode)}


def _subjects(quads: Iterable[Quad]) -> set[str]:
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
