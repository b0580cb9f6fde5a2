"""One table for each class, as CSV (RFC 4180) described by CSVW, for those who work with tables.

A row is a thing, a column a property; columns stand in the order of the class's shape. A column of
links has another beside it with the labels. Several values stand in one cell, parted by a separator
that occurs in none of them; the description names it, the datatypes and what each column means.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from hsgraph.build.dumps import pack
from hsgraph.build.snapshot import Download
from hsgraph.namespaces import ID, RDF, RDFS, SH, SKOS, VOCAB, XSD

FOLDER: Final = "tables"
MEDIA_TYPE: Final = "text/csv"
_CONTEXT: Final = "http://www.w3.org/ns/csvw"
_SEPARATORS: Final = ("|", " | ", " || ", "\n")
_TYPE: Final = RDF + "type"
_NATIVE: Final = frozenset(
    ("date", "dateTime", "decimal", "integer", "boolean", "string", "anyURI", "gYear", "double")
)
"""The XML Schema datatypes that CSVW calls by the same names."""
_AT_THE_END: Final = 1_000_000

Properties = Mapping[str, list[Any]]


@dataclass
class _Column:
    """One column: a property, perhaps in one language; `labels` is the one beside a link."""

    property: str
    name: str
    title: str
    language: str = ""
    links: bool = False
    labels: bool = False
    datatypes: set[str] = field(default_factory=set)
    separator: str = ""


def tables(
    triples: Iterable[Triple], folder: Path, dataset: str
) -> tuple[list[Download], dict[str, Any]]:
    """Write a table for each class; give the files and the CSVW description of all."""
    things = _by_subject(triples)
    members: dict[str, list[str]] = defaultdict(list)
    for iri, properties in sorted(things.items()):
        if iri.startswith((ID, VOCAB)):
            for kind in properties.get(_TYPE, ()):
                if isinstance(kind, NamedNode):
                    members[kind.value].append(iri)
    orders = _orders(things)
    written, described = [], []
    for name, kind in _names(members):
        columns = _columns(members[kind], things, orders.get(kind, {}))
        rows = [_row(iri, things, columns) for iri in members[kind]]
        file = f"{FOLDER}/{name}.csv"
        content = _content(rows, columns)
        written.append(pack(folder, file, partial(_put, content), MEDIA_TYPE, len(rows)))
        described.append(_described(f"{name}.csv", kind, columns, things))
    group = {"@context": [_CONTEXT, {"@language": "en"}], "dcterms:isPartOf": {"@id": dataset}}
    return written, {**group, "tables": described}


def _by_subject(triples: Iterable[Triple]) -> dict[str, dict[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            properties = found.setdefault(triple.subject.value, {})
            properties.setdefault(triple.predicate.value, []).append(triple.object)
    return found


def _names(members: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """A name for each class: its local name in lower case with hyphens, made unique."""
    taken: set[str] = set()
    for kind in sorted(members):
        local = re.split(r"[#/]", kind.rstrip("#/"))[-1]
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", local).lower()
        name = re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "thing"
        while name in taken:
            name += "-other"
        taken.add(name)
        yield name, kind


def _orders(things: Mapping[str, Properties]) -> dict[str, dict[str, float]]:
    """For each class the order that its shapes give to properties."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for properties in things.values():
        for kind in properties.get(SH + "targetClass", ()):
            for shape in properties.get(SH + "property", ()):
                named = things.get(getattr(shape, "value", ""), {})
                for path in named.get(SH + "path", ()):
                    order = _first(named, SH + "order")
                    found[kind.value][path.value] = float(order) if order else _AT_THE_END
    return found


def _columns(
    members: list[str], things: Mapping[str, Properties], order: Mapping[str, float]
) -> list[_Column]:
    found: dict[tuple[str, str], _Column] = {}
    most: dict[tuple[str, str], int] = {}
    for iri in members:
        for name, values in things[iri].items():
            if name == _TYPE:
                continue
            counts: dict[tuple[str, str], int] = defaultdict(int)
            for value in values:
                key = (name, getattr(value, "language", None) or "")
                column = found.setdefault(key, _Column(name, "", "", key[1]))
                column.links = column.links or not isinstance(value, Literal)
                if isinstance(value, Literal) and not value.language:
                    column.datatypes.add(value.datatype.value)
                counts[key] += 1
            for key, count in counts.items():
                most[key] = max(most.get(key, 0), count)
    order = {**order, SKOS + "prefLabel": -1}
    ranked = sorted(found.items(), key=lambda item: (order.get(item[0][0], _AT_THE_END), item[0]))
    several = {name for name, _ in found if sum(key[0] == name for key in found) > 1}
    columns: list[_Column] = []
    for key, column in ranked:
        _name(column, columns, things, key[0] in several)
        columns.append(column)
        if column.links:
            beside = _Column(key[0], f"{column.name}_label", f"{column.title} (label)", labels=True)
            columns.append(beside)
        if most[key] > 1:
            for each in columns[-2:] if column.links else columns[-1:]:
                each.separator = _separator(members, things, each)
    return columns


def _name(
    column: _Column, before: list[_Column], things: Mapping[str, Properties], by_language: bool
) -> None:
    local = re.split(r"[#/]", column.property)[-1]
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", local).lower()
    if by_language and column.language:
        name += "_" + column.language.replace("-", "_")
    while name in {"iri", *(each.name for each in before)}:
        name += "_"
    column.name = name
    described = things.get(column.property, {})
    title = _first(described, RDFS + "label") or _first(described, SKOS + "prefLabel")
    column.title = title or name.replace("_", " ")


def _separator(members: list[str], things: Mapping[str, Properties], column: _Column) -> str:
    texts = [text for iri in members for text in _texts(things[iri], column, things)]
    return next((s for s in _SEPARATORS if not any(s in text for text in texts)), _SEPARATORS[-1])


def _row(iri: str, things: Mapping[str, Properties], columns: list[_Column]) -> list[str]:
    cells = [column.separator.join(_texts(things[iri], column, things)) for column in columns]
    return [iri, *cells]


def _texts(
    properties: Properties, column: _Column, things: Mapping[str, Properties]
) -> Iterator[str]:
    for value in properties.get(column.property, ()):
        if column.labels and not isinstance(value, Literal):
            yield _first(things.get(value.value, {}), SKOS + "prefLabel") or value.value
        elif not column.labels and (getattr(value, "language", None) or "") == column.language:
            yield value.value


def _content(rows: list[list[str]], columns: list[_Column]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, dialect="excel", lineterminator="\r\n")
    writer.writerow(["iri", *(column.name for column in columns)])
    writer.writerows(rows)
    return text.getvalue().encode()


def _put(content: bytes, output: IO[bytes]) -> int:
    return output.write(content)


def _described(
    url: str, kind: str, columns: list[_Column], things: Mapping[str, Properties]
) -> dict[str, Any]:
    about = things.get(kind, {})
    title = _first(about, RDFS + "label") or _first(about, SKOS + "prefLabel")
    iri = {"name": "iri", "titles": "iri", "datatype": "anyURI", "required": True}
    kind_of = {"name": "type", "virtual": True, "propertyUrl": _TYPE, "valueUrl": kind}
    return {
        "url": url,
        "dcterms:title": title or url,
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


def _column(column: _Column) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "titles": column.name}
    found["dcterms:title"] = column.title
    if column.labels:
        found["suppressOutput"] = True
    else:
        found["propertyUrl"] = column.property
    if column.language:
        found["lang"] = column.language
    if column.links:
        found |= {"datatype": "anyURI", "valueUrl": f"{{+{column.name}}}"}
    elif len(column.datatypes) == 1:
        found["datatype"] = _datatype(next(iter(column.datatypes)))
    if column.separator:
        found["separator"] = column.separator
    return found


def _datatype(iri: str) -> Any:
    local = iri.removeprefix(XSD)
    return local if local in _NATIVE else {"@id": iri, "base": "string"}


def _first(properties: Properties, name: str) -> str:
    """The English value of a property, else the first."""
    values = properties.get(name, ())
    english = (v.value for v in values if (getattr(v, "language", None) or "").startswith("en"))
    return next(english, values[0].value if values else "")
