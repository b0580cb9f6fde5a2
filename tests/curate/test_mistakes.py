"""A mistake in a programme's file is told once, at its line, with its cause and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsgraph.build.check.report import Report
from hsgraph.build.read.reader import read_files, read_project
from hsgraph.build.read.source_text import other_namespace
from hsgraph.curate.checking import check_text
from hsgraph.errors import SourceError

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "data" / "projects" / "thailand-human-dignity-phase1.ttl").read_text()
SOURCE = "oa:hasSource source:mofa-2002-08-30-dignity-initiative-phases-ii-iii-ja"
MONEY = """
<https://w3id.org/hsgraph/id/budget/thailand-human-dignity-phase1-total> a hs:Budget ;
    skos:prefLabel "Total"@en ;
    hs:amount 500,000.00 ;
    hs:currency <http://publications.europa.eu/resource/authority/currency/USD> ;
    hs:budgetKind <https://w3id.org/hsgraph/vocab/budget-kind/total> ;
    hs:evidence evidence:thailand-human-dignity-phase1-s1-1 .
"""
DATES = """    hs:startDate "2001-02-30"^^xsd:date ;
    hs:startPrecision <https://w3id.org/hsgraph/vocab/date-precision/month> ;
    hs:endDate "2000-08-31"^^xsd:date ;
    hs:endPrecision <https://w3id.org/hsgraph/vocab/date-precision/month> ;
"""


def told(report: Report, text: str) -> list[tuple[str, str]]:
    """The line and the shape of each finding that asks for something."""
    lines = text.split("\n")
    return [
        (lines[(each.line or 1) - 1].strip(), each.shape_name)
        for each in report.findings
        if each.severity != "info"
    ]


def changed(*changes: tuple[str, str]) -> str:
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def test_what_follows_from_a_mistake_is_not_told_besides(tenth: Path) -> None:
    text = MONEY.join(
        changed(
            (" a hs:Threat ;", " a hs:Threath ;"),
            ("hs:strategy strategy:protection , ", "hs:strateggy strategy:protection , "),
            ('skos:prefLabel "Wider', 'skos:prefLable "Wider'),
            (
                "    hs:takesPlaceIn place:thailand ,",
                DATES + "    hs:takesPlaceIn place:thailand ,",
            ),
        ).partition("\n# Threats\n")
    )
    report = check_text(text.encode("utf-16"), None, tenth)
    assert sorted(told(report, text)) == [
        ("hs:amount 500,000.00 ;", "Budget-amount"),
        ('hs:startDate "2001-02-30"^^xsd:date ;', "Project-startDate"),
        ("hs:strateggy strategy:protection , strategy:empowerment ;", "Intervention"),
        ('skos:prefLable "Wider safe water supply"@en ;', "Intervention"),
        (
            "threat:thailand-human-dignity-phase1-poor-living-conditions-low-income a hs:Threath ;",
            "Thing-type",
        ),
    ]
    said = " ".join(each.message for each in report.findings)
    for meant in ("hs:Threat?", "hs:strategy?", "skos:prefLabel?"):
        assert f"Did you mean {meant}" in said


def test_a_second_programme_in_a_file_is_told_and_takes_no_part_of_the_first(tenth: Path) -> None:
    second = 'project:serbia-southwest-sandzak a hs:Project ; skos:prefLabel "Again"@en .'
    text = f"{TEXT}{second}\n"
    found = told(check_text(text.encode(), None, tenth), text)
    assert (second, "Project-ownFile") in found
    assert {line for line, _ in found} == {
        second,
        "project:thailand-human-dignity-phase1 a hs:Project ;",
    }


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        (
            "<https://w3id.org/hsgraph/ontology#>",
            "<http://w3id.org/hsgraph/ontology#>",
            1,
            "Write @prefix hs: <https://w3id.org/hsgraph/ontology#> .",
        ),
        ("vocab/threat-type/>", "vocab/threat-types/>", 20, "Write @prefix threat-type: <https"),
        (SOURCE + " .", "oa:hasSource [ a hs:Source ] .", 115, "Give the thing an IRI"),
    ],
)
def test_what_a_project_refuses_is_refused_in_one_file(
    before: str, after: str, line: int, said: str
) -> None:
    with pytest.raises(SourceError) as caught:
        check_text(changed((before, after)).encode(), None, ROOT)
    assert said in (caught.value.remedy or "")
    assert caught.value.place.line == line


@pytest.mark.parametrize(
    ("before", "after", "line", "remedy"),
    [
        (
            'communities"@en ;\n    hs:threatType',
            "communities@en ;\n    hs:threatType",
            64,
            "Close the text",
        ),
        ("urban-poverty ;", "urban-poverty", 66, "a ; or , may be missing"),
        (
            "phase1-s1 .\n\n# Interventions",
            "phase1-s1 ;\n\n# Interventions",
            72,
            "a full stop belongs there",
        ),
        ('"Wider safe water supply"', "“Wider safe water supply”", 82, "straight quotation marks"),
        ("# Threats", "<<<<<<< HEAD\n=======", 61, "Keep one version"),
        ("@prefix role", "@PREFIX role", 23, "Write @prefix in small letters"),
    ],
)
def test_what_is_no_turtle_is_told_with_what_to_do(
    before: str, after: str, line: int, remedy: str, tmp_path: Path
) -> None:
    (tmp_path / "x.ttl").write_text(changed((before, after)))
    with pytest.raises(SourceError) as caught:
        read_files([tmp_path / "x.ttl"])
    assert caught.value.place.line == line
    assert remedy in (caught.value.remedy or "")


def test_a_prefix_may_stand_for_another_namespace_of_ours() -> None:
    prefixes = {"target": "https://w3id.org/hsgraph/id/project/"}
    assert other_namespace(prefixes, "", "f.ttl") is None


def test_a_prefix_of_ours_has_its_namespace_in_every_file_of_a_project(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "o.ttl").write_text("<urn:x> a <urn:y> .")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.ttl").write_text(
        "@prefix hs: <http://w3id.org/hsgraph/ontology#> .\n<urn:x> a hs:Project ."
    )
    with pytest.raises(SourceError) as caught:
        read_project(tmp_path)
    assert caught.value.place.line == 1
