"""Reading: every subject has its line, and what cannot be read is said with place and remedy."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from hsgraph.build.read.files import project_files
from hsgraph.build.read.reader import Source, read_files, read_project
from hsgraph.build.read.scan import TurtleScan
from hsgraph.errors import SourceError, SourceErrors
from hsgraph.namespaces import GRAPH

PREFIX = "@prefix ex: <http://example.org/> .\n"


def read_text(folder: Path, name: str, text: str | bytes) -> Source:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_files([path])


def project(root: Path, **files: str | bytes) -> Path:
    """A project with a Turtle file for each keyword (`data_x` is data/x.ttl)."""
    for name, text in {"ontology_o": PREFIX + "ex:o a ex:Ontology .", **files}.items():
        path = root / (name.replace("_", "/") + ".ttl")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def lines(source: Source, iri: str) -> list[int | None]:
    return [place.line for place in source.locations[iri]]


# -- lines of subjects ---------------------------------------------------------------------------

name = st.text("abcdefgh0123456789", min_size=1, max_size=4).map("x{}".format)
local = st.one_of(name, name.map("{}.y".format), name.map(r"{}\,z".format), name.map("{}:w".format))
iri = st.one_of(
    local.map("ex:{}".format),
    name.map("<http://example.org/{}>".format),
    name.map("<#{}>".format),
    name.map("<http://example.org/\\u00e9{}#f.g>".format),
)
hostile = st.text("abc .;,#<>\"'[]()@^:\n\\", max_size=12)


def quoted(text: str, mark: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(mark[0], "\\" + mark[0])
    return mark + (escaped if len(mark) == 3 else escaped.replace("\n", "\\n")) + mark


literal = st.one_of(
    st.builds(quoted, hostile, st.sampled_from(['"', "'", '"""', "'''"])),
    st.builds(lambda text: quoted(text, '"') + "@en-GB", hostile),
    st.builds(lambda text: quoted(text, "'") + "^^ex:type", hostile),
    st.sampled_from(["1", "-1.5", "+.5", "1e6", "1.e-3", "true", '""', "''", '"a""b"'[:3]]),
)
thing = st.one_of(iri, literal, st.sampled_from(["[]", "()", "_:b", "_:b.c"]))
nested = st.recursive(
    thing,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "( " + " ".join(items) + " )"),
        st.builds("[ {} {} ]".format, iri, inner),
    ),
    max_leaves=5,
)
space = st.sampled_from([" ", "\n", "\t", ' # a comment . ex:no <no> "no\n', "\r\n", "\n\n"])
statement = st.builds(
    lambda s, a, p, b, o, more, end: f"{s}{a}{p}{b}{o}{more}{end}.",
    st.one_of(iri, st.sampled_from(["[]", "_:s", "( 1 )"])),
    space,
    st.one_of(iri, st.just("a")),
    space,
    nested,
    st.one_of(st.just(""), st.builds(" ; {} {} , {} ;".format, iri, nested, nested)),
    space,
)
directive = st.sampled_from(
    [
        "@prefix ex: <http://other.org/> .",
        "PREFIX ex: <http://third.org/>",
        "BASE <http://b.org/>",
        "@base <sub/> .",
        "prefix ex:<http://example.org/>",
    ]
)
document = st.lists(st.tuples(space, st.one_of(statement, directive)), max_size=8).map(
    lambda items: PREFIX + "@base <http://base.org/x> .\n" + "".join(a + b for a, b in items)
)


@settings(max_examples=400, deadline=None)
@given(document)
def test_every_subject_has_the_line_that_its_statement_starts_on(text: str) -> None:
    parsed = {
        quad.subject.value
        for quad in parse(text, RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode)
    }
    found = list(TurtleScan(text))
    assert {item.subject for item in found if item.subject} == parsed
    rows = text.split("\n")
    for item in found:
        assert text.startswith(text[item.start : item.end], item.start)
        head = text[item.start : item.end].split()[0].split("\n")[0]
        assert head in rows[item.line - 1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(name, statement), max_size=5))
def test_subjects_in_trig_blocks_have_lines_and_graph_names_have_none(
    blocks: list[tuple[str, str]],
) -> None:
    text = PREFIX + "@base <http://base.org/> .\n"
    for graph, body in blocks:
        text += f"GRAPH ex:g{graph} {{ {body} }}\nex:h{graph} {{\n{body[:-1]}}}\n{{ {body} }}\n"
    parsed = {
        quad.subject.value
        for quad in parse(text, RdfFormat.TRIG)
        if isinstance(quad.subject, NamedNode)
    }
    assert {item.subject for item in TurtleScan(text) if item.subject} == parsed


def test_a_subject_in_two_files_has_both_places(tmp_path: Path) -> None:
    root = project(tmp_path, data_a=PREFIX + "\nex:x ex:p 1 .", data_b=PREFIX + "ex:x ex:p 2 .")
    places = read_project(root).locations["http://example.org/x"]
    assert [str(place) for place in places] == ["data/a.ttl:3", "data/b.ttl:2"]


@pytest.mark.parametrize(
    ("suffix", "text", "line"),
    [
        ("nt", "# c\n<http://e/x> <http://e/p> <http://e/y> .\n", 2),
        ("nq", "\n\n<http://e/x> <http://e/p> <http://e/y> <http://e/g> .\n", 3),
        ("trig", "<http://e/g> {\n<http://e/x> <http://e/p> 1 }", 2),
        ("jsonld", '{\n"@id": "http://e/x",\n"http://e/p": 1}', 2),
        (
            "rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
            '\n\n<rdf:Description rdf:about="http://e/x"><e:p>1</e:p></rdf:Description></rdf:RDF>',
            3,
        ),
    ],
)
def test_other_formats_are_read_packed_or_not_and_keep_lines(
    tmp_path: Path, suffix: str, text: str, line: int
) -> None:
    plain = read_text(tmp_path, f"a.{suffix}", text)
    packed = read_text(tmp_path, f"b.{suffix}.gz", gzip.compress(text.encode()))
    assert lines(plain, "http://e/x") == lines(packed, "http://e/x") == [line]
    assert len(list(plain.quads)) == len(list(packed.quads)) == 1


# -- graphs and blank nodes ----------------------------------------------------------------------


def test_each_project_file_is_a_graph_named_by_its_path(tmp_path: Path) -> None:
    root = project(tmp_path, data_projects_one=PREFIX + "ex:x ex:p 1 .")
    graphs = {str(quad.graph_name) for quad in read_project(root).quads}
    assert graphs == {f"<{GRAPH}ontology/o>", f"<{GRAPH}data/projects/one>"}


def test_named_graphs_are_kept_and_loose_triples_go_to_the_file_s_graph(tmp_path: Path) -> None:
    source = read_text(tmp_path, "my file.trig", PREFIX + "ex:g { ex:x ex:p 1 } ex:y ex:p 2 .")
    graphs = {str(quad.graph_name) for quad in source.quads}
    assert graphs == {"<http://example.org/g>", f"<{GRAPH}file/my%20file>"}


def test_what_is_said_of_a_graph_without_an_iri_leads_to_it(tmp_path: Path) -> None:
    text = PREFIX + "ex:a ex:says _:g . _:g ex:by 07 . _:g { ex:x ex:p _:n } _:n ex:p 1 ."
    source = read_text(tmp_path, "a.trig", text)
    graph = next(quad.object for quad in source.quads if quad.predicate.value.endswith("says"))
    assert isinstance(graph, NamedNode)
    assert [quad.predicate.value[-2:] for quad in source.quads if quad.subject == graph] == ["by"]
    assert len([quad for quad in source.quads if quad.graph_name == graph]) == 1
    assert [(key[0], value.value) for key, value in source.written.items()] == [(str(graph), "07")]


def test_two_files_of_one_name_get_two_graphs(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.ttl").write_text(PREFIX + "ex:x ex:p 1 .")
    assert len({str(quad.graph_name) for quad in read_files([tmp_path]).quads}) == 2


def test_blank_nodes_have_the_same_names_in_every_reading(tmp_path: Path) -> None:
    text = PREFIX + "ex:x ex:p [ ex:q [] ], ( 1 2 ), _:named . _:named ex:q 1 ."
    first = sorted(str(quad) for quad in read_text(tmp_path, "a.ttl", text).quads)
    assert first == sorted(str(quad) for quad in read_text(tmp_path, "a.ttl", text).quads)


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(PREFIX + "_:b ex:p 1 .")
    (tmp_path / "b.ttl").write_text(PREFIX + "_:b ex:p 1 .")
    subjects = {quad.subject for quad in read_files([tmp_path]).quads}
    assert len(subjects) == 2
    assert all(isinstance(subject, BlankNode) for subject in subjects)


@pytest.mark.parametrize("node", ["[ ex:q 1 ]", "( 1 )", "_:b"])
def test_a_blank_node_in_data_is_refused_with_its_line(tmp_path: Path, node: str) -> None:
    root = project(
        tmp_path, data_x=PREFIX + f'ex:x ex:p "[ _:no (" ; # [\n ex:r () ;\n ex:q {node} .'
    )
    with pytest.raises(SourceError, match="Blank nodes") as caught:
        read_project(root)
    assert str(caught.value.place) == "data/x.ttl:4"
    assert "IRI" in (caught.value.remedy or "")


# -- what cannot be read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "message", "caret"),
    [
        (
            PREFIX + "ex:x ex:p 1 ;\n\nex:y ex:p 2 .",
            "4:11",
            "2 is not",
            "ex:y ex:p 2 .\n          ^",
        ),
        (PREFIX + "  no:x ex:p 1 .", "2:3", "no: has not been declared", "  no:x ex:p 1 .\n  ^"),
        (PREFIX + 'ex:x ex:p "a\n" .', "2:13", "Line jumps", 'ex:x ex:p "a\n            ^'),
    ],
)
def test_a_syntax_error_names_the_place_and_points_at_it(
    tmp_path: Path, text: str, place: str, message: str, caret: str
) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read_text(tmp_path, "x.ttl", text)
    assert str(caught.value.place) == f"{tmp_path}/x.ttl:{place}"
    assert caught.value.text == caret


def test_an_undeclared_prefix_we_know_comes_with_the_line_to_add(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path, "x.ttl", "skos:x skos:y 1 .")
    assert "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ." in (caught.value.remedy or "")


@pytest.mark.parametrize(
    ("content", "message", "place"),
    [
        (b"", "empty", ":1"),
        (b" \n\n", "empty", ":1"),
        ("# é\n# éé".encode() + b"\xe9\n", "0xE9 is not UTF-8", ":2:5"),
    ],
)
def test_bytes_that_are_no_text_are_told_apart(
    tmp_path: Path, content: bytes, message: str, place: str
) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read_text(tmp_path, "x.ttl", content)
    assert str(caught.value.place).endswith("x.ttl" + place)
    assert caught.value.remedy


def test_missing_folders_files_and_wrong_names_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no folder ontology/"):
        read_project(tmp_path)
    with pytest.raises(SourceError, match="no such file"):
        read_files([tmp_path / "no.ttl"])
    with pytest.raises(SourceError, match="holds no RDF file"):
        read_files([tmp_path])
    with pytest.raises(SourceError, match=r"\.docx is not the suffix"):
        read_text(tmp_path, "x.docx", "x")
    (tmp_path / "folder.ttl").mkdir()
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "d.ttl").mkdir()
    (tmp_path / "data").mkdir()
    with pytest.raises(SourceError, match="no Turtle file"):
        read_project(tmp_path)


def test_a_broken_gzip_file_is_told(tmp_path: Path) -> None:
    whole = gzip.compress(b"<http://e/x> <http://e/p> <http://e/y> .\n" * 50)
    for content in (b"plain", whole[:-20], whole[:20] + b"xxxx" + whole[24:]):
        with pytest.raises(SourceError, match="not a whole gzip file"):
            read_text(tmp_path, "x.nt.gz", content)


def test_all_files_with_errors_are_reported_at_once(tmp_path: Path) -> None:
    root = project(tmp_path, data_a="a b", data_b=PREFIX + "ex:x ex:p 1 .", data_c="c d")
    with pytest.raises(SourceErrors) as caught:
        read_project(root)
    assert [error.place.file for error in caught.value.errors] == ["data/a.ttl", "data/c.ttl"]
    assert "data/a.ttl:1" in caught.value.message
    assert "data/c.ttl:1" in caught.value.message


def test_hidden_files_and_editors_copies_are_left_out(tmp_path: Path) -> None:
    root = project(tmp_path, data_a=PREFIX + "ex:x ex:p 1 .")
    (root / "data" / ".#a.ttl").write_text("not turtle")
    (root / "data" / "a.ttl~").write_text("not turtle")
    assert [path.name for path in project_files(root)] == ["a.ttl", "o.ttl"]


# -- hostile files -------------------------------------------------------------------------------

RDFXML = (
    '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [\n{}\n]>\n<rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<rdf:Description rdf:about="http://e/x"><e:p>&b;</e:p></rdf:Description></rdf:RDF>'
)


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;">',
        '<!ENTITY a "ha"><!ENTITY b "&#38;a;&#x26;a;">',
        '<!ENTITY b "&#37;p;">',
        '<!ENTITY b SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p "x"><!ENTITY b "x">',
        f'<!ENTITY b "{"x" * 1000}">',
        "<!ENTITY b '>]><!ENTITY c \"&b;&b;\">'>",
    ],
)
def test_entities_that_grow_or_reach_out_are_refused(tmp_path: Path, entities: str) -> None:
    with pytest.raises(SourceError, match="XML entities"):
        read_text(tmp_path, "x.rdf", RDFXML.format(entities))


def test_the_short_entities_that_ontology_editors_write_are_read(tmp_path: Path) -> None:
    source = read_text(tmp_path, "x.rdf", RDFXML.format('<!ENTITY b "http://e/b#">'))
    assert [str(quad.object) for quad in source.quads] == ['"http://e/b#"']


@pytest.mark.parametrize("entity", ['<!ENTITY b "K&#228;se">', '<!ENTITY b "K&#xE4;se">'])
def test_entities_for_signs_are_read(tmp_path: Path, entity: str) -> None:
    source = read_text(tmp_path, "x.rdf", RDFXML.format(entity))
    assert [str(quad.object) for quad in source.quads] == ['"Käse"']


def test_a_context_from_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    text = '{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "http://e/x", "p": 1}'
    with pytest.raises(SourceError, match="remote context") as caught:
        read_text(tmp_path, "x.jsonld", text)
    assert "not fetched" in (caught.value.remedy or "")
