"""What the SPARQL service can do, as RDF (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from hsgraph import formats
from hsgraph.engine.protocol import Term
from hsgraph.formats import Format
from hsgraph.namespaces import DATASET, RDF, SD, VOID, XSD
from hsgraph.server.site import Site

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_IRIS: Final[dict[Format, str]] = {
    formats.RESULTS_JSON: _FORMATS + "SPARQL_Results_JSON",
    formats.RESULTS_XML: _FORMATS + "SPARQL_Results_XML",
    formats.RESULTS_CSV: _FORMATS + "SPARQL_Results_CSV",
    formats.RESULTS_TSV: _FORMATS + "SPARQL_Results_TSV",
    formats.TURTLE: _FORMATS + "Turtle",
    formats.NTRIPLES: _FORMATS + "N-Triples",
    formats.RDFXML: _FORMATS + "RDF_XML",
    formats.JSONLD: _FORMATS + "JSON-LD",
    formats.TRIG: _FORMATS + "TriG",
    formats.NQUADS: _FORMATS + "N-Quads",
}
"""The W3C's names of our formats (https://www.w3.org/ns/formats/)."""
_GRAPHS: Final = """
SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } }
GROUP BY ?graph ORDER BY ?graph
"""
_ALL: Final = "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"


def describe_service(site: Site) -> list[Triple]:
    """The description of the service at this server's public address."""
    endpoint = NamedNode(site.address() + "sparql")
    service, dataset, default = BlankNode("service"), BlankNode("dataset"), BlankNode("default")
    named, total = graph_sizes(site, site.version)
    found = [
        Triple(service, _rdf("type"), _sd("Service")),
        Triple(service, _sd("endpoint"), endpoint),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, _rdf("type"), _sd("Dataset")),
        Triple(dataset, _sd("defaultGraph"), default),
        Triple(default, _rdf("type"), _sd("Graph")),
        Triple(default, _void("triples"), _count(total)),
        Triple(NamedNode(DATASET), _void("sparqlEndpoint"), endpoint),
    ]
    if site.settings.allow_service:
        found.append(Triple(service, _sd("feature"), _sd("BasicFederatedQuery")))
    for format in (*formats.RESULT_FORMATS, *formats.RDF_FORMATS):
        found.append(Triple(service, _sd("resultFormat"), NamedNode(_IRIS[format])))
    for number, (name, triples) in enumerate(named):
        entry, graph = BlankNode(f"n{number}"), BlankNode(f"g{number}")
        found += [
            Triple(dataset, _sd("namedGraph"), entry),
            Triple(entry, _rdf("type"), _sd("NamedGraph")),
            Triple(entry, _sd("name"), name),
            Triple(entry, _sd("graph"), graph),
            Triple(graph, _rdf("type"), _sd("Graph")),
            Triple(graph, _void("triples"), _count(triples)),
        ]
    return found


@lru_cache(maxsize=2)
def graph_sizes(site: Site, version: str) -> tuple[tuple[tuple[NamedNode, int], ...], int]:
    """Each named graph with its number of triples, and that of their union."""
    rows = site.engine.select(_GRAPHS).rows
    named = tuple((row["graph"], _number(row["triples"])) for row in rows)
    total = sum(_number(row["triples"]) for row in site.engine.select(_ALL).rows)
    return tuple((name, n) for name, n in named if isinstance(name, NamedNode)), total


def _number(term: Term) -> int:
    return int(term.value)


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def _rdf(name: str) -> NamedNode:
    return NamedNode(RDF + name)


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)


def _void(name: str) -> NamedNode:
    return NamedNode(VOID + name)
