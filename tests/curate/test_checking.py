"""One file is checked with what it names, and no text can make a check outlast its limits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from hsgraph.cli import run
from hsgraph.curate.checking import check_text
from hsgraph.curate.reading.confined import Limits
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
