"""The commands for people and assistants that ask in plain words: ask and mcp."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hsgraph.cli.ask import opened
from hsgraph.cli.options import format_option, in_option
from hsgraph.cli.terminal import as_json, clean, note, table
from hsgraph.namespaces import compact
from hsgraph.settings import Settings

if TYPE_CHECKING:
    from hsgraph.ask.answer import Answer


@click.command(
    epilog="""\b
Examples:
  hsgraph ask "What has been tried against youth unemployment in the Balkans?"
  hsgraph ask "Combien de projets au Sénégal ?"
  hsgraph ask "¿Cuánto dinero recibió El Salvador?" --format json
  hsgraph ask "projects for refugees in Kenya" --query"""
)
@click.argument("question", nargs=-1, required=True)
@click.option("--other", default=0, type=click.IntRange(min=0), help="Take this other reading.")
@click.option("--query", "only_query", is_flag=True, help="Print the SPARQL query alone.")
@format_option("table", "json")
@in_option
@click.pass_obj
def ask(
    settings: Settings,
    question: tuple[str, ...],
    other: int,
    only_query: bool,
    format_name: str,
    source: tuple[Path, ...],
) -> None:
    """Ask in plain words, in English, French or Spanish."""
    from hsgraph.ask.answer import below, headings

    with opened(settings, source) as graph:
        answer = graph.ask(" ".join(question), other=other)
        told = below(answer)
        said = headings(graph.asker.lexicon, told, answer.language)
    if format_name == "json":
        as_json(answer.as_json())
        return
    if only_query:
        click.echo(answer.query or "")
        return
    click.echo(clean(answer.text))
    if told.answered and len(told.rows[0] if told.rows else ()) > 1:
        click.echo()
        _print_rows(told, said)
    _print_reading(answer)


def _print_rows(answer: Answer, said: list[str]) -> None:
    """The table, the names before the things, which are named as `describe` takes them."""
    columns = list(answer.columns)
    order = sorted(range(len(columns)), key=lambda at: columns[at] != "name")
    if all(row[0] == row[at] for row in answer.rows for at in order if columns[at] == "name"):
        order = [at for at in order if columns[at] != "name"]
    numbers = [at for at in order if all(isinstance(row[at], int | float) for row in answer.rows)]
    rows = (
        ["" if row[at] is None else compact(str(row[at])) for at in order] for row in answer.rows
    )
    table([said[at] for at in order], rows, right=[said[at] for at in numbers])


def _print_reading(answer: Answer) -> None:
    """How the question was read, and what else it may mean."""
    pieces, language = answer.reading, answer.language
    plain = [clean(p.words) for p in pieces if p.is_plain(language)]
    read = [clean(f"{p.words} → {p.taken_for}") for p in pieces if not p.is_plain(language)]
    lines = ["", *answer.notes]
    if answer.reading:
        lines += ["Read as:", *(f"  {text}" for text in read)]
    if plain:
        lines.append(f"  as they are: {', '.join(plain)}")
    if answer.unknown:
        lines.append("Not understood: " + clean(", ".join(answer.unknown)))
    if answer.alternatives:
        lines.append("Other readings:" if answer.answered else "Nearest:")
    for number, alternative in enumerate(answer.alternatives, start=1):
        given = f"--other {number}  " if answer.answered else ""
        lines.append(f"  {given}{clean(alternative.text)}")
    for line in lines:
        note(line)


@click.command(
    epilog="""\b
Examples:
  hsgraph mcp                    over standard input and output
  hsgraph mcp --http --port 5600 over streamable HTTP, at /mcp"""
)
@click.option("--http", is_flag=True, help="Serve streamable HTTP instead of standard streams.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5600, show_default=True, type=click.IntRange(1, 65535))
@in_option
@click.pass_obj
def mcp(settings: Settings, http: bool, host: str, port: int, source: tuple[Path, ...]) -> None:
    """Let assistants read the graph: a server of the Model Context Protocol."""
    from hsgraph.assistants.server import serve

    with opened(settings, source, guarded=True) as graph:
        serve(graph, (host, port) if http else None)
