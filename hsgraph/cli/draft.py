"""The command that drafts: from a document, a table or IATI to Turtle files for a curator."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sized
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hsgraph import resources
from hsgraph.cli.terminal import clean, note
from hsgraph.cli.tidy import file_in, write_new
from hsgraph.errors import BadRequest, Place, SourceError, raise_any
from hsgraph.namespaces import ID

if TYPE_CHECKING:
    from hsgraph.curate.known import Graph
    from hsgraph.curate.model import Ask, Doubt, Draft
    from hsgraph.curate.table.rows import Column

SHOWN: Final = 12


@click.command(
    epilog="""\b
Examples:
  hsgraph draft sheet.pdf                      on the terminal
  hsgraph draft sheet.pdf -o data/projects/    into a file named by country and title
  hsgraph draft --yes sheets/*.html -o drafts/
  hsgraph draft --table programmes.xlsx -o drafts/
  hsgraph draft --template -o programmes.xlsx
  hsgraph draft --iati activities.xml -o drafts/"""
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File, or folder for files named by their programmes.  [default: the terminal]",
)
@click.option("--table", is_flag=True, help="The files are tables, a row a programme.")
@click.option("--iati", is_flag=True, help="The files are IATI 2.0x activities.")
@click.option("--template", is_flag=True, help="Write an empty table to fill in.")
@click.option("--yes", is_flag=True, help="Ask nothing; what is doubtful is left out and listed.")
@click.option("--slug", help="The slug of the programme.  [default: country and title]")
def draft(
    files: tuple[Path, ...],
    output: Path | None,
    table: bool,
    iati: bool,
    template: bool,
    yes: bool,
    slug: str | None,
) -> None:
    """Draft the files of programmes from what documents say, each value with its words.

    FILES are fact sheets or pages: text, HTML, PDF or Word. What was not understood is listed
    with its line here and at the end of the draft. Nothing is ever overwritten.
    """
    _needs_extra()
    if template:
        _template(output)
        return
    if table and iati:
        raise click.UsageError("--table and --iati say two things of the same files.")
    if slug:
        from hsgraph.curate.turtle.skeleton import check_slug

        check_slug(slug)
    if not files:
        raise BadRequest("No file is given.", remedy="Name one: hsgraph draft sheet.pdf")
    if output and output.suffix and len(files) > 1:
        raise BadRequest(
            f"{len(files)} files cannot be drafted into one.", remedy="Give -o a folder."
        )
    from hsgraph.curate.known import Graph

    kind = "table" if table else "iati" if iati else None
    graph = cache(lambda: Graph(resources.root()))
    ask = _ask if not yes and sys.stdin.isatty() else lambda doubt: None
    errors: list[SourceError] = []
    for file in files:
        try:
            drafts, mistakes = _drafts(file, kind, graph, ask)
            errors += mistakes
            for drafted in drafts:
                drafted.slug = slug or drafted.slug
                _write(drafted, output)
        except SourceError as error:
            errors.append(error)
    raise_any(errors)


def _drafts(
    file: Path, kind: str | None, graph: Callable[[], Graph], ask: Ask
) -> tuple[list[Draft], list[SourceError]]:
    if kind == "table":
        from hsgraph.curate.table.rows import drafts_of_table, read_columns

        columns, rows = read_columns(file)
        taken = [_confirmed(each, ask) for each in columns]
        return drafts_of_table(file, taken, rows, graph(), ask)
    if kind == "iati":
        from hsgraph.curate.iati.read import drafts_of_iati

        return drafts_of_iati(file, graph(), ask), []
    from hsgraph.curate.sheet.desk import draft_of, read_file

    document = read_file(file)
    drafted = draft_of(document, graph(), ask)
    if not (drafted.places or drafted.parts or drafted.money or drafted.targets or drafted.start):
        raise SourceError(
            "Nothing of a programme was found: no place, organisation, date, sum or people.",
            place=Place(str(file)),
            remedy="Is this the right document? Put “Country: …” above a text of your own.",
        )
    return [drafted], []


def _confirmed(column: Column, ask: Ask) -> Column:
    """Say what a column is taken for; one whose name is only like ours is asked about."""
    from hsgraph.curate.model import Doubt
    from hsgraph.curate.words import words

    if column.close:
        name = words().columns[column.close][0]
        doubt = Doubt(f"Is this the column {name!r}?", ("yes",), 1, column.name)
        if ask(doubt) == 0:
            column = replace(column, code=column.close)
    taken = words().columns[column.code][0] if column.code else "not taken"
    note(f"  column {column.letter} “{clean(column.name)}”: {taken}")
    return column


def _write(drafted: Draft, output: Path | None) -> None:
    from hsgraph.curate.turtle.write import turtle_of

    text = turtle_of(drafted, date.today())
    _say(drafted)
    write_new(file_in(output or Path("-"), drafted.slug), text)


def _say(drafted: Draft) -> None:
    """What was found and what was not, for the person who looks on."""
    if drafted.same_as:
        note(f"{drafted.file}: in the graph already, it seems, as {drafted.same_as[len(ID) :]}.")
    found = (
        ([place for place in drafted.places if place.stated], "place"),
        (drafted.parts, "organisation"),
        (drafted.money, "sum"),
        (drafted.objectives, "objective"),
    )
    suggested = (
        (drafted.threats, "threat"),
        (drafted.interventions, "intervention"),
        (drafted.targets, "target"),
        ([place for place in drafted.places if not place.stated], "place"),
    )
    note(f"{drafted.file}: {_counted(found)}; to be confirmed: {_counted(suggested)}.")
    for missed in drafted.missed:
        note(f"  line {missed.line}: {clean(missed.text)} ({missed.why})")
    for left in drafted.left[:SHOWN]:
        note(f"  line {left.line}: {clean(left.text)} ({left.why})")
    if len(drafted.left) > SHOWN:
        note(f"  and {len(drafted.left) - SHOWN} more, at the end of the draft")


def _counted(found: Iterable[tuple[Sized, str]]) -> str:
    return ", ".join(f"{len(some)} {name}{'' if len(some) == 1 else 's'}" for some, name in found)


def _ask(doubt: Doubt) -> int | None:
    note(f"\nLine {doubt.line}: {clean(doubt.text)}\n{doubt.question}")
    for number, choice in enumerate(doubt.choices[:SHOWN], start=1):
        note(f"  {number}  {clean(choice)}")
    answer = click.prompt(
        "Number, or 0 for none",
        type=click.IntRange(0, min(len(doubt.choices), SHOWN)),
        default=0,
        err=True,
    )
    return answer - 1 if answer else None


def _template(output: Path | None) -> None:
    from hsgraph.curate.known import Graph
    from hsgraph.curate.table.template import write_template

    if output is None:
        raise BadRequest("No file is named.", remedy="Say -o programmes.xlsx.")
    write_template(output, Graph(resources.root()))
    click.echo(str(output))


def _needs_extra() -> None:
    """BadRequest where the libraries that read documents are not installed."""
    from importlib.util import find_spec

    extra = ("docx", "lxml", "openpyxl", "pypdf")
    missing = [name for name in extra if find_spec(name) is None]
    if missing:
        raise BadRequest(
            f"Drafting needs {', '.join(missing)}.", remedy='Run: pip install "hsgraph[curate]"'
        )
