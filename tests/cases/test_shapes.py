"""The SHACL report says what SHACL says that it says: details, severities, components, values."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from pyshacl import validate as pyshacl_validate
from rdflib import RDF, RDFS, SH, XSD, Literal, URIRef

from hsgraph.build.check.report import Report
from hsgraph.build.check.validate import validate
from hsgraph.build.read.reader import read_project
from hsgraph.curate.checking import check_file, check_text
from hsgraph.errors import SourceError

HEAD = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://e/> ."
    " @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
SHAPE = "ex:S a sh:NodeShape ; sh:targetClass ex:Item ; sh:property [ {} ] ."


def report_on(folder: Path, shapes: str, data: str) -> Report:
    (folder / "ontology").mkdir(exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    (folder / "ontology" / "shapes.ttl").write_text(HEAD + shapes)
    (folder / "data" / "x.ttl").write_text(HEAD + data)
    report = validate(read_project(folder))
    assert Report.from_json(report.to_json()) == report
    return report


def graph_of(report: Report) -> rdflib.Graph:
    return rdflib.Graph().parse(data=report.to_turtle(), format="turtle")


def test_what_is_wrong_inside_is_told_below(tmp_path: Path) -> None:
    shapes = (
        "ex:Parent a sh:NodeShape ; sh:targetClass ex:Item ; sh:node ex:Child ."
        " ex:Child a sh:NodeShape ; sh:property"
        ' [ sh:path ex:code ; sh:minCount 1 ; sh:message "A code is needed"@en ] .'
    )
    report = report_on(tmp_path, shapes, "ex:one a ex:Item .")
    told = (
        report.to_text(),
        json.loads(report.to_sarif())["runs"][0]["results"][0]["message"]["text"],
    )
    assert all("\n  A code is needed" in text for text in told)
    assert "%0A  A code is needed" in report.to_github()
    graph = graph_of(report)
    (detail,) = graph.objects(None, SH.detail)
    assert str(graph.value(detail, SH.resultMessage)) == "A code is needed"
    assert graph.value(detail, SH.resultPath) == URIRef("http://e/code")
    assert len(list(graph.objects(None, SH.result))) == 1


def test_any_iri_can_be_a_severity_and_stops_no_build(tmp_path: Path) -> None:
    shapes = SHAPE.format("sh:path ex:note ; sh:maxLength 3 ; sh:severity ex:Cosmetic")
    report = report_on(tmp_path, shapes, 'ex:one a ex:Item ; ex:note "too long" .')
    assert report.conforms
    graph = graph_of(report)
    assert list(graph.objects(None, SH.resultSeverity)) == [URIRef("http://e/Cosmetic")]


@pytest.mark.parametrize(
    ("shape", "data", "component"),
    [
        ('sh:path ex:c ; sh:in ( "red" )', 'ex:one a ex:Item ; ex:c "green"@en .', "In"),
        (
            "sh:path [ sh:inversePath ex:partOf ] ; sh:class ex:T",
            "ex:one a ex:Item . ex:two ex:partOf ex:one .",
            "Class",
        ),
        (
            "sh:path ( ex:a [ sh:zeroOrMorePath ex:b ] ) ; sh:maxLength 1",
            "ex:one a ex:Item ; ex:a ex:two . ex:two ex:b 12345 .",
            "MaxLength",
        ),
        (
            "sh:path [ sh:alternativePath ( ex:n ex:m ) ] ; sh:datatype xsd:date",
            "ex:one a ex:Item ; ex:n 1 ; ex:m 2 .",
            "Datatype",
        ),
        ("sh:path ex:n ; sh:minCount 1", "ex:one a ex:Item .", "MinCount"),
        ("sh:path ex:n ; sh:node [ sh:or ( ex:A ex:B ) ]", "ex:one a ex:Item ; ex:n 1 .", "Node"),
        ("sh:path ex:n ; sh:not [ sh:minInclusive 0 ]", "ex:one a ex:Item ; ex:n 1 .", "Not"),
        ("sh:path ex:n ; sh:equals ex:m", "ex:one a ex:Item ; ex:n 1 .", "Equals"),
        ("sh:path ex:n ; sh:lessThan ex:m", "ex:one a ex:Item ; ex:n 2 ; ex:m 1 .", "LessThan"),
        (
            "sh:path ex:n ; sh:uniqueLang true",
            'ex:one a ex:Item ; ex:n "a"@en , "b"@en .',
            "UniqueLang",
        ),
        (
            "sh:path ex:n ; sh:severity ex:Mine ; sh:qualifiedValueShape [ sh:minInclusive 5 ] ;"
            " sh:qualifiedMinCount 1",
            "ex:one a ex:Item ; ex:n 1 .",
            "QualifiedMinCount",
        ),
        (
            'sh:path ex:n ; sh:sparql [ sh:message "No" ; sh:select'
            ' "SELECT $this ?value { $this $PATH ?value FILTER(?value < 7) }" ]',
            "ex:one a ex:Item ; ex:n 1 .",
            "SPARQL",
        ),
    ],
)
def test_each_result_has_what_the_reports_of_pyshacl_have(
    tmp_path: Path, shape: str, data: str, component: str
) -> None:
    shapes = SHAPE.format(shape)
    graph = graph_of(report_on(tmp_path, shapes, data))
    _, theirs, _ = pyshacl_validate(
        rdflib.Graph().parse(data=HEAD + data, format="turtle"),
        shacl_graph=rdflib.Graph().parse(data=HEAD + shapes, format="turtle"),
    )
    assert isinstance(theirs, rdflib.Graph)
    results = list(graph.objects(None, SH.result))
    assert len(results) == len(list(theirs.objects(None, SH.result)))
    for result in results:
        assert (result, RDF.type, SH.ValidationResult) in graph
        (found,) = graph.objects(result, SH.sourceConstraintComponent)
        assert str(found).endswith(component + "ConstraintComponent")
        assert graph.value(result, SH.resultPath) is not None
        path = graph.value(result, SH.resultPath)
        if "inversePath" in shape:
            assert graph.value(path, SH.inversePath) == URIRef("http://e/partOf")
        elif "zeroOrMore" in shape:
            assert graph.value(path, RDF.first) == URIRef("http://e/a")
            assert (None, SH.zeroOrMorePath, URIRef("http://e/b")) in graph
    for predicate in (SH.value, SH.focusNode, SH.resultSeverity):
        assert set(graph.objects(None, predicate)) == set(theirs.objects(None, predicate))


@pytest.mark.parametrize(
    ("shapes", "number"),
    [
        (
            SHAPE.format("sh:path [ sh:inversePath ex:of ] ; sh:datatype xsd:date")
            + "ex:S sh:property [ sh:path ex:n ; sh:in ( 1 'two' ) ] .",
            2,
        ),
        (
            "ex:S a sh:NodeShape ; sh:targetClass ex:Item ; sh:datatype xsd:date ;"
            " sh:property [ sh:path ex:n ; sh:in ( 1 'two' ) ] .",
            2,
        ),
        (
            SHAPE.format("sh:path ex:n ; sh:datatype xsd:integer")
            + "ex:S sh:property [ sh:path ex:n ; sh:in ( 1 'two' ) ] .",
            2,
        ),
    ],
)
def test_a_value_of_another_type_hides_nothing_that_is_said_of_others(
    tmp_path: Path, shapes: str, number: int
) -> None:
    data = "ex:one a ex:Item ; ex:n 'two' , 7 . ex:part ex:of ex:one ."
    assert report_on(tmp_path, shapes, data).count("violation") == number


def test_a_severity_that_is_no_iri_is_refused(tmp_path: Path) -> None:
    shapes = SHAPE.format('sh:path ex:note ; sh:maxLength 3 ; sh:severity "high"')
    with pytest.raises(SourceError, match="“high” is no severity"):
        report_on(tmp_path, shapes, "ex:one a ex:Item .")


def test_messages_keep_all_their_languages(tmp_path: Path) -> None:
    shapes = SHAPE.format('sh:path ex:n ; sh:minCount 1 ; sh:message "Needed"@en , "Nötig"@de')
    report = report_on(tmp_path, shapes, "ex:one a ex:Item .")
    assert [each.message for each in report.findings] == ["Needed"]
    graph = graph_of(report)
    assert {m.language for m in graph.objects(None, SH.resultMessage)} == {"en", "de"}


def test_two_reports_of_the_same_files_are_the_same(tmp_path: Path) -> None:
    shapes = SHAPE.format("sh:path [ sh:inversePath ex:of ] ; sh:minCount 1 ; sh:class ex:T")
    made = {report_on(tmp_path, shapes, "ex:one a ex:Item .").to_json() for _ in range(3)}
    assert len(made) == 1


@pytest.mark.parametrize(
    ("datatype", "value"),
    [
        ("nonNegativeInteger", "5"),
        ("positiveInteger", "1"),
        ("int", "-7"),
        ("byte", "12"),
        ("unsignedByte", "255"),
        ("long", "5000000000"),
        ("integer", "007"),
        ("decimal", "100.00"),
        ("token", "a"),
        ("time", "24:00:00"),
        ("dateTime", "2020-01-01T24:00:00Z"),
        ("date", "-0044-03-15"),
        ("date", "12020-03-15Z"),
        ("duration", "-P1Y2M3DT4H5M6.7S"),
        ("duration", "P99999999999D"),
        ("dayTimeDuration", "PT36H"),
        ("yearMonthDuration", "P14M"),
        ("language", "zh-Hant-TW"),
        ("hexBinary", "0aFF"),
        ("hexBinary", ""),
        ("base64Binary", "aGk="),
        ("base64Binary", "QUJD REVG"),
    ],
)
def test_values_are_checked_as_they_are_written(tmp_path: Path, datatype: str, value: str) -> None:
    shapes = SHAPE.format(f'sh:path ex:size ; sh:datatype xsd:{datatype} ; sh:pattern "^{value}$"')
    data = f'ex:one a ex:Item ; ex:size "{value}"^^xsd:{datatype} .'
    assert report_on(tmp_path, shapes, data).findings == ()
    wrong = f'ex:one a ex:Item ; ex:size "{value}"^^xsd:anyURI .'
    assert len(report_on(tmp_path, shapes, wrong).findings) == 1


def test_a_file_on_its_own_is_checked_as_it_is_written(tmp_path: Path) -> None:
    size = "ex:size {0} ; ex:shown {0} ; ex:part ex:two ."
    shapes = SHAPE.format(
        "sh:path ex:size ; sh:datatype xsd:byte ; sh:in ( {0} ) ; sh:equals ex:shown"
    ).replace("{0}", '"5"^^xsd:byte')
    five, other = ("ex:one a ex:Item ; " + size.format(f'"5"^^xsd:{t}') for t in ("byte", "short"))
    report_on(tmp_path, shapes, five.replace("ex:one", "ex:two"))
    for given in (None, (HEAD + shapes).encode()):
        assert check_text((HEAD + five).encode(), given, tmp_path).findings == ()
        wrong = graph_of(check_text((HEAD + other).encode(), given, tmp_path))
        assert {value.n3() for value in wrong.objects(None, SH.value)} == {f'"5"^^<{XSD.short}>'}


def test_a_file_is_checked_where_processes_have_lower_limits(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(HEAD + "ex:one a ex:Item .")
    (tmp_path / "shapes.ttl").write_text(HEAD + SHAPE.format("sh:path ex:code ; sh:minCount 1"))
    command = 'ulimit -t 20; exec "$0" -m hsgraph validate x.ttl --shapes shapes.ttl'
    ran = subprocess.run(
        ["bash", "-c", command, sys.executable],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 violation" in ran.stdout, ran.stderr


ILL_TYPED = [("integer", "1_000"), ("integer", "١٢"), ("decimal", "1e5"), ("double", "Infinity")]
ILL_TYPED += [("date", "2020-W01-1"), ("date", "2019-02-29"), ("dateTime", "2020-01-01 10:00:00")]
ILL_TYPED += [("byte", "300"), ("boolean", "TRUE"), ("gMonth", "--13"), ("time", "10:00")]
ILL_TYPED += [
    ("duration", value) for value in ("P", "PT", "P1YT", "P1.5D", "P1W", "PT1S1M", "P1D1Y")
]
ILL_TYPED += [("dayTimeDuration", "P1Y"), ("yearMonthDuration", "P1D"), ("language", "en_US")]
ILL_TYPED += [("hexBinary", "0aF"), ("base64Binary", "****"), ("base64Binary", "aGk")]


@pytest.mark.parametrize(("datatype", "value"), ILL_TYPED)
def test_a_text_that_is_no_value_of_its_type_is_found(
    tmp_path: Path, datatype: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    shapes = SHAPE.format(f"sh:path ex:size ; sh:datatype xsd:{datatype}")
    data = f'ex:one a ex:Item ; ex:size "{value}"^^xsd:{datatype} .'
    assert [each.value for each in report_on(tmp_path, shapes, data).findings] == [value]
    assert caplog.text == ""


@pytest.mark.parametrize(
    "value", ['"5"^^xsd:byte', "1.50", '"007"^^xsd:integer', '"1"^^xsd:boolean']
)
@pytest.mark.parametrize("asked", ["sh:in ( {} )", "sh:hasValue {}"])
def test_values_in_shapes_are_taken_as_they_are_written(
    tmp_path: Path, asked: str, value: str
) -> None:
    shapes = SHAPE.format("sh:path ex:size ; " + asked.format(value))
    assert report_on(tmp_path, shapes, f"ex:one a ex:Item ; ex:size {value} .").findings == ()
    assert report_on(tmp_path, shapes, "ex:one a ex:Item ; ex:size 6 .").findings


@pytest.mark.parametrize(
    "shape",
    [
        "sh:minCount 1",
        'sh:path ex:n ; sh:minCount "x"',
        'sh:path ex:n ; sh:pattern "("',
        r'sh:path ex:n ; sh:pattern "[\\p{L}]+"',
        "sh:path ex:n ; sh:pattern 5",
        'sh:path ex:n ; sh:sparql [ sh:select "SELECT $this { nonsense" ]',
        'sh:path ex:n ; sh:sparql [ sh:select "SELECT $this { $this un:known ?value }" ]',
    ],
)
def test_shapes_that_cannot_be_used_are_told_by_their_own_file(tmp_path: Path, shape: str) -> None:
    (tmp_path / "mine.ttl").write_text(HEAD + SHAPE.format(shape))
    (tmp_path / "data.ttl").write_text(HEAD + 'ex:one a ex:Item ; ex:n "x" .')
    with pytest.raises(SourceError, match="cannot be used") as caught:
        check_file(tmp_path / "data.ttl", tmp_path / "mine.ttl", tmp_path)
    assert caught.value.place.file == str(tmp_path / "mine.ttl")


@pytest.mark.parametrize("query", ["SELECT ?x { ?x ?p ?o }", "ASK {}", "SELECT ?this { bad"])
def test_a_target_that_selects_nothing_is_refused(tmp_path: Path, query: str) -> None:
    target = f"sh:target [ a sh:SPARQLTarget ; sh:select '{query}' ]"
    with pytest.raises(SourceError, match="The query of a sh:target"):
        report_on(tmp_path, f"ex:S a sh:NodeShape ; {target} .", "ex:one a ex:Item .")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('"need n"@en , "brauche n"@de', "need n"),
        ('"need n"@en-GB , "brauche n"@de', "need n"),
        ('"need n" , "brauche n"@de', "need n"),
        ('"il faut n"@fr , "brauche n"@de', "brauche n"),
    ],
)
def test_a_message_is_told_in_one_language(tmp_path: Path, said: str, told: str) -> None:
    shapes = SHAPE.format(f"sh:path ex:n ; sh:minCount 1 ; sh:message {said}")
    report = report_on(tmp_path, shapes, "ex:one a ex:Item .")
    assert [each.message for each in report.findings] == [told]
    assert len(list(graph_of(report).objects(None, SH.resultMessage))) == 2


ITEM = "<http://e/one> a <http://e/Item> ."
LATIN = (
    '<?xml version="1.0" encoding="ISO-8859-1"?><rdf:RDF xmlns:e="http://e/"'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<e:Item rdf:about="http://e/one"><e:m>\u00e9</e:m></e:Item></rdf:RDF>'
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.ttl.gz", gzip.compress(ITEM.encode())),
        ("x.ttl", ITEM.encode("utf-16")),
        ("x.rdf", LATIN.encode("latin-1")),
        ("x.trig", f"<http://e/g> {{ {ITEM} }}".encode()),
        ("x.jsonld", b'{"@id": "http://e/one", "@type": "http://e/Item"}'),
    ],
    ids=["packed", "utf-16", "latin-1", "trig", "jsonld"],
)
def test_files_are_checked_in_every_form_that_is_read(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "shapes.ttl").write_text(HEAD + SHAPE.format("sh:path ex:n ; sh:minCount 1"))
    report = check_file(tmp_path / name, tmp_path / "shapes.ttl", tmp_path)
    assert [(Path(each.file or "").name, each.line) for each in report.findings] == [(name, 1)]


@pytest.mark.parametrize(
    "aside",
    [
        "ex:example a ex:Item .",
        "ex:Part rdfs:subClassOf ex:Item .",
        'ex:one rdfs:comment "said in the shapes" .',
    ],
)
def test_what_the_shapes_of_others_say_of_things_is_no_data(aside: str, tmp_path: Path) -> None:
    shapes = (
        f"@prefix rdfs: <{RDFS}> . @prefix rdf: <{RDF}> ."
        " ex:S a sh:NodeShape ; sh:targetClass ex:Item ; sh:closed true ;"
        " sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path ex:code ; sh:minCount 1 ] . "
    )
    data = 'ex:one a ex:Item ; ex:code "1" . ex:two a ex:Part .'
    (tmp_path / "data.ttl").write_text(HEAD + data)
    (tmp_path / "shapes.ttl").write_text(HEAD + shapes + aside)
    report = check_file(tmp_path / "data.ttl", tmp_path / "shapes.ttl", tmp_path)
    assert report.findings == ()


def test_texts_in_the_queries_of_shapes_are_those_of_the_data(tmp_path: Path) -> None:
    query = "SELECT $this { $this <http://e/code> 'open' }"
    shapes = f'ex:S a sh:NodeShape ; sh:targetClass ex:Item ; sh:sparql [ sh:select "{query}" ] .'
    report = report_on(tmp_path, shapes, 'ex:one a ex:Item ; ex:code "open" .')
    assert [finding.focus for finding in report.findings] == ["http://e/one"]


def test_each_language_that_is_used_twice_is_a_result(tmp_path: Path) -> None:
    data = 'ex:one a ex:Item ; ex:code "a"@en , "b"@en , "c"@de , "d"@de .'
    report = report_on(tmp_path, SHAPE.format("sh:path ex:code ; sh:uniqueLang true"), data)
    assert len(report.findings) == 1
    assert len(list(graph_of(report).subjects(RDF.type, SH.ValidationResult))) == 2


def test_values_are_counted_apart_from_those_of_sibling_shapes(tmp_path: Path) -> None:
    apart = "sh:path ex:digit ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedValueShape"
    shapes = (
        f"ex:S a sh:NodeShape ; sh:targetClass ex:Hand ; sh:property [ {apart} ex:Finger ;"
        f" sh:qualifiedMaxCount 4 ] , [ {apart} ex:Thumb ; sh:qualifiedMinCount 1 ] ."
        " ex:Finger sh:class ex:F . ex:Thumb sh:class ex:T ."
    )
    report = report_on(tmp_path, shapes, "ex:hand a ex:Hand ; ex:digit ex:d . ex:d a ex:F , ex:T .")
    assert [finding.focus for finding in report.findings] == ["http://e/hand"]


def test_a_target_whose_prefixes_are_elsewhere_is_told_in_words(tmp_path: Path) -> None:
    target = "[ a sh:SPARQLTarget ; sh:select 'SELECT ?this { ?this a crate:File }' ]"
    shapes = f"{HEAD} ex:S a sh:NodeShape ; sh:target {target} ."
    with pytest.raises(SourceError, match="“crate:” is not declared") as told:
        check_text(f"{HEAD} ex:a a ex:Item .".encode(), shapes.encode(), tmp_path)
    assert "sh:prefixes" in str(told.value.remedy)


def test_prefixes_are_also_those_of_what_an_ontology_imports(tmp_path: Path) -> None:
    said = 'sh:declare [ sh:prefix "v" ; sh:namespace "http://e/"^^xsd:anyURI ]'
    shapes = (
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . ex:mine a owl:Ontology ;"
        f" owl:imports ex:bridge . ex:bridge owl:imports ex:theirs . ex:theirs {said} ."
        " ex:S a sh:NodeShape ; sh:targetClass ex:Item ; sh:sparql [ sh:prefixes ex:mine ;"
        ' sh:message "Odd" ; sh:select "SELECT $this { $this v:is v:Odd }" ] .'
    )
    report = report_on(tmp_path, shapes, "ex:one a ex:Item ; ex:is ex:Odd .")
    assert [finding.message for finding in report.findings] == ["Odd"]


def test_a_text_in_the_place_of_a_thing_is_found(tmp_path: Path) -> None:
    inner = "sh:path ex:street ; sh:minCount 1 ; sh:message 'A street is needed'"
    shapes = SHAPE.format(f"sh:path ex:address ; sh:property [ {inner} ]")
    report = report_on(tmp_path, shapes, 'ex:one a ex:Item ; ex:address "1, High\\nStreet"@en .')
    assert '"1, High\\nStreet"@en\n?: violation: A street is needed' in report.to_text()
    assert list(graph_of(report).objects(None, SH.focusNode)) == [Literal("1, High\nStreet", "en")]
