"""The document about a thing: what it holds, what it leaves out, and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from hsgraph.describe.documents.document import document, incoming_links, is_inferred
from hsgraph.describe.view import entity_view
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.errors import UnknownEntity
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import HS, ID, OA, RDF, SKOS, VOCAB

PROJECT = ID + "project/springs-youth"
GRAPH = NamedNode("https://w3id.org/hsgraph/graph/test")
TYPED = "https://example.org/typed"
LIST = "GRAPH <g:x> { <https://example.org/a> <e:list> ( " + "1 " * 30 + ") }"


def subjects(graph: KnowledgeGraph, iri: str) -> set[str]:
    return {quad.subject.value for quad in document(graph.engine, iri).quads}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "about",
    [
        "threat/springs-youth-unemployment",
        "budget/springs-youth-total",
        "claim/springs-youth-start",
        "evidence/springs-youth-s1-duration",
        "selector/springs-youth-s1-duration",
    ],
)
def test_a_project_comes_with_parts_claims_and_evidence(
    small_graph: KnowledgeGraph, about: str
) -> None:
    assert ID + about in subjects(small_graph, PROJECT)


def test_a_project_does_not_bring_the_statements_of_its_organisations(
    small_graph: KnowledgeGraph,
) -> None:
    assert ID + "organisation/labour-agency" not in subjects(small_graph, PROJECT)


def test_what_it_points_to_is_named(small_graph: KnowledgeGraph) -> None:
    agency = NamedNode(ID + "organisation/labour-agency")
    about = {
        t.predicate.value
        for t in document(small_graph.engine, PROJECT).triples
        if t.subject == agency
    }
    assert {RDF + "type", SKOS + "prefLabel"} <= about


def test_authored_and_inferred_statements_keep_their_graphs(small_graph: KnowledgeGraph) -> None:
    quads = document(small_graph.engine, PROJECT).quads
    includes = [q for q in quads if q.predicate.value == HS + "includes"]
    authored = [q for q in quads if q.predicate.value == HS + "takesPlaceIn"]
    assert includes
    assert all(is_inferred(quad) for quad in includes)
    assert any(not is_inferred(quad) for quad in authored)


def test_all_quads_are_said_as_triples_too(small_graph: KnowledgeGraph) -> None:
    found = document(small_graph.engine, PROJECT)
    assert {quad.triple for quad in found.quads} <= set(found.triples)


def test_evidence_comes_with_its_selector(small_graph: KnowledgeGraph) -> None:
    evidence = ID + "evidence/springs-youth-s1-duration"
    found = document(small_graph.engine, evidence)
    assert any(q.predicate.value == OA + "exact" for q in found.quads)


def test_nothing_at_an_iri_is_told_as_such(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownEntity):
        document(small_graph.engine, ID + "project/none")


@pytest.fixture
def hub() -> EmbeddedEngine:
    """A thing that a thousand others point to."""
    to, thing = NamedNode("https://example.org/p"), NamedNode("https://example.org/hub")
    quads = [Quad(thing, to, thing, GRAPH)]
    quads += [Quad(NamedNode(f"https://example.org/{n:04}"), to, thing, GRAPH) for n in range(1000)]
    return EmbeddedEngine(quads)


def test_links_to_a_hub_are_counted_in_full_and_shown_up_to_the_limit(hub: EmbeddedEngine) -> None:
    (links,) = document(hub, "https://example.org/hub", links=7).incoming
    assert links.count == 1001
    assert len(links.subjects) == 7


def test_pages_of_links_do_not_overlap(hub: EmbeddedEngine) -> None:
    thing = NamedNode("https://example.org/hub")
    pages = [
        incoming_links(hub, thing, 100, offset=start)[0].subjects for start in range(0, 1001, 100)
    ]
    assert len({subject for page in pages for subject in page}) == 1001


def test_a_document_takes_at_most_four_queries(small_graph: KnowledgeGraph) -> None:
    counting = Counting(small_graph)
    document(counting, PROJECT)  # type: ignore[arg-type]
    assert counting.queries <= 4


class Counting:
    """The engine of a graph as if it were elsewhere, counting the queries it is asked."""

    lookups = None

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._engine, self.queries, self.version = graph.engine, 0, graph.version

    def select(self, *arguments: object) -> object:
        self.queries += 1
        return self._engine.select(*arguments)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Holding:
    """What holds an engine."""

    engine: EmbeddedEngine
    version: str = "1"


class Elsewhere:
    """The engine of a graph as if it were elsewhere: it is asked by queries alone."""

    lookups = None

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._engine, self.version = graph.engine, graph.version

    def select(self, *arguments: object) -> object:
        return self._engine.select(*arguments)  # type: ignore[arg-type]


def test_look_ups_tables_and_queries_give_the_same_views(small_graph: KnowledgeGraph) -> None:
    found = small_graph.engine.select("SELECT DISTINCT ?thing { ?thing a ?class }").rows
    things = sorted(row["thing"].value for row in found if isinstance(row["thing"], NamedNode))
    ours = [iri for iri in things if iri.startswith((ID, VOCAB))]
    assert len(ours) > 50
    for iri in ours:
        near = small_graph.describe(iri)
        assert near == entity_view(Elsewhere(small_graph), iri)  # type: ignore[arg-type]


def test_nodes_without_an_iri_come_with_the_thing_to_a_depth() -> None:
    """By queries and by look-ups alike: four steps, and no further."""
    to, a = NamedNode("https://example.org/p"), NamedNode("https://example.org/a")
    chain = [BlankNode(f"b{number}") for number in range(8)]
    steps = [(a, chain[0]), *pairwise(chain), (chain[2], a), (chain[0], NamedNode(TYPED))]
    quads = [Quad(subject, to, value, GRAPH) for subject, value in steps]
    engine = EmbeddedEngine(quads)
    near = document(engine, a.value)
    far = document(Elsewhere(Holding(engine)), a.value)  # type: ignore[arg-type]
    assert len(near.quads) == 7
    assert set(near.quads) == set(far.quads)
    assert near.statements == far.statements


def test_a_list_is_one_step() -> None:
    engine = EmbeddedEngine(parse(LIST, RdfFormat.TRIG))
    found = document(engine, "https://example.org/a").statements
    assert sum(triple.predicate.value == RDF + "first" for triple in found) == 30


def test_what_is_mentioned_is_named_as_the_graph_names_it() -> None:
    foaf = "http://xmlns.com/foaf/0.1/"
    text = (
        f"GRAPH <g:x> {{ <e:a> <{foaf}knows> <e:b> . <e:b> <{foaf}name> 'B' ; a <{foaf}Person> }}"
    )
    engine = EmbeddedEngine(parse(text, RdfFormat.TRIG))
    for asked in (engine, Elsewhere(Holding(engine))):
        found = document(asked, "e:a").statements  # type: ignore[arg-type]
        about = {t.predicate.value for t in found if t.subject == NamedNode("e:b")}
        assert about == {foaf + "name", RDF + "type"}
