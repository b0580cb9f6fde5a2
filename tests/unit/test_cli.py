"""The command line: what goes to stdout, what to stderr, and with which exit code it ends."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

import hsgraph
from hsgraph.build.snapshot import Snapshot
from hsgraph.cli import run
from hsgraph.origin.origin import Origin
from hsgraph.settings import load

ROOT = Path(__file__).resolve().parents[2]
FAILED, USAGE, LIMIT, UNAVAILABLE, BROKEN_PIPE = 1, 2, 3, 4, 141
PROJECT = "https://w3id.org/hsgraph/id/project/serbia-southwest-sandzak"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Shell:
    """Runs the command line in this process, or `hsgraph` as a process of its own.

    Over the project, or quickly over a small one.
    """

    def __init__(self, snapshots: Path, folder: Path, small: Snapshot) -> None:
        self.small = str(small.path)
        self.environment = {
            "HSGRAPH_SNAPSHOTS": str(snapshots),
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
        }

    def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> Ran:
        given = {**self.environment, **environment}
        with CliRunner().isolation(input=stdin, env=given) as (out, err, _):
            code = run(list(arguments))
            sys.stdout.flush()
            return self.ran(code, out.getvalue().decode(), err.getvalue().decode())

    def process(self, *arguments: str) -> Ran:
        ran = subprocess.run(
            self.command(*arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env=self.environment,
            timeout=60,
            check=False,
        )
        return self.ran(ran.returncode, ran.stdout, ran.stderr)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "hsgraph", *arguments]

    def ran(self, code: int, out: str, err: str) -> Ran:
        assert "Traceback" not in err
        return Ran(code, out, err)

    def over_small(self, command: str, *arguments: str, stdin: str = "") -> Ran:
        return self(command, "--in", self.small, *arguments, stdin=stdin)


@pytest.fixture
def shell(snapshots: Path, tmp_path: Path, small_snapshot: Snapshot) -> Shell:
    return Shell(snapshots, tmp_path, small_snapshot)


def test_version(shell: Shell) -> None:
    assert shell.process("--version") == Ran(0, f"hsgraph {hsgraph.__version__}\n", "")


def test_help_is_shown_for_no_arguments(shell: Shell) -> None:
    ran = shell.process()
    assert ran.code == USAGE
    assert "Examples:" in ran.out + ran.err


QUERY_SMALL = ("query", "--in", "SMALL")
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MANY = "SELECT ?s ?p ?o { ?s ?p ?o . ?a a ?b } LIMIT 20000"
COUNTRIES = "SELECT ?country ?code { ?country a hs:Country ; hs:isoAlpha2 ?code } ORDER BY ?code"


def test_a_query_prints_plain_columns_in_a_pipe(shell: Shell) -> None:
    ran = shell.process("query", COUNTRIES)
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert lines[0].split() == ["country", "code"]
    assert ["place:serbia", "RS"] in [line.split() for line in lines]


def test_a_query_comes_from_a_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "countries.rq").write_text(COUNTRIES, encoding="utf-8")
    ran = shell.over_small("query", str(tmp_path / "countries.rq"), "--format", "csv")
    rows = list(csv.reader(io.StringIO(ran.out)))
    assert rows[0] == ["country", "code"]
    assert len(rows) == 2


def test_a_query_comes_from_standard_input(shell: Shell) -> None:
    ran = shell.over_small("query", "-", stdin="ASK { ?p a hs:Project }")
    assert ran == Ran(0, "yes\n", "")


@pytest.mark.parametrize("form", ["DESCRIBE hs:Project", "CONSTRUCT { ?s a ?c } { ?s a ?c }"])
def test_triples_are_printed_as_turtle(shell: Shell, form: str) -> None:
    ran = shell.over_small("query", form)
    assert ran.code == 0
    assert ran.out.startswith("@prefix")
    assert "hs:Project" in ran.out


def test_an_answer_goes_into_a_file(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "countries.json"
    ran = shell.over_small("query", COUNTRIES, "--output", str(target))
    assert (ran.code, ran.out) == (0, "")
    assert json.loads(target.read_text(encoding="utf-8"))["head"]["vars"] == ["country", "code"]


def test_files_of_ones_own_are_asked(shell: Shell, tmp_path: Path) -> None:
    mine = tmp_path / "mine.ttl"
    mine.write_text('<https://example.org/a> <https://example.org/b> "č" .\n', encoding="utf-8")
    ran = shell("query", "--in", str(mine), "SELECT ?o { ?s ?p ?o }", "--format", "tsv")
    assert ran.out == '?o\n"č"\n'


def test_the_mark_before_a_query_in_a_file_is_skipped(shell: Shell, tmp_path: Path) -> None:
    query = tmp_path / "query.rq"
    query.write_text("\ufeffASK {}", encoding="utf-8")
    assert shell.over_small("query", str(query)).out == "yes\n"
    assert shell.over_small("query", "-", stdin="\ufeffASK {}").out == "yes\n"


def test_an_empty_query_is_told_to_be_one(shell: Shell) -> None:
    ran = shell.over_small("query", "")
    assert (ran.code, "The query ends too early" in ran.err) == (1, True)


def test_lists_are_described_as_lists_and_nodes_look_like_nodes(
    shell: Shell, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.ttl"
    mine.write_text("<http://e/a> <http://e/l> ( 1 ( ) [ <http://e/p> 2 ] ( 3 ) ) .")
    ran = shell("describe", "--in", str(mine), "http://e/a")
    assert "(1, nil (rdf:nil), [http://e/p 2], (3))" in ran.out
    ran = shell("query", "--in", str(mine), "SELECT ?o { <http://e/a> ?p ?o }")
    assert ran.out.splitlines()[1].startswith("_:")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([*QUERY_SMALL, "SELECT * { ?s ?p"], FAILED, "ine 1, column"),
        ([*QUERY_SMALL, "CLEAR ALL"], FAILED, "CLEAR would change the data"),
        (["query", "missing.rq"], FAILED, "missing.rq: cannot be read as a file"),
        ([*QUERY_SMALL, "ASK {}", "--format", "docx"], FAILED, "no format 'docx'"),
        (["query", "ASK {}", "--seconds", "soon"], USAGE, "--seconds"),
        (["query", "ASK {}", "--seconds", "nan"], USAGE, "query_seconds: nan is less than 0.1"),
        (["query", "ASK {}", "--seconds", "inf"], USAGE, "query_seconds: inf is more than 86400"),
        ([*QUERY_SMALL, "--seconds", "0.3", SLOW], LIMIT, "stopped after 0.3 seconds"),
        (["describe", "--in", "SMALL", "project/none"], FAILED, "id/project/none"),
        (["describe", "--in", "SMALL", "http://x y"], FAILED, "'http://x y' names nothing"),
        (["describe", "--in", "SMALL", "project/a|b"], FAILED, "'project/a|b' names nothing"),
        (["stats", "--in", "none.ttl"], UNAVAILABLE, "none.ttl: there is no such file"),
        (["--settings", "none.toml", "stats"], USAGE, "none.toml: cannot be read"),
        (["serve", "none.ttl"], USAGE, "none.ttl"),
        (["publish-everything"], USAGE, "publish-everything"),
        (["search"], USAGE, "TEXT"),
    ],
)
def test_errors_are_one_message_and_an_exit_code(
    shell: Shell, arguments: list[str], code: int, said: str
) -> None:
    ran = shell(*(shell.small if each == "SMALL" else each for each in arguments))
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_wrong_variable_of_the_environment_is_named(shell: Shell) -> None:
    ran = shell("stats", HSGRAPH_PORT="high")
    assert (ran.code, ran.err) == (USAGE, "Error: HSGRAPH_PORT: 'high' is not a whole number\n")


def test_debug_adds_where_an_error_comes_from(shell: Shell) -> None:
    ran = subprocess.run(
        shell.command("--debug", "stats", "--in", "none.ttl"),
        capture_output=True,
        text=True,
        env=shell.environment,
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == UNAVAILABLE
    assert "Traceback" in ran.stderr


def test_a_broken_file_is_told_with_place(shell: Shell, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<https://example.org/a>\n  oops .\n")
    ran = shell("stats", "--in", str(broken))
    assert (ran.code, ran.out) == (FAILED, "")
    place, line, caret = ran.err.splitlines()[:3]
    assert place.startswith(f"Error: {broken}:2:3: ")
    assert (line, caret) == ("    oops .", "    ^")


def test_a_reader_that_leaves_is_no_error(shell: Shell) -> None:
    process = subprocess.Popen(
        shell.command("query", "--in", shell.small, MANY, "--format", "csv"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=shell.environment,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), said) == (BROKEN_PIPE, b"")


def test_describe_shows_labels_and_the_iri(shell: Shell) -> None:
    ran = shell("describe", "project/serbia-southwest-sandzak")
    assert ran.code == 0
    assert PROJECT in ran.out.splitlines()
    assert "Programme (hs:Project)" in ran.out


def test_things_are_known_by_the_addresses_of_ones_own_site(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HSGRAPH_BASE", "https://example.org/hs/")
    page = "https://example.org/hs/project/serbia-southwest-sandzak"
    assert PROJECT in shell("describe", page).out.splitlines()
    assert PROJECT in shell("search", page).out


def test_describe_shows_nodes_without_an_iri_and_counts_what_links_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people.ttl"
    file.write_text(
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix : <https://example.org/> ."
        ' :ada foaf:name "Ada" ; foaf:knows [ foaf:name "Grace" ] .'
        " :bob foaf:knows :ada . :eve foaf:knows :ada ."
    )
    assert run(["describe", "--in", str(file), "https://example.org/ada"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "foaf:knows [foaf:name Grace]" in lines
    assert lines[-2:] == ["what links here number", "foaf:knows 2"]


@pytest.mark.parametrize(("items", "end"), [(3, "(0, 1, 2)"), (2000, "…)")])
def test_describe_shows_a_list_to_its_end_or_says_that_there_is_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], items: int, end: str
) -> None:
    file = tmp_path / "list.ttl"
    file.write_text(f"<urn:l> <urn:p> ( {' '.join(map(str, range(items)))} ) .")
    assert run(["describe", "--in", str(file), "urn:l"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "(0, 1, 2" in line]
    assert line.rstrip().endswith(end)


@pytest.mark.parametrize("format", ["ttl", "nt", "jsonld", "rdf", "trig", "nq"])
def test_describe_writes_every_rdf_format(
    small_snapshot: Snapshot, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    small = str(small_snapshot.path)
    assert run(["describe", "--in", small, "hs:Project", "--format", format]) == 0
    assert "Project" in capsys.readouterr().out


def test_search_in_json_has_one_shape(shell: Shell) -> None:
    ran = shell("search", "sandzak", "--kind", "project", "--format", "json")
    found = json.loads(ran.out)
    assert list(found) == ["query", "total", "listed", "results"]
    assert (found["query"], found["total"], found["listed"]) == ("sandzak", 1, 1)
    assert list(found["results"][0]) == ["iri", "label", "kind", "score", "matched"]
    assert found["results"][0]["iri"] == PROJECT


def test_a_search_without_hits_says_so(shell: Shell) -> None:
    ran = shell.over_small("search", "xyzzyplugh")
    assert ran.code == 0
    assert "Nothing found for 'xyzzyplugh'." in ran.err


def test_a_search_for_a_kind_says_what_there_is_of_others(shell: Shell) -> None:
    ran = shell.over_small("search", "youth", "--kind", "scheme")
    assert ran.code == 0
    assert "Nothing found for 'youth' of this kind; of others: " in ran.err


def test_a_kind_that_nothing_has_is_refused_with_what_there_is(shell: Shell) -> None:
    ran = shell.over_small("search", "youth", "--kind", "nokind")
    assert ran.code == USAGE
    assert "There is no kind 'nokind'; there is: " in ran.err
    assert "threat" in ran.err


def test_stats_count_things(shell: Shell) -> None:
    ran = shell.over_small("stats", "--format", "json")
    stats = json.loads(ran.out)
    assert len(stats["version"]) == 16
    assert stats["things"]["https://w3id.org/hsgraph/ontology#Project"] == 1
    assert "version     " + stats["version"] in shell.over_small("stats").out


def test_validate_conforms_and_writes_every_format(shell: Shell) -> None:
    assert "0 violations" in shell("validate", "--severity", "violation").out
    assert "sh:ValidationReport" in shell("validate", "--format", "turtle").out
    assert json.loads(shell("validate", "--format", "json").out)
    assert shell("validate", "--format", "github").code == 0


def test_build_of_unchanged_files_costs_nothing_and_says_so(shell: Shell) -> None:
    ran = shell("build")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("(unchanged)\n")


@pytest.mark.parametrize("chosen", ["chosen", None])
def test_snapshots_go_where_the_setting_says_or_else_into_the_project(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    chosen: str | None,
) -> None:
    project = tmp_path / "project"
    for name in ("ontology", "data"):
        (project / name).mkdir(parents=True)
        (project / name / "a.ttl").write_text("<http://e/a> <http://e/b> 1 .\n")
    monkeypatch.delenv("HSGRAPH_SNAPSHOTS", raising=False)
    if chosen:
        monkeypatch.setenv("HSGRAPH_SNAPSHOTS", str(tmp_path / chosen))
    folder = tmp_path / chosen if chosen else project / "var"
    assert run(["build", str(project)]) == 0
    built = (folder / "current").resolve(strict=True)
    assert run(["build", str(project)]) == 0
    assert "(unchanged)" in capsys.readouterr().out
    assert Origin((project,), load(), tmp_path / "none").fetch() == built
    assert not (project / "var").exists() or not chosen


def test_build_of_wrong_data_names_the_place_and_keeps_the_snapshot(
    shell: Shell, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    for name in ("ontology", "data"):
        (project / name).mkdir(parents=True)
    (project / "ontology" / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
        "ex:Shape a sh:NodeShape ; sh:targetClass ex:Town ; sh:property ex:Shape-name .\n"
        'ex:Shape-name sh:path ex:name ; sh:minCount 1 ; sh:message "A town needs a name." .\n'
    )
    data = project / "data" / "towns.ttl"
    data.write_text('@prefix ex: <https://example.org/> .\nex:a a ex:Town ; ex:name "A" .\n')
    target = tmp_path / "target"
    assert shell("build", str(project), "--to", str(target)).code == 0
    before = (target / "current").resolve()
    data.write_text("@prefix ex: <https://example.org/> .\n\nex:a a ex:Town .\n")
    ran = shell("build", str(project), "--to", str(target))
    assert (ran.code, ran.out) == (FAILED, "")
    assert "data/towns.ttl:3: violation: A town needs a name." in ran.err
    assert ran.err.count("1 violation, 0 warnings, 0 infos") == 1
    assert (target / "current").resolve() == before
    ran = shell("validate", str(project))
    assert ran.code == FAILED
    assert "data/towns.ttl:3: violation: A town needs a name." in ran.out


def test_results_are_utf_8_whatever_the_system_writes(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "niger.ttl"
    file.write_text('<http://e/a> <http://e/b> "Périmètre" .')
    ran = subprocess.run(
        shell.command("query", "--in", str(file), "SELECT ?o { ?s ?p ?o }", "--format", "csv"),
        capture_output=True,
        env={**shell.environment, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        check=True,
    )
    assert "Périmètre" in ran.stdout.decode()


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_no_error(closed: str, shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "one.ttl"
    file.write_text("<http://e/a> <http://e/b> 1 .")
    command = " ".join(shell.command("stats", "--in", str(file)))
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{command} {closed}"],
        capture_output=True,
        env=shell.environment,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
