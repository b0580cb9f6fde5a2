"""Reads RDF files: quads into a store, with the file and line of every subject kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from hsgraph.build.read import source_text
from hsgraph.build.read.contexts import unknown, with_contexts
from hsgraph.build.read.files import QUESTIONS, project_files, rdf_format, unfold
from hsgraph.build.read.scan import statement_about_line, subject_lines
from hsgraph.build.read.xml_text import declared_once, in_one_piece
from hsgraph.errors import Place, SourceError, raise_any
from hsgraph.namespaces import GRAPH, ID, RDF, XSD
from hsgraph.progress import tell
from hsgraph.questions import read_question, triples
from hsgraph.resources import queries

_EVIDENCE: Final = ID + "evidence/"
_SELECTOR: Final = ID + "selector/"
_WITHOUT_BLANK_NODES: Final = ("data/", "ontology/vocab/")
_LARGEST_BATCH: Final = 100_000
_XML: Final = RDF + "XMLLiteral"
_updates: Final = queries("hsgraph.build.read", "ru")


@dataclass(frozen=True)
class SourceFile:
    """A file as it was read: name as shown to people, digest of its bytes, IRI of its graph."""

    name: str
    sha256: str
    graph: str


@dataclass(frozen=True)
class Source:
    """What was read: every quad is in a named graph; `locations` leads from a subject to places.

    `written` has the values that the store keeps otherwise than the files write them, by subject,
    property and the term that is kept.
    """

    store: Store
    files: tuple[SourceFile, ...]
    locations: dict[str, list[Place]]
    prefixes: dict[str, str]
    root: Path | None = None
    written: dict[tuple[str, str, str], Literal] = field(default_factory=dict)

    @property
    def quads(self) -> Iterator[Quad]:
        return self.store.quads_for_pattern(None, None, None, None)


def read_project(root: Path) -> Source:
    """Read ontology/**/*.ttl and data/**/*.ttl, each file into a graph of its own.

    All of data/queries/, questions too, goes into the one graph `…/graph/queries`.
    Raises SourceError (SourceErrors for several files) with file, line, column and remedy.
    """
    named = []
    for path in project_files(root):
        name = path.relative_to(root).as_posix()
        in_queries = name.startswith(f"{QUESTIONS}/")
        graph = "queries" if in_queries else quote(name.removesuffix(".ttl"))
        named.append((path, name, GRAPH + graph))
    return _read(named, root)


def read_files(paths: Sequence[Path]) -> Source:
    """Read RDF files of any kind; folders stand for the RDF files in them.

    Named graphs are kept; triples outside one go to the graph `…/graph/file/{name}`.
    Raises SourceError as `read_project` does.
    """
    named: list[tuple[Path, str, str]] = []
    taken: set[str] = set()
    for path in unfold(paths):
        stem = quote(path.name.removesuffix(".gz").rpartition(".")[0] or path.name, safe="")
        graph, number = f"{GRAPH}file/{stem}", 1
        while graph in taken:
            number += 1
            graph = f"{GRAPH}file/{stem}-{number}"
        taken.add(graph)
        named.append((path, str(path), graph))
    return _read(named)


def _read(named: Sequence[tuple[Path, str, str]], root: Path | None = None) -> Source:
    source = Source(Store(), (), {}, {}, root)
    files, errors = [], []
    within = os.path.commonpath([path.resolve().parent for path, *_ in named]) if named else ""
    for number, (path, name, graph) in enumerate(named, start=1):
        try:
            base = "" if root else _base(path, within)
            files.append(_read_file(path, name, graph, source, base))
        except SourceError as error:
            errors.append(error)
        tell("read", number, len(named))
    raise_any(errors)
    if root:
        expand(source.store, source.locations)
    else:
        source.store.update(_updates("plain_labels"))
    return replace(source, files=tuple(files))


def expand(store: Store, locations: dict[str, list[Place]]) -> None:
    """Put in what the short forms of data/ leave out; what is added has the place of its origin."""
    store.update(_updates("shorthand"))
    for iri in [iri for iri in locations if iri.startswith(_EVIDENCE)]:
        selector = _SELECTOR + iri.removeprefix(_EVIDENCE)
        said = store.quads_for_pattern(NamedNode(selector), None, None)
        if selector not in locations and any(said):
            locations[selector] = locations[iri]


def _base(path: Path, within: str) -> str:
    """What relative IRIs in a file mean: its address as seen from the folder of all files.

    So it is the same on every machine, and tells nothing of the folders above.
    """
    return "file:///" + quote(path.resolve().relative_to(within).as_posix().removesuffix(".gz"))


def _read_file(path: Path, name: str, graph: str, source: Source, base: str) -> SourceFile:
    read = 0
    content = source_text.read_bytes(path, name)
    if source.root and path.suffix == ".rq":
        question = read_question(path, name)
        source.store.extend(
            Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph))
            for triple in triples(question)
        )
        source.locations.setdefault(question.iri, []).append(Place(name, 1))
        return SourceFile(name, hashlib.sha256(content).hexdigest(), graph)
    format = rdf_format(path, name)
    text = whole = source_text.decode(content, name, xml=format == RdfFormat.RDF_XML)
    if format == RdfFormat.RDF_XML:
        source_text.refuse_entities(text, name)
        source_text.refuse_deep(text, name)
        text = whole = in_one_piece(text)
    elif format == RdfFormat.JSON_LD:
        if source_text.ANNOTATION.search(text):
            raise source_text.about_statement(text, format, name)
        whole = with_contexts(text, name)
    elif text.count("<<") > source_text.DEEPEST and statement_about_line(text):
        raise source_text.about_statement(text, format, name)
    blank_nodes = not (source.root and name.startswith(_WITHOUT_BLANK_NODES))
    try:
        parser = parse(whole, format, base_iri=base or None)
        graphs: dict[BlankNode, NamedNode] = {}
        quads = _into_graph(parser, graph, base, graphs)
        while batch := list(islice(quads, _LARGEST_BATCH)):
            read += len(batch)
            ends = (end for quad in batch for end in (quad.subject, quad.object))
            if not blank_nodes and any(isinstance(end, BlankNode) for end in ends):
                raise source_text.blank_node(text, name)
            source.store.bulk_extend(batch)
            source.written.update(_rewritten(batch))
        _name_graphs(source, graphs)
    except SyntaxError as error:
        told = source_text.syntax_error(error, name, text)
        if "remote contexts" in told.message and (context := unknown(text)):
            said, place = f"The remote context {context[0]} is not known.", Place(name, context[1])
            told = SourceError(said, place=place, remedy=told.remedy)
        raise told from None
    except MemoryError:
        raise SourceError(
            "A text or a line is longer than 16 MB, which is more than can be read.",
            place=Place(name),
            remedy="Keep long texts in files of their own, and link them.",
        ) from None
    except _AboutStatement:
        raise source_text.about_statement(text, format, name) from None
    if not read and format == RdfFormat.JSON_LD:
        raise SourceError(
            "The file makes no statement that can be read.",
            place=Place(name, 1),
            remedy="Look at its @context: members that it does not name are passed over.",
        )
    if source.root and (wrong := source_text.other_namespace(parser.prefixes, text, name)):
        raise wrong
    for prefix, iri in parser.prefixes.items():
        source.prefixes.setdefault(prefix, iri)
    for subject, line in subject_lines(text, format, base):
        source.locations.setdefault(subject, []).append(Place(name, line))
    return SourceFile(name, hashlib.sha256(content).hexdigest(), graph)


def _rewritten(quads: Iterable[Quad]) -> Iterator[tuple[tuple[str, str, str], Literal]]:
    for quad in quads:
        value = quad.object
        if isinstance(value, Literal) and value.datatype.value.startswith(XSD):
            kept = as_stored(value)
            if kept != value:
                yield (str(quad.subject), quad.predicate.value, str(kept)), value


@lru_cache(maxsize=100_000)
def as_stored(value: Literal) -> Literal:
    """A value as the store gives it back."""
    if value.datatype.value == XSD + "string":
        return value
    node, store = NamedNode("urn:x"), Store()
    store.add(Quad(node, node, value))
    found = next(iter(store)).object
    return found if isinstance(found, Literal) else value


def _into_graph(
    quads: Iterable[Quad], graph: str, base: str, graphs: dict[BlankNode, NamedNode]
) -> Iterator[Quad]:
    """The quads with blank nodes named by file and order, and triples put into the graph.

    Graphs named by a blank node get an IRI in the file, which is noted in `graphs`.
    """
    graph_node = NamedNode(graph)
    stem = "b" + hashlib.sha256(graph.encode()).hexdigest()[:8] + "n"
    names: dict[str, BlankNode] = {}

    def named(node: BlankNode) -> BlankNode:
        return names.setdefault(node.value, BlankNode(f"{stem}{len(names)}"))

    for quad in quads:
        subject, object_, name = quad.subject, quad.object, quad.graph_name
        if isinstance(subject, BlankNode):
            subject = named(subject)
        if isinstance(object_, BlankNode):
            object_ = named(object_)
        elif isinstance(object_, Triple):
            raise _AboutStatement
        elif isinstance(object_, Literal) and object_.datatype.value == _XML:
            object_ = Literal(declared_once(object_.value), datatype=object_.datatype)
        if isinstance(name, DefaultGraph):
            name = graph_node
        elif isinstance(name, BlankNode):
            node = named(name)
            name = graphs.setdefault(node, NamedNode(f"{base}#{node.value}"))
        yield Quad(subject, quad.predicate, object_, name)


def _name_graphs(source: Source, graphs: dict[BlankNode, NamedNode]) -> None:
    """Let what is said of a graph that a blank node named be said of its IRI."""
    store, written = source.store, source.written
    for node, iri in graphs.items():
        about, to = (node, None, None, None), (None, None, node, None)
        for quad in [*store.quads_for_pattern(*about), *store.quads_for_pattern(*to)]:
            subject = iri if quad.subject == node else quad.subject
            object_ = iri if quad.object == node else quad.object
            store.remove(quad)
            store.add(Quad(subject, quad.predicate, object_, quad.graph_name))
    names = {str(node): str(iri) for node, iri in graphs.items()}
    for key in [key for key in written if key[0] in names]:
        written[(names[key[0]], *key[1:])] = written.pop(key)


class _AboutStatement(Exception):
    """A triple stands as the object of another (RDF 1.2)."""
