"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
from click.decorators import FC


def other_graph(verb: str) -> Callable[[FC], FC]:
    """The option that names another graph than the project's own, for what `verb` says."""
    return click.option(
        "--in",
        "source",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="PATH",
        help=f"{verb} this instead of the project's own graph: an RDF file, a project folder or a "
        "snapshot. May be given again for more files.",
    )


in_option: Final = other_graph("Ask")


def format_option(first: str, *others: str) -> Callable[[FC], FC]:
    """The option that names the format of what is printed, the first unless said otherwise."""
    return click.option(
        "-f",
        "--format",
        "format_name",
        type=click.Choice([first, *others]),
        default=first,
        show_default=True,
    )
