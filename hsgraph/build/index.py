"""Writes the full-text index: one SQLite file with a row for every thing that people look for.

Tables, for those who search (`hsgraph.search`; those of `hsgraph.build.facets` and
`hsgraph.build.relations` stand beside them):

thing(id, iri, kind, type, label, names, acronyms, description, links, folded)
    `kind`: the segment of our IRIs (`project`, `place`, …), `concept`, `scheme`, else `thing`;
    `type`: IRI of its class or ''; `names`: other names and codes, one a line; `acronyms`: those
    of them that are; `links`: how many triples point to it; `folded`: the folded words of label
    and names, one name a line. Ids run by kind, those first that people look for most, then by
    `links`, the most first: what is read first of a long list is what matters most.
kind(kind, first, last)
    The ids of each kind.
name(folded, thing, way)
    The folded words of every label (way 0), acronym (1), other name (2) and code (3).
text(label, names, description, context)
    FTS5 of folded words and the columns they are in; its rowid is `thing.id`. `context` is what a
    thing has to do with: a programme's places, agencies, threats …, by name. What begins with some
    letters is found through `spelling`: a prefix query takes as long as all its words are common.
spelling(id, word, uses), trigram(word)
    The words of `text` with the number of things that have them, and FTS5 trigrams of each word
    between two `_`, for typing errors; its rowid is `spelling.id`.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from hsgraph.build.facets import write_facets
from hsgraph.build.read import Progress
from hsgraph.build.relations import write_relations
from hsgraph.namespaces import DCTERMS, GRAPH, HS, ID, NAMING, RDF, RDFS, SCHEMA, SKOS, VOCAB

TABLES: Final = """
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, type TEXT NOT NULL,
  label TEXT NOT NULL, names TEXT NOT NULL, acronyms TEXT NOT NULL, description TEXT NOT NULL,
  links INTEGER NOT NULL, folded TEXT NOT NULL
);
CREATE TABLE kind (kind TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE TABLE name (
  folded TEXT NOT NULL, thing INTEGER NOT NULL, way INTEGER NOT NULL,
  PRIMARY KEY (folded, thing)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (
  label, names, description, context, content = '',
  tokenize = 'unicode61 remove_diacritics 2', detail = column
);
CREATE TABLE spelling (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL);
CREATE VIRTUAL TABLE trigram USING fts5 (word, content = '', tokenize = 'trigram');
"""
INSERT: Final = "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
FINISH: Final = """
INSERT INTO text(text) VALUES ('optimize');
CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, text, row);
INSERT INTO spelling(word, uses) SELECT term, doc FROM temp.word WHERE length(term) > 2;
DROP TABLE temp.word;
INSERT INTO trigram(rowid, word) SELECT id, '_' || word || '_' FROM spelling;
INSERT INTO trigram(trigram) VALUES ('optimize');
"""
FIRST_KINDS: Final = ("project", "concept", "place", "organisation", "threat", "intervention")
"""The kinds that people look for most."""
_LEFT_OUT: Final = frozenset(
    (
        *("application", "budget", "change", "claim", "evidence", "graph", "identifier"),
        *("interlinkage", "participation", "selector", "target"),
    )
)
"""Kinds that nobody looks for by name, and that would drown the others."""
LABEL, ACRONYM, OTHER, CODE = range(4)
_WORD: Final = re.compile(r"[^\W_]+")
_BATCH: Final = 10_000
_LONGEST_NAME: Final = 200
_VERSION_OFFSET: Final = 96
_FLAT: Final = str.maketrans(
    {"ı": "i", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
)
"""Letters whose stroke or dot Unicode does not take for an accent."""


_NAMES: Final = (SKOS + "altLabel", SKOS + "hiddenLabel", SKOS + "notation")
_DESCRIPTIONS: Final = (
    *(DCTERMS + "description", SKOS + "definition"),
    *(RDFS + "comment", SCHEMA + "description"),
)
_ACRONYMS: Final = (HS + "acronym",)
_CODES: Final = (SKOS + "notation",)
_WITH_CONTEXT: Final = ("project", "place")
_PARTS: Final = HS + "includes"
_TYPE: Final = NamedNode(RDF + "type")
_SUBPROPERTY: Final = NamedNode(RDFS + "subPropertyOf")
_CONCEPT_SCHEME: Final = SKOS + "ConceptScheme"
_ONTOLOGY: Final = GRAPH + "ontology/"
_VOCABULARIES: Final = _ONTOLOGY + "vocab/"

Entry = tuple[int, str, str, str, str, str, str, str, int, str]
Names = list[tuple[str, int, int]]


def fold(text: str) -> str:
    """Text without accents, strokes and case, as the index holds it."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return bare.translate(_FLAT)


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(fold(text))


def index(store: Store, path: Path, progress: Progress | None = None) -> int:
    """Write the index of a store to a new file; give the number of things in it."""
    things = _ordered(store)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
        _write_kinds(database, [kind for kind, _, _ in things])
        writer = _Writer(store)
        for start in range(0, len(things), _BATCH):
            batch = things[start : start + _BATCH]
            writer.write(database, batch, start + 1)
            if progress:
                progress("index", start + len(batch), len(things))
        write_facets(store, database)
        write_relations(store, database)
        database.commit()
        database.executescript(FINISH)
        database.execute("VACUUM")
    _forget_library_version(path)
    return len(things)


def _ordered(store: Store) -> list[tuple[str, int, str]]:
    """Kind, number of links and IRI of all things, in the order of their ids."""
    things = []
    for iri in _labelled(store):
        node = NamedNode(iri)
        types = [quad.object for quad in store.quads_for_pattern(node, _TYPE, None, None)]
        kind = _kind(iri, [term.value for term in types if isinstance(term, NamedNode)])
        if kind not in _LEFT_OUT:
            links = sum(1 for _ in store.quads_for_pattern(None, None, node, None))
            things.append((kind, links, iri))
    return sorted(things, key=lambda thing: (*_place(thing[0]), -thing[1], thing[2]))


def _place(kind: str) -> tuple[int, str]:
    return (FIRST_KINDS.index(kind) if kind in FIRST_KINDS else len(FIRST_KINDS), kind)


def _write_kinds(database: sqlite3.Connection, kinds: list[str]) -> None:
    first = 1
    for kind, group in groupby(kinds):
        last = first + sum(1 for _ in group) - 1
        database.execute("INSERT INTO kind VALUES (?, ?, ?)", (kind, first, last))
        first = last + 1


def _labelled(store: Store) -> set[str]:
    """The IRIs with a label, those of the ontology's own terms, shapes and rules left out."""
    found: set[str] = set()
    for predicate in NAMING:
        for quad in store.quads_for_pattern(None, NamedNode(predicate), None, None):
            graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
            term = graph.startswith(_ONTOLOGY) and not graph.startswith(_VOCABULARIES)
            if isinstance(quad.subject, NamedNode) and not term:
                found.add(quad.subject.value)
    return found


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
                if predicate == _TYPE.value:
                    types.append(value.value)
                else:
                    links.append((predicate, value.value))
        ordered = {name: [v for *_, v in sorted(found)] for name, found in literals.items()}
        return cls(types, ordered, links)

    def texts(self, predicates: Iterable[str]) -> list[str]:
        """The literals of some properties: by property, English first, then without language."""
        return [text for predicate in predicates for text in self.literals.get(predicate, ())]


class _Writer:
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
            if len(self._called) > _BATCH:
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


def _kind(iri: str, types: Iterable[str]) -> str:
    if iri.startswith(ID):
        return iri[len(ID) :].partition("/")[0]
    if iri.startswith(VOCAB):
        return "scheme" if _CONCEPT_SCHEME in types else "concept"
    return "graph" if iri.startswith(GRAPH) else "thing"


def _forget_library_version(path: Path) -> None:
    """Clear the version of the SQLite library in the header (file format, 1.3.21): it only informs,
    and would make the file differ between machines."""
    with path.open("r+b") as file:
        file.seek(_VERSION_OFFSET)
        file.write(bytes(4))
