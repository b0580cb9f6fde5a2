"""The layout of Turtle files: one order, comments kept, and never another statement."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from hsgraph.cli import run
from hsgraph.curate.turtle.layout import format_turtle, property_order
from hsgraph.curate.turtle.skeleton import skeleton
from hsgraph.errors import BadRequest, SourceError

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("data", "ontology") for path in (ROOT / folder).rglob("*.ttl"))
HEAD = "@prefix hs: <https://w3id.org/hsgraph/ontology#> .\n@prefix : <https://example.org/> .\n"
SKOS = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"


def statements(text: str) -> Dataset:
    dataset = Dataset(parse(text.encode(), RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def test_every_file_of_ours_is_laid_out() -> None:
    texts = {path: path.read_text("utf-8") for path in FILES}
    assert [path for path, text in texts.items() if format_turtle(text, path.name) != text] == []


def test_properties_come_in_the_order_of_the_data_and_unknown_ones_last() -> None:
    text = HEAD + SKOS + ":x :own 1 ; hs:basis hs:Stated ;\n skos:prefLabel 'X'@en ; a hs:Threat.\n"
    assert format_turtle(text, "x.ttl") == (
        HEAD + SKOS + "\n:x a hs:Threat ;\n    skos:prefLabel 'X'@en ;\n"
        "    hs:basis hs:Stated ;\n    :own 1 .\n"
    )


def test_remarks_on_a_value_and_on_its_statement_stay_two() -> None:
    laid = format_turtle("@prefix e: <urn:> .\ne:a e:p 5 # value\n . # statement\ne:b e:p 6 .", "f")
    assert "e:a e:p 5 .  # value\n# statement\n" in laid
    assert format_turtle(laid, "f") == laid


def test_comments_stay_with_what_they_speak_of() -> None:
    text = (
        "# the file\n" + HEAD + "\n# --- a section ---\n\n# about x\n:x a hs:Threat ; # a kind\n"
        "  # the number\n  :n 1 , # one\n # two comes\n 2 . # end of x\n\n\n# last words\n"
    )
    laid = format_turtle(text, "x.ttl")
    assert laid == (
        "# the file\n" + HEAD + "\n# --- a section ---\n\n# about x\n:x a hs:Threat ;  # a kind\n"
        "    # the number\n    :n 1 ,  # one\n        # two comes\n        2 .  # end of x\n\n"
        "# last words\n"
    )
    assert format_turtle(laid, "x.ttl") == laid


@pytest.mark.parametrize(
    "statement",
    [
        ":x :says 'a # b . c ; d'@en-GB , '''two\nlines''' .",
        ":x :n 1 , -2.5 , 3.0e4 , true ; :d '2024-01-01'^^:date .",
        "[ :a 1 ] :b ( 1 [ :c 2 ; :d 3 ] ) .",
        ":x :a :b ; ; .",
        "PREFIX e: <https://e.org/>\ne:a.b e:c e:d\\/e .",
        ":x\t:a\r\n\t:b.",
        ":x :a '''one\r\ntwo\rthree\nfour'''@en , 'b' .\r\n:y :a :b .",
    ],
)
def test_turtle_of_every_kind_means_the_same_afterwards(statement: str) -> None:
    laid = format_turtle(HEAD + statement, "x.ttl")
    assert statements(laid) == statements(HEAD + statement)
    assert format_turtle(laid, "x.ttl") == laid


def test_a_file_of_windows_is_laid_out_with_line_feeds() -> None:
    windows = (HEAD + ':x :a """one\ntwo""" .\n').replace("\n", "\r\n")
    laid = format_turtle(windows, "x.ttl")
    assert "\r" not in laid
    assert statements(laid) == statements(windows.replace("\r\n", "\n"))


@pytest.mark.parametrize("said", ["{| :q 1 |}", "~ :r", "~ :r {| :q 1 |} , :c"])
def test_what_is_said_of_a_statement_is_refused_with_its_line(said: str) -> None:
    with pytest.raises(SourceError, match=r"RDF 1\.2") as caught:
        format_turtle(HEAD + f"\n:a :p :b {said} .\n", "x.ttl")
    assert caught.value.place.line == HEAD.count("\n") + 2


def test_what_has_no_layout_is_left_as_it_is() -> None:
    with pytest.raises(SourceError, match="cannot be laid out"):
        format_turtle(f'VERSION "1.2"\n{HEAD}:a :p :b ; :q :c .\n', "x.ttl")


def test_what_is_not_turtle_is_told_with_its_line() -> None:
    with pytest.raises(SourceError) as caught:
        format_turtle(HEAD + ":x :y\n", "x.ttl")
    assert caught.value.place.file == "x.ttl"


def test_check_names_the_file_and_leaves_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.ttl"
    file.write_text(HEAD + ":x a hs:Threat.\n")
    assert run(["fmt", "--check", str(tmp_path)]) == 1
    assert str(file) in capsys.readouterr().out
    assert file.read_text() == HEAD + ":x a hs:Threat.\n"
    assert run(["fmt", str(file)]) == 0
    assert run(["fmt", "--check", str(file)]) == 0


def test_the_order_knows_every_property_once() -> None:
    order = property_order()
    assert len(order) > 80
    assert sorted(order.values()) == list(range(len(order)))


def test_a_skeleton_is_laid_out_already_and_names_its_slug() -> None:
    text = skeleton("serbia-test", date(2026, 1, 2))
    assert format_turtle(text, "x.ttl") == text
    assert "project:serbia-test a hs:Project" in text
    assert '"2026-01-02"' in text


@pytest.mark.parametrize("slug", ["", "serbia", "Serbia-x", "a--b", "a/b", "../a-b"])
def test_a_slug_that_cannot_be_is_refused(slug: str) -> None:
    with pytest.raises(BadRequest):
        skeleton(slug, date(2026, 1, 2))


@pytest.mark.parametrize("output", ["there", "not/there/"])
def test_new_writes_into_a_folder(tmp_path: Path, output: str) -> None:
    (tmp_path / "there").mkdir()
    assert run(["new", "serbia-test", "-o", f"{tmp_path}/{output}"]) == 0
    assert (tmp_path / output / "serbia-test.ttl").is_file()


def test_new_never_writes_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_text("mine")
    assert run(["new", "serbia-test", "-o", str(file)]) == 1
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("draft", 2, "No file is given"),
        ("draft --template", 2, "No file is named"),
        ("draft x.csv --table --iati", 2, "--table and --iati"),
        ("draft x.txt --slug Bad_Slug", 2, "cannot be the slug"),
        ("draft nowhere", 1, "There is no such file"),
        ("draft nowhere.txt", 1, "There is no such file"),
        ("draft .", 1, "This is a folder"),
        ("new Bad", 2, "cannot be the slug"),
        ("validate --shapes {file}", 2, "--shapes is for one file"),
        ("publish nowhere", 2, "“nowhere” is not an http"),
        ("publish http://127.0.0.1:1/x --query foo --update bar", 2, "“foo” is not an http"),
        ("quotes {file} --document {file.parent}/sheet.txt", 1, "The file has no quotations"),
    ],
)
def test_a_wrong_argument_is_told_as_one(
    line: str, code: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "some.ttl"
    file.write_text("<http://e/a> <http://e/b> <https://w3id.org/hsgraph/ontology#Project> .")
    (tmp_path / "sheet.txt").write_text("Country: Ghana")
    assert run([word.format(file=file) for word in line.split()]) == code
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told


def test_what_publish_takes_is_published_not_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["publish", "--help"]) == 0
    assert "Publish this instead" in " ".join(capsys.readouterr().out.split())
