"""The graph as RDFC-1.0 canonical N-Quads: what data.nq holds, so that its digest names the graph.

See https://www.w3.org/TR/rdf-canon/. The labels it gives to blank nodes depend only on the quads
that have blank nodes, which here are few (lists in the ontology); the others are written as they
are.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, Store


def canonical_quads(store: Store) -> Iterator[Quad]:
    """All quads of a store, in no order, with canonical labels for blank nodes."""
    blank = Dataset()
    for quad in store.quads_for_pattern(None, None, None, None):
        if _has_blank(quad):
            blank.add(quad)
        else:
            yield quad
    blank.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    yield from blank


def _has_blank(quad: Quad) -> bool:
    return any(isinstance(term, BlankNode) for term in (quad.subject, quad.object, quad.graph_name))
