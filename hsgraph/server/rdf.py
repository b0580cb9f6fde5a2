"""Statements as bytes in every RDF format, in a stable order and with the project's prefixes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from hsgraph import jsonld
from hsgraph.formats import JSONLD, Format
from hsgraph.namespaces import PREFIXES


def write(statements: Iterable[Triple | Quad], format: Format) -> bytes:
    """The statements in an RDF format; a format without graphs leaves the graphs out."""
    if format.rdf is None:
        raise ValueError(f"{format.label} is not an RDF format")
    kept: set[Triple | Quad] = set(statements)
    if not format.rdf.supports_datasets or format is JSONLD:
        kept = {_triple(statement) for statement in kept}
    ordered = sorted(kept, key=_place)
    if format is JSONLD:
        return jsonld.write(ordered)
    return _written(ordered, format.rdf, _prefixes(ordered))


def _written(
    statements: Sequence[Triple | Quad], format: RdfFormat, prefixes: dict[str, str]
) -> bytes:
    written = serialize(
        statements,  # type: ignore[arg-type]  # it takes the two mixed as well
        format=format,
        prefixes=prefixes,
    )
    return written or b""


def _place(statement: Triple | Quad) -> tuple[str, str]:
    """Graph by graph, the default graph first, so that TriG opens each graph once."""
    graph = getattr(statement, "graph_name", None)
    return str(graph) if isinstance(graph, NamedNode) else "", str(statement)


def _triple(statement: Triple | Quad) -> Triple:
    if isinstance(statement, Quad):
        return statement.triple
    return statement


def _prefixes(statements: Iterable[Triple | Quad]) -> dict[str, str]:
    """The prefixes that the statements use."""
    namespaces = {_namespace(iri) for statement in statements for iri in _iris(statement)}
    return {name: iri for name, iri in PREFIXES.items() if iri in namespaces}


def _iris(statement: Triple | Quad) -> Iterable[str]:
    for term in statement:
        if isinstance(term, NamedNode):
            yield term.value
        elif datatype := getattr(term, "datatype", None):
            yield datatype.value


def _namespace(iri: str) -> str:
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut]
