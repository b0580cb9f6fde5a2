"""What the commands print with: tables, errors and progress; plain where nobody looks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import click

from hsgraph.errors import HsgraphError, SourceError, SourceErrors
from hsgraph.progress import listening

PIPE_WIDTH: Final = 1_000_000
"""A pipe has no width: columns are never cut there."""

PIECE: Final = 32_768

_CONTROL: Final = dict.fromkeys(
    (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)


def clean(text: str) -> str:
    """Text without control and direction marks, so that data cannot steer a terminal."""
    return " ".join(text.split()).translate(_CONTROL)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()
) -> None:
    """Print rows as a table: ruled on a terminal, plain columns in a pipe."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    seen = sys.stdout.isatty()
    console = Console(
        file=sys.stdout, width=None if seen else PIPE_WIDTH, highlight=False, soft_wrap=not seen
    )
    shown = Table(box=box.SIMPLE_HEAD if seen else None, pad_edge=False, show_edge=False)
    for column in columns:
        shown.add_column(
            Text(column), justify="right" if column in right else "left", overflow="fold"
        )
    for row in rows:
        shown.add_row(*(Text(clean(cell)) for cell in row))
    if seen:
        console.print(shown)
        return
    with console.capture() as capture:
        console.print(shown)
    put("\n".join(line.rstrip() for line in capture.get().splitlines()))


def put(text: str) -> None:
    """Print a whole answer, ending in a line break.

    In pieces, since an unbuffered stdout does not tell when a reader left amid a large write.
    """
    text = text if text.endswith("\n") else text + "\n"
    for start in range(0, len(text), PIECE):
        sys.stdout.write(text[start : start + PIECE])


def as_json(value: object) -> None:
    """Print a value as JSON."""
    put(json.dumps(value, ensure_ascii=False, indent=2))


def note(text: str) -> None:
    """A remark for the person who looks on: on stderr, so that it is never part of the output."""
    click.echo(text, err=True)


def tell(error: HsgraphError) -> None:
    """Print an error to stderr: where, what, and what to do next."""
    if isinstance(error, SourceErrors):
        for each in error.errors:
            tell(each)
        return
    where = f"{error.place}: " if isinstance(error, SourceError) else ""
    click.secho("Error: ", fg="red", bold=True, nl=False, err=True)
    _echo_lines(where + error.message)
    if isinstance(error, SourceError) and error.text:
        _echo_lines(error.text, "  ")
    if error.remedy:
        _echo_lines("  " + error.remedy)


def _echo_lines(text: str, before: str = "") -> None:
    """Print a text to stderr, each line clean: what a store or a file says stands in errors."""
    for line in text.splitlines() or [""]:
        click.echo(before + line.expandtabs().translate(_CONTROL).rstrip(), err=True)


@contextmanager
def progress() -> Iterator[None]:
    """A bar on the terminal for what takes its time; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, visible=False)

        def show(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total or None, visible=True)

        with listening(show):
            yield
