"""The command that serves the graph over HTTP."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from hsgraph.cli.terminal import progress
from hsgraph.settings import Settings


@click.command(
    epilog="""\b
Examples:
  hsgraph serve
  hsgraph serve --port 8080
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
@click.pass_obj
def serve(
    settings: Settings,
    files: tuple[Path, ...],
    host: str | None,
    port: int | None,
    workers: int | None,
    endpoint: str | None,
    base: str | None,
) -> None:
    """Serve the graph: pages, linked data and a SPARQL endpoint.

    Without FILES the project's own graph is served, built first when its files have changed.
    """
    from hsgraph.graph import find_snapshot
    from hsgraph.server.run import serve as run_server
    from hsgraph.server.run import serve_endpoint

    given = {"host": host, "port": port, "workers": workers, "base": base, "endpoint": endpoint}
    settings = replace(settings, **{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    if files and endpoint:
        raise click.UsageError("Files and an endpoint cannot be served at once.")
    if settings.endpoint and not files:
        with progress() as show:
            serve_endpoint(settings, announce=click.echo, progress=show)
        return
    with progress() as show:
        snapshot = find_snapshot(files or None, settings, progress=show)
    run_server(snapshot, settings, announce=click.echo)
