"""The documentation names everything there is: settings, commands, options, routes, targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click
import pytest
from flask import Flask

from hsgraph.cli import cli
from hsgraph.graph import KnowledgeGraph
from hsgraph.settings import SETTINGS, kind, variable

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROOT = DOCS.parent
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def doc(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_documented_as_it_is(name: str) -> None:
    rows = [line for line in doc("settings.md").splitlines() if f"| `{name}` |" in line]
    assert len(rows) == 1, f"docs/settings.md needs one row for {name}"
    assert f"`{variable(name)}`" in rows[0]
    assert kind(name) in rows[0]
    assert SETTINGS[name].metadata["help"] in rows[0]
    default = SETTINGS[name].default
    if isinstance(default, (int, float)):
        assert f"`{default:g}`" in rows[0] or f"`{default}`" in rows[0]


def test_no_setting_is_documented_that_is_not_there() -> None:
    documented = set(re.findall(r"^\| `(\w+)` \|", doc("settings.md"), re.MULTILINE))
    assert documented == {*SETTINGS}


def commands() -> Iterator[tuple[str, click.Command]]:
    yield "hsgraph", cli
    for name, command in cli.commands.items():
        yield f"hsgraph {name}", command


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda value: str(value))
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    sections = re.split(r"^## ", doc("cli.md"), flags=re.MULTILINE)
    section = next((text for text in sections if text.startswith(f"`{name}")), None)
    assert section is not None, f"docs/cli.md needs a section ## `{name} …`"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[-1]}" in section, f"{name} {parameter.opts[-1]}"


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda value: str(value))
def test_every_command_has_examples_in_its_help(name: str, command: click.Command) -> None:
    assert command.epilog is not None
    assert f"{name} " in command.epilog


def test_every_exit_code_of_the_help_is_documented() -> None:
    assert cli.epilog is not None
    codes = re.findall(r"^ +(\d+)  ", cli.epilog, re.MULTILINE)
    assert len(codes) >= 5
    for code in codes:
        assert f"| {code} |" in doc("cli.md")


def test_every_route_is_documented(app: Flask) -> None:
    written = {word for code in re.findall(r"`([^`\n]+)`", doc("http.md")) for word in code.split()}
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    paths = {re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule) for rule in rules}
    assert len(paths) > 50
    assert paths - written == set()


def shell_words(program: str) -> set[str]:
    """The first words after `program` in the documents' shell examples and inline code."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    pattern = rf"(?:\S*/)?{program} ([a-z]+(?:-[a-z]+)*)"
    in_blocks = re.findall(rf"^(?:\w+=\S+ )*{pattern}", "\n".join(blocks), re.MULTILINE)
    return {*in_blocks, *re.findall(rf"`{pattern}", prose)}


def test_the_readme_leads_to_every_document() -> None:
    linked = set(re.findall(r"\]\(docs/([\w-]+\.md)\)", (ROOT / "README.md").read_text("utf-8")))
    assert linked == {page.name for page in (ROOT / "docs").glob("*.md")}


def test_python_names_in_running_text_are_there() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    parts = "|".join(path.stem for path in (ROOT / "hsgraph").iterdir() if path.stem[0] != "_")
    names = set(re.findall(rf"`(hsgraph\.(?:{parts})(?:\.\w+)*)", text))
    assert {"hsgraph.build.pipeline.build_project", "hsgraph.engine.sparql.bind.bind"} <= names
    for name in sorted(names):
        resolve_name(name)


def test_targets_that_the_documents_name_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert {"serve", "test"} <= shell_words("make")
    assert shell_words("make") <= targets


def test_commands_that_the_documents_name_are_there() -> None:
    assert {"build", "query", "serve"} <= shell_words("hsgraph")
    assert shell_words("hsgraph") <= set(cli.commands)


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", ["README.md", "docs/python.md", "docs/questions.md"])
def test_python_in_the_documents_runs(
    name: str, snapshots: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ROOT / name
    monkeypatch.setenv("HSGRAPH_SNAPSHOTS", str(snapshots))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "unemployment.rq").write_text("".join(blocks(page, "sparql")), encoding="utf-8")
    code = blocks(page, "python")
    assert code
    known: dict[str, Any] = {}
    exec(compile("\n".join(code), name, "exec"), known)
    known["graph"].close()


@pytest.mark.parametrize("name", ["README.md", "docs/cli.md", "docs/questions.md"])
def test_examples_in_the_documents_find_something(name: str, graph: KnowledgeGraph) -> None:
    page = ROOT / name
    text = page.read_text(encoding="utf-8")
    inline = re.findall(r"[`\"](SELECT [^`\"]*\}[^`\"]*)[`\"]", text)
    queries = [*blocks(page, "sparql"), *inline]
    assert queries
    assert [query for query in queries if not graph.query(query).rows] == []


def test_searches_in_the_documents_find_something(graph: KnowledgeGraph) -> None:
    help = cli.commands["search"].epilog or ""
    lines = re.findall(r"hsgraph search (.*)", doc("cli.md") + help)
    assert len(lines) > 3
    for line in lines:
        words, _, options = line.replace('"', "").partition(" --")
        kinds = re.findall(r"kind (\w+)", options)
        assert graph.search(words.strip(), kinds=kinds).results, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    broken = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert broken == []
