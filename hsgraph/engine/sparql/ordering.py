"""Gives the values that a query sorts by an order that is one.

The engine compares numbers, and dates, by what they mean, and what cannot be compared so by how it
is written. With 9, 10 and "9a" in one column, or with times of which some name no time zone, that
is no order at all: numbers come in a wrong one, and a sort that notices ends the process. So kinds
of values are sorted apart, which SPARQL 1.1 (15.1) leaves open, and what names no time zone is
taken to be UTC, which changes no order that XML Schema knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from hsgraph.engine.sparql.lexer import Token, nested, tokens
from hsgraph.namespaces import RDF, XSD

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


_NUMBERS_APART: Final = "IF(isLiteral({0}), !isNumeric({0}), 1/0)"
"""False for numbers, true for other literals, an error and so first for things."""


def with_numbers_apart(query: str) -> str:
    """The query with numbers before other literals in each ORDER BY.

    So all values are in order, but for some among which times without a time zone or durations are
    mixed with others. It takes the time of the query and a twentieth.
    """
    return _sorted_by(query, _NUMBERS_APART, "{0}")


def with_total_order(query: str) -> str:
    """The query with an order of all values in each ORDER BY; a sort can take twice as long."""
    return _sorted_by(query, _KIND, _VALUE)


def _sorted_by(query: str, *keys: str) -> str:
    if "ORDER" not in query.upper():
        return query
    text = query
    for start, end, order, value in reversed(list(_conditions(query))):
        by = " ".join(f"{order}({each.format(value)})" for each in keys)
        text = f"{text[:start]} {by} {text[end:]}"
    return text


def _conditions(query: str) -> Iterator[tuple[int, int, str, str]]:
    """The conditions of each ORDER BY: where they begin and end, ASC or DESC, and by what."""
    found = tokens(query)
    for index, token in enumerate(found[:-2]):
        if token.upper != "ORDER" or found[index + 1].upper != "BY":
            continue
        at = index + 2
        while at < len(found) and (after := _end(found, at)) > at:
            order = found[at].upper if found[at].upper in ("ASC", "DESC") else ""
            start, value = found[at].start, found[at + bool(order)].start
            end = found[after - 1].start + len(found[after - 1].text)
            yield start, end, order or "ASC", query[value:end]
            at = after


def _end(found: Sequence[Token], start: int) -> int:
    """The index after a condition: a variable, or what stands in brackets with a name before it.

    It is `start` itself where none begins.
    """
    if found[start].kind == "variable":
        return start + 1
    opened = start + (found[start].kind in ("word", "prefixed", "iri"))
    for index, (_, depth) in enumerate(nested(found[opened:], "(", ")"), start=opened):
        if depth <= 0:
            return index + 1 if index > opened else start
    return start
