"""Statements as bytes in every RDF format, in a stable order and with the project's prefixes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, serialize

from hsgraph import jsonld
from hsgraph.formats import DATASET_FORMATS, JSONLD, NQUADS, NTRIPLES, Format
from hsgraph.namespaces import PREFIXES


def write(statements: Iterable[Triple | Quad], format: Format) -> bytes:
    """The statements in an RDF format; a format without graphs leaves the graphs out."""
    if format.rdf is None:
        raise ValueError(f"{format.label} is not an RDF format")
    kept = {_plain(statement) for statement in statements}
    if format in (NTRIPLES, NQUADS):
        lines = kept if format is NQUADS else {_triple(statement) for statement in kept}
        return "".join(sorted(f"{line} .\n" for line in lines)).encode()
    triples = {s for s in kept if isinstance(s, Triple)}
    quads = [s for s in kept if isinstance(s, Quad)]
    if format not in DATASET_FORMATS:
        triples |= {quad.triple for quad in quads}
        quads = []
    if format is JSONLD:
        return jsonld.write(triples)
    return _written([*sorted(triples, key=str), *sorted(quads, key=_place)], format.rdf)


def _written(statements: Sequence[Triple | Quad], format: RdfFormat) -> bytes:
    written = serialize(
        statements,  # type: ignore[arg-type]  # it takes the two mixed as well
        format=format,
        prefixes=_prefixes(statements),
    )
    return written or b""


def _place(quad: Quad) -> tuple[str, str]:
    """Graph by graph, so that TriG opens each graph once."""
    return str(quad.graph_name), str(quad)


def _plain(statement: Triple | Quad) -> Triple | Quad:
    """A statement of the default graph as a triple, so that none is written twice."""
    if isinstance(statement, Quad) and isinstance(statement.graph_name, DefaultGraph):
        return statement.triple
    return statement


def _triple(statement: Triple | Quad) -> Triple:
    return statement.triple if isinstance(statement, Quad) else statement


def _prefixes(statements: Iterable[Triple | Quad]) -> dict[str, str]:
    """The prefixes that the statements use."""
    terms = {term for statement in statements for term in statement}
    used = {term if isinstance(term, NamedNode) else _datatype(term) for term in terms}
    namespaces = {_namespace(term.value) for term in used if term is not None}
    return {name: iri for name, iri in PREFIXES.items() if iri in namespaces}


def _datatype(term: object) -> NamedNode | None:
    return getattr(term, "datatype", None)


def _namespace(iri: str) -> str:
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut]
