"""Snapshots: whole, the same for the same files, published by one swap, bounded in number."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from hsgraph import build
from hsgraph.build.activate import KEPT, building
from hsgraph.build.index.relations import NAMES
from hsgraph.build.pipeline import build_files, build_project, find_snapshot, fresh
from hsgraph.build.snapshot import FORMAT, Snapshot
from hsgraph.errors import SnapshotError, SourceError, ValidationFailed
from hsgraph.graph import KnowledgeGraph
from hsgraph.origin.origin import Origin
from hsgraph.progress import listening
from hsgraph.settings import load

ONTOLOGY = """@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:ontology sh:declare [ sh:prefix "ex" ; sh:namespace "http://e/"^^xsd:anyURI ] .
ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:rule ex:inverse ;
  sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ; sh:message "No label." ] ;
  sh:property [ sh:path ex:note ; sh:minCount 1 ; sh:severity sh:Warning ;
    sh:message "No note." ] .
ex:inverse sh:prefixes ex:ontology ;
  sh:construct "CONSTRUCT { ?b ex:has ?a } WHERE { ?a ex:of ?b }" .
"""
DATA = """@prefix ex: <http://e/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:{0} a ex:Thing ; skos:prefLabel "Näme {0}"@en ; ex:of ex:z .
"""
PROGRAMME = """@prefix hs: <https://w3id.org/hsgraph/ontology#> .
@prefix keyword: <https://w3id.org/hsgraph/vocab/keyword/> .
<https://w3id.org/hsgraph/id/project/p> a hs:Project ;
  hs:keyword keyword:a , keyword:b , keyword:c , keyword:d , keyword:e , keyword:f .
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("ontology", "data"):
        (tmp_path / "project" / folder).mkdir(parents=True)
    (tmp_path / "project" / "ontology" / "o.ttl").write_text(ONTOLOGY)
    for name in ("x", "y", "xx"):
        (tmp_path / "project" / "data" / f"{name}.ttl").write_text(DATA.format(name))
    return tmp_path / "project"


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_build_leaves_a_whole_snapshot_that_current_leads_to(root: Path, tmp_path: Path) -> None:
    built = build_project(root, tmp_path / "var")
    current = Snapshot.current(tmp_path / "var")
    assert current.path == built.path
    current.verify()
    lines = current.data.read_bytes().splitlines(keepends=True)
    assert lines == sorted(lines)
    assert len(lines) == current.manifest.quads
    assert current.manifest.inferred == {"http://e/inverse": 3}
    assert current.manifest.things == 3
    assert current.report().count("warning") == 3
    assert current.coverage().classes
    assert not list((tmp_path / "var").glob(".building-*"))


def test_locations_answer_for_every_subject_and_for_none_other(root: Path, tmp_path: Path) -> None:
    built = build_project(root, tmp_path / "var")
    for name in ("x", "y", "xx"):
        assert [str(place) for place in built.locations(f"http://e/{name}")] == [
            f"data/{name}.ttl:2"
        ]
    assert built.locations("http://e/") == built.locations("http://f/x") == []
    assert built.locations("http://a") == []
    assert built.locations("http://e/inverse")[0].file == "ontology/o.ttl"


def test_the_same_files_give_the_same_bytes_in_another_place_with_other_hashes(
    root: Path, tmp_path: Path
) -> None:
    script = "import sys, hsgraph.build.pipeline as b; b.build_project(sys.argv[1], sys.argv[2])"
    (root / "data" / "p.ttl").write_text(PROGRAMME)
    made = []
    for seed in ("1", "2"):
        elsewhere = tmp_path / f"copy{seed}"
        (elsewhere / "data").mkdir(parents=True)
        (elsewhere / "ontology").mkdir()
        for path in sorted(root.rglob("*.ttl"), reverse=seed == "1"):
            (elsewhere / path.relative_to(root)).write_bytes(path.read_bytes())
        arguments = [sys.executable, "-c", script, str(elsewhere), str(elsewhere / "var")]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(arguments, check=True, env=environment, cwd=Path(__file__).parents[2])
        made.append(Snapshot.current(elsewhere / "var"))
    assert made[0].path.name == made[1].path.name
    assert contents(made[0].path) == contents(made[1].path)


def test_data_that_does_not_validate_is_not_published(root: Path, tmp_path: Path) -> None:
    before = build_project(root, tmp_path / "var")
    (root / "data" / "x.ttl").write_text("<http://e/x> a <http://e/Thing> .")
    with pytest.raises(ValidationFailed, match="1 violation") as caught:
        build_project(root, tmp_path / "var")
    assert "No label." in caught.value.report.to_text()  # type: ignore[attr-defined]
    (root / "data" / "x.ttl").write_text("nonsense")
    with pytest.raises(SourceError):
        build_project(root, tmp_path / "var")
    assert Snapshot.current(tmp_path / "var").path == before.path


def test_fresh_tells_whether_the_files_have_changed(root: Path, tmp_path: Path) -> None:
    assert fresh(root, tmp_path / "var") is None
    built = build_project(root, tmp_path / "var")
    found = fresh(root, tmp_path / "var")
    assert found is not None
    assert found.path == built.path
    (root / "data" / "x.ttl").write_text(DATA.format("x") + "# changed\n")
    assert fresh(root, tmp_path / "var") is None


def test_building_twice_keeps_one_folder(root: Path, tmp_path: Path) -> None:
    first, second = (build_project(root, tmp_path / "var") for _ in range(2))
    assert first.path == second.path
    assert len([path for path in (tmp_path / "var").iterdir() if path.is_dir()]) == 2


def test_old_snapshots_are_pruned_to_a_bounded_number(tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        (tmp_path / "x.nt").write_text(f"<http://e/{number}> <http://e/p> <http://e/o> .")
        newest = build_files([tmp_path / "x.nt"], tmp_path / "var")
    folders = {path.name for path in (tmp_path / "var").iterdir() if not path.name.startswith(".")}
    assert len(folders) == KEPT + 1
    assert {newest.path.name, "current"} <= folders


def test_files_of_users_are_built_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "x.nq").write_text("<http://e/s> <http://e/p> <http://e/o> <http://e/g> .")
    built = build_files([tmp_path / "x.nq"], tmp_path / "var")
    assert built.data.read_text() == "<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n"
    assert built.report().findings == ()


def test_a_second_build_waits_for_the_first_and_then_says_so(tmp_path: Path) -> None:
    with (
        building(tmp_path),
        pytest.raises(SnapshotError, match="Another build"),
        building(tmp_path, wait_seconds=0.1),
    ):
        pytest.fail("two builds held the lock")
    with building(tmp_path) as folder:
        assert folder.is_dir()


def test_the_lock_of_a_dead_process_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / ".lock").touch()
    with (tmp_path / ".lock").open("w") as left:
        fcntl.flock(left, fcntl.LOCK_EX)
    with building(tmp_path, wait_seconds=0.1) as folder:
        assert folder.is_dir()


def test_a_missing_or_damaged_snapshot_is_told_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="no snapshot") as caught:
        Snapshot.current(tmp_path)
    assert caught.value.remedy
    (tmp_path / "x.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .")
    built = build_files([tmp_path / "x.nt"], tmp_path / "var")
    built.data.chmod(0o644)
    built.data.write_text(built.data.read_text().replace("/s>", "/t>"))
    with pytest.raises(SnapshotError, match=r"data\.nq"):
        Snapshot(built.path).verify()
    built.data.write_text("")
    with pytest.raises(SnapshotError, match="damaged"):
        Snapshot(built.path)


def test_of_a_snapshot_of_another_release_only_the_data_are_read(tmp_path: Path) -> None:
    (tmp_path / "x.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .")
    built = build_files([tmp_path / "x.nt"], tmp_path / "var")
    manifest = built.path / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(replace(built.manifest, format=FORMAT - 1).to_json())
    assert Snapshot(built.path).data.read_text() == built.data.read_text()
    with pytest.raises(SnapshotError, match="another release"):
        KnowledgeGraph.open(built.path)
    with pytest.raises(SnapshotError, match="another release"):
        Origin((built.path,), load(environ={}), tmp_path).fetch()


def test_the_format_of_snapshots_goes_up_with_each_change_of_their_tables() -> None:
    schemas = sorted(Path(build.__file__).parent.glob("queries/*.sql"))
    tables = [line for path in schemas for line in path.read_text("utf-8").splitlines()]
    held = [*(line for line in tables if not line.startswith("--")), *NAMES]
    digest = sha256("\n".join(held).encode()).hexdigest()[:16]
    assert (FORMAT, digest) == (3, "115f3fbacc7a0386")


def test_a_damaged_snapshot_is_replaced_by_the_next_build(tmp_path: Path) -> None:
    (tmp_path / "x.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .")
    built = build_files([tmp_path / "x.nt"], tmp_path / "var")
    (built.path / "search.sqlite").unlink()
    build_files([tmp_path / "x.nt"], tmp_path / "var").verify()


def test_a_target_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "x.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .")
    with pytest.raises(SnapshotError, match="Nothing can be written"):
        build_files([tmp_path / "x.nt"], tmp_path / "file")


def test_many_quads_are_sorted_in_runs_from_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    triples = [f"<http://e/{n * 7919 % 100}> <http://e/p> <http://e/o> ." for n in range(100)]
    (tmp_path / "x.nt").write_text("\n".join(triples))
    whole = build_files([tmp_path / "x.nt"], tmp_path / "a").data.read_bytes()
    monkeypatch.setattr("hsgraph.build.quads.sorting._LINES_IN_MEMORY", 10)
    assert build_files([tmp_path / "x.nt"], tmp_path / "b").data.read_bytes() == whole


def test_progress_is_told_for_every_step(root: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with listening(lambda *step: told.append(step)):
        build_project(root, tmp_path / "var")
    assert list(dict.fromkeys(step for step, _, _ in told)) == [
        "read",
        "infer",
        "validate",
        "index",
        "snapshot",
        "downloads",
    ]
    last = {step: (done, total) for step, done, total in told}
    assert all(done == total for done, total in last.values())


def test_current_is_a_relative_link_so_that_the_folder_can_be_moved(tmp_path: Path) -> None:
    (tmp_path / "x.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .")
    build_files([tmp_path / "x.nt"], tmp_path / "var")
    link = tmp_path / "var" / "current"
    assert link.is_symlink()
    assert not Path(os.readlink(link)).is_absolute()


def test_a_question_to_another_project_moves_nothing_that_is_served(
    root: Path, tmp_path: Path
) -> None:
    settings = load(environ={}, snapshots=tmp_path / "shared")
    (tmp_path / "other").mkdir()
    served = build_project(root, tmp_path / "shared")
    shutil.copytree(root, tmp_path / "other" / "project")
    other = tmp_path / "other" / "project"
    (other / "data" / "y.ttl").unlink()
    asked = find_snapshot(other, settings)
    assert asked.version != served.version
    assert Snapshot.current(tmp_path / "shared").path == served.path
    assert find_snapshot(other, settings).path == asked.path
    Origin((other,), settings, tmp_path).fetch()
    assert Snapshot.current(tmp_path / "shared").path == asked.path


def test_a_disk_without_room_is_told_with_its_folder(tmp_path: Path) -> None:
    with (
        pytest.raises(SnapshotError, match=f"no room to write in {tmp_path}") as caught,
        building(tmp_path),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "Make room" in (caught.value.remedy or "")
