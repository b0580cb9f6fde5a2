"""The commands that look around in the graph, and in what changed of it: search, stats, diff."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import click

from hsgraph.cli.ask import opened
from hsgraph.cli.options import format_option, in_option
from hsgraph.cli.terminal import as_json, clean, note, put, table
from hsgraph.namespaces import ID, compact
from hsgraph.settings import Settings

STATS: Final = """SELECT ?class (COUNT(DISTINCT ?thing) AS ?count)
WHERE { ?thing a ?class FILTER(STRSTARTS(STR(?thing), $ids)) }
GROUP BY ?class ORDER BY DESC(?count) ?class"""
TRIPLES: Final = "SELECT (COUNT(*) AS ?count) WHERE { ?subject ?predicate ?object }"
_PLACE = click.Path(exists=True, path_type=Path)
_HAS_OURS: Final = "ASK { ?thing a ?class FILTER(STRSTARTS(STR(?thing), $ids)) }"


@click.command(
    epilog="""\b
Examples:
  hsgraph search unemployment
  hsgraph search police --kind threat --kind intervention
  hsgraph search sandzak --format json"""
)
@click.argument("text", nargs=-1, required=True)
@click.option("-k", "--kind", "kinds", multiple=True, help="Only this kind; may be given again.")
@click.option("-n", "--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--offset", default=0, type=click.IntRange(min=0), help="Leave out this many first.")
@format_option("table", "json")
@in_option
@click.pass_obj
def search(
    settings: Settings,
    text: tuple[str, ...],
    kinds: tuple[str, ...],
    limit: int,
    offset: int,
    format_name: str,
    source: tuple[Path, ...],
) -> None:
    """Find things by their names and texts; accents and small typos do not matter."""
    words = " ".join(text)
    with opened(settings, source) as graph:
        unknown = [kind for kind in kinds if kind not in graph.kinds]
        if unknown and graph.kinds:
            raise click.BadParameter(
                f"There is no kind {unknown[0]!r}; there is: {', '.join(graph.kinds)}.",
                param_hint="--kind",
            )
        found = graph.search(words, kinds=kinds, limit=limit, offset=offset)
    if format_name == "json":
        as_json(found.as_json())
        return
    table(("label", "kind", "IRI"), ([hit.label, hit.kind, hit.iri] for hit in found.results))
    if not found.results:
        others = ", ".join(f"{number} {kind}" for kind, number in found.kinds)
        rest = f" of this kind; of others: {others}" if kinds and others else ""
        note(f"Nothing found for {clean(words)!r}{rest}.")
    elif found.total > len(found.results):
        note(f"{len(found.results)} of {found.total}; more with --limit and --offset.")
        if found.total > found.listed:
            note(
                f"Only the best {found.listed} are listed: narrow them with --kind or a word more."
            )


@click.command(
    epilog="""\b
Examples:
  hsgraph stats
  hsgraph stats --in mine.ttl --format json"""
)
@format_option("table", "json")
@in_option
@click.pass_obj
def stats(settings: Settings, format_name: str, source: tuple[Path, ...]) -> None:
    """Show how much is in the graph: its version, statements, and things by class.

    The statements are all that queries find, also those that repeat others in the wider classes
    and with the wider properties; the files to download leave these out.
    """
    from pyoxigraph import Literal

    from hsgraph.describe.words.labels import Labels

    with opened(settings, source) as graph:
        ids = ID if not source or graph.engine.ask(_HAS_OURS, {"ids": Literal(ID)}) else ""
        rows = graph.engine.select(STATS, {"ids": Literal(ids)}).rows
        triples = int(graph.engine.select(TRIPLES).rows[0]["count"].value)
        counts = {row["class"].value: int(row["count"].value) for row in rows}
        labels = Labels.fetch(graph.engine, set(counts))
        version = graph.version
    if format_name == "json":
        as_json({"version": version, "statements": triples, "things": counts})
        return
    click.echo(f"version     {version}")
    click.echo(f"statements  {triples}")
    click.echo()
    shown = ([labels.ref(iri).label, str(count), compact(iri)] for iri, count in counts.items())
    table(("things", "number", "class"), shown, right=("number",))


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
    from hsgraph.build.pipeline import find_snapshot
    from hsgraph.describe.documents.changes import compare

    with tempfile.TemporaryDirectory(prefix="hsgraph-") as folder:
        old, new = (
            find_snapshot(place, settings, Path(folder, name)).data
            for name, place in (("old", before), ("new", after))
        )
        found = compare(old, new, (str(before), str(after)))
    put(getattr(found, f"to_{format_name}")())
    if found.added or found.removed:
        raise click.exceptions.Exit(1)
