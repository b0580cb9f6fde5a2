"""What is wrong is told once, where it was written, with what to do about it there."""

from __future__ import annotations

import shutil
from pathlib import Path

from hsgraph.build.check.nearest import Known
from hsgraph.build.check.report import Finding, Report
from hsgraph.build.pipeline import check_project

SMALL = Path(__file__).parents[1] / "fixtures" / "small"
FILE = "data/projects/springs-youth.ttl"


def report_with(folder: Path, *changes: tuple[str, str]) -> tuple[Report, list[str]]:
    """The report on the small project with texts of its programme changed, and the new lines."""
    shutil.copytree(SMALL, folder, dirs_exist_ok=True)
    text = (folder / FILE).read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    (folder / FILE).write_text(text)
    return check_project(folder)[2], text.split("\n")


def told(report: Report, lines: list[str]) -> list[tuple[str, str]]:
    """The shape of each finding with the line that it leads to."""
    assert {finding.file for finding in report.findings} <= {FILE}
    return [(each.shape_name, lines[(each.line or 1) - 1].strip()) for each in report.findings]


def test_a_mistake_is_told_once_and_not_at_what_follows_from_it(tmp_path: Path) -> None:
    report, lines = report_with(
        tmp_path,
        ('"2014-09-30"^^xsd:date', '"2011-09-30"^^xsd:date'),
        ("threat-type/unemployment>", "threat-type/unemploiment>"),
        ("hs:amount 1200000.0", 'hs:amount "1,200,000"'),
    )
    assert told(report, lines) == [
        ("Project-startBeforeEnd", 'hs:startDate "2012-10-01"^^xsd:date ;'),
        ("Budget-amount", 'hs:amount "1,200,000" ;'),
        (
            "Threat-threatType",
            "hs:threatType <https://w3id.org/hsgraph/vocab/threat-type/unemploiment> ;",
        ),
    ]
    assert report.summary() == "3 violations, 0 warnings, 0 infos"
    amounts = report.to_turtle().count("sh:resultPath hs:amount")
    assert amounts == 2, "the SHACL report keeps a result of each constraint"


def test_no_mistake_is_hidden_by_another_on_something_else(tmp_path: Path) -> None:
    report, _ = report_with(
        tmp_path,
        ('"2014-09-30"^^xsd:date', '"2011-09-30"^^xsd:date'),
        ('hs:announcedDate "2012-06-27"^^xsd:date', 'hs:announcedDate "soon"'),
        ("a hs:Threat ;", "a hs:Thret ;"),
        ("threat-type/unemployment>", "threat-type/unemploiment>"),
        ("threat-type/group-tension>", "threat-type/unemploiment>"),
    )
    shapes = [finding.shape_name for finding in report.findings]
    assert {"Project-startBeforeEnd", "Project-announcedDate", "Thing-type"} <= {*shapes}
    assert "Threat-threatType" in shapes


def test_a_concept_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    report, _ = report_with(
        tmp_path,
        ("threat-type/unemployment>", "threat-type/unemploiment>"),
        ("hs:takesPlaceIn place:springs ;", "hs:takesPlaceIn place:sprigns ;"),
        ("population-group/young-people>", "population-group/xyz>"),
    )
    said = {finding.value: finding.message for finding in report.findings if finding.value}
    start = "https://w3id.org/hsgraph/"
    threat = "There is no concept threat-type:unemploiment. Did you mean threat-type:unemployment?"
    assert said[start + "vocab/threat-type/unemploiment"] == threat
    place = said[start + "id/place/sprigns"]
    assert place.endswith("or add the place. Did you mean place:springs?")
    assert said[start + "vocab/population-group/xyz"] == (
        "There is no concept population-group:xyz. Those there are: "
        "population-group:displaced-people, population-group:young-people"
    )


def test_of_many_concepts_the_vocabulary_is_named() -> None:
    start = "https://w3id.org/hsgraph/vocab/keyword"
    known = Known(f"{start}/word-of-the-list-{n}" for n in range(13))
    assert known.message(f"{start}/xyz", "").endswith(f"Those there are: {start}")


def test_what_follows_from_a_statement_is_told_at_that_statement(tmp_path: Path) -> None:
    report, lines = report_with(tmp_path, ('hs:startDate "2012-10', 'hs:startDate "1912-10'))
    (year,) = [each for each in report.findings if each.shape_name == "Project-year"]
    assert lines[(year.line or 1) - 1].strip().startswith('hs:startDate "1912-10-01"')
    assert year.details == ("  Look at hs:startDate 1912-10-01, hs:announcedDate 2012-06-27.",)
    assert "take it out" not in year.message


def test_what_a_file_says_itself_is_told_at_its_own_line(tmp_path: Path) -> None:
    report, lines = report_with(
        tmp_path, ('hs:startDate "2012', 'hs:durationMonths -1 ;\n    hs:startDate "2012')
    )
    found: list[Finding] = [f for f in report.findings if f.shape_name == "Project-durationMonths"]
    assert {lines[(each.line or 1) - 1].strip() for each in found} <= {"hs:durationMonths -1 ;"}
    assert found


def test_a_text_where_a_date_belongs_is_told_and_does_not_stop_the_check(tmp_path: Path) -> None:
    report, lines = report_with(tmp_path, ('hs:endDate "2014-09-30"', 'hs:endDate "in 2014"'))
    assert ("Project-endDate", 'hs:endDate "in 2014"^^xsd:date ;') in told(report, lines)
