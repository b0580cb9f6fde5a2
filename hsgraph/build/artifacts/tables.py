"""One table for each class, as CSV (RFC 4180) described by CSVW, for those who work with tables.

A row is a thing, a column a property; first the columns of each table are learned from one thing
after another. They stand in the order of the class's shape; one of links has another beside it with
the labels. Several values stand in one cell, parted by a separator that occurs in none of them. The
description names the separators, the datatypes and what each column means.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import Store

from hsgraph.build.artifacts.dumps import pack
from hsgraph.build.quads.nquads import Names, Statement, datatype, language, things, value, written
from hsgraph.build.quads.sorting import sorted_lines
from hsgraph.build.queries import query, select
from hsgraph.build.snapshot import Download
from hsgraph.literals import no_formula, real
from hsgraph.namespaces import DATASET, ID, RDF, SKOS, VOCAB, WIDER, XSD

FOLDER: Final = "tables"
MEDIA_TYPE: Final = "text/csv"
_CONTEXT: Final = "http://www.w3.org/ns/csvw"
_NATIVE: Final = frozenset(
    ("date", "dateTime", "decimal", "integer", "boolean", "string", "anyURI", "gYear", "double")
)
"""The XML Schema datatypes that CSVW calls by the same names."""
_BETWEEN: Final = b"\0"
"""Sorts before everything that an IRI holds."""
_AT_ONCE: Final = 1_000_000
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


def tables(data: Path, store: Store, folder: Path) -> tuple[list[Download], dict[str, Any]]:
    """Write a table for each class; give the files and the CSVW description of all.

    The data are those of a store with what follows by rules in wider terms, which is left out.
    """
    names = Names.of(data, without=WIDER)
    columns = Columns(names, store)
    for subject, statements in things(data, without=WIDER):
        columns.add(subject, statements)
    files = {kind: name for name, kind in _names(value(kind) for kind in columns.rows)}
    of_class = {written(kind): columns.of(written(kind)) for kind in files}
    downloads, described = [], []
    with sorted_lines(_rows(data, names, of_class), folder) as rows:
        for found, lines in groupby(rows, key=lambda line: line.partition(_BETWEEN)[0]):
            kind = found.decode()
            name, table = files[kind], of_class[written(kind)]
            count = columns.rows[written(kind)]
            write = partial(_write, lines, table)
            downloads.append(pack(folder, f"{FOLDER}/{name}.csv", write, MEDIA_TYPE, count))
            described.append(_described(f"{name}.csv", kind, table, names))
    group = {"@context": [_CONTEXT, {"@language": "en"}], "dcterms:isPartOf": {"@id": DATASET}}
    return downloads, {**group, "tables": described}


def _names(kinds: Iterable[str]) -> Iterator[tuple[str, str]]:
    """A name for each class: its local name in lower case with hyphens, made unique."""
    taken: set[str] = set()
    for kind in sorted(kinds):
        local = re.split(r"[#/]", kind.rstrip("#/"))[-1]
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", local).lower()
        name = re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "thing"
        while name in taken:
            name += "-other"
        taken.add(name)
        yield name, kind


def _rows(data: Path, names: Names, of_class: dict[str, list[Column]]) -> Iterator[bytes]:
    """Lines of class, IRI and cells (JSON), to be sorted."""
    starts = {kind: value(kind).encode() + _BETWEEN for kind in of_class}
    for subject, statements in things(data, without=WIDER):
        kinds = tabled(subject, names)
        if not kinds:
            continue
        by_property: dict[str, list[str]] = {}
        for predicate, term in statements:
            by_property.setdefault(predicate, []).append(term)
        for kind in kinds:
            cells = [
                _cell(by_property[column.predicate], column, names)
                if column.predicate in by_property
                else ""
                for column in of_class[kind]
            ]
            yield starts[kind] + f"{value(subject)}\0{json.dumps(cells)}\n".encode()


def _cell(terms: list[str], column: Column, names: Names) -> str:
    if column.labels:
        called = [names.preferred.get(t) or value(t) for t in terms if t[0] != '"']
        return column.separator.join(called)
    return column.separator.join([value(t) for t in terms if language(t) == column.language])


def _write(rows: Iterable[bytes], columns: list[Column], output: IO[bytes]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, dialect="excel", lineterminator="\r\n")
    writer.writerow(["iri", *(column.name for column in columns)])
    for line in rows:
        _, iri, cells = line.split(_BETWEEN, 2)
        writer.writerow([iri.decode(), *map(no_formula, json.loads(cells))])
        if text.tell() > _AT_ONCE:
            output.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
    output.write(text.getvalue().encode())


def _described(url: str, kind: str, columns: list[Column], names: Names) -> dict[str, Any]:
    iri = {"name": "iri", "titles": "iri", "datatype": "anyURI", "required": True}
    kind_of = {"name": "type", "virtual": True, "propertyUrl": RDF + "type", "valueUrl": kind}
    return {
        "url": url,
        "dcterms:title": names.title(written(kind)) or url,
        "dcterms:subject": {"@id": kind},
        "tableSchema": {
            "aboutUrl": "{+iri}",
            "primaryKey": "iri",
            "columns": [
                {**iri, "suppressOutput": True},
                *(_column(column) for column in columns),
                kind_of,
            ],
        },
    }


def _column(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "titles": column.name}
    found["dcterms:title"] = column.title
    if column.labels:
        found["suppressOutput"] = True
    else:
        found["propertyUrl"] = column.iri()
    if column.language:
        found["lang"] = column.language
    if column.links:
        found |= {"datatype": "anyURI", "valueUrl": f"{{+{column.name}}}"}
    elif len(column.datatypes) == 1:
        (iri,) = column.datatypes
        local = iri.removeprefix(XSD)
        found["datatype"] = local if local in _NATIVE else {"@id": iri, "base": "string"}
    if column.separator:
        found["separator"] = column.separator
    return found
