"""Checks a Turtle file on its own against our shapes, or others, in a confined process.

Shapes may hold SPARQL of a stranger, so the process has no network, opens no address, and ends at
its limits of memory and time.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from hsgraph.build.check.report import Report
from hsgraph.build.read import source_text
from hsgraph.build.read.reader import Source, SourceFile, expand, read_files, read_project
from hsgraph.curate.reading.confined import Limits, confine, ended, run
from hsgraph.engine.sparql.diagnose import syntax_error
from hsgraph.engine.sparql.guard import inspect
from hsgraph.errors import HsgraphError, Place, SourceError
from hsgraph.namespaces import GRAPH, HS, SH

LIMITS: Final = Limits(seconds=25, memory=1_500_000_000)
WAITED_FOR: Final = replace(LIMITS, clock=51)
"""The limits of a check that a server makes for others."""
LARGEST: Final = 1_000_000
LONGEST: Final = 20_000_000
"""Characters of a report: a message can be many times as long as the shapes that make it."""
_SMALLER: Final = "Check a part of it: the programmes one by one, each in a file of its own."
_BOUNDED: Final = "Check a part of it, or take out the shapes whose queries have no bound."
_ONTOLOGY: Final = GRAPH + "ontology/"
_HOPS: Final = 12
_PROJECT: Final = NamedNode(HS + "Project")
_SELECT: Final = NamedNode(SH + "select")
_TARGET: Final = NamedNode(SH + "target")


def check_text(
    text: bytes, shapes: bytes | None, root: Path, limits: Limits = WAITED_FOR
) -> Report:
    """The report of a Turtle text; its findings name the file `input.ttl`.

    Raises SourceError when a text is not Turtle, or when checking reaches a limit.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "input.ttl"
        file.write_bytes(text)
        given = Path(folder) / "shapes.ttl" if shapes is not None else None
        if given and shapes is not None:
            given.write_bytes(shapes)
        try:
            report = check_file(file, given, root, limits)
        except SourceError as error:
            place = replace(error.place, file=Path(error.place.file).name)
            raise SourceError(
                error.message, place=place, text=error.text, remedy=error.remedy
            ) from None
        return Report(
            tuple(
                replace(finding, file=finding.file and Path(finding.file).name)
                for finding in report.findings
            )
        )


def check_file(path: Path, shapes: Path | None, root: Path, limits: Limits = LIMITS) -> Report:
    """The report of a file, checked by a confined process."""
    bounds = [str(limits.seconds), str(limits.memory)]
    arguments = [*bounds, str(path), str(root), *([str(shapes)] if shapes else [])]
    remedy = _BOUNDED if shapes else _SMALLER
    return Report.from_json(run("hsgraph.curate.checking", arguments, path, limits, remedy))


def _checked(path: Path, root: Path, shapes: Path | None) -> Report:
    from hsgraph.build.check.infer import infer, rules_of
    from hsgraph.build.check.validate import validate

    _open_nothing()
    own = read_files([path])
    known: Collection[str] = ()
    given = _shapes(read_files([shapes])) if shapes else None
    source = own
    if given:
        _refuse_calls(given)
    else:
        _refuse_as_in_a_project(own, path)
        expand(own.store, own.locations)
        project = read_project(root)
        source, known = _in_context(own, project), project.locations
        infer(source.store, rules_of(source.store))
    try:
        report = validate(source, known, given)
    except SourceError as error:
        if shapes:
            error.place = replace(error.place, file=str(shapes))
        raise
    return Report(tuple(each for each in report.findings if each.file == str(path) or shapes))


def _refuse_as_in_a_project(own: Source, path: Path) -> None:
    """Raise SourceError for what the file would be refused for as one of a project's data."""
    text = source_text.decode(source_text.read_bytes(path, str(path)), str(path))
    if wrong := source_text.other_namespace(own.prefixes, text, str(path)):
        raise wrong
    ends = {end for quad in own.quads for end in (quad.subject, quad.object)}
    if _PROJECT in ends and any(isinstance(end, BlankNode) for end in ends):
        raise source_text.blank_node(text, str(path))


def _open_nothing() -> None:
    """Queries in shapes load no graph and ask no service."""
    import rdflib.plugins.sparql
    import rdflib.plugins.sparql.evaluate as evaluation

    def refuse(*_: Any) -> Any:
        raise ValueError("SERVICE is not allowed here")

    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
    setattr(evaluation, "evalServiceQuery", refuse)  # noqa: B010 - mypy knows the signature


def _refuse_calls(source: Source) -> None:
    """Raise SourceError where the query of a target, which Oxigraph answers, asks a service.

    Or where it is no SPARQL: its prefixes are those that the shapes declare, and no others.
    """
    from hsgraph.build.check.infer import with_prefixes

    for quad in source.store.quads_for_pattern(None, _SELECT, None, None):
        if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode | BlankNode):
            query = with_prefixes(source.store, quad.subject, quad.object.value)
            try:
                inspect(query)
                if any(source.store.quads_for_pattern(None, _TARGET, quad.subject, None)):
                    Store().query(query)
            except HsgraphError as error:
                raise SourceError(error.message, place=Place("shapes.ttl")) from None
            except SyntaxError as error:
                told = f"The query of a sh:target: {syntax_error(query, error.msg).message}"
                remedy = "Its prefixes are those that sh:prefixes declares in this file."
                raise SourceError(told, place=Place("shapes.ttl"), remedy=remedy) from None


def _shapes(read: Source) -> Source:
    """A file as shapes; what they say of things is no data (SHACL, section 3.2)."""
    store, graph = Store(), NamedNode(_ONTOLOGY + "shapes")
    store.extend(Quad(quad.subject, quad.predicate, quad.object, graph) for quad in read.quads)
    return replace(read, store=store, files=(SourceFile("shapes.ttl", "", graph.value),))


def _in_context(own: Source, project: Source) -> Source:
    """The file with the ontology and what the project says of the things that it names."""
    from hsgraph.build.check.shapes import WORDS

    store = Store()
    for quad in project.quads:
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        if name.startswith(_ONTOLOGY) and not name.startswith(WORDS):
            store.add(quad)
    store.extend(own.quads)
    described = {quad.subject for quad in own.quads}
    named = {quad.object for quad in own.quads if isinstance(quad.object, NamedNode)} - described
    for _ in range(_HOPS):
        found = [
            quad
            for thing in named
            for quad in project.store.quads_for_pattern(thing, None, None, None)
        ]
        store.extend(found)
        described |= named
        named = {quad.object for quad in found if isinstance(quad.object, NamedNode)} - described
    written = project.written | own.written
    return replace(own, store=store, files=project.files, written=written)


def _main(arguments: list[str]) -> int:
    seconds, memory, *given = arguments
    path, root, *shapes = map(Path, given)
    confine(Limits(int(seconds), int(memory)))
    return ended(lambda: _told(_checked(path, root, shapes[0] if shapes else None)))


def _told(report: Report) -> str:
    """The report as JSON. Raises SourceError where it is longer than a server should hold."""
    text = report.to_json()
    if len(text) > LONGEST:
        raise SourceError(
            f"The report has {len(text):,} characters; up to {LONGEST:,} are told.",
            place=Place("input.ttl"),
            remedy="Check a part of it, or take out the shapes whose messages are long.",
        )
    return text


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
