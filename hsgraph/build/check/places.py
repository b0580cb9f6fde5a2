"""Leads findings to the lines of the files where what is wrong was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, RdfFormat, Triple

from hsgraph.build.check.origins import Origins
from hsgraph.build.check.report import SEVERITIES, Finding
from hsgraph.build.read import source_text
from hsgraph.build.read.files import rdf_format
from hsgraph.build.read.reader import Source
from hsgraph.build.read.scan import TurtleScan
from hsgraph.errors import Place
from hsgraph.namespaces import HS, RDF, compact

_OF_A_THING: Final = (RDF + "type", HS + "partOf")
"""What says no more than which thing a statement is about."""
_MOST: Final = 5
_NOT_TURTLE: Final = (RdfFormat.RDF_XML, RdfFormat.JSON_LD)


class Places:
    """Finds the line of a statement: that of the value, else of the property, else of the thing."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = cache(self._lines_of)

    def of(self, subject: str, predicate: str | None, value: str | None) -> Place | None:
        """The file and line of a statement, or of as much of it as a file has.

        Without a property, that of any property with the value; a thing is no value of its own.
        """
        if value == subject and not predicate:
            value = None
        places = self._source.locations.get(subject, [])
        statement = (subject, predicate or "")
        keys: list[tuple[str, ...]] = [(*statement, value or ""), statement]
        for key in keys:
            for file in dict.fromkeys(place.file for place in places):
                if line := self._lines(file).get(key):
                    return Place(file, line)
        return places[0] if places else None

    def _lines_of(self, file: str) -> dict[tuple[str, ...], int]:
        lines: dict[tuple[str, ...], int] = {}
        path = (self._source.root or Path()) / file
        if path.suffix != ".rq" and rdf_format(path, file) in _NOT_TURTLE:
            return lines
        scan = TurtleScan(source_text.decode(source_text.read_bytes(path, file), file))
        for statement in scan:
            subject = statement.subject or ""
            for part in scan.parts(statement):
                lines.setdefault((subject, "", part.value), part.line)
                lines.setdefault((subject, part.predicate), part.line)
                lines.setdefault((subject, part.predicate, part.value), part.line)
        return lines


def placed(findings: Iterable[Finding], places: Places, origins: Origins) -> Iterator[Finding]:
    """The findings with their places; what a file does not say is told where it follows from.

    It is left out where it follows from a statement with a finding of its own, as severe at least.
    """
    listed = list(findings)
    wrong: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in listed:
        wrong[finding.focus, finding.path].append(finding)
    for finding in listed:
        path, value = finding.path, finding.value
        found = origins.of(finding.focus, path, value) if path else ()
        if not found:
            place = places.of(finding.focus, path, value)
            yield _at(finding, place)
        elif not any(_is_told(each, finding, wrong) for each in found):
            yield _at_origin(finding, found, places)


def _is_told(
    origin: Triple, finding: Finding, wrong: dict[tuple[str, str | None], list[Finding]]
) -> bool:
    """Whether a statement has a finding of its own that is as severe as that of what follows."""
    subject, predicate, value = map(_text, origin)
    severity = SEVERITIES.index(finding.severity)
    return any(
        each.value in (None, value) and SEVERITIES.index(each.severity) <= severity
        for each in wrong.get((subject, predicate), ())
    )


def _at_origin(finding: Finding, origins: tuple[Triple, ...], places: Places) -> Finding:
    """The finding at the first of its origins: those with its value, else those with literals."""
    told = [each for each in origins if _text(each.predicate) not in _OF_A_THING]
    same = [each for each in told if _text(each.object) == finding.value]
    values = [each for each in told if isinstance(each.object, Literal)]
    chosen = (same or values or told or list(origins))[:_MOST]
    lines = (places.of(*map(_text, each)) for each in chosen)
    where = next(filter(None, lines), places.of(finding.focus, None, None))
    pairs = (map(compact, map(_text, (each.predicate, each.object))) for each in chosen)
    look = f"  Look at {', '.join(map(' '.join, pairs))}."
    return replace(_at(finding, where), details=(look, *finding.details))


def _at(finding: Finding, place: Place | None) -> Finding:
    return replace(finding, file=place.file, line=place.line) if place else finding


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
