"""Learns what columns the table of each class needs, from one thing after another.

Columns stand in the order of the class's shape. A column of links has another beside it with the
labels. Several values stand in one cell, parted by a separator that occurs in none of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final

from pyoxigraph import Store

from hsgraph.build.quads.nquads import Names, Statement, datatype, language, value, written
from hsgraph.build.queries import query, select
from hsgraph.literals import real
from hsgraph.namespaces import ID, RDF, SKOS, VOCAB

_BAR: Final = "|"
_SEPARATORS: Final = (_BAR, " | ", " || ", "\n")
_TABLED: Final = (f"<{ID}", f"<{VOCAB}")
_TYPE: Final = written(RDF + "type")
_AT_THE_END: Final = 1_000_000


@dataclass
class Column:
    """One column: a property, perhaps in one language; `labels` is the one beside a link.

    `most` is the highest number of values of one thing; `held` are the separators that occur in
    values, `held_by_labels` those that occur in the labels of links.
    """

    predicate: str
    language: str = ""
    name: str = ""
    title: str = ""
    links: bool = False
    labels: bool = False
    datatypes: set[str] = field(default_factory=set)
    most: int = 0
    held: set[str] = field(default_factory=set)
    held_by_labels: set[str] = field(default_factory=set)
    separator: str = ""

    def iri(self) -> str:
        return value(self.predicate)

    def add(self, term: str, names: Names) -> None:
        """Learn from one value."""
        if term[0] == '"':
            if not self.language:
                self.datatypes.add(datatype(term))
        else:
            self.links = True
            if _BAR in (label := names.preferred.get(term, "")):
                self.held_by_labels.update(each for each in _SEPARATORS if each in label)
        if _BAR in term:
            self.held.update(each for each in _SEPARATORS if each in value(term))


class Columns:
    """The columns of all tables, and how many rows each has; the shapes are those of a store."""

    def __init__(self, names: Names, store: Store) -> None:
        self._names = names
        self._store = store
        self._found: dict[str, dict[tuple[str, str], Column]] = defaultdict(dict)
        self.rows: dict[str, int] = defaultdict(int)

    def add(self, subject: str, statements: list[Statement]) -> None:
        """Learn from a thing with all its statements."""
        for kind in tabled(subject, self._names):
            self.rows[kind] += 1
            columns = self._found[kind]
            for predicate, same in groupby(statements, key=itemgetter(0)):
                if predicate != _TYPE:
                    self._widen(columns, predicate, [term for _, term in same])

    def of(self, kind: str) -> list[Column]:
        """The columns of the table of a class, when everything is added."""
        found = self._found[kind]
        rows = select(self._store, query("expected"), thing=value(kind))
        order = {row["property"]: real(row.get("order", ""), _AT_THE_END) for row in rows}
        order[SKOS + "prefLabel"] = -1.0
        ranked = sorted(
            found.values(), key=lambda c: (order.get(c.iri(), _AT_THE_END), c.iri(), c.language)
        )
        several = {name for name, _ in found if sum(key[0] == name for key in found) > 1}
        columns: list[Column] = []
        for column in ranked:
            _name(column, columns, self._names, column.predicate in several)
            columns.append(column)
            if column.most > 1:
                column.separator = _separator(column.held)
            if column.links:
                beside = Column(column.predicate, labels=True, name=f"{column.name}_label")
                beside.title = f"{column.title} (label)"
                if column.most > 1:
                    beside.separator = _separator(column.held_by_labels)
                columns.append(beside)
        return columns

    def _widen(
        self, columns: dict[tuple[str, str], Column], predicate: str, terms: list[str]
    ) -> None:
        counts: dict[str, int] = {}
        for term in terms:
            spoken = language(term)
            column = columns.get((predicate, spoken))
            if column is None:
                column = columns[predicate, spoken] = Column(predicate, spoken)
            column.add(term, self._names)
            counts[spoken] = counts.get(spoken, 0) + 1
        for spoken, count in counts.items():
            column = columns[predicate, spoken]
            column.most = max(column.most, count)


def tabled(subject: str, names: Names) -> tuple[str, ...]:
    """The classes in whose tables a thing has a row."""
    return names.kinds.get(subject, ()) if subject.startswith(_TABLED) else ()


def _name(column: Column, before: list[Column], names: Names, by_language: bool) -> None:
    local = re.split(r"[#/]", column.iri())[-1]
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", local).lower()
    if by_language and column.language:
        name += "_" + column.language.replace("-", "_")
    while name in {"iri", *(each.name for each in before)}:
        name += "_"
    column.name = name
    column.title = names.title(column.predicate) or name.replace("_", " ")


def _separator(held: set[str]) -> str:
    return next((each for each in _SEPARATORS if each not in held), _SEPARATORS[-1])
