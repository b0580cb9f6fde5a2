"""The short form of the data files: it means what the long form says, and `fmt` writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsgraph.build.read.reader import expand, read_files, read_project
from hsgraph.curate.turtle.layout import format_turtle

ROOT = Path(__file__).parents[2]
HEAD = """@prefix hs: <https://w3id.org/hsgraph/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix project: <https://w3id.org/hsgraph/id/project/> .
@prefix threat: <https://w3id.org/hsgraph/id/threat/> .
@prefix place: <https://w3id.org/hsgraph/id/place/> .
@prefix claim: <https://w3id.org/hsgraph/id/claim/> .
@prefix evidence: <https://w3id.org/hsgraph/id/evidence/> .
@prefix selector: <https://w3id.org/hsgraph/id/selector/> .
@prefix source: <https://w3id.org/hsgraph/id/source/> .

project:x a hs:Project ;
    hs:startDate 2012 ;
    hs:takesPlaceIn place:peru , place:chile .

"""
LONG = (
    HEAD
    + """threat:x-war a hs:Threat ;
    hs:partOf project:x ;
    hs:basis hs:Stated ;
    hs:evidence evidence:x-war .

threat:x-want a hs:Threat ;
    hs:partOf project:x ;
    hs:basis hs:Coded ;
    hs:evidence evidence:x-war .

claim:x-start a hs:Claim ;
    rdf:subject project:x ;
    rdf:predicate hs:startDate ;
    rdf:object 2012 ;
    hs:basis hs:Stated ;
    hs:evidence evidence:x-page .

claim:x-peru a hs:Claim ;
    rdf:subject project:x ;
    rdf:predicate hs:takesPlaceIn ;
    rdf:object place:peru ;
    hs:basis hs:Stated ;
    hs:evidence evidence:x-page .

claim:x-other-start a hs:Claim ;
    rdf:subject project:x ;
    rdf:predicate hs:startDate ;
    rdf:object 2013 ;
    hs:basis hs:Stated ;
    hs:evidence evidence:x-page ;
    hs:preferred false .

evidence:x-war a oa:SpecificResource ;
    oa:hasSource source:x ;
    oa:hasSelector selector:x-war .

selector:x-war a oa:TextQuoteSelector ;
    oa:exact "war" .

evidence:x-page a oa:SpecificResource ;
    oa:hasSource source:x .
"""
)
SHORT = (
    HEAD + """threat:x-war a hs:Threat ;
    hs:evidence evidence:x-war .

threat:x-want a hs:Threat ;
    hs:basis hs:Coded ;
    hs:evidence evidence:x-war .

claim:x-start rdf:predicate hs:startDate ; hs:evidence evidence:x-page .
claim:x-peru rdf:object place:peru ; hs:evidence evidence:x-page .
"""
    "claim:x-other-start rdf:predicate hs:startDate ; rdf:object 2013 ; "
    "hs:evidence evidence:x-page ; hs:preferred false .\n"
    """
evidence:x-war oa:exact "war" ; oa:hasSource source:x .
evidence:x-page oa:hasSource source:x .
"""
)


def meaning(text: str, folder: Path) -> set[str]:
    file = folder / "x.ttl"
    file.write_text(text, "utf-8")
    source = read_files([file])
    expand(source.store, source.locations)
    return {str(quad) for quad in source.quads}


def test_the_short_form_means_what_the_long_form_says(tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_text(LONG, "utf-8")
    written = {str(quad) for quad in read_files([file]).quads}
    assert meaning(LONG, tmp_path) == written
    assert meaning(SHORT, tmp_path) == written


def test_fmt_writes_the_short_form_once() -> None:
    assert format_turtle(LONG, "x.ttl") == SHORT
    assert format_turtle(SHORT, "x.ttl") == SHORT


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("    hs:basis hs:Stated ;\n", "    hs:basis hs:Stated ;  # says the fund\n"),
        ("selector:x-war a oa:T", "# by hand\nselector:x-war a oa:T"),
        ("    rdf:object 2012 ;\n", "    # as printed\n    rdf:object 2012 ;\n"),
    ],
)
def test_what_a_comment_speaks_of_is_kept(line: str, remark: str, tmp_path: Path) -> None:
    text = LONG.replace(line, remark, 1)
    laid = format_turtle(text, "x.ttl")
    assert remark.partition("#")[2].partition("\n")[0] in laid
    assert meaning(laid, tmp_path) == meaning(LONG, tmp_path)
    assert format_turtle(laid, "x.ttl") == laid


def test_a_value_that_could_be_meant_twice_is_written_out(tmp_path: Path) -> None:
    text = LONG.replace("hs:startDate 2012 ;", "hs:startDate 2012 , 2011 ; hs:endDate 2012 ;")
    laid = format_turtle(text, "x.ttl")
    assert "claim:x-start rdf:predicate hs:startDate ; rdf:object 2012 ;" in laid
    assert meaning(laid, tmp_path) == meaning(text, tmp_path)


def test_a_selector_that_is_not_written_has_the_line_of_its_evidence() -> None:
    source = read_project(ROOT)
    selectors = {
        quad.subject.value
        for quad in source.store
        if quad.predicate.value == "http://www.w3.org/ns/oa#exact"
        and hasattr(quad.subject, "value")
    }
    assert len(selectors) > 1000
    assert selectors <= source.locations.keys()
