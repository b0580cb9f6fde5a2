"""Writes the answer to a query in its format, bounded while it streams: too large is an error.

A result is never cut silently: it is whole, or it is ResultTooLarge.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Mapping
from typing import IO, Final, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from hsgraph import rdfxml
from hsgraph.engine.protocol import Answer, Limits, QueryForm
from hsgraph.errors import BadRequest, NotAcceptable, ResultTooLarge
from hsgraph.formats import Format
from hsgraph.namespaces import PREFIXES

_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
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
) -> Answer:
    """The serialised answer; raises ResultTooLarge."""
    chosen, sink = formats[form], _Sink(limits.bytes)
    output = cast(IO[bytes], sink)
    if chosen.rdf and form in ("construct", "describe"):
        triples = cast(Iterable[Triple], result)
        if chosen.rdf == RdfFormat.RDF_XML:
            rdfxml.write(triples, output, {})
        else:
            prefixes = PREFIXES if chosen.rdf in (RdfFormat.TURTLE, RdfFormat.TRIG) else None
            serialize(triples, output, chosen.rdf, prefixes=prefixes)
    elif chosen.results == QueryResultsFormat.CSV and isinstance(result, QuerySolutions):
        _write_csv(result, output)
    elif chosen.results and form in ("select", "ask"):
        cast(QuerySolutions, result).serialize(output, chosen.results)
        if chosen.results == QueryResultsFormat.XML:
            sink.body = _checked(sink.body)
    else:
        raise BadRequest(f"{chosen.label} is no format for the result of {form.upper()}.")
    return Answer(form, chosen, bytes(sink.body))


def _checked(body: bytearray) -> bytearray:
    """XML that holds only what XML can: a carriage return is written so that it stays one."""
    if found := _NOT_XML.search(body):
        raise NotAcceptable(
            f"XML cannot hold the character U+{ord(found[0].decode()):04X} of this result.",
            available=("application/sparql-results+json", "text/csv"),
        )
    return body.replace(b"\r", b"&#13;")


def _write_csv(result: QuerySolutions, output: IO[bytes]) -> None:
    """By the library of Python: the engine puts no quotes around an IRI with a comma (RFC 4180)."""
    rows = csv.writer(codecs.getwriter("utf-8")(output))
    rows.writerow([variable.value for variable in result.variables])
    rows.writerows([_cell(term) for term in solution] for solution in result)


def _cell(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term or "")
