"""The dataset as a whole in RDF (VoID and DCAT): what it says of itself, or what is counted."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from hsgraph.build.artifacts.metadata import GRAPH, VOID_EXT
from hsgraph.describe.contents import statistics
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import DATASET, DCAT, VOID, XSD

_DESCRIBED: Final = """
CONSTRUCT { ?s ?p ?o } WHERE {
  { GRAPH $metadata { ?s ?p ?o } } UNION { $dataset ?p ?o BIND($dataset AS ?s) }
}
"""


def description(engine: Engine) -> list[Triple]:
    """What our dataset says of itself."""
    parameters = {"metadata": NamedNode(GRAPH), "dataset": NamedNode(DATASET)}
    return [_as_written(triple) for triple in engine.construct(_DESCRIBED, parameters)]


@lru_cache(maxsize=4)
def counted(engine: Engine, version: str, dataset: NamedNode, endpoint: str) -> list[Triple]:
    """What there is to count in a dataset of others."""
    return statistics(engine, dataset, endpoint)


def is_dcat(triple: Triple) -> bool:
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
