"""Writes the full-text index: one SQLite file with a row for every thing that has a label.

Tables, for those who search:

thing(id, iri, kind, type, label, names, description, links)
    `kind`: the segment of our IRIs (`project`, `place`, …), `concept`, `scheme`, `graph`, else
    `thing`; `type`: IRI of its class or ''; `names`: other names and codes, one a line;
    `links`: how many triples point to it; ids follow the order of IRIs.
text(label, names, description)
    FTS5 over `thing`, words without accents (unicode61, remove_diacritics 2), prefixes of one to
    four letters; `bm25(text, 10, 5, 1)` weighs the fields.
word(term, doc, cnt)
    FTS5 vocabulary of `text`: every word with the number of things that have it.
trigram(name)
    FTS5 trigrams over `fold(label + names)`, for typing errors; its rowid is `thing.id`.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from hsgraph.build.read import Progress
from hsgraph.namespaces import DCTERMS, FOAF, GRAPH, ID, RDF, RDFS, SCHEMA, SKOS, VOCAB

_SCHEMA: Final = """
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, type TEXT NOT NULL,
  label TEXT NOT NULL, names TEXT NOT NULL, description TEXT NOT NULL, links INTEGER NOT NULL
);
CREATE VIRTUAL TABLE text USING fts5 (
  label, names, description, content = 'thing', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4'
);
CREATE VIRTUAL TABLE word USING fts5vocab (text, row);
CREATE VIRTUAL TABLE trigram USING fts5 (name, content = '', tokenize = 'trigram');
"""
_FINISH: Final = """
INSERT INTO text(text) VALUES ('optimize');
INSERT INTO trigram(trigram) VALUES ('optimize');
CREATE INDEX thing_kind ON thing(kind);
"""
_BATCH: Final = 10_000
_VERSION_OFFSET: Final = 96
_LABELS: Final = tuple(
    NamedNode(iri)
    for iri in (
        SKOS + "prefLabel",
        RDFS + "label",
        DCTERMS + "title",
        FOAF + "name",
        SCHEMA + "name",
    )
)
_NAMES: Final = tuple(
    NamedNode(iri) for iri in (SKOS + "altLabel", SKOS + "hiddenLabel", SKOS + "notation")
)
_DESCRIPTIONS: Final = tuple(
    NamedNode(iri)
    for iri in (
        DCTERMS + "description",
        SKOS + "definition",
        RDFS + "comment",
        SCHEMA + "description",
    )
)
_TYPE: Final = NamedNode(RDF + "type")
_SUBPROPERTY: Final = NamedNode(RDFS + "subPropertyOf")
_CONCEPT_SCHEME: Final = SKOS + "ConceptScheme"
_ONTOLOGY: Final = GRAPH + "ontology/"
_VOCABULARIES: Final = _ONTOLOGY + "vocab/"

Entry = tuple[int, str, str, str, str, str, str, int]


def fold(text: str) -> str:
    """Text without accents and case, as `trigram` holds it."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def index(store: Store, path: Path, progress: Progress | None = None) -> int:
    """Write the index of a store to a new file; give the number of things in it."""
    things = sorted(_labelled(store))
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_SCHEMA)
        for start in range(0, len(things), _BATCH):
            batch = things[start : start + _BATCH]
            _insert(database, list(_entries(store, batch, start + 1)))
            if progress:
                progress("index", start + len(batch), len(things))
        database.commit()
        database.executescript(_FINISH)
        database.execute("VACUUM")
    _forget_library_version(path)
    return len(things)


def _insert(database: sqlite3.Connection, entries: list[Entry]) -> None:
    database.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entries)
    database.executemany(
        "INSERT INTO text(rowid, label, names, description) VALUES (?, ?, ?, ?)",
        ((entry[0], *entry[4:7]) for entry in entries),
    )
    database.executemany(
        "INSERT INTO trigram(rowid, name) VALUES (?, ?)",
        ((entry[0], fold(f"{entry[4]}\n{entry[5]}")) for entry in entries),
    )


def _labelled(store: Store) -> set[str]:
    """The IRIs with a label, those of the ontology's own terms, shapes and rules left out."""
    found: set[str] = set()
    for predicate in _LABELS:
        for quad in store.quads_for_pattern(None, predicate, None, None):
            graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
            term = graph.startswith(_ONTOLOGY) and not graph.startswith(_VOCABULARIES)
            if isinstance(quad.subject, NamedNode) and not term:
                found.add(quad.subject.value)
    return found


def _entries(store: Store, things: Iterable[str], first: int) -> Iterator[Entry]:
    name_properties = _with_subproperties(store, (*_LABELS, *_NAMES))
    for number, iri in enumerate(things, start=first):
        node = NamedNode(iri)
        quads = sorted(store.quads_for_pattern(node, None, None, None), key=str)
        labels = _texts(quads, _LABELS)
        names = dict.fromkeys(text for text in _texts(quads, name_properties) if text != labels[0])
        description = next(iter(_texts(quads, _DESCRIPTIONS)), "")
        classes = [quad.object for quad in quads if quad.predicate == _TYPE]
        types = [node.value for node in classes if isinstance(node, NamedNode)]
        links = sum(1 for _ in store.quads_for_pattern(None, None, node, None))
        type_ = types[0] if types else ""
        kind = _kind(iri, types)
        yield (number, iri, kind, type_, labels[0], "\n".join(names), description, links)


def _texts(quads: list[Quad], predicates: tuple[NamedNode, ...]) -> list[str]:
    """The literals of some properties: by property, English first, then without language."""
    literals = [
        (predicates.index(quad.predicate), _language_order(quad.object), quad.object.value)
        for quad in quads
        if quad.predicate in predicates and isinstance(quad.object, Literal)
    ]
    return [text for *_, text in sorted(literals)]


def _language_order(literal: Literal) -> tuple[bool, bool, str]:
    language = literal.language or ""
    return (language.partition("-")[0] != "en", language != "", language)


def _with_subproperties(store: Store, properties: tuple[NamedNode, ...]) -> tuple[NamedNode, ...]:
    found = list(properties)
    for known in found:
        below = store.quads_for_pattern(None, _SUBPROPERTY, known, None)
        names = {quad.subject.value for quad in below if isinstance(quad.subject, NamedNode)}
        found += [NamedNode(name) for name in sorted(names) if NamedNode(name) not in found]
    return tuple(found)


def _kind(iri: str, types: list[str]) -> str:
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
