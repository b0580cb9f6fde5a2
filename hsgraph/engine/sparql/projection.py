"""Gives the columns of `SELECT *` in the order in which the query names them first.

The engine sorts them by the alphabet; SPARQL's own test suite, and people, expect the other.
"""

from __future__ import annotations

from pyoxigraph import QuerySolutions, Store

from hsgraph.engine.sparql.lexer import tokens
from hsgraph.namespaces import BASE, PREFIXES


def with_columns(query: str) -> str:
    """The query with the variables written out that the star of its SELECT stands for.

    A query without such a star, or that cannot be read, stays as it is.
    """
    if "*" not in query:
        return query
    found = tokens(query)
    select = next((n for n, token in enumerate(found) if token.upper == "SELECT"), -1)
    star = select + 1
    if star < len(found) and found[star].upper in ("DISTINCT", "REDUCED"):
        star += 1
    if select < 0 or star >= len(found) or found[star].text != "*":
        return query
    try:
        result = Store().query(query, base_iri=BASE, prefixes=PREFIXES)
    except (SyntaxError, RuntimeError, OSError, ValueError):
        return query
    if not isinstance(result, QuerySolutions):
        return query
    names = {variable.value for variable in result.variables}
    named = dict.fromkeys(t.text[1:] for t in found if t.kind == "variable")
    ordered = [name for name in named if name in names]
    if len(ordered) < max(2, len(names)):
        return query
    start, written = found[star].start, " ".join(f"?{name}" for name in ordered)
    return f"{query[:start]} {written} {query[start + 1 :]}"
