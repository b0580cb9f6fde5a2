"""The real project, its programmes many times over, built whole: the time and memory of each step.

`python -m benchmarks.real 10 FOLDER` writes a project with every programme ten times, under names
of their own, and builds it as `hsgraph build` does, validation and all.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

from benchmarks.prepare import Steps, finish
from hsgraph import resources
from hsgraph.build.index.aggregates_reader import OF_ONE_PROGRAMME
from hsgraph.build.read.reader import read_project
from hsgraph.namespaces import GRAPH, ID

_PROJECTS = "data/projects"
_OWN = "|".join(map(re.escape, (f"{ID}project/", *OF_ONE_PROGRAMME)))
_PREFIX = re.compile(rf"^(@prefix [\w-]+: <(?:{_OWN}))> ", re.M)
"""Where files declare how the IRIs of things of their own begin: a copy begins them otherwise."""
_NAME = re.compile(r'( a hs:Project ;\s+skos:prefLabel ")')
"""Before the name of a programme, which no two programmes may share."""


def multiply(times: int, folder: Path) -> None:
    """Write the project with each programme `times` times."""
    for name in ("ontology", "data"):
        shutil.copytree(resources.root() / name, folder / name, dirs_exist_ok=True)
    for path in sorted((folder / _PROJECTS).glob("*.ttl")):
        text = path.read_text("utf-8")
        for number in range(1, times):
            copied = _PREFIX.sub(rf"\1c{number}-> ", text)
            copied = _NAME.sub(rf"\g<1>{number}. ", copied, count=1)
            copied = copied.replace(f"{GRAPH}{_PROJECTS}/", f"{GRAPH}{_PROJECTS}/c{number}-")
            path.with_name(f"c{number}-{path.name}").write_text(copied, "utf-8")


def build(folder: Path) -> Steps:
    """Build it step by step."""
    steps = Steps()
    with steps.step("read"):
        source = read_project(folder)
    finish(source, folder / "var", steps)
    return steps


if __name__ == "__main__":
    multiply(int(sys.argv[1]), Path(sys.argv[2]))
    done = build(Path(sys.argv[2])).done
    (Path(sys.argv[2]) / "steps.json").write_text(json.dumps(done, indent=1))
