"""The shapes find what they are for: each constraint has an example that fails it."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse
from pyshacl import validate
from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.collection import Collection
from rdflib.term import Node

from hsgraph.build.check.infer import infer, rules_of
from hsgraph.build.pipeline import check_project
from hsgraph.build.read.reader import read_project
from hsgraph.namespaces import GRAPH, SHAPES

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "fixtures" / "small"
BROKEN = sorted((Path(__file__).parent / "broken").glob("*.ttl"))
SYNTAX_ERROR = "syntax-error"
ISSUES = {
    "wrong-class",
    "missing-label",
    "misspelt-property",
    "end-before-start",
    "negative-amount",
    "unknown-currency",
    "claim-without-statement",
    "duplicate-label",
    "dangling-iri",
}
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
PARAMETERS = [
    *("class", "closed", "datatype", "disjoint", "equals", "hasValue", "in", "lessThanOrEquals"),
    *("languageIn", "maxCount", "maxInclusive", "maxLength", "minCount"),
    *("minInclusive", "minLength"),
    *("nodeKind", "not", "or", "pattern", "qualifiedMaxCount", "qualifiedMinCount"),
    *("uniqueLang", "xone"),
]
CONSTRAINTS: dict[Node, URIRef] = {
    URIRef(SH + name): URIRef(f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent")
    for name in PARAMETERS
}


def term(node: Any) -> Node:
    if isinstance(node, NamedNode):
        return URIRef(node.value)
    if isinstance(node, Literal):
        datatype = None if node.language else URIRef(node.datatype.value)
        return RdflibLiteral(node.value, lang=node.language, datatype=datatype, normalize=False)
    return BNode(node.value)


def triple(quad: Quad) -> tuple[Node, Node, Node]:
    return term(quad.subject), term(quad.predicate), term(quad.object)


class Small:
    """The small set with what its rules derive, to which a broken file is added for a moment."""

    def __init__(self) -> None:
        source = read_project(SMALL)
        self.rules = tuple(rule for rule in rules_of(source.store) if not rule.widens)
        infer(source.store, self.rules)
        self.store: Store = source.store
        self.data = Graph()
        technical = [NamedNode(GRAPH + "ontology/shapes"), NamedNode(GRAPH + "ontology/rules")]
        self.quads = [quad for quad in source.quads if quad.graph_name not in technical]
        for quad in self.quads:
            self.data.add(triple(quad))

    def results(self, shapes: Graph, broken: str = "") -> dict[str, set[Node]]:
        """Which shapes report by which constraints, once a broken file has been added."""
        added = [found for found in self._added(broken) if found not in self.data]
        for statement in added:
            self.data.add(statement)
        try:
            _, report, _ = validate(self.data, shacl_graph=shapes, advanced=True, inplace=True)
        finally:
            for statement in added:
                self.data.remove(statement)
        assert isinstance(report, Graph)
        found: dict[str, set[Node]] = defaultdict(set)
        for result in report.objects(None, SH.result):
            shape = str(report.value(result, SH.sourceShape)).removeprefix(SHAPES)
            found[shape] |= set(report.objects(result, SH.sourceConstraintComponent))
        return dict(found)

    def _added(self, broken: str) -> Iterator[tuple[Node, Node, Node]]:
        store = Store()
        store.extend(self.quads)
        graph = NamedNode(GRAPH + "data/broken")
        for quad in parse(broken, RdfFormat.TURTLE):
            assert quad.graph_name == DefaultGraph()
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
        infer(store, self.rules)
        yield from (triple(quad) for quad in store if quad not in self.store)


@pytest.fixture(scope="module")
def small() -> Small:
    return Small()


def read_shapes() -> Graph:
    return Graph().parse(ROOT / "ontology" / "shapes.ttl")


SHAPES_GRAPH = read_shapes()


def helpers() -> set[Node]:
    """Shapes that others refer to and that never report by themselves."""
    found: set[Node] = set()
    for predicate in (SH.node, SH["not"], SH.qualifiedValueShape):
        found |= set(SHAPES_GRAPH.objects(None, predicate))
    for predicate in (SH["or"], SH.xone):
        for members in SHAPES_GRAPH.objects(None, predicate):
            found |= set(Collection(SHAPES_GRAPH, members))
    return found


def reporting() -> dict[str, set[Node]]:
    """Every shape that can report, by its local name, with its constraints."""
    kinds = (SH.PropertyShape, SH.NodeShape)
    shapes = {shape for kind in kinds for shape in SHAPES_GRAPH.subjects(RDF.type, kind)}
    return {
        str(shape).removeprefix(SHAPES): {
            CONSTRAINTS[parameter]
            for parameter in SHAPES_GRAPH.predicates(shape)
            if parameter in CONSTRAINTS
        }
        for shape in shapes - helpers()
    }


REPORTING = reporting()


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """The shapes with the ontology, whose prefixes their queries use."""
    return read_shapes().parse(ROOT / "ontology" / "hsgraph.ttl")


def only(shapes: Graph, shape: URIRef) -> Graph:
    """One shape with the targets of those that use it: the rest need not run to see it fail."""
    found = Graph()
    for owner in shapes.subjects(SH.property, shape):
        for target in TARGETS:
            for aim in shapes.objects(owner, target):
                found.add((shape, target, aim))
    waiting: list[Node] = [shape]
    while waiting:
        node = waiting.pop()
        for predicate, value in shapes.predicate_objects(node):
            statement = (node, predicate, value)
            if statement in found and not isinstance(value, BNode):
                continue
            found.add(statement)
            if (
                isinstance(value, BNode)
                or str(value).startswith(SHAPES)
                or predicate in (SH.prefixes, SH.declare)
            ):
                waiting.append(value)
    return found


def expected(path: Path) -> str:
    found = re.match(r"# expects: hssh:([\w-]+)\n", path.read_text("utf-8"))
    assert found, f"{path.name} must open with '# expects: hssh:…'"
    return found[1]


def test_small_set_has_no_finding(small: Small, shapes: Graph) -> None:
    assert small.results(shapes) == {}


def test_every_shape_that_can_report_has_a_broken_example() -> None:
    named = {path.stem for path in BROKEN} - ISSUES - {SYNTAX_ERROR}
    assert named == set(REPORTING)
    assert all(constraints for constraints in REPORTING.values())


@pytest.mark.parametrize(
    "path", [path for path in BROKEN if path.stem in REPORTING], ids=lambda path: path.stem
)
def test_broken_example_fails_by_every_constraint_of_its_shape(
    path: Path, small: Small, shapes: Graph
) -> None:
    assert expected(path) == path.stem
    found = small.results(only(shapes, URIRef(SHAPES + path.stem)), path.read_text("utf-8"))
    assert found.get(path.stem) == REPORTING[path.stem]


def test_common_mistakes_are_each_reported_by_one_shape_with_file_and_line(tmp_path: Path) -> None:
    """All in one project, which is checked once."""
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    wanted = {}
    for name in ISSUES:
        path = shutil.copy(Path(__file__).parent / "broken" / f"{name}.ttl", tmp_path / "data")
        wanted[f"data/{name}.ttl"] = {SHAPES + expected(Path(path))}
    _, _, report = check_project(tmp_path)
    found: dict[str, set[str]] = {}
    for finding in report.findings:
        found.setdefault(str(finding.file), set()).add(finding.shape)
    others = {shape for file, shapes in found.items() if file not in wanted for shape in shapes}
    assert {file: found.get(file) for file in wanted} == wanted
    assert others <= wanted["data/duplicate-label.ttl"]
    assert all((finding.line or 0) > 1 for finding in report.findings)
    assert not report.conforms


def test_syntax_error_names_its_line() -> None:
    text = (Path(__file__).parent / "broken" / f"{SYNTAX_ERROR}.ttl").read_text("utf-8")
    with pytest.raises(SyntaxError) as raised:
        list(parse(text, RdfFormat.TURTLE))
    assert raised.value.lineno == 5


def test_every_shape_has_an_address_and_says_what_is_wrong() -> None:
    for name in REPORTING:
        shape = URIRef(SHAPES + name)
        message = SHAPES_GRAPH.value(shape, SH.message)
        assert message is not None, name
        assert len(str(message)) > 20, name
        kind = SHAPES_GRAPH.value(shape, RDF.type)
        label = SH.name if kind == SH.PropertyShape else RDFS.label
        assert SHAPES_GRAPH.value(shape, label) is not None, name
    assert not [s for s in SHAPES_GRAPH.subjects(RDF.type, SH.NodeShape) if isinstance(s, BNode)]


def test_all_that_shapes_say_is_said_in_each_language() -> None:
    for about in (SH.name, SH.description, SH.message):
        for shape in set(SHAPES_GRAPH.subjects(about)):
            said = [text.language for text in SHAPES_GRAPH.objects(shape, about)]
            assert sorted(said) == ["en", "es", "fr"], shape


def test_pages_can_order_the_properties_of_a_class() -> None:
    for owner in set(SHAPES_GRAPH.subjects(SH.property, None)):
        places = []
        for shape in SHAPES_GRAPH.objects(owner, SH.property):
            assert isinstance(SHAPES_GRAPH.value(shape, SH.path), URIRef), shape
            assert SHAPES_GRAPH.value(shape, SH.description) is not None, shape
            group = SHAPES_GRAPH.value(shape, SH.group)
            assert SHAPES_GRAPH.value(group, SH.order) is not None, shape
            places.append((group, SHAPES_GRAPH.value(shape, SH.order)))
        assert len(places) == len(set(places)), owner


def test_every_class_of_the_ontology_is_closed_by_a_shape() -> None:
    ontology = Graph().parse(ROOT / "ontology" / "hsgraph.ttl")
    closed = {
        target
        for shape in SHAPES_GRAPH.subjects(SH.closed, RdflibLiteral(True))
        for target in SHAPES_GRAPH.objects(shape, SH.targetClass)
    }
    ours = URIRef("https://w3id.org/hsgraph/ontology")
    owl_class = URIRef("http://www.w3.org/2002/07/owl#Class")
    classes = {
        found
        for found in ontology.subjects(RDFS.isDefinedBy, ours)
        if (found, RDF.type, owl_class) in ontology
    }
    abstract = {found for found in classes if str(found).endswith("#ProjectPart")}
    assert classes - abstract <= closed
