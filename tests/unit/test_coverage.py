"""Coverage: how many things of a class have each property that their shape expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsgraph.build.check.coverage import Coverage, coverage
from hsgraph.build.quads.canonical import write_data
from hsgraph.build.quads.statistics import Statistics
from hsgraph.build.read.reader import read_project

SHAPES = """@prefix hs: <https://w3id.org/hsgraph/ontology#> .
@prefix s: <http://e/shapes#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
hs:Project rdfs:label "Programme"@en .
s:P a sh:NodeShape ; sh:targetClass hs:Project ; sh:property s:P-end , s:P-start .
s:P-end sh:path hs:endDate ; sh:name "end"@en , "début"@fr ; sh:order 2 .
s:P-start sh:path hs:startDate ; sh:name "start"@en ; sh:order 1 ; sh:minCount 1 .
"""
DATA = """@prefix hs: <https://w3id.org/hsgraph/ontology#> . @prefix ex: <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
ex:a a hs:Project ; hs:startDate "2012" , "2013" ; hs:extra 1 .
ex:b a hs:Project .
ex:t a hs:Threat ; hs:partOf ex:a ; hs:evidence ex:e .
ex:u a hs:Threat ; hs:partOf ex:a .
ex:c a hs:Claim ; rdf:subject ex:a . ex:d a hs:Claim ; rdf:subject ex:t .
"""
HS = "https://w3id.org/hsgraph/ontology#"


@pytest.fixture
def counted(tmp_path: Path) -> Coverage:
    for name, text in (("ontology/shapes.ttl", SHAPES), ("data/x.ttl", DATA)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    store = read_project(tmp_path).store
    write_data(store, tmp_path / "data.nq", canonical=False)
    return coverage(store, Statistics(tmp_path / "data.nq").classes)


def test_a_property_nobody_has_counts_nought_and_comes_in_the_order_of_its_shape(
    counted: Coverage,
) -> None:
    project = next(item for item in counted.classes if item.iri == HS + "Project")
    assert (project.label, project.count) == ("Programme", 2)
    assert [(p.name, p.count, p.expected, p.required) for p in project.properties] == [
        ("start", 1, True, True),
        ("end", 0, True, False),
        ("type", 2, False, False),
        ("extra", 1, False, False),
    ]


def test_the_json_form_reads_back_the_same(counted: Coverage) -> None:
    assert Coverage.from_json(counted.to_json()) == counted
