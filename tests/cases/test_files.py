"""Files as others write them are read, or refused with file, line and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from xml.dom.minidom import parseString

import pytest
from pyoxigraph import RdfFormat, parse

from hsgraph.build.read.reader import read_files
from hsgraph.errors import SourceError
from tests.cases.strangers import Served, read

NAME = "http://xmlns.com/foaf/0.1/name"
XML = (
    '<?xml version="1.0" encoding="{}"?>\n<rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:f="http://xmlns.com/foaf/0.1/">'
    '<rdf:Description rdf:about="http://example.org/a"><f:name>Żółć é 人</f:name></rdf:Description>'
    "</rdf:RDF>"
)


def lines(folder: Path, content: bytes | str, name: str) -> list[str]:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return sorted(str(quad.triple) for quad in read_files([file]).quads)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f'<> <http://purl.org/dc/terms/title> "P" . <#me> <{NAME}> "Somebody" .', "me.ttl"),
        (f'GRAPH <g> {{ <#me> <{NAME}> "Somebody" }}', "me.trig"),
        (f'{{"@context": {{"name": "{NAME}"}}, "@id": "#me", "name": "Somebody"}}', "me.jsonld"),
        (
            XML.format("UTF-8")
            .replace('rdf:about="http://example.org/a"', 'rdf:ID="me"')
            .replace("Żółć é 人", "Somebody"),
            "me.rdf",
        ),
    ],
)
def test_relative_iris_are_read_against_the_file(tmp_path: Path, content: str, name: str) -> None:
    found = lines(tmp_path, content, name)
    assert f'<file:///{name}#me> <{NAME}> "Somebody"' in found
    assert str(tmp_path) not in "".join(found)


def test_relative_links_between_files_meet(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.ttl").write_text("<#x> <http://e/p> <sub/b.ttl#y> .")
    (tmp_path / "sub" / "b.ttl").write_text("<#y> <http://e/p> <../a.ttl#x> .")
    source = read_files([tmp_path])
    quads = list(source.quads)
    assert {str(q.subject) for q in quads} == {str(q.object) for q in quads}
    assert source.locations["file:///sub/b.ttl#y"][0].line == 1


def test_json_without_any_statement_is_no_empty_graph(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no statement"):
        lines(tmp_path, '{"name": "x", "@id": "#me"}', "a.jsonld")


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16LE", "UTF-16BE", "UTF-8", "utf-8-sig"])
def test_xml_in_unicode_encodings_is_read(tmp_path: Path, encoding: str) -> None:
    text = XML.format(encoding.replace("LE", "").replace("BE", ""))
    (line,) = lines(tmp_path, text.encode(encoding), "a.rdf")
    assert "Żółć é 人" in line


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "ISO-8859-2", "Shift_JIS"])
def test_xml_in_other_encodings_is_read_as_declared(tmp_path: Path, encoding: str) -> None:
    word = {"ISO-8859-2": "Żółć", "Shift_JIS": "東京"}.get(encoding, "é")
    text = XML.format(encoding).replace("Żółć é 人", word)
    (line,) = lines(tmp_path, text.encode(encoding), "a.rdf")
    assert word in line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_of_xml_end_with_a_line_feed(tmp_path: Path, encoding: str) -> None:
    text = XML.replace(' encoding="{}"', "").replace("Żółć é 人", "a\r\nb\rc\nd&#13;e&#xD;\r\n")
    (line,) = lines(tmp_path, text.encode(encoding), "a.rdf")
    assert line.endswith(r'"a\nb\nc\nd\re\r\n"')
    (line,) = lines(tmp_path, b'<http://e/a> <http://e/p> """a\r\nb""" .', "a.ttl")
    assert line.endswith(r'"a\r\nb"')


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('<Ontology xmlns="http://www.w3.org/2002/07/owl#" ontologyIRI="http://e/o"/>', "OWL/XML"),
        ("@prefix ex: <http://e/> . ex:a a ex:B .", "name the file .ttl"),
        ("Prefix(:=<http://e/>) Ontology(<http://e/o>)", "functional"),
    ],
)
def test_an_ontology_in_another_syntax_is_told_what_to_do(
    tmp_path: Path, text: str, remedy: str
) -> None:
    with pytest.raises(SourceError) as told:
        lines(tmp_path, text, "a.owl")
    assert remedy in str(told.value.remedy)


@pytest.mark.parametrize("encoding", ["rot13", "klingon", "base64", "undefined"])
def test_an_encoding_that_is_none_is_told(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(SourceError, match=encoding):
        lines(tmp_path, XML.format(encoding), "a.rdf")


def test_a_byte_order_mark_in_the_middle_is_told_by_its_number(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as told:
        lines(
            tmp_path,
            '<http://e/a> <http://e/p> "a" .\n\ufeff<http://e/b> a <http://e/T> .',
            "a.ttl",
        )
    assert (told.value.place.line, "U+FEFF" in str(told.value.remedy)) == (2, True)


@pytest.mark.parametrize("name", ["a.ttl", "a.nt", "a.trig", "a.nq"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_heeded(tmp_path: Path, name: str, encoding: str) -> None:
    found = lines(tmp_path, '<http://e/a> <http://e/p> "é" .\n'.encode(encoding), name)
    assert found == ['<http://e/a> <http://e/p> "é"']
    if encoding == "utf-16":
        for unmarked in ("utf-16-le", "utf-16-be"):
            assert (
                lines(tmp_path, '<http://e/a> <http://e/p> "é" .'.encode(unmarked), name) == found
            )
    json_text = '{"@id": "http://e/a", "http://e/p": "é"}'
    assert lines(tmp_path, json_text.encode(encoding), "a.jsonld") == found


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        ("@prefix : <http://e/> .\n:a :p :b {| :source :c |} .", "a.ttl", 2),
        ("@prefix : <http://e/> .\n\n:a :p '<<' .\n:a :p <<( :a :p :b )>> .", "a.ttl", 4),
        ("@prefix : <http://e/> .\n<< :a :p :b >> :q 1 .", "a.trig", 2),
        ("@prefix : <http://e/> .\n:a :p :b ~ :r .", "a.ttl", 2),
        ("<http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 'x' )>> .", "a.ttl", 1),
        (
            '{"http://e/p": {"@value": "x",\n"@annotation": {"http://e/q": 1}}, "@id": "http://e/a"}',
            "a.jsonld",
            2,
        ),
        ('{"http://e/q": 1,\n"@id": {"@id": "http://e/a", "http://e/p": "x"}}', "a.jsonld", 2),
    ],
)
def test_what_is_said_of_a_statement_is_refused_with_its_line(
    tmp_path: Path, content: str, name: str, line: int
) -> None:
    with pytest.raises(SourceError) as caught:
        lines(tmp_path, content, name)
    assert caught.value.place.line == line
    assert "rdf:Statement" in (caught.value.remedy or "")


IN_XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">

<rdf:Description rdf:about="http://e/a">{}</rdf:Description>
</rdf:RDF>"""


@pytest.mark.parametrize(
    "content",
    [
        '<e:p rdf:resource="http://e/a b"/>',
        '<e:p rdf:resource="http://e/&amp;/ b"/>',
        '<e:p xml:lang="">x</e:p>',
        '<e:p xml:lang="e n">x</e:p>',
        '<e:p rdf:parseType="Literal"><b/></e:p><e:p rdf:parseType="Literal"></e:p>',
        "<e:p rdf:parseType='Literal' />",
        "<e:p>x</e:q>",
        "<f:p>x</f:p>",
        "<e:p>a &odd; entity</e:p>",
        "<e:p>this & that</e:p>",
        '<e:p rdf:nodeID="1 x"/>',
        '<e:p rdf:resource="http://e/b">x</e:p>',
        "<e:p>x<e:T/></e:p>",
        "<p>x</p>",
        '<e:p rdf:ID="x" rdf:resource="http://e/b"/><e:p rdf:ID="x" rdf:resource="http://e/c"/>',
        '<e:p xml:lang="en_US">x</e:p>',
    ],
)
def test_what_is_wrong_in_xml_is_told_with_its_line(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError) as caught:
        lines(tmp_path, IN_XML.format(content), "a.rdf")
    assert caught.value.place.line == 3


def test_values_of_entities_stand_in_quotes_of_either_kind(tmp_path: Path) -> None:
    declared = """<!DOCTYPE r [<!ENTITY n 'say "a"'> <!ENTITY d "it's">]>"""
    text = XML.format("UTF-8").replace("?>\n", f"?>{declared}\n").replace("Żółć é 人", "&n; &d;")
    (line,) = lines(tmp_path, text, "a.rdf")
    assert line.endswith('"say \\"a\\" it\'s"')


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("d'après <![CDATA[<b>&moi;</b>]]> seul", "d'après <b>&moi;</b> seul"),
        ("<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"),
        ("  <![CDATA[a]]>  ", "  a  "),
        ("a<!-- c <![CDATA[d]]> -->b<!---->", "ab"),
        ("<![CDATA[<!-- no comment -->]]>", "<!-- no comment -->"),
        ("a<!-- c\nd -->b<![CDATA[<c>]]><!--\n\n-->d", "ab<c>d"),
        ("<!--\n-->a", "a"),
    ],
)
def test_text_in_xml_is_read_however_it_is_parted(tmp_path: Path, written: str, meant: str) -> None:
    (line,) = lines(tmp_path, IN_XML.format(f"<e:p>{written}</e:p>"), "a.rdf")
    assert line.endswith(f'"{meant}"')


def test_comments_of_several_lines_move_no_line(tmp_path: Path) -> None:
    comment = "<!-- of\n\nthree lines -->"
    content = f"<e:p>a{comment}b{comment}</e:p>{comment}<e:p>c</e:p>{comment}<e:p>x<e:T/></e:p>"
    with pytest.raises(SourceError) as caught:
        lines(tmp_path, IN_XML.format(content), "a.rdf")
    assert caught.value.place.line == 3 + 4 * 2


def test_markup_in_xml_declares_each_namespace_once(tmp_path: Path) -> None:
    start = """<p xmlns="http://www.w3.org/1999/xhtml" title="a xmlns='b' > c">"""
    page = f'{start}x<i xmlns:f="/">y</i></p>'
    text = IN_XML.format(f'<e:p rdf:parseType="Literal">{page} and <b/></e:p>')
    (line,) = lines(tmp_path, text, "a.rdf")
    (quad,) = parse(f"{line} .", RdfFormat.N_TRIPLES)
    root = parseString(f"<all>{getattr(quad.object, 'value', '')}</all>").documentElement
    assert root is not None
    assert [node.nodeName for node in root.childNodes] == ["p", "#text", "b"]
    assert root.firstChild.getAttribute("title") == "a xmlns='b' > c"  # type: ignore[union-attr]


@pytest.mark.parametrize("left_out", ["</rdf:RDF>", "</rdf:Description>\n</rdf:RDF>"])
def test_xml_that_is_cut_off_is_not_read_by_half(tmp_path: Path, left_out: str) -> None:
    whole = IN_XML.format('<e:p rdf:resource="http://e/b"/>')
    with pytest.raises(SourceError, match="ends before") as caught:
        lines(tmp_path, whole.removesuffix(left_out), "a.rdf")
    assert caught.value.place.line in (3, 4)


@pytest.mark.parametrize(
    ("context", "type_", "name"),
    [
        ("https://w3id.org/ro/crate/1.1/context", "Dataset", "http://schema.org/name"),
        ("https://w3id.org/ro/crate/1.2/context", "File", "http://schema.org/name"),
        ("https://schema.org", "Person", "http://schema.org/name"),
        ("http://w3id.org/ro/crate/1.1/context/", "Dataset", "http://schema.org/name"),
        ("http://schema.org/", "Person", "http://schema.org/name"),
        (
            "https://doi.org/10.5063/schema/codemeta-2.0",
            "SoftwareSourceCode",
            "http://schema.org/name",
        ),
    ],
)
@pytest.mark.parametrize("listed", [False, True])
def test_well_known_contexts_are_known(
    tmp_path: Path, context: str, type_: str, name: str, listed: bool
) -> None:
    given = [context, {"ex": "http://example.org/"}] if listed else context
    content = {"@context": given, "@graph": [{"@id": "./", "@type": type_, "name": "a"}]}
    found = lines(tmp_path, json.dumps(content), "ro-crate-metadata.json")
    assert f'<file:///> <{name}> "a"' in found
    kind = "MediaObject" if type_ == "File" else type_
    assert any(line.endswith(f"<http://schema.org/{kind}>") for line in found)


@pytest.mark.parametrize(
    ("context", "term", "value", "found"),
    [
        ("https://schema.org", "birthDate", "1900-01-02", '"1900-01-02"^^<http://schema.org/Date>'),
        ("https://schema.org", "isPartOf", "http://e/b", "<http://e/b>"),
        ("https://schema.org", "acceptedAnswer", "Yes", '"Yes"'),
        ("https://schema.org", "dct:title", "T", '"T"'),
        (
            "https://w3id.org/codemeta/3.0",
            "dateCreated",
            "2020",
            '"2020"^^<http://schema.org/Date>',
        ),
        ("https://w3id.org/codemeta/3.0", "codeRepository", "http://e/b", "<http://e/b>"),
    ],
)
def test_values_are_of_the_types_that_known_contexts_say(
    tmp_path: Path, context: str, term: str, value: str, found: str
) -> None:
    content = {"@context": context, "@id": "http://e/a", term: value}
    (line,) = lines(tmp_path, json.dumps(content), "a.jsonld")
    assert line.startswith("<http://e/a> <http://")
    assert line.endswith(f"> {found}")


def test_json_that_is_none_is_told_with_its_line_whatever_its_contexts(tmp_path: Path) -> None:
    for context in ("https://schema.org/", "http://127.0.0.1:9/unknown"):
        text = f'{{"@context": "{context}",\n"name": "a"}}]]  {{"b": "x"}}'
        with pytest.raises(SourceError) as caught:
            lines(tmp_path, text, "a.jsonld")
        assert caught.value.place.line == (2 if "schema" in context else 1)


@pytest.mark.parametrize(
    ("contexts", "name"),
    [
        (["https://w3id.org/ro/crate/1.1/context", {"@vocab": "http://e/"}], None),
        (["https://schema.org", {"x": "http://e/x"}, {"@vocab": "http://e/"}], None),
        (["https://schema.org", {"@vocab": "http://schema.org/"}], "http://schema.org/name"),
        (["https://schema.org", None, {"@vocab": "http://e/"}], "http://e/name"),
        ([{"@vocab": "http://e/"}, "https://schema.org/"], "http://schema.org/name"),
        (["https://schema.org", {"own": "http://e/own"}], "http://schema.org/name"),
    ],
)
def test_another_vocabulary_after_a_known_context_takes_none_of_its_terms(
    tmp_path: Path, contexts: list[object], name: str | None
) -> None:
    content = json.dumps({"@graph": [{"@context": contexts, "@id": "http://e/a", "name": "x"}]})
    if name:
        assert lines(tmp_path, content, "a.jsonld") == [f'<http://e/a> <{name}> "x"']
        return
    with pytest.raises(SourceError, match="Another @vocab"):
        lines(tmp_path, content, "a.jsonld")


def test_authors_of_software_are_a_list(tmp_path: Path) -> None:
    content = {"@context": "https://doi.org/10.5063/schema/codemeta-2.0", "@id": "http://e/a"}
    authors = [{"@id": "http://e/x"}, {"@id": "http://e/y"}]
    found = lines(tmp_path, json.dumps(content | {"author": authors}), "codemeta.json")
    assert sum("#first> <http://e/" in line for line in found) == 2


def test_a_file_with_a_known_context_is_read_as_it_stands(tmp_path: Path) -> None:
    escaped = r"""{"@context": ["https:\/\/schema.org\/", {"e": "http://e/"}], "@graph": [
  {"@id": "http://e/a", "name": "https://schema.org", "e:p": 1.0e2}]}"""
    found = lines(tmp_path, escaped, "a.jsonld")
    assert len(found) == 2
    assert found[-1].endswith('<http://schema.org/name> "https://schema.org"')
    with pytest.raises(SourceError) as caught:
        lines(tmp_path, escaped.replace("1.0e2", r'"\ud800"'), "b.jsonld")
    assert caught.value.place.line == 2
    assert (caught.value.text or "").startswith('  {"@id"')


@pytest.mark.parametrize(
    "context",
    [
        '{"schema": "http://schema.org/", "name": "schema:name"}',
        '{"@vocab": "https://schema.org/"}',
        '{"name": {"@id": "https://schema.org/name"}, "also": {"@id": "https://schema.org"}}',
        '{"T": {"@id": "http://schema.org", "@context": "https://schema.org/"}}, "@type": "T"',
        '["http://schema.org", {"x": "https://schema.org"}]',
    ],
)
def test_addresses_within_a_context_are_no_contexts(tmp_path: Path, context: str) -> None:
    content = f'{{"@context": {context}, "@id": "http://e/a", "name": "x"}}'
    assert any("schema.org/name> " in line for line in lines(tmp_path, content, "a.jsonld"))


def test_no_line_is_told_where_none_is_known(tmp_path: Path) -> None:
    twice = '{"http://e/n": "x",\n"@id": "http://e/a",\n"@id": "http://e/b"}'
    with pytest.raises(SourceError) as caught:
        lines(tmp_path, twice, "a.jsonld")
    assert (caught.value.message, caught.value.place.line) == ("@id is defined twice", None)
    with pytest.raises(SourceError) as caught:
        lines(tmp_path, '{"http://e/n":\n"x" "y"}', "a.jsonld")
    assert caught.value.place.line == 2


@pytest.mark.parametrize("listed", [False, True])
def test_the_context_of_the_project_is_known_by_its_address(tmp_path: Path, listed: bool) -> None:
    address = "https://w3id.org/hsgraph/context.jsonld"
    given = [address, {"@vocab": "http://e/"}] if listed else address
    content = {
        "@context": given,
        "@id": "http://e/a",
        "@type": "hs:Project",
        "prefLabel": {"en": "x"},
    }
    found = lines(tmp_path, json.dumps(content), "a.jsonld")
    assert '<http://e/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "x"@en' in found


def test_contexts_that_are_not_known_are_refused(tmp_path: Path) -> None:
    listed = '["https://schema.org/",\n"https:\\/\\/e.example/c"]'
    for context, line in (('"https://e.example/c"', 1), (listed, 2)):
        with pytest.raises(SourceError, match="c is not known") as caught:
            lines(tmp_path, f'{{"@context": {context}, "name": "a"}}', "a.jsonld")
        assert "context https://e.example/c is" in caught.value.message
        assert caught.value.place.line == line
        assert "schema.org" in (caught.value.remedy or "")


def deep_xml(start: str, end: str, depth: int) -> str:
    spaces = 'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
    return f"<r:RDF {spaces}>\n<e:C>\n{start * depth}{end * depth}</e:C></r:RDF>"


_PAIR = "<http://e/a> <http://e/p> "
DEEP_TERM = _PAIR + f"<<( {_PAIR}" * 20_000 + "1" + " )>>" * 20_000 + " ."
"""A triple within a triple, and so on: the parser's stack is not as deep."""


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ('{"a":' * 20_000 + "1" + "}" * 20_000, "a.jsonld", "nested"),
        ("[" * 20_000 + "]" * 20_000, "a.jsonld", "nested"),
        (deep_xml("<e:p><e:C>", "</e:C></e:p>", 300), "a.rdf", "XML is nested"),
        (deep_xml('<e:p r:parseType="Resource">', "</e:p>", 600), "a.rdf", "XML is nested"),
        (DEEP_TERM, "a.nt", "said of a statement"),
        (DEEP_TERM, "a.trig", "said of a statement"),
        (f'<http://e/a> <http://e/p> "{"x" * 17_000_000}" .', "a.ttl", "16 MB"),
        (f'<http://e/a> <http://e/p> "{"x" * 17_000_000}" .', "a.nt", "16 MB"),
    ],
)
def test_what_is_too_deep_or_too_long_is_refused(
    tmp_path: Path, content: str, name: str, message: str
) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        lines(tmp_path, content, name)
    assert caught.value.remedy


def test_xml_that_is_nested_as_people_do_is_read(tmp_path: Path) -> None:
    assert len(lines(tmp_path, deep_xml("<e:p><e:C>", "</e:C></e:p>", 200), "a.rdf")) == 401


def test_a_profile_with_relative_iris_has_a_page(served: Served) -> None:
    visitor = served(f'<#me> a v:T ; <{NAME}> "Somebody" .', "me.ttl")
    page = visitor.get("/describe?iri=file:///me.ttl%23me", headers={"Accept": "text/html"})
    assert "Somebody" in read(page.text)
    other = served('<mailto:a@example.org> a v:T ; rdfs:label "A mailbox" .')
    found = other.get("/describe?iri=mailto:a@example.org", headers={"Accept": "text/html"})
    assert "A mailbox" in read(found.text)
