"""Over many real things: documents together hold the dump, and say the same in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyld import jsonld
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from hsgraph import serialize
from hsgraph.build.snapshot import Snapshot
from hsgraph.formats import DATASET_FORMATS, JSONLD, RDF_FORMATS, Format
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import GRAPH, WIDER
from hsgraph.server.api.documents import content

SCHEMA = "https://schema.org/"
NT = RdfFormat.N_TRIPLES


def triples_of(data: Path) -> Iterator[Triple]:
    """The triples of sorted N-Quads, without what only says the same in wider terms."""
    quads = parse(path=str(data), format=RdfFormat.N_QUADS)
    return (quad.triple for quad in quads if quad.graph_name.value not in WIDER)


@pytest.fixture(scope="session")
def things(snapshot: Snapshot) -> list[str]:
    return things_in(snapshot)


def things_in(snapshot: Snapshot) -> list[str]:
    """Every thing with an IRI that a graph speaks of."""
    subjects = {triple.subject for triple in triples_of(snapshot.data)}
    return sorted(subject.value for subject in subjects if isinstance(subject, NamedNode))


def canonical(statements: Iterable[Triple | Quad]) -> set[Triple]:
    """The triples, with the labels that RDFC-1.0 gives to their blank nodes."""
    once = {each.triple if isinstance(each, Quad) else each for each in statements}
    blank = {t for t in once if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)}
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in blank)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return (once - blank) | {quad.triple for quad in dataset}


def test_each_document_holds_all_of_its_thing_and_all_together_the_dump(
    tenth_graph: KnowledgeGraph, tenth_snapshot: Snapshot
) -> None:
    """Without what points to a thing; nodes without an IRI included."""
    things = things_in(tenth_snapshot)
    assert len(things) > 3000
    said: dict[str, set[Triple]] = {}
    for triple in triples_of(tenth_snapshot.data):
        if isinstance(triple.subject, NamedNode) and not isinstance(triple.object, BlankNode):
            said.setdefault(triple.subject.value, set()).add(triple)
    held: set[Quad] = set()
    for iri in things:
        document = tenth_graph.document(iri, links=0)
        assert said.get(iri, set()) <= document.statements, iri
        held.update(q for q in document.quads if q.graph_name.value != GRAPH + "metadata")
    assert not canonical(triples_of(tenth_snapshot.data)) - canonical(held)


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda format: format.name)
def test_documents_are_the_same_graph_in_every_format(
    app: Flask, graph: KnowledgeGraph, things: list[str], format: Format
) -> None:
    """As the server writes them; quads say once more which graph says what.

    Each format is tried with its share of every eighth thing.
    """
    assert format.rdf is not None
    with app.test_request_context():
        for iri in things[RDF_FORMATS.index(format) :: 8 * len(RDF_FORMATS)]:
            document = graph.document(iri)
            written = content(NamedNode(iri), format)
            quads = list(parse(written, format=format.rdf))
            found = {quad.triple for quad in quads}
            if found != document.statements:
                assert canonical(found) == canonical(document.statements), iri
            if format in DATASET_FORMATS:
                named = {quad for quad in quads if quad.graph_name != DefaultGraph()}
                assert len(named) == len(document.quads), iri
                assert len(quads) == len(named) + len(document.statements), iri


@pytest.mark.parametrize("suffix", ["trig", "nq"])
def test_the_default_graph_of_quads_is_the_document(client: FlaskClient, suffix: str) -> None:
    """Clients that ask for quads first, and look at the default graph, get what others get."""
    address = "/project/serbia-southwest-sandzak."
    expected = {str(q.triple) for q in parse(client.get(address + "nt").data, format=NT)}
    format = RdfFormat.from_extension(suffix)
    quads = list(parse(client.get(address + suffix).data, format=format))
    assert {str(q.triple) for q in quads if q.graph_name == DefaultGraph()} == expected
    named = {str(q.triple) for q in quads if q.graph_name != DefaultGraph()}
    assert len(named) > 100
    assert named <= expected


def test_an_independent_reader_of_json_ld_reads_the_same(graph: KnowledgeGraph) -> None:
    """PyLD, which implements the algorithms of the W3C, gets our compact documents back whole."""
    for name in ("project/serbia-southwest-sandzak", "organisation/undp", "place/serbia"):
        triples = graph.document(name).triples
        document = json.loads(serialize.write(triples, JSONLD))
        text = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": refuse})
        found = {str(quad.triple) for quad in parse(text, format=RdfFormat.N_QUADS)}
        assert found == {str(triple) for triple in triples}


def refuse(url: str, options: object = None) -> Any:
    raise AssertionError(f"{url} would be fetched")


def schema_org(url: str, options: object = None) -> Any:
    """What the context of schema.org says of the terms that we use, without fetching it."""
    assert url.startswith("https://schema.org")
    links = {name: {"@type": "@id"} for name in ("url",)}
    terms = {name: {"@id": SCHEMA + name, **more} for name, more in links.items()}
    context = {"@vocab": SCHEMA, **terms}
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": context}}


PAGES = (
    "project/serbia-southwest-sandzak",
    "project/bih-canton-10",
    "organisation/undp",
    "place/serbia",
    "source/geonames",
)


@pytest.mark.parametrize("name", PAGES)
def test_what_pages_tell_search_engines_is_true(
    client: FlaskClient, graph: KnowledgeGraph, name: str
) -> None:
    page = client.get(f"/{name}", headers={"Accept": "text/html"}).text
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    document = json.loads(script)
    text = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": schema_org})
    quads = list(parse(text, format=RdfFormat.N_QUADS))
    assert len(quads) > 5
    told = {NamedNode(SCHEMA + p) for p in ("name", "alternateName", "description")}
    checked = 0
    for quad in quads:
        assert quad.predicate.value.startswith((SCHEMA, "http://www.w3.org/1999/02/22-rdf-syntax"))
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith("https://w3id"):
            known = {t.object.value for t in about(graph, quad.subject)}
            if quad.predicate in told:
                assert any(text.startswith(quad.object.value) for text in known), quad
                checked += 1
    assert checked
    coverage = document.get("temporalCoverage", "../..").split("/")
    dates = {t.object.value for t in about(graph, NamedNode(document["about"]["@id"]))}
    assert all(date == ".." or date in dates for date in coverage)


def about(graph: KnowledgeGraph, thing: NamedNode) -> list[Triple]:
    return graph.engine.construct("CONSTRUCT { $t ?p ?o } WHERE { $t ?p ?o }", {"t": thing})
