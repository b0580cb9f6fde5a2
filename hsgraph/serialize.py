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
    triples, quads = _parted(statements)
    if format not in DATASET_FORMATS:
        triples |= {quad.triple for quad in quads}
        quads = set()
    if format is JSONLD:
        return jsonld.write(triples)
    if format in (NTRIPLES, NQUADS):
        return "".join(sorted(f"{each} .\n" for each in (*triples, *quads))).encode()
    if format is RDFXML:
        output = BytesIO()
        ordered = sorted(triples, key=str)
        rdfxml.write(ordered, output, _prefixes(ordered))
        return output.getvalue()
    together: list[Triple | Quad] = [*sorted(triples, key=str), *sorted(quads, key=_place)]
    written = serialize(
        together,  # type: ignore[arg-type]  # it takes the two mixed as well
        format=format.rdf,
        prefixes=_prefixes(together),
    )
    return written or b""


def _parted(statements: Iterable[Triple | Quad]) -> tuple[set[Triple], set[Quad]]:
    """Those of the default graph and those of others, each once."""
    triples: set[Triple] = set()
    quads: set[Quad] = set()
    for statement in statements:
        if isinstance(statement, Triple):
            triples.add(statement)
        elif isinstance(statement.graph_name, DefaultGraph):
            triples.add(statement.triple)
        else:
            quads.add(statement)
    return triples, quads


def _place(quad: Quad) -> tuple[str, str]:
    """Graph by graph, so that TriG opens each graph once."""
    return str(quad.graph_name), str(quad)


def _prefixes(statements: Iterable[Triple | Quad]) -> dict[str, str]:
    """The prefixes that the statements use."""
    terms = {term for statement in statements for term in statement}
    named = (t if isinstance(t, NamedNode) else getattr(t, "datatype", None) for t in terms)
    iris = {term.value for term in named if term is not None}
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris}
    return {name: iri for name, iri in PREFIXES.items() if iri in namespaces}
