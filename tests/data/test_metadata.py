"""The description of the graph (VoID, DCAT) tells the truth, and the files are what it says."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from hsgraph.build.artifacts.dumps import FORMATS
from hsgraph.build.snapshot import Download, Snapshot
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import WIDER

SHAPES = Path(__file__).parent / "metadata-shapes.ttl"
METADATA = "https://w3id.org/hsgraph/graph/metadata"
COUNTED = """
PREFIX void: <http://rdfs.org/ns/void#>
SELECT %s WHERE { { SELECT DISTINCT ?s ?p ?o WHERE {
  GRAPH ?graph { ?s ?p ?o } FILTER(?graph != <https://w3id.org/hsgraph/graph/metadata>)
} } %s }
"""
DATASET = "PREFIX void: <http://rdfs.org/ns/void#> SELECT %s WHERE { GRAPH ?metadata { %s } }"


def rows(graph: KnowledgeGraph, query: str) -> list[tuple[Any, ...]]:
    found = graph.engine.select(query)
    return [tuple(row[n].value if n in row else "" for n in found.variables) for row in found.rows]


@pytest.mark.parametrize(
    ("property", "expression", "more"),
    [
        ("triples", "(COUNT(*) AS ?n)", ""),
        ("distinctSubjects", "(COUNT(DISTINCT ?s) AS ?n)", ""),
        ("distinctObjects", "(COUNT(DISTINCT ?o) AS ?n)", ""),
        ("properties", "(COUNT(DISTINCT ?p) AS ?n)", ""),
        ("classes", "(COUNT(DISTINCT ?o) AS ?n)", "FILTER(?p = rdf:type)"),
        (
            "entities",
            "(COUNT(DISTINCT ?s) AS ?n)",
            "FILTER(STRSTARTS(STR(?s), 'https://w3id.org/hsgraph/id/'))",
        ),
    ],
)
def test_totals_equal_counts_by_query(
    graph: KnowledgeGraph, property: str, expression: str, more: str
) -> None:
    told = rows(graph, DATASET % ("?n", f"<https://w3id.org/hsgraph/dataset> void:{property} ?n"))
    assert told == rows(graph, COUNTED % (expression, more))


def test_property_partitions_equal_counts_by_query(graph: KnowledgeGraph) -> None:
    told = rows(
        graph,
        DATASET
        % (
            "?p ?triples ?subjects ?objects",
            "<https://w3id.org/hsgraph/dataset> void:propertyPartition ?part . ?part"
            " void:property ?p ; void:triples ?triples ; void:distinctSubjects ?subjects ;"
            " void:distinctObjects ?objects",
        ),
    )
    counts = "?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?o) AS ?os)"
    assert len(told) > 50
    assert sorted(told) == sorted(rows(graph, COUNTED % (counts, "") + "GROUP BY ?p"))


def test_class_partitions_equal_counts_by_query(graph: KnowledgeGraph) -> None:
    told = rows(
        graph,
        DATASET
        % (
            "?class ?n",
            "<https://w3id.org/hsgraph/dataset> void:classPartition ?part . ?part"
            " void:class ?class ; void:entities ?n",
        ),
    )
    counted = COUNTED % ("(?o AS ?class) (COUNT(DISTINCT ?s) AS ?n)", "FILTER(?p = rdf:type)")
    assert len(told) > 20
    assert sorted(told) == sorted(rows(graph, counted + "GROUP BY ?o"))


def test_what_properties_lead_to_equals_counts_by_query(graph: KnowledgeGraph) -> None:
    asked = """
    PREFIX void: <http://rdfs.org/ns/void#> PREFIX ext: <http://ldf.fi/void-ext#>
    SELECT ?p ?to ?n WHERE {
      ?part void:class hs:Project ; void:propertyPartition ?pp . ?pp void:property ?p
      { ?pp void:classPartition [ void:class ?to ; void:triples ?n ] } UNION
      { ?pp ext:datatypePartition [ ext:datatype ?to ; void:triples ?n ] }
    }"""
    told = Counter({(p, to): int(n) for p, to, n in rows(graph, asked)})
    counted: Counter[tuple[str, str]] = Counter()
    query = """SELECT ?p ?to (COUNT(*) AS ?n) WHERE {
      { SELECT DISTINCT ?s ?p ?o ?to WHERE { ?s a hs:Project . ?s ?p ?o
        OPTIONAL { ?o a ?class } BIND(IF(isLiteral(?o), DATATYPE(?o), ?class) AS ?to)
        FILTER(BOUND(?to)) } } } GROUP BY ?p ?to"""
    for p, to, n in rows(graph, query):
        counted[p, to] = int(n)
    assert len(told) > 20
    assert told == counted


def test_editors_find_their_completions(graph: KnowledgeGraph) -> None:
    """The query that the sparql-editor of the SIB sends for completions has answers."""
    asked = """
    PREFIX void: <http://rdfs.org/ns/void#> PREFIX void-ext: <http://ldf.fi/void-ext#>
    SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype WHERE {
      { ?cp void:class ?subjectClass ; void:propertyPartition ?pp . ?pp void:property ?prop .
        OPTIONAL {{ ?pp void:classPartition [ void:class ?objectClass ] } UNION
        { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] }} } }"""
    found = rows(graph, asked)
    hs, xsd = "https://w3id.org/hsgraph/ontology#", "http://www.w3.org/2001/XMLSchema#"
    assert (hs + "Project", hs + "addresses", hs + "Threat", "") in found
    assert (hs + "Project", hs + "startDate", "", xsd + "date") in found


def test_linksets_count_the_links_to_others(graph: KnowledgeGraph) -> None:
    asked = """PREFIX void: <http://rdfs.org/ns/void#> SELECT ?n WHERE {
      ?set a void:Linkset ; void:linkPredicate owl:sameAs ; void:triples ?n ;
        void:objectsTarget <https://sws.geonames.org/> }"""
    counted = """SELECT (COUNT(DISTINCT *) AS ?n) WHERE { ?s owl:sameAs ?o
      FILTER(STRSTARTS(STR(?o), "https://sws.geonames.org/")) }"""
    assert rows(graph, asked) == rows(graph, counted)


def test_the_description_repeats_nothing_and_names_the_version(snapshot: Snapshot) -> None:
    assert snapshot.metadata is not None
    about = {quad.triple for quad in quads(snapshot.metadata)}
    assert about.isdisjoint(quad.triple for quad in quads(snapshot.data))
    assert any(
        snapshot.version in str(t.object) for t in about if "dcat#version" in str(t.predicate)
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_dcat_and_void_hold_to_their_shapes(snapshot: Snapshot) -> None:
    from pyshacl import validate
    from rdflib import Graph

    assert snapshot.metadata is not None
    known = Graph()
    wanted = {quad.triple for quad in quads(snapshot.metadata)}
    dataset = "<https://w3id.org/hsgraph/dataset>"
    wanted |= {q.triple for q in quads(snapshot.data) if str(q.subject) == dataset}
    known.parse(data="".join(f"{t} .\n" for t in wanted), format="nt")
    conforms, _, text = validate(known, shacl_graph=str(SHAPES))
    assert conforms, text
    for name in ("dcat#byteSize", "terms/publisher", "void#triples"):
        broken = Graph()
        kept = (t for t in wanted if name not in str(t.predicate))
        broken.parse(data="".join(f"{t} .\n" for t in kept), format="nt")
        assert not validate(broken, shacl_graph=str(SHAPES))[0], name


def quads(path: Path) -> list[Quad]:
    return list(parse(path=str(path), format=RdfFormat.N_QUADS))


def unpacked(snapshot: Snapshot, name: str) -> tuple[Download, bytes]:
    found = snapshot.download(name)
    assert found is not None
    download, path = found
    packed = path.read_bytes()
    assert hashlib.sha256(packed).hexdigest() == download.packed_sha256
    assert len(packed) == download.packed_bytes
    assert packed[3:8] == b"\0\0\0\0\0", "gzip with a name or a time"
    return download, gzip.decompress(packed)


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.suffix)
def test_every_dump_is_the_whole_graph_with_the_checksum_told(
    tenth_snapshot: Snapshot, format: Any
) -> None:
    download, content = unpacked(tenth_snapshot, f"hsgraph.{format.suffix}")
    assert hashlib.sha256(content).hexdigest() == download.sha256
    assert len(content) == download.bytes
    expected = _expected(tenth_snapshot.data, with_graphs=format.suffix in ("nq", "trig"))
    found = _canonical(parse(content, format=format.rdf))
    assert len(found) == len(expected)
    assert found == expected


@cache
def _expected(path: Path, *, with_graphs: bool) -> set[Quad]:
    return _canonical(_named(quad, with_graphs) for quad in quads(path))


def _canonical(statements: Iterable[Quad]) -> set[Quad]:
    """The statements, with the labels that RDFC-1.0 gives to their blank nodes."""
    once = set(statements)
    blank = {q for q in once if isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode)}
    dataset = Dataset(blank)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return (once - blank) | set(dataset)


def _named(quad: Quad, with_graph: bool) -> Quad:
    return quad if with_graph else Quad(quad.subject, quad.predicate, quad.object)


def test_the_catalogue_tells_sizes_and_checksums(graph: KnowledgeGraph, snapshot: Snapshot) -> None:
    asked = """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX spdx: <http://spdx.org/rdf/terms#>
    SELECT ?url ?bytes ?sum WHERE { ?dataset dcat:distribution ?file . ?file dcat:downloadURL ?url ;
      dcat:byteSize ?bytes ; spdx:checksum/spdx:checksumValue ?sum }"""
    told = {url.rpartition("/data/")[2]: (int(n), s) for url, n, s in rows(graph, asked)}
    files = [each for each in snapshot.manifest.downloads if each.rows is None]
    expected = {each.name: (each.bytes, each.sha256) for each in files}
    packed = {f"{each.name}.gz": (each.packed_bytes, each.packed_sha256) for each in files}
    assert told == expected | packed


def test_data_is_canonical_so_that_its_digest_names_the_graph(tenth_snapshot: Snapshot) -> None:
    content = tenth_snapshot.data.read_bytes()
    dataset = Dataset(parse(content, format=RdfFormat.N_QUADS, rename_blank_nodes=True))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{quad} .\n".encode() for quad in dataset)
    assert b"".join(lines) == content
    assert hashlib.sha256(content).hexdigest().startswith(tenth_snapshot.version)


def test_tables_hold_every_value_as_their_description_says(tenth_snapshot: Snapshot) -> None:
    described = {table["url"]: table for table in tenth_snapshot.tables()["tables"]}
    files = [each for each in tenth_snapshot.manifest.downloads if each.rows is not None]
    assert {each.name.removeprefix("tables/") for each in files} == set(described)
    made: set[tuple[str, str, str]] = set()
    for each in files:
        _, content = unpacked(tenth_snapshot, each.name)
        text = content.decode()
        assert text.endswith("\r\n")
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        columns = described[each.name.removeprefix("tables/")]["tableSchema"]["columns"]
        assert table[0] == [c["name"] for c in columns if not c.get("virtual")]
        assert len(table) - 1 == each.rows
        for row in table[1:]:
            for cell, column in zip(row, columns, strict=False):
                if cell and "propertyUrl" in column:
                    separator = column.get("separator")
                    for value in cell.split(separator) if separator else [cell]:
                        made.add((row[0], column["propertyUrl"], value))
    expected = {
        (t.subject.value, t.predicate.value, t.object.value)
        for t in {
            quad.triple
            for quad in parse(path=tenth_snapshot.data, format=RdfFormat.N_QUADS)
            if not isinstance(quad.graph_name, NamedNode) or quad.graph_name.value not in WIDER
        }
        if _is_told(t)
    }
    assert made == expected


def _is_told(triple: Triple) -> bool:
    starts = ("<https://w3id.org/hsgraph/id/", "<https://w3id.org/hsgraph/vocab/")
    return str(triple.subject).startswith(starts) and "#type>" not in str(triple.predicate)


def test_the_description_of_the_tables_is_the_same_for_all_readers(snapshot: Snapshot) -> None:
    group = snapshot.tables()
    assert group["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    for table in group["tables"]:
        names = [column["name"] for column in table["tableSchema"]["columns"]]
        assert len(names) == len(set(names))
        assert all(name.isidentifier() for name in names), table["url"]
    assert json.loads(json.dumps(group)) == group
