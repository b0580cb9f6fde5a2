"""Statements as bytes in every RDF format, in a stable order and with the project's prefixes."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple, serialize

from hsgraph import jsonld, rdfxml
from hsgraph.formats import DATASET_FORMATS, JSONLD, NQUADS, NTRIPLES, RDFXML, Format
from hsgraph.namespaces import PREFIXES


def write(statements: Iterable[Triple | Quad], format: Format) -> bytes:
    """The statements in an RDF format; a format without graphs leaves the graphs out."""
    if format.rdf is None:
        raise ValueError(f"{format.label} is not an RDF format")
    once = {each if isinstance(each, Quad) else Quad(*each) for each in statements}
    if format not in DATASET_FORMATS:
        once = {Quad(*quad.triple) for quad in once}
    if format is JSONLD:
        return jsonld.write(once)
    if format in (NTRIPLES, NQUADS):
        return "".join(sorted(f"{quad} .\n" for quad in once)).encode()
    ordered = sorted(once, key=_place)
    if format is RDFXML:
        output = BytesIO()
        rdfxml.write(ordered, output, _prefixes(ordered))
        return output.getvalue()
    return serialize(ordered, format=format.rdf, prefixes=_prefixes(ordered)) or b""


def _place(quad: Quad) -> tuple[str, str]:
    """Graph by graph, so that TriG opens each graph once; first what is in none."""
    graph = quad.graph_name
    return "" if isinstance(graph, DefaultGraph) else str(graph), str(quad)


def _prefixes(quads: Iterable[Quad]) -> dict[str, str]:
    """The prefixes that the statements use."""
    terms = {term for quad in quads for term in quad}
    named = (t if isinstance(t, NamedNode) else getattr(t, "datatype", None) for t in terms)
    iris = {term.value for term in named if term is not None}
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris}
    return {name: iri for name, iri in PREFIXES.items() if iri in namespaces}
