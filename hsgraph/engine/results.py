"""What pyoxigraph gives for our own queries, as the protocol of an engine has it."""

from __future__ import annotations

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

from hsgraph.engine.protocol import Solutions

QueryResult = QuerySolutions | QueryBoolean | QueryTriples


def solutions(result: QueryResult) -> Solutions:
    """The rows of a SELECT query; raises TypeError for another."""
    if not isinstance(result, QuerySolutions):
        raise TypeError("select() takes a SELECT query.")
    names = tuple(variable.value for variable in result.variables)
    rows = tuple(
        {name: term for name, term in zip(names, solution, strict=True) if term is not None}
        for solution in result
    )
    return Solutions(names, rows)


def boolean(result: QueryResult) -> bool:
    """The answer to an ASK query; raises TypeError for another."""
    if not isinstance(result, QueryBoolean):
        raise TypeError("ask() takes an ASK query.")
    return bool(result)


def triples(result: QueryResult) -> list[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE query; raises TypeError for another."""
    if not isinstance(result, QueryTriples):
        raise TypeError("construct() takes a CONSTRUCT or DESCRIBE query.")
    return list(result)
