"""What is in a dataset, for pages and in RDF: VoID, DCAT, SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from string import Template
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from hsgraph.build.artifacts.metadata import GRAPH, VOID_EXT
from hsgraph.describe.pages import Paged
from hsgraph.describe.queries import query
from hsgraph.describe.values import counting, per_version, row_count
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.describe.words.nameless import name_by_what_they_say
from hsgraph.engine.protocol import Engine, Row, Solutions
from hsgraph.engine.sparql.bind import bind
from hsgraph.errors import UnknownEntity
from hsgraph.formats import RESULTS_JSON
from hsgraph.languages import later, told
from hsgraph.namespaces import DATASET, DCAT, RDF, RDFS, VOID, XSD
from hsgraph.resources import queries
from hsgraph.result import Result

SHOWN: Final = 200
"""Most classes and most graphs that a page lists."""
PAGE: Final = 50
_turtle: Final = queries("hsgraph.describe", "ttl")
_TRIPLES: Final = "?s ?p ?o"
_ENTITIES: Final = "SELECT DISTINCT ?s WHERE { ?s ?p ?o FILTER(isIRI(?s)) }"


@dataclass(frozen=True)
class Contents:
    """Classes with their things, and named graphs with their statements, counted, largest first.

    `unclassed` counts the things without a class.
    """

    classes: tuple[tuple[Ref, int], ...]
    unclassed: int
    graphs: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Members(Paged):
    """One page of the things of a class, or of those without one."""

    about: Ref | None
    things: tuple[Ref, ...]


def programmes_are_in(engine: Engine) -> bool:
    """Whether the dataset holds programmes, or is somebody's data of another kind."""
    return engine.ask("ASK { ?programme a hs:Project }")


def contents(engine: Engine) -> Contents:
    """What is in the dataset."""
    classes = engine.select(query("classes"))
    graphs, _ = graph_sizes(engine)
    labels = Labels.fetch(engine, [row["class"] for row in classes.rows])
    return Contents(
        tuple((labels.ref(iri), number) for iri, number in _counted(classes, "class")),
        row_count(engine, query("unclassed")),
        tuple(sorted(graphs, key=lambda each: (-each[1], each[0]))[:SHOWN]),
    )


def members(engine: Engine, iri: str, page: int) -> Members:
    """One page of the things of a class, by address; without a class for an empty IRI.

    Whoever asks chooses the class and the page, so they are read as queries from outside are,
    which end at a deadline. Raises UnknownEntity when there are none.
    """
    listed = bind(query("members"), {"class": NamedNode(iri)}) if iri else query("unclassed")
    total = _total(engine, listed)
    if not total:
        sentence = later("Nothing here is of the class {1}.") if iri else later("All have a class.")
        raise UnknownEntity(told(sentence, iri))
    text = f"{listed} ORDER BY ?thing LIMIT {PAGE:d} OFFSET {(page - 1) * PAGE:d}"
    things = [str(thing) for (thing,) in _answered(engine, text)]
    labels = Labels.fetch(engine, [*things, *filter(None, [iri])])
    name_by_what_they_say(engine, labels, things)
    about = labels.ref(iri) if iri else None
    return Members(total, page, PAGE, about, tuple(map(labels.ref, things)))


@per_version(64)
def _total(engine: Engine, listed: str) -> int:
    """How many solutions a query without a prologue has."""
    ((number,),) = _answered(engine, counting(listed))
    assert isinstance(number, int)
    return number


def _answered(engine: Engine, text: str) -> Result:
    return Result(engine.answer(text, {"select": RESULTS_JSON}))


def spaces(engine: Engine) -> tuple[str, str]:
    """What the IRIs of all things begin with, and those of all properties.

    Empty where they have nothing in common but a scheme or the name of a host.
    """
    asked = (query("bounds").replace("?term", name) for name in ("?s", "?p"))
    things, terms = (engine.select(text).rows[0] for text in asked)
    return _common(things), _common(terms)


def _common(row: Row) -> str:
    if "low" not in row or "high" not in row:
        return ""
    pairs = zip(row["low"].value, row["high"].value, strict=False)
    start = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    space = start[: max(start.rfind("/"), start.rfind("#")) + 1]
    return space if space.count("/") > 2 else ""


@per_version(4)
def statistics(engine: Engine, dataset: NamedNode, endpoint: str) -> list[Triple]:
    """How much is in a dataset, by class and by property (VoID)."""
    text = Template(_turtle("statistics")).substitute(
        dataset=dataset,
        endpoint=NamedNode(endpoint),
        triples=row_count(engine, _TRIPLES),
        entities=row_count(engine, _ENTITIES),
    )
    for kind, amount, asked in (
        ("class", "entities", query("classes")),
        ("property", "triples", f"{query('properties')} LIMIT {SHOWN:d}"),
    ):
        named = {"dataset": dataset, "kind": kind, "amount": amount}
        for place, (iri, number) in enumerate(_counted(engine.select(asked), kind)):
            told = {"place": place, "term": NamedNode(iri), "number": number}
            text += Template(_turtle("partition")).substitute(named, **told)
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]


def _counted(found: Solutions, name: str) -> list[tuple[str, int]]:
    return [
        (row[name].value, int(row["number"].value))
        for row in found.rows
        if isinstance(row[name], NamedNode) and isinstance(row["number"], Literal)
    ]


def description(engine: Engine) -> list[Triple]:
    """What our dataset says of itself."""
    parameters = {"metadata": NamedNode(GRAPH), "dataset": NamedNode(DATASET)}
    return [_as_written(triple) for triple in engine.construct(query("described"), parameters)]


def catalogue(described: Sequence[Triple]) -> list[Triple]:
    """What of a description harvesters want, with the kinds of things of others told (DCAT-AP)."""
    asked = [quad.triple for quad in parse(_turtle("dcat_ap"), RdfFormat.TURTLE)]
    ranges = {t.subject: t.object for t in asked if t.predicate == NamedNode(f"{RDFS}range")}
    said = [triple for triple in described if _is_dcat(triple)]
    named = {triple.object for triple in said}
    named |= {triple.object for triple in asked if triple.subject in named}
    said += [triple for triple in asked if triple.subject in named]
    kinds = {
        Triple(t.object, NamedNode(f"{RDF}type"), ranges[t.predicate])
        for t in said
        if t.predicate in ranges and isinstance(t.object, NamedNode)
    }
    return said + sorted(kinds, key=str)


def _is_dcat(triple: Triple) -> bool:
    """Whether a statement is of the catalogue, not of the statistics."""
    subject = getattr(triple.subject, "value", "")
    counts = (f"{DATASET}#class-", f"{DATASET}#property-", f"{DATASET}#links-")
    terms = (triple.predicate.value, getattr(triple.object, "value", ""))
    of_void = any(term.startswith((VOID, VOID_EXT)) for term in terms)
    return not of_void and not subject.startswith(counts)


def _as_written(triple: Triple) -> Triple:
    """A size in bytes with the type that DCAT gives it, which the store does not keep."""
    value = triple.object
    if triple.predicate.value != f"{DCAT}byteSize" or not isinstance(value, Literal):
        return triple
    whole = NamedNode(f"{XSD}nonNegativeInteger")
    return Triple(triple.subject, triple.predicate, Literal(value.value, datatype=whole))


def service(
    engine: Engine, endpoint: NamedNode, dataset: NamedNode, *, federates: bool
) -> list[Triple]:
    """The description of the service at an endpoint over a dataset and its named graphs."""
    named, total = graph_sizes(engine)
    features = "sd:UnionDefaultGraph" + (", sd:BasicFederatedQuery" if federates else "")
    text = Template(_turtle("service")).substitute(
        endpoint=endpoint, features=features, triples=total, dataset=dataset
    )
    for number, (name, triples) in enumerate(named):
        graph = NamedNode(name)
        text += Template(_turtle("service_graph")).substitute(
            number=number, name=graph, triples=triples
        )
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]


@per_version(2)
def graph_sizes(engine: Engine) -> tuple[tuple[tuple[str, int], ...], int]:
    """Each named graph with its number of triples, and that of their union."""
    return tuple(_counted(engine.select(query("graph_sizes")), "graph")), row_count(
        engine, _TRIPLES
    )
