"""Validation: findings name shape, message, thing and line, in a stable order and in all forms."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, RdfFormat, parse

from hsgraph.build.check.report import Finding, Report
from hsgraph.build.check.validate import validate
from hsgraph.build.read.reader import read_project
from hsgraph.errors import SourceError
from hsgraph.namespaces import HS

SHAPES = """@prefix ex: <http://e/> . @prefix s: <http://e/shapes#> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:ontology sh:declare [ sh:prefix "ex" ; sh:namespace "http://e/"^^xsd:anyURI ] .
s:Thing a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property s:Thing-year , s:Thing-note .
s:Thing-year sh:path ex:year ; sh:datatype xsd:integer ; sh:minCount 1 ;
  sh:message "Give the year as a number." .
s:Thing-note sh:path ex:note ; sh:minCount 1 ; sh:severity sh:Info ; sh:message "No note yet." .
s:Loop a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:prefixes ex:ontology ;
  sh:select "SELECT ?this WHERE { ?this ex:next ?this }" ] ;
  sh:not [ sh:nodeKind sh:IRI ] ; sh:severity sh:Warning ; sh:message "It leads to itself." .
"""
DATA = """@prefix ex: <http://e/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

ex:b a ex:Thing ;
    skos:prefLabel "Bee"@en ;
    ex:note "x" ;
    ex:year 1990 ,
        "1991, about: 50%" ;
    ex:next ex:b .

ex:a a ex:Thing ; ex:note "x" .
ex:c a ex:Thing ; ex:year 02 .
"""


def report_on(folder: Path, data: str = DATA, shapes: str = SHAPES) -> Report:
    for name, text in (("ontology/shapes.ttl", shapes), ("data/x.ttl", data)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return validate(read_project(folder))


def test_each_finding_leads_to_the_line_of_the_value_or_else_of_the_thing(tmp_path: Path) -> None:
    found = [(f.severity, f.focus, f.shape_name, f.line) for f in report_on(tmp_path).findings]
    assert found == [
        ("violation", "http://e/b", "Thing-year", 8),
        ("violation", "http://e/a", "Thing-year", 11),
        ("warning", "http://e/b", "Loop", 4),
        ("info", "http://e/c", "Thing-note", 12),
    ]


def test_a_message_in_several_languages_is_told_in_english(tmp_path: Path) -> None:
    told = 'sh:message "Donnez l’année."@fr , "Give the year."@en , "Indique el año."@es'
    shapes = SHAPES.replace('sh:message "Give the year as a number."', told)
    report = report_on(tmp_path, shapes=shapes)
    assert {f.message for f in report.findings if f.shape_name == "Thing-year"} == {
        "Give the year."
    }
    for form in (report.to_text(), report.to_json(), report.to_github(), report.to_sarif()):
        assert "Give the year." in form
        assert "année" not in form.replace('Donnez l’année.\\"@fr', "")


def test_a_report_has_no_violation_when_it_conforms(tmp_path: Path) -> None:
    report = report_on(tmp_path, "<http://e/c> a <http://e/Thing> ; <http://e/year> 1 .")
    assert report.conforms
    assert report.summary() == "0 violations, 0 warnings, 1 info"
    assert not report_on(tmp_path).conforms


def test_the_text_form_reads_file_line_severity_message_and_shape(tmp_path: Path) -> None:
    text = report_on(tmp_path).to_text()
    about = "(http://e/year 1991, about: 50%) [Thing-year]"
    assert f"Bee <http://e/b>\ndata/x.ttl:8: violation: Give the year as a number. {about}" in text
    about = "(http://e/year) [Thing-year]"
    assert f"data/x.ttl:11: violation: Give the year as a number. {about}" in text
    assert text.endswith("2 violations, 1 warning, 1 info\n")


def test_a_misspelt_property_is_named_as_the_file_writes_it(tmp_path: Path) -> None:
    finding = Finding(
        *("violation", "http://e/s", "Project", "Look at the spelling.", "http://e/x", "X"),
        path=f"{HS}startDat",
        value=f"{HS}Project",
    )
    assert "Look at the spelling. (hs:startDat hs:Project) [" in Report((finding,)).to_text()


def test_the_json_form_reads_back_as_the_same_report(tmp_path: Path) -> None:
    report = report_on(tmp_path)
    assert Report.from_json(report.to_json()) == report
    assert json.loads(report.to_json())["counts"] == {"violation": 2, "warning": 1, "info": 1}


def test_the_turtle_form_is_a_shacl_report(tmp_path: Path) -> None:
    triples = [str(quad) for quad in parse(report_on(tmp_path).to_turtle(), RdfFormat.TURTLE)]
    results = [triple for triple in triples if "shacl#result> " in triple]
    assert len(results) == 4
    assert any("shacl#resultPath> <http://e/year>" in triple for triple in triples)
    assert any("shacl#conforms>" in triple and '"false"' in triple for triple in triples)


def test_the_turtle_form_holds_a_value_of_several_lines(tmp_path: Path) -> None:
    data = '<http://e/c> a <http://e/Thing> ; <http://e/year> """one\ntwo \\"2\\"""" .'
    report = report_on(tmp_path, data)
    values = {q.object for q in parse(report.to_turtle(), RdfFormat.TURTLE)}
    assert Literal('one\ntwo "2"') in values


def test_the_github_form_escapes_what_would_end_a_command(tmp_path: Path) -> None:
    finding = Finding(
        "violation", "http://e/s", "a,b:c", "50%\nlost", "http://e/x", "X", file="a:b.ttl", line=3
    )
    written = Report((finding,)).to_github()
    assert written == "::error file=a%3Ab.ttl,line=3,title=a%2Cb%3Ac::X: 50%25%0Alost\n"
    assert [line.split(" ")[0] for line in report_on(tmp_path).to_github().splitlines()] == [
        "::error",
        "::error",
        "::warning",
        "::notice",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        's:Bad a sh:NodeShape ; sh:targetClass ex:Thing ; sh:minCount "x" ; sh:property "no" .',
        's:Bad sh:target [ sh:select "SELEC" ] .',
    ],
)
def test_shapes_that_cannot_be_used_are_told(tmp_path: Path, broken: str) -> None:
    with pytest.raises(SourceError) as caught:
        report_on(tmp_path, shapes=SHAPES + broken)
    assert caught.value.place.file == "ontology/shapes.ttl"


ENTWINED = """@prefix ex: <http://e/> . @prefix s: <http://e/shapes#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
s:Closed a sh:NodeShape ; sh:targetClass ex:Thing ; sh:closed true ;
  sh:ignoredProperties ( rdf:type ) ; sh:property s:year , [ sh:path ex:note ; sh:maxCount 1 ] .
s:Open a sh:NodeShape ; sh:targetSubjectsOf ex:next ; sh:property s:year , s:referring .
s:year sh:path ex:year ; sh:minCount 1 ; sh:maxCount 1 ; sh:severity sh:Warning .
s:referring sh:path ex:next ; sh:node s:Referred .
s:Referred a sh:NodeShape ; sh:targetNode ex:b ; sh:property [ sh:path ex:note ; sh:minCount 1 ] .
s:Asleep a sh:NodeShape ; sh:deactivated true ; sh:targetClass ex:Thing ; sh:property s:never .
s:never sh:path ex:never ; sh:minCount 1 .
"""
ENTANGLED = """@prefix ex: <http://e/> .
ex:a a ex:Thing ; ex:next ex:b ; ex:note 1 , 2 ; ex:year 1 .
ex:b a ex:Thing ; ex:year 1 , 2 ; ex:other 1 .
ex:c ex:next ex:a , ex:b .
ex:d a ex:Thing .
"""


def test_aiming_property_shapes_directly_changes_no_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aimed = report_on(tmp_path, ENTANGLED, ENTWINED)
    shapes = importlib.import_module("hsgraph.build.check.shapes")
    monkeypatch.setattr(shapes, "aim_property_shapes", lambda _: None)
    assert aimed == report_on(tmp_path, ENTANGLED, ENTWINED)
    assert len(aimed.findings) == 9
