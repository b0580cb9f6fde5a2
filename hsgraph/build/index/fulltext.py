"""Writes the full-text index: one SQLite file with a row for every thing that people look for.

`hsgraph/build/queries/fulltext.sql` tells those who search what is in the tables; those of
`hsgraph.build.index.facets` and `hsgraph.build.index.relations` stand beside them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Store

from hsgraph.build.index.entries import Writer
from hsgraph.build.index.facets import write_facets
from hsgraph.build.index.relations import write_relations
from hsgraph.build.queries import schema
from hsgraph.namespaces import BASE, GRAPH, HS, ID, KINDS, NAMING, RDF, SKOS, VOCAB
from hsgraph.progress import tell

FIRST_KINDS: Final = tuple(name for name, kind in KINDS.items() if kind.worth is not None)
"""The kinds that people look for most."""
_LEFT_OUT: Final = frozenset(name for name, kind in KINDS.items() if kind.unsearched)
_BATCH: Final = 10_000
_CACHE_KIB: Final = 200_000
"""The pages of a large index do not fit into SQLite's usual 2 MB, and each name goes to another."""
_RANGES: Final = (
    "INSERT INTO kind SELECT kind, MIN(id), MAX(id) FROM thing GROUP BY kind ORDER BY MIN(id)"
)
_VERSION_OFFSET: Final = 96
_TYPE: Final = NamedNode(RDF + "type")
_PROGRAMME: Final = NamedNode(HS + "Project")
_CONCEPT_SCHEME: Final = SKOS + "ConceptScheme"
_FILES: Final = GRAPH + "file/"
_ONTOLOGY: Final = GRAPH + "ontology/"
_VOCABULARIES: Final = _ONTOLOGY + "vocab/"


def index(store: Store, path: Path) -> int:
    """Write the index of a store to a new file; give the number of things in it."""
    things = _ordered(store)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        database.executescript(schema("fulltext"))
        writer = Writer(store)
        for start in range(0, len(things), _BATCH):
            batch = things[start : start + _BATCH]
            writer.write(database, batch, start + 1)
            tell("index", start + len(batch), len(things))
        database.execute(_RANGES)
        write_facets(store, database)
        write_relations(store, database)
        database.commit()
        database.executescript(schema("fulltext_finish"))
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


def _labelled(store: Store) -> set[str]:
    """The IRIs with a label, those of the ontology's own terms, shapes and rules left out.

    In data of others, which may name nothing, all things.
    """
    found: set[str] = set()
    for predicate in NAMING:
        for quad in store.quads_for_pattern(None, NamedNode(predicate), None, None):
            graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
            term = graph.startswith(_ONTOLOGY) and not graph.startswith(_VOCABULARIES)
            if isinstance(quad.subject, NamedNode) and not term:
                found.add(quad.subject.value)
    if not any(store.quads_for_pattern(None, _TYPE, _PROGRAMME, None)):
        found |= {q.subject.value for q in store if _of_others(q)}
    return found


def _of_others(quad: Quad) -> bool:
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
    named = isinstance(quad.subject, NamedNode) and not quad.subject.value.startswith(BASE)
    return named and (not graph.startswith(GRAPH) or graph.startswith(_FILES))


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
