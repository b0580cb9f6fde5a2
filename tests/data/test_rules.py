"""The rules mean what SHACL says they mean: our inference equals pySHACL's own rule engine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from pyshacl import shacl_rules
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral

from hsgraph.build.infer import infer, rules_of
from hsgraph.build.read import Source, read_project
from hsgraph.namespaces import GRAPH, INFERRED

Triples = set[tuple[str, str, str]]


def term(node: object) -> URIRef | BNode | RdflibLiteral:
    if isinstance(node, NamedNode):
        return URIRef(node.value)
    if isinstance(node, BlankNode):
        return BNode(node.value)
    assert isinstance(node, Literal)
    language = node.language
    datatype = None if language else URIRef(node.datatype.value)
    return RdflibLiteral(node.value, lang=language, datatype=datatype, normalize=False)


def to_rdflib(quads: Iterable[Quad]) -> Graph:
    found = Graph()
    for quad in quads:
        found.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return found


def around_one_programme(source: Source) -> Store:
    """The programme told in most detail with all it leads to: pySHACL takes minutes for more."""
    files = [file for file in source.files if file.name.startswith("data/projects/")]
    graphs = [list(quads_in(source, file.graph)) for file in files]
    known = {quad.subject for quad in max(graphs, key=len)}
    waiting = set(known)
    while waiting:
        quads = source.store.quads_for_pattern(waiting.pop(), None, None, None)
        fresh = {quad.object for quad in quads if isinstance(quad.object, NamedNode)} - known
        known |= fresh
        waiting |= fresh
    store = Store()
    store.extend(quad for quad in source.quads if quad.subject in known)
    for name in ("hsgraph", "rules"):
        store.extend(quads_in(source, f"{GRAPH}ontology/{name}"))
    return store


def quads_in(source: Source, graph: str) -> Iterable[Quad]:
    return source.store.quads_for_pattern(None, None, None, NamedNode(graph))


def written(graph: Graph) -> Triples:
    return {(item[0].n3(), item[1].n3(), item[2].n3()) for item in graph}


@pytest.fixture(scope="module")
def source(root: Path) -> Source:
    return read_project(root)


@pytest.mark.timeout(300)
def test_inference_equals_that_of_pyshacl(source: Source) -> None:
    store = around_one_programme(source)
    data = to_rdflib(store)
    rules = to_rdflib(
        quad
        for name in ("hsgraph", "rules")
        for quad in quads_in(source, f"{GRAPH}ontology/{name}")
    )
    authored = written(data)
    expected = written(shacl_rules(data, shacl_graph=rules, iterate_rules=True)) - authored
    counts = infer(store, rules_of(store))
    found = written(to_rdflib(store)) - authored
    assert found == expected
    assert sum(count > 0 for count in counts.values()) >= 12


def test_every_inferred_graph_is_that_of_a_rule(source: Source) -> None:
    rules = rules_of(source.store)
    infer(source.store, rules)
    graphs = {
        graph.value for graph in source.store.named_graphs() if graph.value.startswith(INFERRED)
    }
    assert graphs <= {rule.graph.value for rule in rules}
    assert graphs
