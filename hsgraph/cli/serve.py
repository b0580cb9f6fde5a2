"""The commands that bring the graph to others: serve over HTTP, publish into a remote store."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from hsgraph.cli.options import format_option, other_graph
from hsgraph.cli.terminal import as_json, note, progress
from hsgraph.processes import end_with_parent
from hsgraph.settings import Settings, load

if TYPE_CHECKING:
    from hsgraph.origin.origin import Origin


@click.command(
    epilog="""\b
Examples:
  hsgraph serve
  hsgraph serve --port 8080
  hsgraph serve --watch                       takes up changed files
  hsgraph serve mine.ttl others.jsonld        files of your own, with the same pages
  hsgraph serve --endpoint http://127.0.0.1:8890/sparql      what another database holds
  hsgraph serve --host 0.0.0.0 --base https://graph.example.org/"""
)
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option(
    "-p", "--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: 5000]"
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes.  [default: 2]")
@click.option("--endpoint", help="SPARQL endpoint to serve instead of files.")
@click.option("--base", help="Public address of the server, where it stands behind another.")
@click.option("--watch", is_flag=True, help="Take up changes of the files while serving.")
@click.pass_obj
def serve(
    settings: Settings,
    files: tuple[Path, ...],
    host: str | None,
    port: int | None,
    workers: int | None,
    endpoint: str | None,
    base: str | None,
    watch: bool,
) -> None:
    """Serve the graph: pages, linked data and a SPARQL endpoint.

    Without FILES the project's own graph is served, built first when its files have changed.
    The signal SIGHUP has the server take up the newest data; requests go on meanwhile. Data that
    does not validate is reported and not served: what was served before stays.
    """
    from hsgraph.origin.origin import Origin
    from hsgraph.server.runtime.serve import serve as run_server

    given = {"host": host, "port": port, "workers": workers, "base": base, "endpoint": endpoint}
    said = {name: value for name, value in given.items() if value is not None}
    settings = load(environ={}, **{**asdict(settings), **said})
    if files and endpoint:
        raise click.UsageError("Files and an endpoint cannot be served at once.")
    if settings.endpoint and not files:
        run_server(settings.endpoint, settings, announce=click.echo)
        return
    with TemporaryDirectory(prefix="hsgraph-built-") as folder:
        origin = Origin(files, settings, Path(folder))
        snapshot = _fetched(origin)
        run_server(snapshot, settings, announce=click.echo, origin=origin, watch=watch)


def _fetched(origin: Origin) -> Path:
    """The snapshot, built if need be by a process of its own, whose memory goes with it.

    An error is told by that process; this one leaves with its exit code.
    """
    ours, theirs = os.pipe()
    parent = os.getpid()
    if (child := os.fork()) == 0:
        end_with_parent(parent, signal.SIGTERM)
        with progress():
            path = origin.fetch()
        os.write(theirs, os.fsencode(path))
        os._exit(0)
    os.close(theirs)
    try:
        with os.fdopen(ours, "rb") as told:
            path = Path(os.fsdecode(told.read()))
    except BaseException:
        os.kill(child, signal.SIGTERM)
        raise
    finally:
        _, status = os.waitpid(child, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise click.exceptions.Exit(code if code > 0 else 128 - code)
    return path


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
@other_graph("Publish")
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
    from hsgraph.build.pipeline import find_snapshot
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
