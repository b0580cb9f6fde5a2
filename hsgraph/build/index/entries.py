"""The rows of the full-text index, from what is said of each thing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from hsgraph import namespaces as ns
from hsgraph.build.index.words import fold, indexed, words
from hsgraph.build.queries import select, with_those_below
from hsgraph.literals import has_sign, plain

LABEL, ACRONYM, OTHER, CODE = range(4)
"""The ways of the table `name`."""
_MOST_KEPT: Final = 10_000
_LONGEST_NAME: Final = 200
_LONGEST_CONTEXT: Final = 20_000
_MOST_NODES: Final = 100
_PARTS_OF_NAME: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+|[0-9]+")
_ACRONYMS: Final = (ns.HS + "acronym",)
_WITH_CONTEXT: Final = ("project", "place")
_PARTS: Final = ns.HS + "includes"
_TYPE: Final = ns.RDF + "type"
_ABOUT_STATEMENTS: Final = (
    (NamedNode(ns.OWL + "annotatedSource"), ns.OWL + "annotatedTarget"),
    (NamedNode(ns.RDF + "subject"), ns.RDF + "object"),
)


class Entry(NamedTuple):
    """A row of the table `thing`."""

    number: int
    iri: str
    kind: str
    label: str
    others: str
    description: str
    links: int
    folded: str


Names = list[tuple[str, int, int]]


@dataclass(frozen=True)
class _Description:
    """What is said of one thing: its literals by property, the best first, and what it points to.

    `links` leave out its classes. `nodes` are those without an IRI that it points to, `identifiers`
    those of either kind.
    """

    literals: dict[str, list[str]]
    links: list[tuple[str, str]]
    nodes: list[BlankNode]
    identifiers: list[NamedNode | BlankNode]

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> _Description:
        links, nodes = list[tuple[str, str]](), list[BlankNode]()
        identifiers = list[NamedNode | BlankNode]()
        literals: dict[str, list[tuple[bool, bool, str, str]]] = {}
        for quad in quads:
            predicate, value = quad.predicate.value, quad.object
            if isinstance(value, Literal):
                text = plain(value.value, value.datatype.value)
                if has_sign(text):
                    language = value.language or ""
                    order = (language.partition("-")[0] != "en", language != "", language, text)
                    literals.setdefault(predicate, []).append(order)
            elif isinstance(value, NamedNode):
                if predicate != _TYPE:
                    links.append((predicate, value.value))
            elif isinstance(value, BlankNode):
                nodes.append(value)
            if predicate in ns.IDENTIFIED and isinstance(value, NamedNode | BlankNode):
                identifiers.append(value)
        ordered = {name: [v for *_, v in sorted(found)] for name, found in literals.items()}
        return cls(ordered, links, nodes, identifiers)

    def texts(self, predicates: Iterable[str]) -> list[str]:
        """The literals of some properties: by property, English first, then without language."""
        return [text for predicate in predicates for text in self.literals.get(predicate, ())]


class Writer:
    """Writes the rows of things; keeps the names of those that many others have to do with."""

    def __init__(self, store: Store) -> None:
        self._store = store
        below = partial(with_those_below, partial(select, store))
        self._name_properties = below((*ns.NAMING, *ns.OTHER_NAMES, *ns.CODES))
        self._code_properties = below(ns.CODES)
        self._codes_of_identifiers = below(ns.CODES_OF_IDENTIFIERS)
        self._name: Callable[[str], str] = lru_cache(_MOST_KEPT)(self._called_by)

    def write(
        self, database: sqlite3.Connection, things: list[tuple[str, int, str]], first: int
    ) -> None:
        """Write the rows of some things, whose ids start with `first`."""
        entries: list[Entry] = []
        names: Names = []
        texts: list[tuple[int, str, str, str, str]] = []
        for number, (kind, links, iri) in enumerate(things, start=first):
            told = self._described(NamedNode(iri))
            entry = self._entry(number, kind, links, iri, told)
            entries.append(entry)
            names += self._names(number, entry, told)
            context = self._context(told) if kind in _WITH_CONTEXT else ""
            if not iri.startswith(ns.BASE):
                context = self._all_of_it(told, self._remarks_on(NamedNode(iri)))
            label, others = indexed(entry.label), indexed(entry.others)
            texts.append((number, label, others, indexed(entry.description), context))
        database.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entries)
        database.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?)", sorted(names))
        insert = "INSERT INTO text(rowid, label, names, description, context)"
        database.executemany(f"{insert} VALUES (?, ?, ?, ?, ?)", texts)

    def _entry(self, number: int, kind: str, links: int, iri: str, told: _Description) -> Entry:
        label = next(iter(told.texts(ns.NAMING)), ns.local_name(iri))
        others = [*told.texts(self._name_properties), *self._codes(told)]
        if not iri.startswith(ns.BASE):
            others += [ns.local_name(iri), " ".join(_PARTS_OF_NAME.findall(ns.local_name(iri)))]
        names = dict.fromkeys(name for name in others if name and name != label)
        description = next(iter(told.texts(ns.DESCRIPTIONS)), "")
        listed = "\n".join(names)
        folded = "\n".join(" ".join(words(name)) for name in (label, *names))
        return Entry(number, iri, kind, label, listed, description, links, folded)

    def _names(self, number: int, entry: Entry, told: _Description) -> Names:
        codes = {*self._codes(told)}
        acronyms = {*told.texts(_ACRONYMS)}
        ways = {entry.label: LABEL}
        for name in filter(None, entry.others.split("\n")):
            way = ACRONYM if name in acronyms else CODE if name in codes else OTHER
            ways.setdefault(name, way)
        same = (value for predicate, value in told.links if predicate in ns.SAME)
        ways = dict.fromkeys(same, CODE) | ways
        return [(" ".join(words(name))[:_LONGEST_NAME], number, way) for name, way in ways.items()]

    def _codes(self, told: _Description) -> list[str]:
        """The codes of a thing, and those of its identifiers."""
        identifiers = map(self._described, told.identifiers)
        codes = (code for each in identifiers for code in each.texts(self._codes_of_identifiers))
        return [*told.texts(self._code_properties), *codes]

    def _context(self, told: _Description) -> str:
        """The names of what a thing points to, and of what its parts are and point to."""
        found: dict[str, None] = {}
        for predicate, value in sorted(told.links):
            if predicate != _PARTS:
                found[self._name(value)] = None
                continue
            part = self._described(NamedNode(value))
            found[_called(part)] = None
            found |= dict.fromkeys(self._name(inner) for _, inner in sorted(part.links))
        return "\n".join(found)

    def _called_by(self, iri: str) -> str:
        ours = iri.startswith((ns.ID, ns.VOCAB))
        return _called(self._described(NamedNode(iri))) if ours else ""

    def _remarks_on(self, thing: NamedNode) -> list[str]:
        """The texts of nodes without an IRI that say something of a statement about a thing."""
        return [
            text
            for source, target in _ABOUT_STATEMENTS
            for quad in self._store.quads_for_pattern(None, source, thing, None)
            if isinstance(quad.subject, BlankNode)
            for predicate, found in self._described(quad.subject).literals.items()
            if predicate != target
            for text in found
        ]

    def _all_of_it(self, told: _Description, remarks: list[str]) -> str:
        """All texts of a thing of others and of its nodes without an IRI, up to a length.

        Of what it points to that nothing more is said of, how its IRI ends: often a code.
        """
        texts, nodes, parts = list[str](), told.nodes[:_MOST_NODES], [told]
        for part in parts:
            texts += [text for found in part.literals.values() for text in found]
            for _, iri in part.links:
                if not any(self._store.quads_for_pattern(NamedNode(iri), None, None, None)):
                    texts.append(ns.local_name(iri))
            if len(parts) <= len(nodes):
                inner = self._described(nodes[len(parts) - 1])
                new = [each for each in inner.nodes if each not in nodes]
                nodes += new[: _MOST_NODES - len(nodes)]
                parts.append(inner)
        return indexed("\n".join(dict.fromkeys([*texts, *remarks]))[:_LONGEST_CONTEXT])

    def _described(self, node: NamedNode | BlankNode) -> _Description:
        return _Description.of(self._store.quads_for_pattern(node, None, None, None))


def _called(told: _Description) -> str:
    return fold("\n".join(told.texts((*ns.NAMING, *ns.OTHER_NAMES, *_ACRONYMS))))
