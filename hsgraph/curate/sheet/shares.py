"""Reads money by agency: tables with a row an agency, and lists in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Final

from hsgraph.curate.known import Graph, Known
from hsgraph.curate.model import Money, few
from hsgraph.curate.reading.lines import Document, Line
from hsgraph.curate.sheet.amounts import NUMBER, find_sums, header_currency, read_number
from hsgraph.curate.sheet.guess import tells_of
from hsgraph.curate.words import either

_ROW: Final = re.compile(rf"^\s*(?P<name>\D+?)\s+(?P<numbers>(?:{NUMBER})(?:\s+(?:{NUMBER}))*)\s*$")
_FEWEST: Final = 2


@dataclass(frozen=True)
class _Row:
    line: Line
    name: str
    numbers: tuple[Decimal, ...]
    agency: Known | None


def take_shares(document: Document, graph: Graph) -> tuple[Document, list[Money]]:
    """The document without its table of money by agency, and what the table says."""
    rows = [_row(line, graph) for line in document.lines]
    numbered = list(enumerate(rows))
    for has_agency, run in groupby(numbered, key=lambda each: bool(each[1] and each[1].agency)):
        found = [(number, row) for number, row in run if row]
        if not has_agency or len(found) < _FEWEST:
            continue
        first, last = found[0][0], found[-1][0]
        total = rows[last + 1] if last + 1 < len(rows) else None
        whole = (
            total if total and re.search(rf"\b(?:{either('sum')})\b", total.name, re.I) else None
        )
        head = document.lines[first - 1].text if first else ""
        money = _money([row for _, row in found], whole, head)
        if money:
            taken = range(first - 1, last + (2 if whole else 1))
            lines = [line for n, line in enumerate(document.lines) if n not in taken]
            return replace(document, lines=tuple(lines)), money
    return document, []


def shares_in(text: str, line: int, graph: Graph) -> list[Money]:
    """Sums of a line right after the agencies whose they are, and those that others add."""
    sums = find_sums(text)
    found, rest = [], []
    for number, each in enumerate(sums):
        start = sums[number - 1].end if number else 0
        before = text[start : each.start]
        quote = few(text, line, each.start, each.end)
        named = [
            hit for hit in graph.find(before, "organisation") if graph.is_agency(hit.things[0])
        ]
        beside = re.fullmatch(r"[\s:(–-]*", before[named[-1].end :]) if named else None
        if beside and len(named[-1].things) == 1:
            agency = named[-1].things[0]
            found.append(Money(each.amount, each.currency, "agency-share", False, quote, agency))
        elif re.match(rf"[\s(]*(?:{either('cue-cofunding')})", text[each.end :], re.I):
            rest.append(Money(each.amount, each.currency, "co-funding", False, quote))
    return [*found, *rest] if len(found) >= _FEWEST else []


def _row(line: Line, graph: Graph) -> _Row | None:
    match = _ROW.match(line.text) if line.style != "cell" else None
    if match is None:
        return None
    listed = (
        re.split(r"\s{2,}", match["numbers"]) if "  " in match["numbers"] else [match["numbers"]]
    )
    numbers = [read_number(number) for number in listed]
    if None in numbers:
        return None
    named = graph.named(match["name"], "organisation")
    agency = named[0] if len(named) == 1 and graph.is_agency(named[0]) else None
    return _Row(line, match["name"], tuple(each for each in numbers if each is not None), agency)


def _money(rows: list[_Row], total: _Row | None, head: str) -> list[Money]:
    """The sums of a table whose head or last row names their currency."""
    currency = header_currency(head) or (header_currency(total.name) if total else None)
    count = len(rows[0].numbers)
    columns = re.split(r"\s{2,}", head.strip())[-count:] if count > 1 else [head]
    if currency is None or len(columns) != count or any(len(row.numbers) != count for row in rows):
        return []
    found = []
    for column, heading in enumerate(columns):
        others = tells_of(heading, "cofunding") and not tells_of(heading, "contribution")
        for row in rows:
            kind = "co-funding" if others else "agency-share"
            found.append(_sum(row, column, currency, kind))
        if total and not others and len(total.numbers) == count:
            kind = "fund-contribution" if tells_of(heading, "contribution") else "total"
            found.append(_sum(total, column, currency, kind))
    return [money for money in found if money.amount]


def _sum(row: _Row, column: int, currency: str, kind: str) -> Money:
    quote = few(" ".join(row.line.text.split()), row.line.number)
    return Money(row.numbers[column], currency, kind, False, quote, row.agency)
