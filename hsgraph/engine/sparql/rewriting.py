"""Says in other words what the engine answers otherwise than SPARQL 1.1 or its users expect."""

from __future__ import annotations

from itertools import dropwhile, pairwise
from typing import Final

from pyoxigraph import QuerySolutions, Store

from hsgraph.engine.sparql.lexer import Token, nested, tokens
from hsgraph.engine.sparql.ordering import with_numbers_apart, with_total_order
from hsgraph.namespaces import BASE, PREFIXES

_JOIN: Final = "GROUP_CONCAT"
_TEXT: Final = 'COALESCE(IF(LANG({0}) != "", {0}, STR({0})), STR({0}))'
"""A value as a text. One with a language stays, since DISTINCT tells "a"@en from "a"@fr."""


def rewritten(query: str, *, total_order: bool) -> str:
    """The query to give to the engine; what it cannot read may become something else of that sort.

    With `total_order` a sort ends no process, whatever it sorts.
    """
    query = _with_what_was_meant(query)
    return with_total_order(query) if total_order else with_numbers_apart(query)


def _with_what_was_meant(query: str) -> str:
    if "*" not in query and _JOIN not in query.upper():
        return query
    try:
        result = Store().query(query, base_iri=BASE, prefixes=PREFIXES)
    except (SyntaxError, RuntimeError, OSError, ValueError):
        return query
    joined = _with_joined_texts(query)
    return _with_columns(joined, result) if isinstance(result, QuerySolutions) else joined


def _with_columns(query: str, result: QuerySolutions) -> str:
    """The query with the variables written out that the star of its SELECT stands for.

    They stand in the order in which the query names them first, which people expect; the engine
    sorts them. A query without such a star stays as it is.
    """
    found = tokens(query)
    after = list(dropwhile(lambda token: token.upper != "SELECT", found))[1:]
    star = next((token for token in after if token.upper not in ("DISTINCT", "REDUCED")), None)
    if star is None or star.text != "*":
        return query
    names = {variable.value for variable in result.variables}
    named = dict.fromkeys(t.text[1:] for t in found if t.kind == "variable")
    ordered = [name for name in named if name in names]
    if len(ordered) < max(2, len(names)):
        return query
    written = " ".join(f"?{name}" for name in ordered)
    return f"{query[: star.start]} {written} {query[star.start + 1 :]}"


def _with_joined_texts(query: str) -> str:
    """The query with GROUP_CONCAT over texts, giving one without a language (18.5.1.7).

    By the engine it has a language that all values share, and no value over numbers and IRIs.
    """
    found, text = tokens(query), query
    for at in reversed([n for n, token in enumerate(found) if token.upper == _JOIN]):
        inside = _in_brackets(found[at + 1 :])
        first = inside[1 + (inside[1].upper == "DISTINCT")]
        parts = pairwise(inside)
        last = next((a for a, b in parts if a.text == ";" and b.upper == "SEPARATOR"), inside[-1])
        value, end = query[first.start : last.start], inside[-1].start + 1
        before, after = query[found[at].start : first.start], query[last.start : end]
        joined = f"STR({before}{_TEXT.format(value)}{after})"
        text = text[: found[at].start] + joined + text[end:]
    return text


def _in_brackets(found: list[Token]) -> list[Token]:
    """The tokens up to the bracket that closes the first."""
    depths = enumerate(nested(found, "(", ")"))
    return found[: next(index for index, (_, depth) in depths if depth == 0) + 1]
