"""The commands that keep Turtle files in order: new, fmt and quotes."""

from __future__ import annotations

from datetime import date
from itertools import chain
from pathlib import Path
from typing import Final

import click

from hsgraph import resources
from hsgraph.cli.terminal import note, put
from hsgraph.errors import HsgraphError, SourceError, raise_any

FILE: Final = click.Path(exists=True, path_type=Path)


@click.command(
    epilog="""\b
Examples:
  hsgraph new serbia-southwest-sandzak
  hsgraph new serbia-southwest-sandzak -o -      on the terminal"""
)
@click.argument("slug")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File, or folder for SLUG.ttl.  [default: data/projects/]",
)
def new(slug: str, output: Path | None) -> None:
    """Write the skeleton of a programme's file, with what it may say as comments."""
    from hsgraph.curate.turtle.skeleton import skeleton

    text = skeleton(slug, date.today())
    write_new(file_in(output or resources.data_dir() / "projects", slug), text)


def file_in(output: Path, slug: str) -> Path:
    """The file of a programme: the output itself, if it is one; else in this folder, made here."""
    if output.suffix or str(output) == "-":
        return output
    output.mkdir(parents=True, exist_ok=True)
    return output / f"{slug}.ttl"


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all; `-` is the terminal."""
    if str(path) == "-":
        put(text)
        return
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise HsgraphError(
            f"{path} is there already.", remedy="Name another file with -o."
        ) from None
    click.echo(str(path))


@click.command(
    epilog="""\b
Examples:
  hsgraph fmt data/projects/serbia-southwest-sandzak.ttl
  hsgraph fmt --check data"""
)
@click.argument("paths", nargs=-1, type=FILE)
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if a file would change.")
def fmt(paths: tuple[Path, ...], check: bool) -> None:
    """Put Turtle files into the layout of the data: order, indents, one line a property.

    PATHS are files, or folders for the *.ttl in them; without any, the data of the project.
    What the files say stays the same, and so do their comments.
    """
    from hsgraph.build.read import source_text
    from hsgraph.curate.turtle.layout import format_turtle

    changed, errors = [], []
    given = paths or (resources.data_dir(),)
    files = [sorted(path.rglob("*.ttl")) if path.is_dir() else [path] for path in given]
    for path in chain.from_iterable(files):
        try:
            text = source_text.decode(path.read_bytes(), str(path))
            laid = format_turtle(text, str(path))
        except SourceError as error:
            errors.append(error)
            continue
        if laid != text:
            changed.append(path)
            if not check:
                path.write_text(laid, "utf-8")
    for path in changed:
        click.echo(str(path))
    note(f"{len(changed)} {'would change' if check else 'changed'}.")
    raise_any(errors)
    if check and changed:
        note("Run `hsgraph fmt` on them.")
        raise click.exceptions.Exit(1)


@click.command(
    epilog="""\b
Example:
  hsgraph quotes data/projects/serbia-southwest-sandzak.ttl --document sheet.pdf"""
)
@click.argument("file", type=FILE)
@click.option("--document", required=True, type=FILE, help="The fact sheet or page.")
@click.option("--source", help="Which source of FILE it is.  [default: the one of this file name]")
def quotes(file: Path, document: Path, source: str | None) -> None:
    """Look for every quotation of FILE in the document it is from, verbatim but for line breaks.

    Exit code 1 when one is not there.
    """
    from hsgraph.curate.sheet.desk import read_file
    from hsgraph.curate.turtle.quotes import check_quotes

    sources = resources.data_dir() / "sources.ttl"
    checked = check_quotes(file, read_file(document), sources, source)
    missing = [quoted for quoted in checked if not quoted.there]
    for quoted in missing:
        click.echo(f"{file}:{quoted.line}: “{quoted.words}” is not in {document.name}")
    note(f"{len(checked) - len(missing)} of {len(checked)} quotations are in {document.name}.")
    if missing:
        raise click.exceptions.Exit(1)
