"""Prepares the shapes of a project for pySHACL, so that the same findings come in far less time."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from hsgraph.build.check.infer import with_prefixes
from hsgraph.build.read.reader import Source
from hsgraph.errors import Place, SourceError
from hsgraph.literals import TEMPORAL, is_value
from hsgraph.namespaces import GRAPH

logging.getLogger("rdflib.term").setLevel(logging.ERROR)

_SHAPES: Final = GRAPH + "ontology/"
WORDS: Final = (_SHAPES + "vocab/", _SHAPES + "lexicon/")
"""Where the graphs begin that hold concepts and words, of which most of the ontology is."""
_TARGET: Final = ox.NamedNode(str(SH.target))
_SELECT: Final = ox.NamedNode(str(SH.select))
_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_BEYOND_PYTHON: Final = {
    "T24:00:00": "T23:59:59",
    "^24:00:00": "00:00:00",
    "^(?:-[0-9]+|0000)-": "0004-",
    "^[0-9]{5,}-": "9996-",
}
_TRUE: Final = Literal(True)


class _NoValue(Literal):
    """A literal that is no value of its datatype, so neither before nor after any other.

    rdflib raises TypeError for the comparison, which pySHACL makes for sh:lessThanOrEquals.
    """

    def __lt__(self, other: Any) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__


def shapes_of(source: Source, data: ox.Store) -> Graph:
    """The shapes in the ontology/ graphs of a source that are not of words, prepared.

    The queries of SPARQL targets are answered beforehand, by Oxigraph over `data`, and property
    shapes are aimed directly at what their node shape is aimed at (see `aim_property_shapes`).
    Raises SourceError when the query of a target is not valid, or a severity is no IRI.
    """
    shapes, store = Graph(bind_namespaces="none"), source.store
    for file in source.files:
        if file.graph.startswith(_SHAPES) and not file.graph.startswith(WORDS):
            graph = ox.NamedNode(file.graph)
            fill(shapes, store.quads_for_pattern(None, None, None, graph), source.written)
            for quad in store.quads_for_pattern(None, _TARGET, None, graph):
                if isinstance(quad.object, ox.NamedNode | ox.BlankNode):
                    for node in _selected(store, quad.object, data):
                        shapes.add((term(quad.subject), SH.targetNode, term(node)))
    for severity in shapes.objects(None, SH.severity):
        if not isinstance(severity, URIRef):
            raise SourceError(
                f"“{severity}” is no severity: those are IRIs (SHACL, section 2.1.4).",
                place=Place("ontology/shapes.ttl"),
                remedy="Write sh:Violation, sh:Warning, sh:Info or an IRI of your own.",
            )
    for named in set(shapes.objects(None, SH.prefixes)):  # pySHACL looks no further than these
        for ontology in list(shapes.transitive_objects(named, OWL.imports)):
            for declared in list(shapes.objects(ontology, SH.declare)):
                shapes.add((named, SH.declare, declared))
    aim_property_shapes(shapes)
    return shapes


def aim_property_shapes(shapes: Graph) -> None:
    """Give property shapes the targets of the node shapes that hold them, in place of the link.

    pySHACL then checks a property shape once for all things instead of once for each of them.
    It means the same (SHACL, section 2.3.2): a thing conforms to a node shape if it conforms to
    its property shapes. Node shapes that others refer to keep their links, and so do those whose
    property shapes count values apart from their siblings; closed ones get the paths as ignored
    properties.
    """
    referred = {shape for shape in shapes.objects() if (shape, SH.property, None) in shapes}
    for shape in sorted(set(shapes.subjects(SH.property)) - referred, key=str):
        targets = [(p, o) for p in _TARGETS for o in shapes.objects(shape, p)]
        if not targets or any(shapes.value(shape, p) for p in (SH.deactivated, SH.path)):
            continue
        if any((shape, RDF.type, kind) in shapes for kind in (RDFS.Class, OWL.Class)):
            continue
        held = sorted(shapes.objects(shape, SH.property), key=str)
        if any((part, SH.qualifiedValueShapesDisjoint, None) in shapes for part in held):
            continue
        if (shape, SH.closed, _TRUE) in shapes:
            _allow(shapes, shape, filter(None, (shapes.value(part, SH.path) for part in held)))
        for part in held:
            shapes.remove((shape, SH.property, part))
            shapes.add((part, RDF.type, SH.PropertyShape))
            for predicate, target in targets:
                shapes.add((part, predicate, target))


def _allow(shapes: Graph, shape: Node, paths: Iterable[Node]) -> None:
    listed = shapes.value(shape, SH.ignoredProperties)
    known = list(Collection(shapes, listed)) if listed is not None else []
    shapes.remove((shape, SH.ignoredProperties, None))
    fresh = BNode()
    Collection(shapes, fresh, [*known, *(path for path in paths if isinstance(path, URIRef))])
    shapes.add((shape, SH.ignoredProperties, fresh))


def _selected(
    shapes: ox.Store, target: ox.NamedNode | ox.BlankNode, data: ox.Store
) -> Iterator[Any]:
    """The focus nodes that a sh:SPARQLTarget selects (SHACL Advanced Features, section 3.1)."""
    for quad in shapes.quads_for_pattern(target, _SELECT, None, None):
        if isinstance(quad.object, ox.Literal):
            query = with_prefixes(shapes, target, quad.object.value)
            wrong = "selects no ?this"
            try:
                rows = data.query(query, use_default_graph_as_union=True)
            except SyntaxError as error:
                rows, wrong = None, f"is not valid SPARQL: {error.msg}"
            this = ox.Variable("this")
            if not isinstance(rows, ox.QuerySolutions) or this not in rows.variables:
                raise SourceError(
                    f"The query of a sh:target {wrong}\n{query}",
                    place=Place("ontology/shapes.ttl"),
                )
            yield from (row[this] for row in rows if row[this] is not None)


def fill(
    graph: Graph, quads: Iterable[ox.Quad], written: Mapping[tuple[str, str, str], ox.Literal] = {}
) -> None:
    """Add quads to an rdflib graph; every term is made once, since most come many times.

    `written` has values that are to stand as their files write them.
    """
    known: dict[object, Node] = {}

    def made(node: Any) -> Node:
        found = known.get(node)
        if found is None:
            found = known[node] = term(node)
        return found

    add = graph.store.add
    for quad in quads:
        value = quad.object
        if written and isinstance(value, ox.Literal):
            value = written.get((str(quad.subject), quad.predicate.value, str(value)), value)
        add((made(quad.subject), made(quad.predicate), made(value)), graph)


def term(node: Any) -> Node:
    """The rdflib term for one of pyoxigraph's; the text of a literal stays as it is written.

    Whether a text is a value of its type is looked at here: rdflib goes by what Python reads, which
    takes `1_000` for a whole number and knows no year before 1 or after 9999. A string has no type
    in rdflib where none is written, and queries in shapes compare it with such.
    """
    if isinstance(node, ox.NamedNode):
        return URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return BNode(node.value)
    if node.language is not None:
        return Literal(node.value, lang=node.language)
    datatype = URIRef(node.datatype.value)
    if datatype == XSD.string:
        return Literal(node.value)
    found = Literal(node.value, datatype=datatype, normalize=False)
    if not is_value(node.value, node.datatype.value):
        found = _NoValue(node.value, datatype=datatype, normalize=False)
        found._ill_typed = True
    elif found.ill_typed and node.datatype.value in TEMPORAL:
        found._ill_typed = False
        found._value = Literal(_within_python(node.value), datatype=datatype).value
    return found


def _within_python(moment: str) -> str:
    """A date or time beyond those that Python has, by the nearest in a leap year that it has."""
    for written, nearest in _BEYOND_PYTHON.items():
        moment = re.sub(written, nearest, moment)
    return moment
