"""The trusted queries of a build and the schemas of its tables, a file each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
)

from hsgraph.resources import queries

query: Final = queries(__name__)
schema: Final = queries(__name__, "sql")
Term = NamedNode | BlankNode | Literal | Triple
Solution = Mapping[str, str]
"""A row as texts; unbound variables are absent."""
Select = Callable[[str], Iterable[Solution]]
"""Answers a SELECT query."""


def select(store: Store, text: str, **iris: str) -> Iterator[Solution]:
    """The rows of a SELECT query over all graphs of a store; `iris` stand for its `$name`s."""
    for name, iri in iris.items():
        text = text.replace(f"${name}", str(NamedNode(iri)))
    found = store.query(text, use_default_graph_as_union=True)
    if not isinstance(found, QuerySolutions):
        raise TypeError("This is no SELECT query.")
    names = [variable.value for variable in found.variables]
    for solution in found:
        terms = zip(names, solution, strict=True)
        yield {name: term.value for name, term in terms if term is not None}


def with_those_below(answer: Select, properties: Iterable[str]) -> tuple[str, ...]:
    """Properties, and those that the graph makes for the same (`rdfs:subPropertyOf`)."""
    named = " ".join(str(NamedNode(iri)) for iri in properties)
    rows = answer(query("properties_below").replace("SOME", named))
    return tuple(dict.fromkeys([*properties, *(row["property"] for row in rows)]))


def construct(store: Store, text: str, bound: dict[Variable, Term] | None = None) -> QueryTriples:
    """The triples of a CONSTRUCT query over all graphs of a store, with some variables bound."""
    found = store.query(text, use_default_graph_as_union=True, substitutions=bound)
    if not isinstance(found, QueryTriples):
        raise TypeError("This is no CONSTRUCT query.")
    return found
