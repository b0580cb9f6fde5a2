"""The command that tells what changed between two versions: diff."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import click

from hsgraph.cli.options import format_option
from hsgraph.cli.terminal import put
from hsgraph.settings import Settings

_SAME: Final = 0
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
    """Tell what changed from BEFORE to AFTER: snapshots, or RDF files.

    Things are called by their names; statements that came are marked with +, those that went with
    -. A patch is Linked Data Patch (W3C). Exit code 0 when nothing changed, 1 when something did.
    """
    from hsgraph.describe.documents.changes import compare

    with tempfile.TemporaryDirectory(prefix="hsgraph-") as folder:
        sides = [_data(place, Path(folder) / str(n)) for n, place in enumerate((before, after))]
        found = compare(sides[0], sides[1], (str(before), str(after)))
    put({"text": found.to_text, "json": found.to_json, "patch": found.to_patch}[format_name]())
    if found.added or found.removed:
        raise click.exceptions.Exit(_DIFFERENT)


def _data(place: Path, folder: Path) -> Path:
    """The sorted N-Quads of a snapshot, or of a file, made in a folder."""
    from hsgraph.build import build_files
    from hsgraph.build.snapshot import CURRENT, Snapshot

    if place.is_dir():
        return Snapshot.current(place).data if (place / CURRENT).exists() else Snapshot(place).data
    return build_files([place], folder).data
