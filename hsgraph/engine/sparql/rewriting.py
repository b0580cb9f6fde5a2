"""Says in other words what the engine answers otherwise than SPARQL 1.1 or its users expect.

The engine compares numbers, and dates, by what they mean, and what cannot be compared so by how it
is written. With 9, 10 and "9a" in one column, or with times of which some name no time zone, that
is no order at all: numbers come in a wrong one, and a sort that notices ends the process. So kinds
of values are sorted apart, which SPARQL 1.1 (15.1) leaves open, and what names no time zone is
taken to be UTC, which changes no order that XML Schema knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile, pairwise
from typing import Final

from pyoxigraph import QuerySolutions, Store

from hsgraph.engine.sparql.lexer import GAP, end_of, pieces, tokens, tokens_from_order
from hsgraph.namespaces import BASE, PREFIXES, RDF, XSD

_STAR: Final = re.compile(rf"SELECT{GAP}(?:(?:DISTINCT|REDUCED){GAP})?\*", re.IGNORECASE)
_JOIN: Final = "GROUP_CONCAT"
_TEXT: Final = 'COALESCE(IF(LANG({0}) != "", {0}, STR({0})), STR({0}))'
"""A value as a text. One with a language stays, since DISTINCT tells "a"@en from "a"@fr."""
_TIMES: Final = ", ".join(
    f"<{XSD}{name}>"
    for name in ("dateTime", "date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay")
)
_KIND: Final = (
    f'IF(isNumeric({{0}}), "", IF(DATATYPE({{0}}) IN (<{XSD}string>, <{RDF}langString>), "a", '
    'CONCAT(STR(DATATYPE({0})), COALESCE(IF({0} <= {0}, "", ""), " of none"))))'
)
"""What kind of literal a value is: numbers first, then texts. Things have none, and stay first.

What its datatype does not know, such as a 13th month, is a kind of its own."""
_VALUE: Final = (
    f"COALESCE(IF(DATATYPE({{0}}) IN ({_TIMES}) && "
    '!REGEX(STR({0}), "(Z|[+-][0-9][0-9]:[0-9][0-9])$"), '
    'STRDT(CONCAT(STR({0}), "Z"), DATATYPE({0})), {0}), {0})'
)
_NUMBERS_APART: Final = "isLiteral({0}) && !isNumeric({0})"
"""False for things and numbers, true for other literals.

So all values are in order, but for some among which times without a time zone or durations are
mixed with others. It takes the time of the query and a twentieth."""


def with_small_truths(query: str) -> str:
    """The query with `true` and `false` in small letters: keywords may be written in any case."""
    small = query.lower()
    if all(small.count(word) == query.count(word) for word in ("true", "false")):
        return query
    return "".join(
        piece.text.lower()
        if piece.kind == "word" and piece.upper in ("TRUE", "FALSE")
        else piece.text
        for piece in pieces(query)
    )


def rewritten(query: str, *, total_order: bool) -> str:
    """The query to give to the engine; what it cannot read may become something else of that sort.

    With `total_order` a sort ends no process, whatever it sorts.
    """
    query = _with_what_was_meant(query)
    return with_total_order(query) if total_order else _sorted_by(query, _NUMBERS_APART, "{0}")


def _with_what_was_meant(query: str) -> str:
    if not _STAR.search(query) and _JOIN not in query.upper():
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
        inside = found[at + 1 : end_of(found, at)]
        first = inside[1 + (inside[1].upper == "DISTINCT")]
        parts = pairwise(inside)
        last = next((a for a, b in parts if a.text == ";" and b.upper == "SEPARATOR"), inside[-1])
        value, end = query[first.start : last.start], inside[-1].start + 1
        before, after = query[found[at].start : first.start], query[last.start : end]
        joined = f"STR({before}{_TEXT.format(value)}{after})"
        text = text[: found[at].start] + joined + text[end:]
    return text


def with_total_order(query: str) -> str:
    """The query with an order of all values in each ORDER BY; a sort can take twice as long."""
    return _sorted_by(query, _KIND, _VALUE)


def sorts(query: str) -> bool:
    """Whether there is an ORDER BY that a total order would change."""
    return "ORDER" in query.upper() and any(_conditions(query))


def _sorted_by(query: str, *keys: str) -> str:
    if "ORDER" not in query.upper():
        return query
    parts, done = list[str](), 0
    for start, end, order, value in _conditions(query):
        if start < done:
            continue  # inside the one before, by EXISTS
        by = " ".join(f"{order}({each.format(value)})" for each in keys)
        parts += query[done:start], f" {by} "
        done = end
    return "".join(parts) + query[done:]


def _conditions(query: str) -> Iterator[tuple[int, int, str, str]]:
    """The conditions of each ORDER BY: where they begin and end, ASC or DESC, and by what.

    Those by STR are left out: texts all, they are in order as they are.
    """
    found = tokens_from_order(query)
    for index, token in enumerate(found[:-2]):
        if token.upper != "ORDER" or found[index + 1].upper != "BY":
            continue
        at = index + 2
        while at < len(found) and (after := end_of(found, at)) > at:
            order = found[at].upper if found[at].upper in ("ASC", "DESC") else ""
            start, value = found[at].start, found[at + bool(order)].start
            end = found[after - 1].start + len(found[after - 1].text)
            if query[value : value + 4].upper() != "STR(":
                yield start, end, order or "ASC", query[value:end]
            at = after
