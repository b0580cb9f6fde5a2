"""The commands that find and ask in words, and what changed: search, ask, mcp, stats, diff."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hsgraph.cli.ask import opened
from hsgraph.cli.terminal import as_json, clean, format_option, in_option, note, put, table
from hsgraph.namespaces import ID, compact
from hsgraph.settings import Settings

if TYPE_CHECKING:
    from hsgraph.ask.answer import Answer

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


@click.command(
    epilog="""\b
Examples:
  hsgraph ask "What has been tried against youth unemployment in the Balkans?"
  hsgraph ask "Combien de projets au Sénégal ?"
  hsgraph ask "¿Cuánto dinero recibió El Salvador?" --format json
  hsgraph ask "projects for refugees in Kenya" --query"""
)
@click.argument("question", nargs=-1, required=True)
@click.option("--other", default=0, type=click.IntRange(min=0), help="Take this other reading.")
@click.option("--query", "only_query", is_flag=True, help="Print the SPARQL query alone.")
@format_option("table", "json")
@in_option
@click.pass_obj
def ask(
    settings: Settings,
    question: tuple[str, ...],
    other: int,
    only_query: bool,
    format_name: str,
    source: tuple[Path, ...],
) -> None:
    """Ask in plain words, in English, French or Spanish."""
    from hsgraph.ask.answer import below, headings

    with opened(settings, source) as graph:
        answer = graph.ask(" ".join(question), other=other)
        told = below(answer)
        said = headings(graph.asker.lexicon, told, answer.language)
    if format_name == "json":
        as_json(answer.as_json())
        return
    if only_query:
        click.echo(answer.query or "")
        return
    click.echo(clean(answer.text))
    if told.answered and len(told.rows[0] if told.rows else ()) > 1:
        click.echo()
        _print_rows(told, said)
    _print_reading(answer)


def _print_rows(answer: Answer, said: list[str]) -> None:
    """The table, the names before the things, which are named as `describe` takes them."""
    columns = list(answer.columns)
    order = sorted(range(len(columns)), key=lambda at: columns[at] != "name")
    if all(row[0] == row[at] for row in answer.rows for at in order if columns[at] == "name"):
        order = [at for at in order if columns[at] != "name"]
    numbers = [at for at in order if all(isinstance(row[at], int | float) for row in answer.rows)]
    rows = (
        ["" if row[at] is None else compact(str(row[at])) for at in order] for row in answer.rows
    )
    table([said[at] for at in order], rows, right=[said[at] for at in numbers])


def _print_reading(answer: Answer) -> None:
    """How the question was read, and what else it may mean."""
    pieces, language = answer.reading, answer.language
    plain = [clean(p.words) for p in pieces if p.is_plain(language)]
    read = [clean(f"{p.words} → {p.taken_for}") for p in pieces if not p.is_plain(language)]
    lines = ["", *answer.notes]
    if answer.reading:
        lines += ["Read as:", *(f"  {text}" for text in read)]
    if plain:
        lines.append(f"  as they are: {', '.join(plain)}")
    if answer.unknown:
        lines.append("Not understood: " + clean(", ".join(answer.unknown)))
    if answer.alternatives:
        lines.append("Other readings:" if answer.answered else "Nearest:")
    for number, alternative in enumerate(answer.alternatives, start=1):
        given = f"--other {number}  " if answer.answered else ""
        lines.append(f"  {given}{clean(alternative.text)}")
    for line in lines:
        note(line)


@click.command(
    epilog="""\b
Examples:
  hsgraph mcp                    over standard input and output
  hsgraph mcp --http --port 5600 over streamable HTTP, at /mcp"""
)
@click.option("--http", is_flag=True, help="Serve streamable HTTP instead of standard streams.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5600, show_default=True, type=click.IntRange(1, 65535))
@in_option
@click.pass_obj
def mcp(settings: Settings, http: bool, host: str, port: int, source: tuple[Path, ...]) -> None:
    """Let assistants read the graph: a server of the Model Context Protocol."""
    from hsgraph.assistants.server import serve

    with opened(settings, source, guarded=True) as graph:
        serve(graph, (host, port) if http else None)
