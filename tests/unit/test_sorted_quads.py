"""The statements of a subject, found in sorted N-Quads, are those that a store would give."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from hsgraph.build.quads import sorting
from hsgraph.engine.sorted_quads import SortedQuads
from hsgraph.errors import SnapshotError
from tests.clock import measured

IRIS = st.text("ab/!-é", min_size=0, max_size=4).map(lambda end: NamedNode("http://e/" + end))
TEXTS = st.text('xy \n"é', max_size=40).map(Literal)
GRAPHS = st.sampled_from([NamedNode("http://g/1"), NamedNode("http://g/wider")])
QUADS = st.lists(st.builds(Quad, IRIS, IRIS, TEXTS | IRIS, GRAPHS), max_size=60)


def written(folder: Path, quads: list[Quad]) -> Path:
    path = folder / "data.nq"
    path.write_bytes(b"".join(sorted({f"{quad} .\n".encode() for quad in quads})))
    return path


@given(QUADS, IRIS, st.integers(1, 300))
def test_what_is_found_is_what_was_written_whatever_the_parts(
    tmp_path_factory: pytest.TempPathFactory, quads: list[Quad], absent: NamedNode, part: int
) -> None:
    path = written(tmp_path_factory.mktemp("sorted"), quads)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sorting, "_PART", part)
        found = SortedQuads([path], ["http://g/wider"])
        for subject in {absent, *(quad.subject for quad in quads)}:
            assert isinstance(subject, NamedNode)
            own = {q for q in quads if q.subject == subject and q.graph_name.value == "http://g/1"}
            assert set(found.matching(subject) or ()) == own
            for predicate in {quad.predicate for quad in quads}:
                expected = {quad for quad in own if quad.predicate == predicate}
                assert set(found.matching(subject, predicate) or ()) == expected


def test_a_subject_is_found_in_each_of_the_files(tmp_path: Path) -> None:
    thing, says = NamedNode("http://e/a"), NamedNode("http://e/says")
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files.append(written(tmp_path / name, [Quad(thing, says, Literal(name))]))
    assert len(SortedQuads(files, []).matching(thing) or ()) == 2


def test_blank_nodes_are_left_to_the_store_which_names_them_otherwise(tmp_path: Path) -> None:
    thing, says, other = (NamedNode(f"http://e/{name}") for name in "abc")
    path = written(tmp_path, [Quad(thing, says, BlankNode("x")), Quad(thing, other, Literal("y"))])
    found = SortedQuads([path], [])
    assert found.matching(thing) is None
    assert found.matching(thing, says) is None
    assert len(found.matching(thing, other) or ()) == 1


def test_damaged_data_are_told_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_bytes(b"<http://e/a> <http://e/b> .\n")
    with pytest.raises(SnapshotError, match="http://e/a"):
        SortedQuads([path], []).matching(NamedNode("http://e/a"))


def test_a_very_long_line_is_read_once(tmp_path: Path) -> None:
    says = NamedNode("http://e/says")
    quads = [Quad(NamedNode(f"http://e/{n:04}"), says, Literal("x")) for n in range(500)]
    quads.append(Quad(NamedNode("http://e/0250"), says, Literal("y" * 4_000_000)))
    path = written(tmp_path, quads)
    with measured() as seconds:
        found = SortedQuads([path], []).matching(NamedNode("http://e/0250"), says) or ()
    assert len(found) == 2
    assert seconds.taken < 2
