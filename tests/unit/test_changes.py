"""What changed between two files: nothing missed, nothing invented, each thing by its name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from hsgraph.cli import cli
from hsgraph.describe.documents.changes import CHANGED, GONE, NEW, Changes, compare

LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
GRAPH = "<https://w3id.org/hsgraph/graph/data/x>"
RULE = "<https://w3id.org/hsgraph/graph/inferred/drives>"


def file(folder: Path, name: str, *triples: str, graph: str = GRAPH) -> Path:
    path = folder / name
    path.write_text("".join(f"{line} {graph} .\n" for line in sorted(triples)), "utf-8")
    return path


def compared(folder: Path, before: list[str], after: list[str]) -> Changes:
    return compare(file(folder, "a.nq", *before), file(folder, "b.nq", *after))


def test_things_are_new_gone_and_changed(tmp_path: Path) -> None:
    kept = [f'<http://e/kept> {LABEL} "Kept"@en', f'<http://e/old> {LABEL} "Old"@en']
    before = [*kept, "<http://e/kept> <http://e/leads> <http://e/old>"]
    after = [kept[0], f'<http://e/new> {LABEL} "New thing"@en', '<http://e/kept> <http://e/n> "1"']
    found = compared(tmp_path, before, after)
    assert {thing.iri: (thing.how, thing.label) for thing in found.things} == {
        "http://e/new": (NEW, "New thing"),
        "http://e/kept": (CHANGED, "Kept"),
        "http://e/old": (GONE, "Old"),
    }
    assert (found.added, found.removed) == (2, 2)
    text = found.to_text()
    assert "Changed: Kept <http://e/kept>" in text
    assert "  - leads: Old\n" in text
    assert "  + n: 1\n" in text


def test_values_that_differ_in_language_or_type_alone_are_told_apart(tmp_path: Path) -> None:
    whole = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    before = [f"<http://e/a> <http://e/n> {whole}", '<http://e/a> <http://e/t> "x"@en']
    after = ['<http://e/a> <http://e/n> "1"', '<http://e/a> <http://e/t> "x"@fr']
    text = compared(tmp_path, before, after).to_text()
    for line in ("- n: 1 (xsd:integer)", "+ n: 1 (xsd:string)", "- t: x (en)", "+ t: x (fr)"):
        assert f"  {line}\n" in text


@pytest.mark.parametrize(
    "name", ["http://www.w3.org/2000/01/rdf-schema#label", "http://xmlns.com/foaf/0.1/name"]
)
def test_things_are_called_by_whatever_names_them(tmp_path: Path, name: str) -> None:
    named = [f'<http://e/b> <{name}> "Bee"', f'<http://e/b> {LABEL} ""']
    found = compared(tmp_path, [], [*named, "<http://e/a> <http://e/of> <http://e/b>"])
    text = found.to_text()
    assert "New: Bee <http://e/b>" in text
    assert "+ of: Bee" in text


def test_nothing_changed_is_said(tmp_path: Path) -> None:
    lines = [f'<http://e/a> {LABEL} "A"']
    found = compared(tmp_path, lines, lines)
    assert found.summary() == "Nothing changed."
    assert found.things == ()


def test_a_statement_that_moves_to_another_graph_is_no_change(tmp_path: Path) -> None:
    triple = f'<http://e/a> {LABEL} "A"'
    found = compare(file(tmp_path, "a.nq", triple), file(tmp_path, "b.nq", triple, graph=RULE))
    assert not found.things


def test_what_rules_add_is_counted_apart(tmp_path: Path) -> None:
    triple = "<http://e/a> <http://e/p> <http://e/b>"
    found = compare(file(tmp_path, "a.nq"), file(tmp_path, "b.nq", triple, graph=RULE))
    assert (found.added, found.inferred) == (1, 1)


def test_the_patch_and_the_json_hold_every_statement(tmp_path: Path) -> None:
    found = compared(
        tmp_path, ['<http://e/a> <http://e/p> "x y"'], ['<http://e/a> <http://e/p> "z"@en']
    )
    patch = found.to_patch()
    assert 'Delete {\n  <http://e/a> <http://e/p> "x y" .\n} .' in patch
    assert 'Add {\n  <http://e/a> <http://e/p> "z"@en .\n} .' in patch
    (thing,) = json.loads(found.to_json())["things"]
    assert thing["added"] == ['<http://e/a> <http://e/p> "z"@en .']


TRIPLES = st.sets(
    st.builds(
        lambda s, o: f'<http://e/{s}> <http://e/p> "{o}"',
        st.sampled_from("abc"),
        st.text("xy @^", max_size=3),
    ),
    max_size=12,
)


@given(before=TRIPLES, after=TRIPLES)
def test_the_differences_are_those_of_sets(
    tmp_path_factory: object, before: set[str], after: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("diff")  # type: ignore[attr-defined]
    found = compared(folder, list(before), list(after))
    assert {text for thing in found.things for text in thing.added} == after - before
    assert {text for thing in found.things for text in thing.removed} == before - after


def test_the_command_compares_files_of_users(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text('<http://e/a> <http://e/p> "1" .')
    (tmp_path / "b.ttl").write_text('<http://e/a> <http://e/p> "2" .')
    arguments = ["diff", str(tmp_path / "a.ttl"), str(tmp_path / "b.ttl")]
    told = CliRunner().invoke(cli, arguments)
    assert told.exit_code == 1
    assert "- p: 1" in told.output
    assert "+ p: 2" in told.output
    same = CliRunner().invoke(cli, ["diff", arguments[1], arguments[1]])
    assert same.exit_code == 0
    assert "Nothing changed." in same.output


def people(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text("@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix : <http://e/> .\n" + text)
    return path


def told(before: Path, after: Path) -> tuple[int, str]:
    ran = CliRunner().invoke(cli, ["diff", str(before), str(after)])
    return ran.exit_code, ran.output


NAMELESS = """
:ada foaf:name "Ada" ; foaf:knows [ foaf:name "Bob" ; foaf:knows [ foaf:name "Cy" ] ] .
:list :of ( 1 2 [ foaf:name "Di" ] ) . [] foaf:knows [] , [] .
_:x foaf:knows _:y . _:y foaf:knows _:z . _:z foaf:knows _:x .
"""


def test_unchanged_nodes_without_an_iri_do_not_count(tmp_path: Path) -> None:
    other = NAMELESS.replace("_:x", "_:other") + ':new foaf:knows [ foaf:name "New" ] .'
    before = people(tmp_path, "a.ttl", NAMELESS)
    assert told(before, people(tmp_path, "same.ttl", NAMELESS.replace("_:x", "_:w")))[0] == 0
    code, text = told(before, people(tmp_path, "b.ttl", other))
    assert code == 1
    assert "2 statements added and 0 removed" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Cy"', '"Si"'),
        ("( 1 2", "( 2 1"),
        ("[] , []", "[]"),
        ("_:z foaf:knows _:x", "_:z foaf:knows _:z"),
    ],
)
def test_a_change_of_nodes_without_an_iri_is_never_missed(
    tmp_path: Path, old: str, new: str
) -> None:
    changed = people(tmp_path, "b.ttl", NAMELESS.replace(old, new))
    code, text = told(people(tmp_path, "a.ttl", NAMELESS), changed)
    assert code == 1
    assert "parts without a name differ" in text


def test_a_graph_made_to_take_for_ever_is_compared(tmp_path: Path) -> None:
    """Nodes that all know each other: telling them apart is hopeless, and not tried."""
    crowd = " ".join(f"_:n{a} foaf:knows _:n{b} ." for a in range(20) for b in range(20) if a != b)
    assert told(people(tmp_path, "a.ttl", crowd), people(tmp_path, "b.ttl", crowd))[0] == 0
