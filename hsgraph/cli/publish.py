"""The command that puts a snapshot into a remote store."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import click

from hsgraph.cli.options import format_option, in_option
from hsgraph.cli.terminal import as_json, note, progress
from hsgraph.settings import Settings


@click.command(
    epilog="""\b
Examples:
  hsgraph publish http://127.0.0.1:7878/store                      Oxigraph's server
  hsgraph publish http://127.0.0.1:3030/ds/data --dry-run          Fuseki
  HSGRAPH_ENDPOINT_USER=dba HSGRAPH_ENDPOINT_PASSWORD=… \\
    hsgraph publish http://127.0.0.1:8890/sparql-graph-crud-auth   Virtuoso"""
)
@click.argument("url")
@click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing.")
@click.option("--query", help="Query address of the store, where it does not follow from URL.")
@click.option("--update", help="Update address of the store, where it does not follow from URL.")
@format_option("text", "json")
@in_option
@click.pass_obj
def publish(
    settings: Settings,
    url: str,
    dry_run: bool,
    query: str | None,
    update: str | None,
    format_name: str,
    source: tuple[Path, ...],
) -> None:
    """Put the graph into a remote store, named graph by named graph.

    URL is the store's address by the SPARQL Graph Store Protocol. Graphs of an older version are
    removed, graphs that are not of this project stay. Every graph is counted afterwards.
    """
    from hsgraph.build.find import find_snapshot
    from hsgraph.engine.remote.connection import Credentials
    from hsgraph.publish.graph_store import Addresses, GraphStore
    from hsgraph.publish.upload import publish as put

    addresses = Addresses.of(url, query=query, update=update)
    store = GraphStore(addresses, Credentials.from_environment())
    start = time.monotonic()
    with progress():
        snapshot = find_snapshot(source or None, settings)
        plan = put(snapshot, store, dry_run=dry_run)
    if format_name == "json":
        as_json(asdict(plan) | {"done": not dry_run})
        return
    done = "would be" if dry_run else "were"
    new = len(plan.graphs) - len(plan.replaced)
    click.echo(
        f"Version {plan.version}: {len(plan.graphs)} graphs with {plan.triples:,} triples "
        f"{done} put ({new} new, {len(plan.replaced)} replaced), {len(plan.removed)} removed."
    )
    for iri in plan.removed:
        click.echo(f"  removed: {iri}")
    if plan.others:
        note(f"{len(plan.others)} other graphs of the store are left as they are.")
    if not dry_run:
        note(f"Every graph was counted in the store; {time.monotonic() - start:.1f} s.")
    if not addresses.atomic and not dry_run:
        note("This store has no transactions over several graphs: they were moved one by one.")
