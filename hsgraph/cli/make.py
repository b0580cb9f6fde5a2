"""The commands that make the graph from its files: build and validate."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hsgraph import resources
from hsgraph.cli.options import format_option
from hsgraph.cli.terminal import note, progress, put
from hsgraph.errors import BadRequest, ValidationFailed
from hsgraph.settings import Settings

if TYPE_CHECKING:
    from hsgraph.build.check.report import Report

SEVERITIES: Final = ("violation", "warning", "info")
SHOWN: Final = 20
"""How many violations a failed build prints."""

PROJECT = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(
    epilog="""\b
Examples:
  hsgraph build
  hsgraph build --to /srv/hsgraph
  hsgraph build path/to/another/project"""
)
@click.argument("project", required=False, type=PROJECT)
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the snapshot.  [default: the setting snapshots, else var in PROJECT]",
)
@click.option("--force", is_flag=True, help="Build also when no file has changed.")
@click.pass_obj
def build(settings: Settings, project: Path | None, target: Path | None, force: bool) -> None:
    """Read, infer, validate and index the files of a project, and publish the snapshot.

    PROJECT is a folder with ontology/ and data/; without it the project's own. A snapshot
    appears whole or not at all: when something is wrong, the last good one stays.
    """
    from hsgraph.build.pipeline import build_project, fresh, snapshots_of

    root = project or resources.root()
    target = target or snapshots_of(root, settings)
    snapshot = None if force else fresh(root, target)
    if snapshot is not None:
        click.echo(f"{snapshot.manifest.version}  {snapshot.path}  (unchanged)")
        return
    start = time.monotonic()
    try:
        with progress():
            snapshot = build_project(root, target)
    except ValidationFailed as failed:
        _show_violations(failed, "hsgraph validate" + (f" {project}" if project else ""))
        raise
    report = snapshot.report()
    note(f"Built in {time.monotonic() - start:.1f} s; {report.summary()}.")
    click.echo(f"{snapshot.manifest.version}  {snapshot.path}")


@click.command(
    epilog="""\b
Examples:
  hsgraph validate
  hsgraph validate --severity warning
  hsgraph validate draft.ttl            one file, with what it names
  hsgraph validate --format github      annotations for a pull request
  hsgraph validate --format turtle > report.ttl"""
)
@click.argument("project", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--shapes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check a file against these shapes instead of ours.",
)
@format_option("text", "turtle", "json", "github", "sarif")
@click.option(
    "-s",
    "--severity",
    type=click.Choice(SEVERITIES),
    default="info",
    show_default=True,
    help="Least severity to show.",
)
@click.pass_obj
def validate(
    settings: Settings,
    project: Path | None,
    shapes: Path | None,
    format_name: str,
    severity: str,
) -> None:
    """Check the files of a project against its shapes: every finding with file and line.

    PROJECT is a folder, or one Turtle file, which is checked together with what it names.
    Exit code 0 when there is no violation (there may be warnings), 1 when there is one.
    """
    full = _report_of(project, shapes, settings)
    wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
    report = replace(full, findings=tuple(f for f in full.findings if f.severity in wanted))
    written: str = getattr(report, f"to_{format_name}")()
    if written:
        put(written)
    if len(report.findings) < len(full.findings):
        note(f"{len(full.findings) - len(report.findings)} lesser findings are left out.")
    if not full.conforms:
        raise click.exceptions.Exit(1)


def _report_of(project: Path | None, shapes: Path | None, settings: Settings) -> Report:
    """The report of a file, or of a project; that of its snapshot when it is fresh."""
    if project and project.is_file():
        from hsgraph.curate.checking import check_file

        return check_file(project, shapes, resources.root())
    if shapes:
        raise BadRequest("--shapes is for one file.", remedy="Name a Turtle file.")
    from hsgraph.build.pipeline import check_project, fresh, snapshots_of

    root = project or resources.root()
    snapshot = fresh(root, snapshots_of(root, settings))
    if snapshot is not None:
        return snapshot.report()
    with progress():
        return check_project(root)[2]


def _show_violations(failed: ValidationFailed, command: str) -> None:
    from hsgraph.build.check.report import Report

    assert isinstance(failed.report, Report)
    violations = [f for f in failed.report.findings if f.severity == "violation"]
    shown = replace(failed.report, findings=tuple(violations[:SHOWN]))
    note("\n\n".join(shown.listing()) + "\n")
    if len(violations) > SHOWN:
        note(f"These are the first {SHOWN} of {len(violations)}; {command} shows all.\n")
