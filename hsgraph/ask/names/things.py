"""The names of the things of a graph, and the shorter ones that they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal

from hsgraph.ask import parts
from hsgraph.ask.names.gazetteer import Gazetteer
from hsgraph.ask.names.name import OTHER, PART, PREFERRED, Meaning, Name
from hsgraph.ask.names.words import ANY, LANGUAGES
from hsgraph.engine.protocol import Engine, Term
from hsgraph.namespaces import HS, SKOS, VOCAB, local_name

_BRACKETS: Final = re.compile(r"\s*\([^)]*\)\s*")
_IN_BRACKETS: Final = re.compile(r"\((?P<short>[A-Z][\w.&-]{1,12})\)")
_SEGMENT: Final = re.compile(r"^(?P<head>[^:(]{6,60}): .{6,}")
_PREFERRED: Final = (SKOS + "prefLabel", HS + "acronym")


def names(engine: Engine, gazetteer: Gazetteer) -> Iterator[Name]:
    """Each name of each thing, in an order that stays."""
    rows = engine.select(parts.text("names")).rows
    for row in sorted(rows, key=lambda row: [str(row[n]) for n in ("thing", "property", "name")]):
        yield from _names_of(gazetteer, {name: row[name] for name in row})


def _names_of(gazetteer: Gazetteer, row: Mapping[str, Term]) -> Iterator[Name]:
    name, kind = row["name"], row["kind"].value
    iri = row["thing"].value
    if kind.startswith(VOCAB):
        kind = local_name(kind)
        if not parts.exists(f"conditions/{kind}") and kind != "budget-kind":
            return
    elif kind == SKOS + "ConceptScheme":
        kind = "scheme"
    else:
        kind = local_name(kind)
    language = (name.language or ANY) if isinstance(name, Literal) else ANY
    if language not in LANGUAGES:
        language = ANY
    rank = PREFERRED if row["property"].value in _PREFERRED else OTHER
    meaning = Meaning(kind, iri, name.value)
    if row["property"].value == HS + "acronym":
        language = ANY
    ways = [*_ways(name.value, rank, gazetteer)]
    if iri.startswith(VOCAB) and rank == PREFERRED and language == "en" and "-" in local_name(iri):
        ways.append((local_name(iri).replace("-", " "), OTHER))
    for text, worth in ways:
        found = gazetteer.name(meaning, text, language, worth)
        if found is not None:
            yield found


def _ways(name: str, rank: int, gazetteer: Gazetteer) -> Iterator[tuple[str, int]]:
    """A name, and shorter ones that it holds: before a colon, in brackets, without brackets."""
    yield name, rank
    for language in LANGUAGES:
        abbreviation, *whole = gazetteer.forms.get(("abbreviation", language), ("",))
        for words in whole:
            if words in name:
                yield name.replace(words, abbreviation), rank
    bare = _BRACKETS.sub(" ", name).strip()
    if bare and bare != name:
        yield bare, rank
    head = _SEGMENT.match(name)
    if head:
        yield head["head"].strip(), PART
    for short in _IN_BRACKETS.finditer(name):
        yield short["short"], OTHER
