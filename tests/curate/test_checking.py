"""One file is checked with what it names, and no text can make a check outlast its limits."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from hsgraph.cli import run
from hsgraph.curate.checking import LIMITS, WAITED_FOR, check_file, check_text
from hsgraph.curate.reading.confined import READING, Limits
from hsgraph.curate.reading.confined import run as run_apart
from hsgraph.curate.turtle.skeleton import skeleton
from hsgraph.errors import SourceError

ROOT = Path(__file__).parents[2]
SARIF = ROOT / "tests" / "fixtures" / "sarif-2.1.0" / "sarif-schema-2.1.0.json"
FILE = ROOT / "data" / "projects" / "serbia-southwest-sandzak.ttl"


def test_a_file_of_ours_is_as_right_alone_as_among_others(tenth: Path) -> None:
    assert check_text(FILE.read_bytes(), None, tenth).conforms


def test_the_command_tells_a_mistake_with_its_line_and_as_sarif(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "first draft.ttl"
    file.write_text(FILE.read_text().replace("place:serbia-novi-pazar ;", "place:atlantis ;", 1))
    assert run(["validate", str(file), "--severity", "violation", "--format", "sarif"]) == 1
    log = json.loads(capsys.readouterr().out)
    assert list(Draft4Validator(json.loads(SARIF.read_text())).iter_errors(log)) == []
    (told,) = log["runs"]
    places = [each["locations"][0]["physicalLocation"] for each in told["results"]]
    assert places[0]["artifactLocation"]["uri"].endswith("first%20draft.ttl")
    lines = {place["region"]["startLine"] for place in places}
    wrong = [n for n, line in enumerate(file.read_text().split("\n"), 1) if "atlantis" in line]
    assert wrong[0] in lines


def test_a_check_ends_at_its_limits() -> None:
    shapes = b"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <https://example.org/> .
:S a sh:NodeShape ; sh:targetClass :B ; sh:sparql [ sh:select
 "SELECT $this WHERE { $this ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }" ] ."""
    text = b"@prefix : <https://example.org/> ." + b"".join(
        b":t%d a :B ; :n %d ." % (n, n) for n in range(300)
    )
    with pytest.raises(SourceError) as caught:
        check_text(text, shapes, ROOT, Limits(seconds=2, memory=900_000_000))
    assert caught.value.remedy


def test_an_unfilled_skeleton_is_told_with_the_lines_to_fill_in(tenth: Path) -> None:
    text = skeleton("peru-wells", date(2026, 11, 30))
    report = check_text(text.encode(), None, tenth)
    lines = text.split("\n")
    found = [each for each in report.findings if each.severity == "violation"]
    told = {lines[(each.line or 1) - 1].strip() for each in found}
    assert told == {
        'skos:prefLabel "NAME OF THE PROGRAMME"@en ;',
        'skos:prefLabel "NAME OF THE DOCUMENT"@en ;',
    }
    assert all("put here what its capitals ask for" in each.message for each in found)


def test_every_text_of_the_skeleton_is_one_that_the_shapes_know() -> None:
    text = skeleton("peru-wells", date(2026, 11, 30))
    capitals = set(re.findall(r'"((?=[^"]*[A-Z]{3})[^"a-z]+|AGENCY, [^"]+)"', text))
    shapes = (ROOT / "ontology" / "shapes.ttl").read_text()
    assert len(capitals) == 10
    assert all(f'"{each}"' in shapes for each in capitals)


def test_a_busy_machine_ends_no_check_of_ones_own_file(tmp_path: Path) -> None:
    slow = ["-n1", "-r1", "import time; time.sleep(3.5)"]
    own = Limits(seconds=1, memory=LIMITS.memory, clock=LIMITS.clock)
    assert "loop" in run_apart("timeit", slow, tmp_path, own)
    with pytest.raises(SourceError) as caught:
        run_apart("timeit", slow, tmp_path, replace(own, clock=1))
    assert (caught.value.remedy or "").startswith("The machine may be busy: try again")
    assert READING.clock is None
    assert WAITED_FOR.clock


def test_no_shapes_are_spoken_of_where_none_were_given(tmp_path: Path) -> None:
    file = tmp_path / "draft.ttl"
    file.write_text(FILE.read_text())
    with pytest.raises(SourceError) as caught:
        check_file(file, None, ROOT, replace(LIMITS, seconds=1))
    assert "shapes" not in (caught.value.remedy or "")
