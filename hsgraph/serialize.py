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
    triples, quads = _parted(statements)
    if format not in DATASET_FORMATS:
        triples |= {quad.triple for quad in quads}
        quads = set()
    if format is JSONLD:
        return jsonld.write(triples)
    if format in (NTRIPLES, NQUADS):
        return "".join(sorted(f"{each} .\n" for each in (*triples, *quads))).encode()
    return _written([*sorted(triples, key=str), *sorted(quads, key=_place)], format.rdf)


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
