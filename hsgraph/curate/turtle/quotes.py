"""Looks for the quotations of a Turtle file in the document that they are from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Store

from hsgraph.build.read import source_text
from hsgraph.build.read.reader import expand
from hsgraph.build.read.scan import TurtleScan
from hsgraph.curate.reading.lines import Document
from hsgraph.errors import BadRequest, Place, UnknownEntity
from hsgraph.namespaces import HS, ID, OA

_HIDDEN: Final = re.compile("[\u00ad\u200b-\u200d\ufeff]")


@dataclass(frozen=True)
class Quoted:
    """A quotation, the line it stands in, and whether the document has it."""

    words: str
    line: int
    there: bool


def check_quotes(
    path: Path, document: Document, sources_file: Path, source: str | None = None
) -> list[Quoted]:
    """Every quotation of a file from a document, in the order of the file.

    The document's source is the one named, else the one with its file name, else the only one.
    """
    text = source_text.decode(path.read_bytes(), str(path))
    store = Store()
    try:
        store.load(text.encode(), RdfFormat.TURTLE, to_graph=NamedNode(path.absolute().as_uri()))
    except SyntaxError as error:
        raise source_text.syntax_error(error, str(path), text) from None
    statements = list(TurtleScan(text))
    locations = {each.subject: [Place(str(path), each.line)] for each in statements if each.subject}
    expand(store, locations)
    wanted = _source(store, document.name, sources_file, source)
    exact = {
        selector: words
        for evidence in _subjects(store, OA + "hasSource", wanted)
        for selector in _objects(store, evidence, OA + "hasSelector")
        for words in _objects(store, selector, OA + "exact")
    }
    printed = _plain(" ".join(line.text for line in document.lines))
    found = [
        Quoted(words, place.line or 0, _plain(words) in printed)
        for selector, words in exact.items()
        for place in locations.get(selector, [])
    ]
    return sorted(found, key=lambda quoted: quoted.line)


def _plain(text: str) -> str:
    """A text without line breaks, hidden marks and doubled spaces."""
    return " ".join(_HIDDEN.sub("", text).split())


def _source(store: Store, name: str, sources_file: Path, source: str | None) -> str:
    used = sorted(
        {_value(q.object) for q in store.quads_for_pattern(None, NamedNode(OA + "hasSource"), None)}
    )
    if source:
        iri = source if "://" in source else f"{ID}source/{source.removeprefix('source/')}"
        if iri in used:
            return iri
        raise UnknownEntity(
            f"No quotation is from {source}.", remedy="The sources are: " + _slugs(used)
        )
    named = Store()
    if sources_file.is_file():
        named.load(sources_file.read_bytes(), RdfFormat.TURTLE)
    for each in used:
        if any(name in _objects(held, each, HS + "fileName") for held in (store, named)):
            return each
    if len(used) == 1:
        return used[0]
    if not used:
        raise UnknownEntity("The file has no quotations.")
    raise BadRequest(
        f"It is not said which source {name} is.",
        remedy=f"Say --source SLUG, one of: {_slugs(used)}",
    )


def _slugs(iris: list[str]) -> str:
    return ", ".join(iri.rpartition("/")[2] for iri in iris)


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))


def _objects(store: Store, subject: str, predicate: str) -> list[str]:
    quads = store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None)
    return [_value(quad.object) for quad in quads]


def _subjects(store: Store, predicate: str, value: str) -> list[str]:
    quads = store.quads_for_pattern(None, NamedNode(predicate), NamedNode(value))
    return [_value(quad.subject) for quad in quads]
