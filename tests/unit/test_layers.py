"""The architecture: imports flow one way, and serving processes load no more than they need."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hsgraph.build.snapshot import Snapshot

LAYERS = (
    (
        *("errors", "namespaces", "formats", "literals", "resources", "settings"),
        *("processes", "progress", "jsonld", "rdfxml", "languages"),
    ),
    ("serialize",),
    ("questions",),
    ("build",),
    ("engine",),
    ("publish", "describe", "search", "browse", "explore", "names", "result"),
    ("ask",),
    ("graph",),
    ("origin", "reconcile", "iati", "assistants"),
    ("curate",),
    ("server", "cli"),
)
ROOMS = {
    "build": (
        ("queries",),
        ("read", "quads"),
        ("check", "index"),
        ("snapshot",),
        ("activate", "artifacts"),
        ("pipeline",),
    ),
    "engine": (
        ("sorted_quads",),
        ("lookups",),
        ("sparql", "store"),
        ("protocol",),
        ("writing",),
        ("embedded",),
        ("runners", "remote"),
    ),
    "describe": (
        ("queries",),
        ("values", "pages"),
        ("words",),
        ("documents",),
        ("entity", "quality", "about", "fragment", "citation"),
        ("dataset",),
        ("shared",),
        ("programme",),
        ("view", "schema_org"),
    ),
    "ask": (
        ("parts", "queries"),
        ("names",),
        ("reading",),
        ("pieces",),
        ("target",),
        ("conditions",),
        ("question", "excluded"),
        ("shapes",),
        ("interpret",),
        ("other_readings", "composing", "in_words"),
        ("which_programme", "answer", "telling"),
        ("refusals",),
        ("asker",),
    ),
    "curate": (
        ("shipped", "countries"),
        ("words",),
        ("known",),
        ("model",),
        ("reading", "turtle"),
        ("sheet",),
        ("table", "iati", "checking", "form"),
    ),
    "server": (
        ("ops",),
        ("site",),
        ("http",),
        ("markup",),
        ("api",),
        ("pages",),
        ("app",),
        ("runtime",),
    ),
}
"""Within a part: its rooms and its own modules, from the lowest to the highest."""
FULL = 16
"""Modules in one folder; more belong into rooms."""
BELOW_LAYERS = ("",)
ABOVE_LAYERS = ("__main__",)
"""`__init__` imports nothing when loaded; `__main__` is where the command line starts."""

PACKAGE = Path(__file__).resolve().parents[2] / "hsgraph"
HTTP = ("flask", "werkzeug", "jinja2", "granian", "uvloop")
STORE = ("Store", "Dataset")
NOT_IN_SERVING = ("rdflib", "pyshacl", "owlrl", "SPARQLWrapper", "pandas", "rich")


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "_shipped" not in path.parts)


def part(path: Path) -> str:
    """The part of the package a file is in: `build` for build/read.py, `errors` for errors.py."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py").replace("__init__", "")


def height(name: str) -> int:
    if name in BELOW_LAYERS:
        return -1
    if name in ABOVE_LAYERS:
        return len(LAYERS)
    return next(number for number, layer in enumerate(LAYERS) if name in layer)


def pictured(indent: int) -> list[str]:
    """The names at one depth of the tree that docs/architecture.md draws."""
    text = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = text.split("```")[3]
    return re.findall(rf"^ {{{indent}}}([\w.]+)/? {{2,}}\S", tree, re.MULTILINE)


def imported(tree: ast.AST) -> set[tuple[int, str]]:
    """Line and module of every import, wherever it stands; `from x import y` counts as `x.y`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(node.lineno, alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            found |= {(node.lineno, f"{node.module}.{alias.name}") for alias in node.names}
    return found


def test_every_part_has_a_layer() -> None:
    known = {name for layer in LAYERS for name in layer} | {*BELOW_LAYERS, *ABOVE_LAYERS}
    assert {part(path) for path in modules()} <= known


def test_the_picture_of_the_architecture_is_the_tree() -> None:
    """Every part that holds code is drawn, lower layers before higher ones, and nothing else."""
    drawn = [name.removesuffix(".py") for name in pictured(2)]
    holding = {part(path) for path in modules() if path.name != "__init__.py"}
    assert set(drawn) == holding - {*ABOVE_LAYERS}
    assert [height(name) for name in drawn] == sorted(height(name) for name in drawn)


def test_the_folders_of_the_picture_are_there() -> None:
    assert len(pictured(0)) > 6
    assert all((PACKAGE.parent / name).is_dir() for name in pictured(0))


def test_lower_layers_never_import_higher_ones() -> None:
    wrong = []
    for path in modules():
        for line, name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            package, _, rest = name.partition(".")
            other = rest.split(".")[0]
            is_part = (PACKAGE / other).is_dir() or (PACKAGE / f"{other}.py").is_file()
            if package != "hsgraph" or not is_part or not part(path):
                continue
            if height(other) > height(part(path)):
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert wrong == []


def room(part: str, rest: list[str]) -> int | None:
    """How high in its part a module is; None for the part itself, which is above its rooms."""
    floors = ROOMS[part]
    name = rest[0].removesuffix(".py") if rest else "__init__"
    if name == "__init__":
        return None
    return next(number for number, floor in enumerate(floors) if name in floor)


@pytest.mark.parametrize("part", ROOMS)
def test_rooms_of_a_part_import_one_way(part: str) -> None:
    wrong = []
    for path in sorted((PACKAGE / part).rglob("*.py")):
        own = room(part, list(path.relative_to(PACKAGE / part).parts))
        for line, name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            _, _, rest = name.partition(f"hsgraph.{part}.")
            there = PACKAGE / part / rest.split(".")[0]
            is_own = bool(rest) and (there.is_dir() or there.with_suffix(".py").is_file())
            if own is None or not is_own:
                continue
            other = room(part, rest.split("."))
            if other is not None and other > own:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert wrong == []


def test_no_folder_holds_more_modules_than_one_can_look_over() -> None:
    folders = {path.parent for path in modules()}
    counted = {str(each.relative_to(PACKAGE)): len([*each.glob("*.py")]) - 1 for each in folders}
    assert {name: count for name, count in counted.items() if count > FULL} == {}


def test_only_the_server_knows_http() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line} imports {name}"
        for path in modules()
        if part(path) != "server"
        for line, name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] in HTTP
    ]
    assert wrong == []


def test_only_the_engine_the_build_and_the_desk_know_the_store() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line} imports {name}"
        for path in modules()
        if part(path) not in ("engine", "build", "curate")
        for line, name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name in {f"pyoxigraph.{store}" for store in STORE}
    ]
    assert wrong == []


def test_every_file_opens_with_what_it_is_for() -> None:
    without = [
        str(path.relative_to(PACKAGE))
        for path in modules()
        if (text := path.read_text(encoding="utf-8"))
        and not (ast.get_docstring(ast.parse(text)) or "").split("\n")[0].endswith(".")
    ]
    assert without == []


def loaded_by(code: str) -> set[str]:
    """The top-level modules a fresh process has loaded after running `code`."""
    told = "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    script = f"import sys, json\n{code}\n{told}"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(ran.stdout.splitlines()[-1]))


def test_serving_loads_neither_rdflib_nor_the_validator(
    small_snapshot: Snapshot,
) -> None:
    loaded = loaded_by(
        "from hsgraph.graph import KnowledgeGraph\n"
        "from hsgraph.server.app import create_app\n"
        "from hsgraph.settings import load\n"
        f"graph = KnowledgeGraph.open({str(small_snapshot.path)!r})\n"
        "client = create_app(graph, load(environ={})).test_client()\n"
        "assert client.get('/').status_code == 200\n"
        "assert client.get('/sparql?query=ASK%20%7B%7D').status_code == 200\n"
    )
    assert loaded & {*NOT_IN_SERVING} == set()


@pytest.mark.parametrize("process", ["hsgraph.server.runtime.web", "hsgraph.engine.runners.host"])
def test_processes_that_serve_load_nothing_that_builds(process: str) -> None:
    no_builder = "assert 'hsgraph.build.pipeline' not in sys.modules"
    loaded = loaded_by(f"import {process}\n{no_builder}")
    assert loaded & {*NOT_IN_SERVING, "pyparsing"} == set()


@pytest.mark.parametrize("code", ["import hsgraph", "import hsgraph.cli"])
def test_starting_loads_neither_store_nor_server(code: str) -> None:
    assert loaded_by(code) & {*NOT_IN_SERVING, *HTTP, "pyoxigraph"} == set()
