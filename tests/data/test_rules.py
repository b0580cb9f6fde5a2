"""The rules mean what SHACL says they mean: our inference equals pySHACL's own rule engine."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from pyshacl import shacl_rules
from rdflib import SH, BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from hsgraph.build.check.infer import infer, rules_of, widen
from hsgraph.build.read.reader import Source, read_project
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import GRAPH, INFERRED, RULES

Triples = set[tuple[str, str, str]]

SMALL = Path(__file__).resolve().parents[1] / "fixtures" / "small"
WIDER_RULES = URIRef(RULES + "WiderRules")
DERIVING = ("mali-timbuktu-women-youth", "palestine-jordan-valley-livelihoods")
"""Programmes by which rules derive something that others seldom give."""


def term(node: object) -> URIRef | BNode | RdflibLiteral:
    if isinstance(node, NamedNode):
        return URIRef(node.value)
    if isinstance(node, BlankNode):
        return BNode(node.value)
    assert isinstance(node, Literal)
    language = node.language
    datatype = None if language else URIRef(node.datatype.value)
    return RdflibLiteral(node.value, lang=language, datatype=datatype, normalize=False)


class PreparedGraph(Graph):
    """A graph that parses a query once: pySHACL asks the same text for thousands of things.

    Nine tenths of its time over all of the data would be spent on parsing.
    """

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        if isinstance(query_object, str):
            query_object = prepared(query_object)
        return super().query(query_object, *args, **kwargs)


@functools.cache
def prepared(text: str) -> Query:
    return prepareQuery(text)


def to_rdflib(quads: Iterable[Quad]) -> PreparedGraph:
    found = PreparedGraph()
    for quad in quads:
        found.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return found


def quads_in(source: Source, graph: str) -> Iterable[Quad]:
    return source.store.quads_for_pattern(None, None, None, NamedNode(graph))


def written(graph: Graph) -> Triples:
    return {(item[0].n3(), item[1].n3(), item[2].n3()) for item in graph}


@pytest.fixture
def some(tenth: Path, tmp_path: Path) -> Source:
    """The project with a few programmes by which each rule derives something."""
    shutil.copytree(tenth, tmp_path, dirs_exist_ok=True)
    for file in (tmp_path / "data" / "projects").glob("*.ttl"):
        if file.stem not in DERIVING:
            file.unlink()
    return read_project(tmp_path)


def test_inference_over_some_programmes_equals_that_of_pyshacl(some: Source) -> None:
    data = to_rdflib(some.store)
    rules = to_rdflib(
        quad for name in ("hsgraph", "rules") for quad in quads_in(some, f"{GRAPH}ontology/{name}")
    )
    rules.remove((WIDER_RULES, SH.rule, None))  # compared below: pySHACL would take minutes
    authored = written(data)
    shacl_rules(data, shacl_graph=rules, iterate_rules=True, inplace=True)
    expected = written(data) - authored
    counts = infer(some.store, rules_of(some.store))
    found = written(to_rdflib(some.store)) - authored
    assert found == expected
    assert all(counts.values()), f"rules that derive nothing: {counts}"


def test_wider_terms_of_a_small_set_equal_those_of_pyshacl() -> None:
    source = read_project(SMALL)
    rules = rules_of(source.store)
    infer(source.store, rules)
    before = to_rdflib(source.store)
    data = to_rdflib(source.store)
    shapes = to_rdflib(
        quad
        for name in ("hsgraph", "rules")
        for quad in quads_in(source, f"{GRAPH}ontology/{name}")
    )
    for shape in set(shapes.subjects(SH.rule)) - {WIDER_RULES}:
        shapes.remove((shape, SH.rule, None))
    shacl_rules(data, shacl_graph=shapes, iterate_rules=True, inplace=True)
    found = to_rdflib(widen(source.store, {}))
    assert written(found) == written(data) - written(before)
    assert found


def test_every_inferred_graph_is_that_of_a_rule(some: Source, graph: KnowledgeGraph) -> None:
    named = graph.engine.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    inferred = {row["g"].value for row in named.rows if row["g"].value.startswith(INFERRED)}
    assert inferred == {rule.graph.value for rule in rules_of(some.store)}
