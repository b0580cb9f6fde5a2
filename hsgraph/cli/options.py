"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def in_option(command: _Command) -> _Command:
    """The option that names another graph than the project's own."""
    return click.option(
        "--in",
        "source",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Ask this instead of the project's own graph: an RDF file, a project folder or a "
        "snapshot. May be given again for more files.",
    )(command)


def format_option(first: str, *others: str) -> Callable[[_Command], _Command]:
    """The option that names the format of what is printed, the first unless said otherwise."""
    return click.option(
        "-f",
        "--format",
        "format_name",
        type=click.Choice([first, *others]),
        default=first,
        show_default=True,
    )
