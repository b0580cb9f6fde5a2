"""The command `hsgraph`: its groups of commands, and how an error is told to a person."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import click

from hsgraph import __version__
from hsgraph.cli.ask import describe, query
from hsgraph.cli.draft import draft
from hsgraph.cli.find import diff, search, stats
from hsgraph.cli.make import build, validate
from hsgraph.cli.plain import ask, mcp
from hsgraph.cli.serve import publish, serve
from hsgraph.cli.terminal import tell
from hsgraph.cli.tidy import fmt, new, quotes
from hsgraph.errors import HsgraphError
from hsgraph.processes import unwind_when_stopped
from hsgraph.settings import load

FAILED: Final = 1
USAGE: Final = 2
LIMIT: Final = 3
UNAVAILABLE: Final = 4
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141

_EXIT_CODES: Final = {
    **dict.fromkeys(("bad-setting", "bad-request"), USAGE),
    **dict.fromkeys(("query-timeout", "query-too-large", "query-memory"), LIMIT),
    **dict.fromkeys(("result-too-large", "busy"), LIMIT),
    **dict.fromkeys(("no-snapshot", "engine-unavailable"), UNAVAILABLE),
}
"""Those of the kinds of error, by their slugs; all others are `FAILED`."""

_EPILOG = """\b
Exit codes:
    0  done
    1  the data or the query is wrong, or nothing has that name
    2  the command or a setting is wrong
    3  a limit was reached: time, memory, bytes
    4  there is no data to serve, or what is needed cannot be reached
  130  interrupted
  141  the program that read the output went away
  143  told to stop

\b
Examples:
  hsgraph serve
  hsgraph query "SELECT ?project WHERE { ?project a hs:Project }"
  hsgraph describe project/serbia-southwest-sandzak
"""


class _Commands(click.Group):
    """A group that leaves with its own exit code when the reader of the output went away.

    What is held back is written out here, to notice it; then stdout leads nowhere, since Python
    would flush it once more at the exit.
    """

    def invoke(self, ctx: click.Context) -> object:
        try:
            outcome: object = super().invoke(ctx)
            sys.stdout.flush()
            return outcome
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(BROKEN_PIPE)


@click.group(
    cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, message="hsgraph %(version)s")
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path),
    help="TOML file of settings; without it the one that HSGRAPH_SETTINGS names.",
)
@click.option("--debug", is_flag=True, help="Show where in the program an error comes from.")
@click.pass_context
def cli(context: click.Context, file: Path | None, debug: bool) -> None:
    """The knowledge graph of human security programmes: build, check, ask and serve it."""
    context.obj = load(file)


for command in (
    build,
    validate,
    ask,
    query,
    describe,
    search,
    stats,
    diff,
    serve,
    publish,
    new,
    draft,
    fmt,
    quotes,
    mcp,
):
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    unwind_when_stopped()
    _open_streams()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def _open_streams() -> None:
    """Have results written in UTF-8, as files are, and closed streams lead nowhere.

    What a terminal of another encoding cannot show is replaced there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")


def run(arguments: list[str]) -> int:
    """Run one command line; every error becomes a message on stderr and an exit code."""
    try:
        outcome = cli.main(arguments, prog_name="hsgraph", standalone_mode=False)
        return outcome if isinstance(outcome, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except HsgraphError as error:
        return _told(error, arguments, _EXIT_CODES.get(error.slug, FAILED))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _told(HsgraphError(f"{where}{error.strerror or error}"), arguments, UNAVAILABLE)
    except Exception as error:
        told = HsgraphError(
            f"This should not have happened: {type(error).__name__}: {error}",
            remedy="Please report it, with what `hsgraph --debug …` prints.",
        )
        return _told(told, arguments, FAILED)


def _told(error: HsgraphError, arguments: list[str], code: int) -> int:
    if "--debug" in arguments:
        import traceback

        traceback.print_exc()
    tell(error)
    return code
