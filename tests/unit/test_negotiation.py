"""The `Accept` header decides the format, as RFC 9110 says and as real clients write it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsgraph import formats
from hsgraph.errors import BadRequest, NotAcceptable
from hsgraph.server.http.negotiation import named, negotiate, parse, weigh

DOCUMENT = formats.DOCUMENT_FORMATS
GRAPH = formats.RDF_FORMATS
RESULTS = formats.RESULT_FORMATS

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RAPPER = (
    "application/n-triples, application/x-turtle;q=0.6, text/turtle, "
    "application/rdf+xml;q=0.8, text/html;q=0.6, application/xhtml+xml;q=0.6, */*;q=0.1"
)
RAPPER_WITHOUT_TURTLE = "application/rdf+xml, text/html;q=0.6, */*;q=0.1"
JENA = (
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
    "application/rdf+xml;q=0.7,*/*;q=0.3"
)
JENA_RESULTS = (
    "application/sparql-results+json,application/sparql-results+xml;q=0.9,"
    "text/tab-separated-values;q=0.7,text/csv;q=0.5,application/json;q=0.2,"
    "application/xml;q=0.2,*/*;q=0.1"
)
RDFLIB = "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"
RDFLIB_TURTLE = "text/turtle, application/x-turtle, */*;q=0.1"
PROTEGE = (
    "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
)
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
SPARQLWRAPPER_XML = "application/sparql-results+xml"
SPARQLWRAPPER_RDF = "application/rdf+xml,text/turtle,text/n3,application/n-triples"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,"
    "text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,text/html;q=0.2,"
    "application/xhtml+xml;q=0.18"
)
COMUNICA_RESULTS = (
    "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7,"
    "application/n-quads,application/trig;q=0.95"
)
OPENREFINE = "application/json, text/plain, */*"


@pytest.mark.parametrize(
    ("accept", "offered", "expected"),
    [
        (None, DOCUMENT, "html"),
        ("", DOCUMENT, "html"),
        (" , ,", DOCUMENT, "html"),
        ("*/*", DOCUMENT, "html"),
        ("*/*", GRAPH, "ttl"),
        ("text/turtle", DOCUMENT, "ttl"),
        ("TEXT/Turtle", DOCUMENT, "ttl"),
        ("text/turtle ; q=0.5 , application/ld+json", DOCUMENT, "jsonld"),
        ("text/*", GRAPH, "ttl"),
        ("text/*, text/turtle;q=0, application/trig;q=0.1", GRAPH, "trig"),
        ("text/*, text/csv;q=0", RESULTS, "tsv"),
        ("*/*, text/html;q=0", DOCUMENT, "ttl"),
        ("*/*;q=0.5, text/html;q=0, text/turtle;q=0.2", DOCUMENT, "nt"),
        ("text/turtle;q=0.1, text/*;q=0.9, */*;q=0.5", (formats.TURTLE, formats.JSONLD), "jsonld"),
        ("application/*", GRAPH, "nt"),
        ("text/turtle;charset=utf-8", GRAPH, "ttl"),
        ('text/turtle;charset="UTF-8"', GRAPH, "ttl"),
        ("text/turtle;charset=utf-8;q=0.2, application/rdf+xml;q=0.1", GRAPH, "ttl"),
        ("text/turtle;charset=iso-8859-1, application/rdf+xml;q=0.1", GRAPH, "rdf"),
        ("text/turtle, text/turtle;charset=utf-8;q=0.1, application/trig;q=0.5", GRAPH, "trig"),
        ("text/turtle;version=1.2, application/n-triples;q=0.5", GRAPH, "nt"),
        ("text/csv;header=present", RESULTS, "csv"),
        ("text/csv;header=absent, text/tab-separated-values;q=0.1", RESULTS, "tsv"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', GRAPH, "jsonld"),
        ('text/turtle;note="a,b;c\\"", application/trig;q=0.1', GRAPH, "trig"),
        ("application/n-quads;q=0.001", GRAPH, "nq"),
        ("text/turtle;q=0.5;extension=1, application/trig;q=0.4", GRAPH, "ttl"),
        (CHROME, DOCUMENT, "html"),
        (RAPPER, DOCUMENT, "ttl"),
        (RAPPER_WITHOUT_TURTLE, DOCUMENT, "rdf"),
        (RAPPER_WITHOUT_TURTLE, (formats.HTML, formats.TURTLE), "html"),
        (JENA, DOCUMENT, "ttl"),
        (JENA_RESULTS, RESULTS, "json"),
        (RDFLIB, DOCUMENT, "rdf"),
        (RDFLIB_TURTLE, DOCUMENT, "ttl"),
        (PROTEGE, DOCUMENT, "rdf"),
        (JAVA, DOCUMENT, "html"),
        (JAVA, GRAPH, "ttl"),
        (SPARQLWRAPPER_XML, RESULTS, "xml"),
        (SPARQLWRAPPER_RDF, GRAPH, "ttl"),
        (COMUNICA, DOCUMENT, "nq"),
        (COMUNICA_RESULTS, RESULTS, "json"),
        (OPENREFINE, DOCUMENT, "json"),
    ],
)
def test_the_best_liked_format_is_chosen(
    accept: str | None, offered: tuple[formats.Format, ...], expected: str
) -> None:
    assert negotiate(accept, offered).format.name == expected


def test_the_media_type_asked_for_is_the_one_answered() -> None:
    chosen = negotiate("application/json", RESULTS)
    assert (chosen.format, chosen.content_type) == (formats.RESULTS_JSON, "application/json")
    assert negotiate("text/plain", GRAPH).content_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "accept",
    [
        "text/turtle;q=abc",
        "text/turtle;q=1.5",
        "text/turtle;q=-1",
        "text/turtle;q=",
        "text/turtle;q",
        "turtle",
        "text/",
        "/turtle",
        "*/turtle",
        'text/turtle;a="open',
        "text/turtle foo",
        "text/turtle;=1",
    ],
)
def test_a_header_that_cannot_be_read_is_refused_with_its_name(accept: str) -> None:
    with pytest.raises(BadRequest, match="Accept"):
        negotiate(accept, DOCUMENT)


@pytest.mark.parametrize(
    "accept", ["image/png", "*/*;q=0", "text/turtle;q=0", "text/turtle;charset=latin1"]
)
def test_what_nobody_offers_is_refused_with_the_list_of_what_there_is(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiate(accept, (formats.TURTLE, formats.JSONLD))
    assert caught.value.available == ("text/turtle", "application/ld+json")


WEIGHTS = st.sampled_from(["", ";q=0", ";q=0.1", ";q=0.55", ";q=1", ";q=1.000", ";q=.3", ";q=2"])
RANGES = st.sampled_from(
    ["*/*", "text/*", "application/*", "image/*", "text/turtle;charset=utf-8", "text/csv", "x/y"]
    + [name for format in DOCUMENT + RESULTS for name in format.media_types]
)
HEADERS = st.lists(st.tuples(RANGES, WEIGHTS).map("".join), max_size=6).map(", ".join)


@given(HEADERS, st.permutations(DOCUMENT), st.integers(1, len(DOCUMENT)))
def test_what_is_chosen_is_always_acceptable_and_nothing_offered_is_liked_better(
    accept: str, order: list[formats.Format], count: int
) -> None:
    offered = tuple(order[:count])
    try:
        chosen = negotiate(accept, offered)
    except NotAcceptable:
        assert all(weigh(f.media_type, parse(accept)) == 0 for f in offered)
        return
    except BadRequest:
        assert "q=2" in accept
        return
    if parse(accept):
        weight = weigh(chosen.media_type, parse(accept))
        assert weight > 0
        assert weight >= max(weigh(f.media_type, parse(accept)) for f in offered)


@given(st.text(max_size=60) | st.text(alphabet='*/;,q=01."\\ text+-', max_size=60))
def test_no_header_raises_anything_but_the_two_errors(accept: str) -> None:
    with suppress(BadRequest, NotAcceptable):
        assert negotiate(accept, DOCUMENT).format in DOCUMENT


@pytest.mark.parametrize(
    ("name", "offered", "expected"),
    [
        ("ttl", GRAPH, "text/turtle"),
        ("turtle", GRAPH, "text/turtle"),
        ("text/turtle", GRAPH, "text/turtle"),
        ("application/ld json", GRAPH, "application/ld+json"),
        ("json", GRAPH, "application/ld+json"),
        ("json", DOCUMENT, "application/json"),
        ("json", RESULTS, "application/sparql-results+json"),
        ("xml", RESULTS, "application/sparql-results+xml"),
        ("xml", GRAPH, "application/rdf+xml"),
        ("rdf+xml", GRAPH, "application/rdf+xml"),
        ("srj", RESULTS, "application/sparql-results+json"),
        ("text/csv; charset=utf-8", RESULTS, "text/csv"),
    ],
)
def test_a_format_can_be_named_as_clients_name_it(
    name: str, offered: tuple[formats.Format, ...], expected: str
) -> None:
    chosen = named(name, offered)
    assert chosen is not None
    assert chosen.media_type == expected


@pytest.mark.parametrize("name", [None, "", "csv", "nonsense", "text/html"])
def test_a_name_of_no_offered_format_chooses_nothing(name: str | None) -> None:
    assert named(name, GRAPH) is None
