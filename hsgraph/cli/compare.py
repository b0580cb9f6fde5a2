"""The command that tells what changed between two versions: diff."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import click

from hsgraph.cli.options import format_option
from hsgraph.cli.terminal import put
from hsgraph.settings import Settings

_DIFFERENT: Final = 1
_PLACE = click.Path(exists=True, path_type=Path)


@click.command(
    epilog="""\b
Examples:
  hsgraph diff var/2c42334ee3db7ea4-6d0833f2 var/current
  hsgraph diff old.ttl new.ttl
  hsgraph diff old.nq var/current --format json
  hsgraph diff old.ttl new.ttl --format patch > changes.ldpatch"""
)
@click.argument("before", type=_PLACE)
@click.argument("after", type=_PLACE)
@format_option("text", "json", "patch")
@click.pass_obj
def diff(settings: Settings, before: Path, after: Path, format_name: str) -> None:
    """Tell what changed from BEFORE to AFTER: snapshots, project folders, or RDF files.

    Things are called by their names; statements that came are marked with +, those that went with
    -. A patch is Linked Data Patch (W3C). Exit code 0 when nothing changed, 1 when something did.
    """
    from hsgraph.build.find import find_snapshot
    from hsgraph.describe.documents.changes import compare

    with tempfile.TemporaryDirectory(prefix="hsgraph-") as folder:
        old, new = (
            find_snapshot(place, settings, Path(folder, name)).data
            for name, place in (("old", before), ("new", after))
        )
        found = compare(old, new, (str(before), str(after)))
    put(getattr(found, f"to_{format_name}")())
    if found.added or found.removed:
        raise click.exceptions.Exit(_DIFFERENT)
