"""Lists of organisations: counted, agencies first, narrowed by type, by tables and by queries."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from hsgraph.build.index.aggregates import write_shared
from hsgraph.build.read.reader import read_files
from hsgraph.describe.shared.aggregates import Shared
from hsgraph.describe.shared.listing import OTHERS, Counted, counted
from hsgraph.describe.shared.prepared import SharedByTables
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.errors import BadRequest

DATA = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix hs: <https://w3id.org/hsgraph/ontology#> .
@prefix org: <https://w3id.org/hsgraph/id/organisation/> .
@prefix project: <https://w3id.org/hsgraph/id/project/> .
@prefix part: <https://w3id.org/hsgraph/id/participation/> .

hs:Organisation rdfs:label "Organisation"@en .
hs:Agency rdfs:subClassOf hs:Organisation ; rdfs:label "Agency"@en .
hs:Partner rdfs:subClassOf hs:Organisation ; rdfs:label "Partner"@en .
org:quiet a hs:Agency , hs:Organisation ; skos:prefLabel "A quiet agency"@en .
org:busy a hs:Agency , hs:Organisation ; skos:prefLabel "Busy agency"@en .
org:paper a hs:Organisation ; skos:prefLabel "Daily paper"@en .
org:friend a hs:Partner , hs:Organisation ; skos:prefLabel "Zealous friend"@en .
project:one a hs:Project ; hs:implementedBy org:busy ; hs:partneredWith org:friend .
project:two a hs:Project ; hs:partneredWith org:friend .
part:one-1 hs:partOf project:one ; prov:agent org:busy .
part:two-1 hs:partOf project:two ; prov:agent org:busy , org:friend .
"""
ALL = ["Busy agency", "A quiet agency", "Zealous friend", "Daily paper"]


@pytest.fixture(params=["tables", "queries"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[EmbeddedEngine, Shared]:
    engine = EmbeddedEngine(parse(DATA, format=RdfFormat.TURTLE))
    if request.param == "queries":
        return engine, Shared(engine)
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    write_shared(read_files([tmp_path / "data.ttl"]).store, tmp_path / "shared")
    return engine, SharedByTables(engine, tmp_path / "shared")


def listed(source: tuple[EmbeddedEngine, Shared], **asked: object) -> Counted:
    options = {"type": "", "by_name": False, "page": 1, "size": 10} | asked
    found = counted(source[0], "organisation", source[1], **options)  # type: ignore[arg-type]
    assert found is not None
    return found


def names(found: Counted) -> list[str]:
    return [item.ref.label for item in found.items]


def test_agencies_stand_first_then_those_with_most_programmes(
    source: tuple[EmbeddedEngine, Shared],
) -> None:
    found = listed(source)
    assert names(found) == ALL
    assert [item.count for item in found.items] == [2, 0, 2, 0]
    assert [(t.name, t.label, t.count) for t in found.types] == [
        ("agency", "Agencies", 2),
        ("partner", "Partners", 1),
        (OTHERS, "Other", 1),
    ]


def test_a_list_is_ordered_by_name_and_narrowed_by_type(
    source: tuple[EmbeddedEngine, Shared],
) -> None:
    assert names(listed(source, by_name=True)) == sorted(ALL)
    assert names(listed(source, type="partner")) == ["Zealous friend"]
    assert names(listed(source, type=OTHERS)) == ["Daily paper"]
    second = listed(source, size=3, page=2)
    assert (names(second), second.total, second.pages) == (ALL[3:], 4, 2)
    with pytest.raises(BadRequest, match="agency, partner, other"):
        listed(source, type="fund")
