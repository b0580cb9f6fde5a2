"""Over the whole real graph: documents together hold the dump, and say the same in every format."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyld import jsonld
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, parse

from hsgraph.build.dumps import triples_of
from hsgraph.build.snapshot import Snapshot
from hsgraph.formats import JSONLD, RDF_FORMATS
from hsgraph.graph import KnowledgeGraph
from hsgraph.server import rdf

OF_EACH_CLASS = 3
EVERY = 150
SCHEMA = "https://schema.org/"
NT = RdfFormat.N_TRIPLES


def things(snapshot: Snapshot) -> dict[str, str]:
    """Every thing with an IRI, and the text of its first type."""
    found: dict[str, str] = {}
    for triple in triples_of(snapshot.data):
        if isinstance(triple.subject, NamedNode):
            found.setdefault(triple.subject.value, "")
            if triple.predicate.value.endswith("#type"):
                found[triple.subject.value] = str(triple.object)
    return found


def sample(snapshot: Snapshot) -> list[str]:
    """The first few of each class, and every so many of all."""
    taken: dict[str, int] = {}
    chosen = []
    for number, (iri, kind) in enumerate(things(snapshot).items()):
        taken[kind] = taken.get(kind, 0) + 1
        if taken[kind] <= OF_EACH_CLASS or number % EVERY == 0:
            chosen.append(iri)
    return chosen


@pytest.mark.timeout(300)
def test_the_documents_together_hold_the_dump(graph: KnowledgeGraph, snapshot: Snapshot) -> None:
    """Parts are told in the document of their whole; so the wholes first, then what is missing.

    Blank nodes (lists of the ontology) are in the documents of their graphs.
    """
    missing: dict[str, set[Triple]] = {}
    for triple in triples_of(snapshot.data):
        if isinstance(triple.subject, NamedNode) and "_:" not in str(triple.object)[:2]:
            missing.setdefault(triple.subject.value, set()).add(triple)
    order = sorted(missing, key=lambda iri: ("/project/" not in iri, iri))
    for iri in order:
        if missing[iri]:
            for triple in graph.document(iri, links=0).triples:
                subject = triple.subject
                if isinstance(subject, NamedNode) and subject.value in missing:
                    missing[subject.value].discard(triple)
        assert not missing[iri], iri


@pytest.mark.timeout(300)
def test_every_format_says_the_same(graph: KnowledgeGraph, snapshot: Snapshot) -> None:
    chosen = sample(snapshot)
    assert len(chosen) > 100
    for iri in chosen:
        document = graph.document(iri)
        expected = {str(triple) for triple in document.triples}
        if any("_:" in text for text in expected):
            continue
        for format in RDF_FORMATS:
            statements = document.triples
            if format.rdf is not None and format.rdf.supports_datasets and format is not JSONLD:
                statements = (*document.triples, *document.all_quads)  # type: ignore[assignment]
            written = rdf.write(statements, format)
            found = {str(quad.triple) for quad in parse(written, format=format.rdf)}
            assert found == expected, (iri, format.name)


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
        document = json.loads(rdf.write(triples, JSONLD))
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
