"""The commands for people and assistants that ask in plain words: ask and mcp."""

from __future__ import annotations

from pathlib import Path

import click

from hsgraph.cli.ask import opened
from hsgraph.cli.options import format_option, in_option
from hsgraph.cli.terminal import as_json, clean, note, table
from hsgraph.settings import Settings


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
    with opened(settings, source) as graph:
        answer = graph.ask(" ".join(question), other=other)
    if format_name == "json":
        as_json(answer.as_json())
        return
    if only_query:
        click.echo(answer.query or "")
        return
    click.echo(clean(answer.text))
    if answer.answered:
        click.echo()
        cells = (["" if cell is None else clean(str(cell)) for cell in row] for row in answer.rows)
        table(answer.columns, cells)
    for piece in answer.reading:
        note(clean(f"{piece.words}: {piece.taken_for}"))
    for text in answer.notes:
        note(text)
    if answer.unknown:
        note("Not understood: " + clean(", ".join(answer.unknown)))
    for number, alternative in enumerate(answer.alternatives, start=1):
        note(f"--other {number}: {clean(alternative.text)}")


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
