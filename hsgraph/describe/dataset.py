"""The dataset and the SPARQL service over it in RDF: VoID, DCAT, SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from hsgraph.build.artifacts.metadata import GRAPH, VOID_EXT
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import DATASET, DCAT, RDF, RDFS, VOID, XSD

_DESCRIBED: Final = """
CONSTRUCT { ?s ?p ?o } WHERE {
  { GRAPH $metadata { ?s ?p ?o } } UNION { $dataset ?p ?o BIND($dataset AS ?s) }
}
"""
_SERVICE: Final = """
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix format: <http://www.w3.org/ns/formats/> .
_:service a sd:Service ;
  sd:endpoint $endpoint ;
  sd:supportedLanguage sd:SPARQL11Query ;
  sd:feature $features ;
  sd:resultFormat format:SPARQL_Results_JSON, format:SPARQL_Results_XML,
    format:SPARQL_Results_CSV, format:SPARQL_Results_TSV, format:Turtle, format:N-Triples,
    format:RDF_XML, format:JSON-LD, format:TriG, format:N-Quads ;
  sd:defaultDataset _:dataset .
_:dataset a sd:Dataset ; sd:defaultGraph _:default .
_:default a sd:Graph ; void:triples $triples .
$dataset void:sparqlEndpoint $endpoint .
"""
_GRAPH: Final = """
_:dataset sd:namedGraph _:n$number .
_:n$number a sd:NamedGraph ; sd:name $name ; sd:graph _:g$number .
_:g$number a sd:Graph ; void:triples $triples .
"""
_DCAT_AP: Final = Path(__file__).with_name("dcat_ap.ttl")
_SIZES: Final = """
SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } }
GROUP BY ?graph ORDER BY ?graph
"""
_ALL: Final = "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"


def description(engine: Engine) -> list[Triple]:
    """What our dataset says of itself."""
    parameters = {"metadata": NamedNode(GRAPH), "dataset": NamedNode(DATASET)}
    return [_as_written(triple) for triple in engine.construct(_DESCRIBED, parameters)]


def catalogue(described: Sequence[Triple]) -> list[Triple]:
    """What of a description harvesters want, with the kinds of things of others told (DCAT-AP)."""
    said = [triple for triple in described if _is_dcat(triple)]
    named = {triple.object for triple in said}
    asked = [quad.triple for quad in parse(path=_DCAT_AP, format=RdfFormat.TURTLE)]
    ranges = {t.subject: t.object for t in asked if t.predicate == NamedNode(f"{RDFS}range")}
    kinds = {
        Triple(t.object, NamedNode(f"{RDF}type"), ranges[t.predicate])
        for t in said
        if t.predicate in ranges and isinstance(t.object, NamedNode)
    }
    return said + sorted(kinds, key=str) + [t for t in asked if t.subject in named]


def _is_dcat(triple: Triple) -> bool:
    """Whether a statement is of the catalogue, not of the statistics."""
    subject = getattr(triple.subject, "value", "")
    counts = (f"{DATASET}#class-", f"{DATASET}#property-", f"{DATASET}#links-")
    partition = triple.predicate.value.startswith((VOID, VOID_EXT))
    return not partition and not subject.startswith(counts)


def _as_written(triple: Triple) -> Triple:
    """A size in bytes with the type that DCAT gives it, which the store does not keep."""
    value = triple.object
    if triple.predicate.value != f"{DCAT}byteSize" or not isinstance(value, Literal):
        return triple
    whole = NamedNode(f"{XSD}nonNegativeInteger")
    return Triple(triple.subject, triple.predicate, Literal(value.value, datatype=whole))


def service(
    engine: Engine, version: str, endpoint: NamedNode, dataset: NamedNode, *, federates: bool
) -> list[Triple]:
    """The description of the service at an endpoint over a dataset and its named graphs."""
    named, total = graph_sizes(engine, version)
    features = "sd:UnionDefaultGraph" + (", sd:BasicFederatedQuery" if federates else "")
    text = Template(_SERVICE).substitute(
        endpoint=endpoint, features=features, triples=total, dataset=dataset
    )
    for number, (name, triples) in enumerate(named):
        text += Template(_GRAPH).substitute(number=number, name=name, triples=triples)
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]


@lru_cache(maxsize=2)
def graph_sizes(engine: Engine, version: str) -> tuple[tuple[tuple[NamedNode, int], ...], int]:
    """Each named graph with its number of triples, and that of their union."""
    rows = engine.select(_SIZES).rows
    named = tuple((row["graph"], int(row["triples"].value)) for row in rows)
    total = sum(int(row["triples"].value) for row in engine.select(_ALL).rows)
    return tuple((name, n) for name, n in named if isinstance(name, NamedNode)), total
