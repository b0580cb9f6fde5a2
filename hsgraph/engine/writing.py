"""Writes the answer to a query in its format, bounded while it streams: too large is an error.

A result is never cut silently: it is whole, or it is ResultTooLarge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, cast

from pyoxigraph import (
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from hsgraph.engine.protocol import Answer, Limits, QueryForm
from hsgraph.errors import ResultTooLarge
from hsgraph.formats import Format
from hsgraph.namespaces import PREFIXES

_REMEDY = "Ask for less, page through it with ORDER BY, LIMIT and OFFSET, or download the data."


class _Sink:
    """Collects what a native writer writes and stops it at the first byte too many."""

    def __init__(self, limits: Limits | None) -> None:
        self._most = limits.bytes if limits else None
        self.body = bytearray()

    def write(self, chunk: bytes) -> int:
        self.body += chunk
        if self._most is not None and len(self.body) > self._most:
            raise ResultTooLarge(f"The result has more than {self._most:,} bytes.", remedy=_REMEDY)
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back."""


def write(
    result: QuerySolutions | QueryBoolean | Iterable[Triple],
    form: QueryForm,
    formats: Mapping[QueryForm, Format],
    limits: Limits | None,
) -> Answer:
    """The serialised answer; raises ResultTooLarge."""
    chosen = formats[form]
    if form in ("construct", "describe"):
        return _write_triples(cast(Iterable[Triple], result), form, chosen, limits)
    if chosen.results is None:
        raise ValueError(f"{chosen.label} is no format for the result of {form.upper()}.")
    if isinstance(result, QueryBoolean):
        body = result.serialize(None, chosen.results)
        return Answer(form, chosen, body or b"")
    sink = _Sink(limits)
    cast(QuerySolutions, result).serialize(cast(IO[bytes], sink), chosen.results)
    return Answer(form, chosen, bytes(sink.body))


def _write_triples(
    result: Iterable[Triple], form: QueryForm, chosen: Format, limits: Limits | None
) -> Answer:
    if chosen.rdf is None:
        raise ValueError(f"{chosen.label} is no format for the result of {form.upper()}.")
    sink = _Sink(limits)
    prefixes = PREFIXES if chosen.rdf in (RdfFormat.TURTLE, RdfFormat.TRIG) else None
    serialize(result, cast(IO[bytes], sink), chosen.rdf, prefixes=prefixes)
    return Answer(form, chosen, bytes(sink.body))
