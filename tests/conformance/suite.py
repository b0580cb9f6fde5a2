"""The W3C's suites of SPARQL 1.1 queries, read from their manifests, and how results compare.

sparql11.zip holds the folders of sparql/sparql11 of the W3C's tests that are about queries, as the
source distribution of rdflib 7.6 has them, unchanged, under the licence in sparql11.LICENSE.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zipfile import ZipFile

from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.query import Result
from rdflib.term import Node
from rdflib.util import guess_format

SUITE = Path(__file__).parent / "sparql11.zip"
PLACE = "http://w3c.example/sparql11/"
"""Where the files are taken to be, so that relative addresses in them mean something."""
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
DAWGT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")
_ROWS = Namespace("urn:row:")
_NUMBERS = {XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.nonNegativeInteger}


@dataclass(frozen=True)
class Asked:
    """One test: its query, the graphs it is asked of, and the file with its result."""

    name: str
    kind: str
    query: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    result: str

    @property
    def result_suffix(self) -> str:
        return self.result.rpartition(".")[2]


def files() -> dict[str, bytes]:
    """Every file of the suite, by its address."""
    with ZipFile(SUITE) as archive:
        return {PLACE + name: archive.read(name) for name in archive.namelist()}


def tests() -> Iterator[Asked]:
    """Every approved test of a query, in the order of the manifests."""
    for address, text in files().items():
        if address.endswith("/manifest.ttl"):
            manifest = Graph().parse(data=text, format="turtle", publicID=address)
            for entries in manifest.objects(None, MF.entries):
                for entry in Collection(manifest, entries):
                    if manifest.value(entry, DAWGT.approval) != DAWGT.NotClassified:
                        yield _test(manifest, entry, address)


def _test(manifest: Graph, entry: Node, address: str) -> Asked:
    action = manifest.value(entry, MF.action)
    query = manifest.value(action, QT.query) or action
    kind = str(manifest.value(entry, RDF.type)).rpartition("#")[2]
    folder = address.removeprefix(PLACE).removesuffix("/manifest.ttl")
    return Asked(
        f"{folder}/{str(entry).rpartition('#')[2]}",
        kind,
        str(query),
        tuple(str(o) for o in manifest.objects(action, QT.data)),
        tuple(str(o) for o in manifest.objects(action, QT.graphData)),
        str(manifest.value(entry, MF.result) or ""),
    )


def data() -> Iterator[tuple[str, Graph]]:
    """Every file that a test is asked of."""
    held = files()
    for address in sorted({a for test in tests() for a in (*test.default, *test.named)}):
        format = guess_format(address) or "turtle"
        yield address, Graph().parse(data=held[address], format=format, publicID=address)


def same(found: Result | Graph, expected: Result | Graph, *, types: bool = True) -> bool:
    """Whether two results say the same; rows in any order, nodes without names by any name."""
    return isomorphic(_as_graph(found, types), _as_graph(expected, types))


def _as_graph(result: Result | Graph, types: bool) -> Graph:
    if isinstance(result, Graph):
        return result
    graph = Graph()
    if result.type == "ASK":
        graph.add((BNode(), _ROWS.answer, Literal(str(result.askAnswer).lower())))
        return graph
    for row in result.bindings:
        node = BNode()
        graph.add((node, RDF.type, _ROWS.Row))
        for variable, value in row.items():
            graph.add((node, _ROWS[str(variable)], _plain(value, types)))
    return graph


def _plain(term: Node, types: bool) -> Node:
    """A number by its value, however it is written; without types anything by its text."""
    if isinstance(term, Literal) and (not types or term.datatype in _NUMBERS):
        try:
            number = f"{Decimal(str(term)).normalize():.12g}"
            return Literal(number, datatype=term.datatype if types else None)
        except InvalidOperation:
            pass
    if isinstance(term, Literal) and term.datatype == XSD.string:
        return Literal(str(term))
    return Literal(str(term)) if not types and not isinstance(term, BNode) else term


def of_rdf(text: bytes, address: str) -> Result:
    """A result that is written as RDF (the vocabulary result-set)."""
    rs = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
    graph = Graph().parse(data=text, format="turtle", publicID=address)
    result = Result("SELECT")
    result.bindings = [
        {
            str(graph.value(b, rs.variable)): graph.value(b, rs.value)  # type: ignore[misc]
            for b in graph.objects(solution, rs.binding)
        }
        for solution in graph.objects(None, rs.solution)
    ]
    return result


def is_row_set(text: bytes) -> bool:
    return b"result-set#" in text


EMPTY = URIRef(PLACE + "empty")
