"""Builds the snapshot that is measured, step by step, with the time and memory of each."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

from benchmarks.generate import Known, generate
from hsgraph import resources
from hsgraph.build.check.infer import infer, rules_of
from hsgraph.build.check.report import Report
from hsgraph.build.check.validate import validate
from hsgraph.build.pipeline import write_snapshot
from hsgraph.build.read.reader import Source, read_project
from hsgraph.build.snapshot import CURRENT, Snapshot

VALIDATED = 500
"""Programmes up to which the shapes are checked too: that takes most of the time."""


class Steps:
    """Time of each step, on the clock and of the processor, and the most memory until its end."""

    def __init__(self) -> None:
        self.done: dict[str, dict[str, float]] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start, worked = time.perf_counter(), _worked()
        yield
        seconds, worked = time.perf_counter() - start, _worked() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        self.done[name] = {"seconds": seconds, "processor_seconds": worked, "peak_bytes": peak}
        told = f"{name}: {seconds:.1f} s ({worked:.1f} s of processor)"
        print(f"  {told}, at most {peak / 1e9:.2f} GB", file=sys.stderr, flush=True)


def _worked() -> float:
    """Seconds of the processor that this process and those it has started and ended took."""
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in each)


def snapshot_with(programmes: int, folder: Path, seed: int) -> tuple[Snapshot, dict[str, Any]]:
    """The snapshot in the folder, built there when there is none, and what its building took.

    It is built by a process of its own, so that its memory is not the client's too.
    """
    if not (folder / CURRENT).exists():
        print(f"Building {programmes:,} programmes ...", file=sys.stderr)
        command = [sys.executable, "-m", "benchmarks.prepare", str(programmes), str(folder)]
        subprocess.run([*command, str(seed)], check=True)
    steps: dict[str, Any] = json.loads((folder / "steps.json").read_text("utf-8"))
    return Snapshot.current(folder), steps


def prepare(programmes: int, folder: Path, seed: int = 1994) -> None:
    """Generate, load, infer and index; leaves a snapshot and steps.json in the folder."""
    steps = Steps()
    folder.mkdir(parents=True, exist_ok=True)
    authored = folder / "authored.nq"
    with steps.step("read the real project"):
        source = read_project(resources.root())
        _without_programmes(source.store)
    with steps.step("generate"):
        known = Known.of(source.store)
        with authored.open("w", encoding="utf-8") as output:
            output.writelines(generate(known, programmes, seed))
    with steps.step("load"):
        source.store.bulk_load(path=str(authored), format=RdfFormat.N_QUADS)
    authored.unlink()
    snapshot = finish(source, folder, steps, validated=programmes <= VALIDATED)
    facts = {"programmes": programmes, "quads": snapshot.manifest.quads, "steps": steps.done}
    (folder / "steps.json").write_text(json.dumps(facts, indent=1))


def finish(source: Source, target: Path, steps: Steps, *, validated: bool = True) -> Snapshot:
    """Build a snapshot of what was read, step by step."""
    report = Report()
    with steps.step("infer"):
        inferred = infer(source.store, rules_of(source.store, source.locations))
    if validated:
        with steps.step("validate"):
            report = validate(source)
        print(f"  {report.summary()}", file=sys.stderr)
    with steps.step("index and write"):
        snapshot = write_snapshot(source, inferred, report, target, whole=True)
    print(f"  {snapshot.manifest.quads:,} quads", file=sys.stderr)
    return snapshot


def _without_programmes(store: Store) -> None:
    """Leave the real programmes out: they are too few to matter and would be counted twice."""
    for graph in list(store.named_graphs()):
        if "/graph/data/projects/" in graph.value:
            store.remove_graph(graph)


if __name__ == "__main__":
    prepare(int(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
