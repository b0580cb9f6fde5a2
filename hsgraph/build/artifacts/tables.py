"""One table for each class, as CSV (RFC 4180) described by CSVW, for those who work with tables.

A row is a thing, a column a property (see `hsgraph.build.quads.columns`). The description names the
separator of several values in a cell, the datatypes and what each column means.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import Store

from hsgraph.build.artifacts.dumps import pack
from hsgraph.build.quads.columns import Column, Columns, tabled
from hsgraph.build.quads.nquads import Names, language, things, value, written
from hsgraph.build.quads.sorting import sorted_lines
from hsgraph.build.snapshot import Download
from hsgraph.literals import no_formula
from hsgraph.namespaces import DATASET, RDF, WIDER, XSD

FOLDER: Final = "tables"
MEDIA_TYPE: Final = "text/csv"
_CONTEXT: Final = "http://www.w3.org/ns/csvw"
_TYPE: Final = RDF + "type"
_NATIVE: Final = frozenset(
    ("date", "dateTime", "decimal", "integer", "boolean", "string", "anyURI", "gYear", "double")
)
"""The XML Schema datatypes that CSVW calls by the same names."""
_BETWEEN: Final = b"\0"
"""Sorts before everything that an IRI holds."""

Tables = dict[str, list[Column]]


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


def _rows(data: Path, names: Names, of_class: Tables) -> Iterator[bytes]:
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
    with io.TextIOWrapper(output, "utf-8", newline="") as text:
        writer = csv.writer(text, dialect="excel", lineterminator="\r\n")
        writer.writerow(["iri", *(column.name for column in columns)])
        for line in rows:
            _, iri, cells = line.split(_BETWEEN, 2)
            writer.writerow([iri.decode(), *map(no_formula, json.loads(cells))])


def _described(url: str, kind: str, columns: list[Column], names: Names) -> dict[str, Any]:
    iri = {"name": "iri", "titles": "iri", "datatype": "anyURI", "required": True}
    kind_of = {"name": "type", "virtual": True, "propertyUrl": _TYPE, "valueUrl": kind}
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
