"""The W3C's SPARQL 1.1 query tests, whole from their manifests, over HTTP."""

from __future__ import annotations

import http.client
import io
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from rdflib import Graph
from rdflib.query import Result

from tests.conformance import suite
from tests.conformance.suite import EMPTY, Asked
from tests.serving import Server, serving

RDF_1_0 = "written for RDF 1.0, where a text of type xsd:string is no plain text; in RDF 1.1 it is"
KNOWN = {
    "aggregates/agg-empty-group": (
        "GROUP BY over no solutions makes no group, and so no row (SPARQL 1.1, 18.5.1); "
        "this edition wants one empty row, later ones none"
    ),
    "csv-tsv-res/tsv03": (
        'numbers are kept by value: 1.0E6 comes as "1000000"^^xsd:double, and -3 as xsd:integer, '
        "not as xsd:negativeInteger: docs/engines.md"
    ),
    "functions/bnode01": 'BNODE("x") is the same node in all rows: docs/engines.md',
    "functions/strdt03": RDF_1_0,
    "functions/strlang02": RDF_1_0,
    "functions/strlang03": RDF_1_0,
    "syntax-query/test_4": "calls a function that nobody has; refused with its name, not unbound",
}
"""Tests that fail, each with its reason."""
ACCEPTED = {
    "srx": ("application/sparql-results+xml", "xml"),
    "srj": ("application/sparql-results+json", "json"),
    "csv": ("text/csv", "csv"),
    "tsv": ("text/tab-separated-values", "tsv"),
}
FILES = suite.files()
TESTS = list(suite.tests())
EVALUATED = [test for test in TESTS if test.kind in ("QueryEvaluationTest", "CSVResultFormatTest")]
GOOD = [test for test in TESTS if test.kind.startswith("PositiveSyntaxTest")]
BAD = [test for test in TESTS if test.kind.startswith("NegativeSyntaxTest")]


def named(test: Asked) -> str:
    return test.name


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests: each file is a graph; a request names those it is about."""
    folder = tmp_path_factory.mktemp("w3c")
    file = folder / "data.nq"
    with file.open("w", encoding="utf-8") as lines:
        for address, graph in suite.data():
            for line in graph.serialize(format="nt").splitlines():
                lines.write(f"{line.removesuffix(' .')} <{address}> .\n")
    with serving(folder, file) as started:
        yield started


def ask(server: Server, test: Asked, accept: str) -> tuple[int, bytes]:
    text = f"BASE <{test.query}>\n" + FILES[test.query].decode()
    graphs = urlencode(
        {"default-graph-uri": test.default or (str(EMPTY),), "named-graph-uri": test.named},
        doseq=True,
    )
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        connection.request("POST", f"/sparql?{graphs}", text.encode(), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def outcome(server: Server, test: Asked) -> str:
    """What is wrong with the answer to a test; nothing if it is right."""
    expected = FILES[test.result]
    suffix = test.result_suffix
    if suffix in ACCEPTED:
        accept, format = ACCEPTED[suffix]
        status, body = ask(server, test, accept)
        if status != 200:
            return f"{status} {body.decode()}"
        found = Result.parse(io.BytesIO(body), format=format)
        wanted = Result.parse(io.BytesIO(expected), format=format)
        right = suite.same(found, wanted, types=suffix != "csv")
    elif suite.is_row_set(expected):
        status, body = ask(server, test, "application/sparql-results+xml")
        if status != 200:
            return f"{status} {body.decode()}"
        found = Result.parse(io.BytesIO(body), format="xml")
        right = suite.same(found, suite.of_rdf(expected, test.result))
    else:
        status, body = ask(server, test, "application/n-triples")
        if status != 200:
            return f"{status} {body.decode()}"
        graph = Graph().parse(data=expected, format="turtle", publicID=test.result)
        right = suite.same(Graph().parse(data=body, format="nt"), graph)
    return "" if right else body.decode()[:2000]


@pytest.mark.parametrize("test", EVALUATED, ids=named)
def test_the_answer_is_the_suites(server: Server, test: Asked) -> None:
    wrong = outcome(server, test)
    if test.name in KNOWN:
        assert wrong, f"{test.name} is right now: take it off the list"
    else:
        assert not wrong, wrong


@pytest.mark.parametrize("test", GOOD, ids=named)
def test_a_query_is_read(server: Server, test: Asked) -> None:
    status, body = ask(server, test, "*/*")
    assert (status == 200) is (test.name not in KNOWN), body


@pytest.mark.parametrize("test", BAD, ids=named)
def test_what_is_no_query_is_refused(server: Server, test: Asked) -> None:
    status, body = ask(server, test, "*/*")
    assert (status == 400) is (test.name not in KNOWN), body


def test_every_test_is_of_a_kind_that_is_run() -> None:
    assert len(EVALUATED) + len(GOOD) + len(BAD) == len(TESTS) > 250
    assert KNOWN.keys() <= {test.name for test in TESTS}
