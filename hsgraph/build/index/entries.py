"""The rows of the full-text index, from what is said of each thing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from hsgraph.build.index.words import fold, words
from hsgraph.namespaces import DCTERMS, HS, ID, NAMING, RDF, RDFS, SCHEMA, SKOS, VOCAB

LABEL, ACRONYM, OTHER, CODE = range(4)
"""The ways of the table `name`."""
INSERT: Final = "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_MOST_KEPT: Final = 10_000
_LONGEST_NAME: Final = 200
_NAMES: Final = (SKOS + "altLabel", SKOS + "hiddenLabel", SKOS + "notation")
_DESCRIPTIONS: Final = (
    *(DCTERMS + "description", SKOS + "definition"),
    *(RDFS + "comment", SCHEMA + "description"),
)
_ACRONYMS: Final = (HS + "acronym",)
_CODES: Final = (SKOS + "notation",)
_WITH_CONTEXT: Final = ("project", "place")
_PARTS: Final = HS + "includes"
_TYPE: Final = RDF + "type"
_SUBPROPERTY: Final = NamedNode(RDFS + "subPropertyOf")

Entry = tuple[int, str, str, str, str, str, str, str, int, str]
Names = list[tuple[str, int, int]]


@dataclass(frozen=True)
class _Told:
    """What is said of one thing: its classes, and its literals by property, the best first."""

    types: list[str]
    literals: dict[str, list[str]]
    links: list[tuple[str, str]]

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> _Told:
        types, links = list[str](), list[tuple[str, str]]()
        literals: dict[str, list[tuple[bool, bool, str, str]]] = {}
        for quad in quads:
            predicate, value = quad.predicate.value, quad.object
            if isinstance(value, Literal):
                ranked = (*_language_order(value), value.value)
                literals.setdefault(predicate, []).append(ranked)
            elif isinstance(value, NamedNode):
                if predicate == _TYPE:
                    types.append(value.value)
                else:
                    links.append((predicate, value.value))
        ordered = {name: [v for *_, v in sorted(found)] for name, found in literals.items()}
        return cls(types, ordered, links)

    def texts(self, predicates: Iterable[str]) -> list[str]:
        """The literals of some properties: by property, English first, then without language."""
        return [text for predicate in predicates for text in self.literals.get(predicate, ())]


class Writer:
    """Writes the rows of things; keeps the names of those that many others have to do with."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._name_properties = _with_subproperties(store, (*NAMING, *_NAMES))
        self._code_properties = _with_subproperties(store, _CODES)
        self._called: dict[str, str] = {}

    def write(
        self, database: sqlite3.Connection, things: list[tuple[str, int, str]], first: int
    ) -> None:
        """Write the rows of some things, whose ids start with `first`."""
        entries: list[Entry] = []
        names: Names = []
        texts: list[tuple[int, str, str, str, str]] = []
        for number, (kind, links, iri) in enumerate(things, start=first):
            told = self._told(iri)
            entry = self._entry(number, kind, links, iri, told)
            entries.append(entry)
            names += self._names(number, entry[4], told)
            context = self._context(told) if kind in _WITH_CONTEXT else ""
            label, others = fold(entry[4]), fold(entry[5])
            texts.append((number, label, others, fold(entry[7]), context))
        database.executemany(INSERT, entries)
        database.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?)", sorted(names))
        insert = "INSERT INTO text(rowid, label, names, description, context)"
        database.executemany(f"{insert} VALUES (?, ?, ?, ?, ?)", texts)

    def _entry(self, number: int, kind: str, links: int, iri: str, told: _Told) -> Entry:
        label = told.texts(NAMING)[0]
        names = dict.fromkeys(n for n in told.texts(self._name_properties) if n != label)
        acronyms = dict.fromkeys(told.texts(_ACRONYMS))
        description = next(iter(told.texts(_DESCRIPTIONS)), "")
        type_ = min(told.types, key=lambda each: f"{each}>", default="")
        listed = "\n".join(names)
        folded = "\n".join(" ".join(words(name)) for name in (label, *names))
        short = "\n".join(acronyms)
        return (number, iri, kind, type_, label, listed, short, description, links, folded)

    def _names(self, number: int, label: str, told: _Told) -> Names:
        codes = {*told.texts(self._code_properties)}
        acronyms = {*told.texts(_ACRONYMS)}
        ways = {label: LABEL}
        for name in told.texts(self._name_properties):
            way = ACRONYM if name in acronyms else CODE if name in codes else OTHER
            ways.setdefault(name, way)
        return [(" ".join(words(name))[:_LONGEST_NAME], number, way) for name, way in ways.items()]

    def _context(self, told: _Told) -> str:
        """The names of what a thing points to, and of what its parts are and point to."""
        found: dict[str, None] = {}
        for predicate, value in sorted(told.links):
            if predicate != _PARTS:
                found[self._name(value)] = None
                continue
            part = self._told(value)
            found[_called(part)] = None
            found |= dict.fromkeys(self._name(inner) for _, inner in sorted(part.links))
        return "\n".join(found)

    def _name(self, iri: str) -> str:
        if not iri.startswith((ID, VOCAB)):
            return ""
        known = self._called.get(iri)
        if known is None:
            if len(self._called) > _MOST_KEPT:
                self._called.clear()
            known = self._called[iri] = _called(self._told(iri))
        return known

    def _told(self, iri: str) -> _Told:
        return _Told.of(self._store.quads_for_pattern(NamedNode(iri), None, None, None))


def _called(told: _Told) -> str:
    return fold("\n".join(told.texts((*NAMING, *_NAMES[:2], *_ACRONYMS))))


def _language_order(literal: Literal) -> tuple[bool, bool, str]:
    language = literal.language or ""
    return (language.partition("-")[0] != "en", language != "", language)


def _with_subproperties(store: Store, properties: tuple[str, ...]) -> tuple[str, ...]:
    found = list(properties)
    for known in found:
        below = store.quads_for_pattern(None, _SUBPROPERTY, NamedNode(known), None)
        names = {quad.subject.value for quad in below if isinstance(quad.subject, NamedNode)}
        found += sorted(names - set(found))
    return tuple(found)
