"""The commands that ask the graph: query and describe."""

from __future__ import annotations

import sys
from collections import defaultdict
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hsgraph.cli.options import in_option
from hsgraph.cli.terminal import clean, note, progress, put, table
from hsgraph.errors import HsgraphError
from hsgraph.literals import plain, size
from hsgraph.namespaces import compact
from hsgraph.settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad, Triple

    from hsgraph.describe.documents.document import Document
    from hsgraph.graph import KnowledgeGraph
    from hsgraph.result import Result


def opened(
    settings: Settings, source: tuple[Path, ...], *, guarded: bool = False
) -> KnowledgeGraph:
    """Open the graph that the options name, with progress on a terminal.

    Things may be named by the addresses of the site that the settings are of.
    """
    from hsgraph.graph import KnowledgeGraph
    from hsgraph.search.addresses import served_at

    served_at(settings.base)
    with progress():
        return KnowledgeGraph.open(source or None, settings=settings, guarded=guarded)


_DEPTH: Final = 4
"""Nodes without an IRI within each other that `describe` prints."""


@click.command(
    epilog="""\b
Examples:
  hsgraph query "SELECT ?project WHERE { ?project a hs:Project }"
  hsgraph query data/queries/programmes-by-country.rq --format csv
  echo "ASK { ?x a hs:Threat }" | hsgraph query -
  hsgraph query --in mine.ttl "DESCRIBE <https://example.org/a>" --format jsonld

The prefixes of the project (hs:, skos:, dcterms: …) need not be declared."""
)
@click.argument("query", metavar="QUERY")
@click.option(
    "-f",
    "--format",
    "format_name",
    metavar="NAME",
    help="table, csv, tsv, json or xml; for CONSTRUCT and DESCRIBE ttl, nt, jsonld or rdf.  "
    "[default: table; ttl]",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file, not to stdout."
)
@click.option("--seconds", type=float, help="Deadline of the query.")
@in_option
@click.pass_obj
def query(
    settings: Settings,
    query: str,
    format_name: str | None,
    output: Path | None,
    seconds: float | None,
    source: tuple[Path, ...],
) -> None:
    """Answer a SPARQL query.

    QUERY is the query itself, the name of a file that holds it, or - for standard input.
    """
    text = read_query(query)
    if seconds is not None:
        settings = load(environ={}, **{**vars(settings), "query_seconds": seconds})
    with opened(settings, source, guarded=True) as graph:
        result = graph.query(text)
    graph_form = result.form in ("construct", "describe")
    chosen = format_name or (output.suffix.lstrip(".") if output else None)
    if not chosen:
        chosen = "ttl" if graph_form else "table"
    if chosen == "table" and output is None:
        _print_table(result)
        return
    if chosen == "table":
        raise click.UsageError("A file needs a --format other than table.")
    written = result.write(chosen, to=output)
    if output is None:
        put(written)
    else:
        note(f"{output}: {len(result)} {'triples' if graph_form else 'rows'}")


def read_query(given: str) -> str:
    """The text of the query that the argument is, names, or stands for."""
    if given == "-":
        return sys.stdin.read().removeprefix("\ufeff")
    if not given or any(character.isspace() or character in "{<" for character in given):
        return given
    try:
        return Path(given).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise HsgraphError(
            f"{given}: cannot be read as a file: {error.strerror}; it is no query either.",
            remedy='A query is given in quotes: hsgraph query "SELECT …"',
        ) from error
    except UnicodeDecodeError as error:
        raise HsgraphError(f"{given}: not UTF-8 text.") from error


def _print_table(result: Result) -> None:
    if result.form == "ask":
        click.echo("yes" if result.boolean else "no")
        return
    table(result.variables, ([_shown(term) for term in row.terms] for row in result.rows))
    if sys.stdout.isatty():
        note(f"{len(result)} rows")


def _shown(term: Any) -> str:
    from pyoxigraph import BlankNode, NamedNode

    if term is None:
        return ""
    if isinstance(term, BlankNode):
        return str(term)
    if isinstance(term, NamedNode):
        return compact(term.value)
    return str(getattr(term, "value", term))


@click.command(
    epilog="""\b
Examples:
  hsgraph describe project/serbia-southwest-sandzak
  hsgraph describe hs:Project --format ttl
  hsgraph describe https://w3id.org/hsgraph/vocab/dimension/economic"""
)
@click.argument("name")
@click.option(
    "-f", "--format", "format_name", default="text", show_default=True, metavar="NAME",
    help="text, ttl, nt, jsonld, rdf, trig or nq.",
)  # fmt: skip
@in_option
@click.pass_obj
def describe(settings: Settings, name: str, format_name: str, source: tuple[Path, ...]) -> None:
    """Show what the graph says about one thing.

    NAME is its IRI, a prefixed name such as hs:Project, its kind and slug, or the slug alone.
    """
    from hsgraph.formats import DATASET_FORMATS, RDF_FORMATS, called
    from hsgraph.serialize import write

    with opened(settings, source) as graph:
        document = graph.document(name)
        if format_name == "text":
            _print_statements(document)
            return
    format = called(format_name, "a thing", RDF_FORMATS, "text")
    statements: list[Triple | Quad] = [*document.statements]
    if format in DATASET_FORMATS:
        statements += document.quads
    put(write(statements, format).decode("utf-8"))


def _print_statements(document: Document) -> None:
    """A thing's own statements, remarks on them, and how many things link to it."""
    from pyoxigraph import NamedNode

    from hsgraph.describe.entity.nested import remarks

    click.echo(clean(document.labels.ref(document.iri).label))
    click.echo(document.iri)
    click.echo()
    values: dict[str, set[Any]] = defaultdict(set)
    for triple in document.said.get(NamedNode(document.iri), ()):
        values[compact(triple.predicate.value)].add(triple.object)
    own = (
        (name, value)
        for name, found in sorted(values.items())
        for value in _in_order(document, found)
    )
    table(("property", "value"), own)
    if noted := remarks(document):
        click.echo()
        table(("remarks on statements",), ([fact.label] for fact in noted))
    if document.incoming:
        click.echo()
        links = ((compact(link.predicate), f"{link.count:,}") for link in document.incoming)
        table(("what links here", "number"), links, right=("number",))


def _in_order(document: Document, values: set[Any]) -> list[str]:
    """The values of a property, numbers by size, with their languages where there are several."""
    from pyoxigraph import Literal

    literals = [value for value in values if isinstance(value, Literal)]
    several = len({value.language for value in literals}) > 1
    shown: set[tuple[float, str]] = set()
    for value in values:
        text, large = _valued(document, value, _DEPTH), inf
        if isinstance(value, Literal):
            large = size(value.value, value.datatype.value)
            text += f" ({value.language})" if several and value.language else ""
        shown.add((large, text))
    return [text for _, text in sorted(shown)]


def _valued(document: Document, value: Any, depth: int) -> str:
    """A value with its label; of a node without an IRI what is said of it, to a depth."""
    from pyoxigraph import BlankNode, Literal, NamedNode

    from hsgraph.describe.values import FIRST

    if isinstance(value, NamedNode):
        return f"{document.labels.ref(value.value).label} ({_shown(value)})"
    if isinstance(value, Literal):
        return plain(value.value, value.datatype.value)
    if not isinstance(value, BlankNode):
        return _shown(value)
    said = document.said.get(value)
    if not said or not depth:
        return "[…]"
    if any(triple.predicate == FIRST for triple in said):
        return f"({', '.join(_items(document, value, depth - 1))})"
    inner = sorted(
        f"{compact(t.predicate.value)} {_valued(document, t.object, depth - 1)}" for t in said
    )
    return f"[{'; '.join(inner)}]"


def _items(document: Document, node: Any, depth: int) -> Iterator[str]:
    """The items of a list, each as a value; “…” where a document does not have the rest."""
    from hsgraph.describe.values import FIRST, NIL, cells

    for cell in cells(document.said, node):
        for triple in document.said.get(cell, ()):
            if triple.predicate == FIRST:
                yield _valued(document, triple.object, depth)
    if cell != NIL:
        yield "…"
