"""Writes the answer to a query in its format, bounded while it streams: too large is an error.

A result is never cut silently: it is whole, or it is ResultTooLarge.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, islice
from typing import IO, Final, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from hsgraph import rdfxml
from hsgraph.engine.protocol import Answer, Limits, QueryForm
from hsgraph.errors import NotAcceptable, ResultTooLarge
from hsgraph.formats import Format
from hsgraph.namespaces import PREFIXES

_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_QUOTED: Final = re.compile(rb'"[^"]*+"')
_AT_ONCE: Final = 1000
"""Rows that are written together."""
_REMEDY = "Ask for less, page through it with ORDER BY, LIMIT and OFFSET, or download the data."


class _Sink:
    """Collects what a native writer writes and stops it at the first byte too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.body = bytearray()

    def write(self, chunk: bytes) -> int:
        self.body += chunk
        if len(self.body) > self._most:
            raise ResultTooLarge(f"The result has more than {self._most:,} bytes.", remedy=_REMEDY)
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back."""


def write(
    result: QuerySolutions | QueryBoolean | Iterable[Triple],
    form: QueryForm,
    formats: Mapping[QueryForm, Format],
    limits: Limits,
    again: Callable[[], object],
) -> Answer:
    """The serialised answer; raises ResultTooLarge.

    `again` gives the result once more, which is read only once.
    """
    chosen, sink = formats[form], _Sink(limits.bytes)
    output = cast(IO[bytes], sink)
    if chosen.rdf and form in ("construct", "describe"):
        triples = cast(Iterable[Triple], result)
        if chosen.rdf == RdfFormat.RDF_XML:
            rdfxml.write(triples, output, {})
        else:
            prefixes = PREFIXES if chosen.rdf in (RdfFormat.TURTLE, RdfFormat.TRIG) else None
            serialize(triples, output, chosen.rdf, prefixes=prefixes)
    elif chosen.results and form in ("select", "ask"):
        columns = len(result.variables) if isinstance(result, QuerySolutions) else 0
        cast(QuerySolutions, result).serialize(output, chosen.results)
        if chosen.results == QueryResultsFormat.XML:
            sink.body = _checked(sink.body)
        elif chosen.results == QueryResultsFormat.CSV and not _is_table(sink.body, columns):
            sink = _Sink(limits.bytes)
            _write_table(cast(QuerySolutions, again()), sink)
    else:
        raise ValueError(f"{chosen.label} is no format for the result of {form.upper()}.")
    return Answer(form, chosen, bytes(sink.body))


def _checked(body: bytearray) -> bytearray:
    """XML that holds only what XML can: a carriage return is written so that it stays one."""
    if found := _NOT_XML.search(body):
        raise NotAcceptable(
            f"XML cannot hold the character U+{ord(found[0].decode()):04X} of this result.",
            available=("application/sparql-results+json", "text/csv"),
        )
    return body.replace(b"\r", b"&#13;")


def _is_table(body: bytearray, columns: int) -> bool:
    """Whether all rows of a CSV have their columns: the engine puts no quotes around an IRI with a
    comma (RFC 4180, 2.6)."""
    bare = _QUOTED.sub(b"", body)
    return bare.count(b",") == bare.count(b"\n") * max(columns - 1, 0)


def _write_table(result: QuerySolutions, sink: _Sink) -> None:
    rows = chain(
        [[variable.value for variable in result.variables]],
        ([_cell(term) for term in solution] for solution in result),
    )
    while some := list(islice(rows, _AT_ONCE)):
        text = io.StringIO()
        csv.writer(text).writerows(some)
        sink.write(text.getvalue().encode())


def _cell(term: object) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, BlankNode | Triple) else cast(Literal, term).value
