"""The remote engine against a real Oxigraph server, and against servers that fail."""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import DatasetClause, Limits
from hsgraph.engine.remote import connection
from hsgraph.engine.remote.connection import Breaker, Credentials
from hsgraph.engine.remote.engine import RemoteEngine
from hsgraph.errors import (
    EngineBusy,
    EngineUnavailable,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
)
from hsgraph.formats import RDF_FORMATS, RESULT_FORMATS, RESULTS_CSV, RESULTS_JSON, TURTLE
from hsgraph.publish.graph_store import Addresses, GraphStore
from hsgraph.settings import Settings

FORMATS = {"select": RESULTS_CSV, "ask": RESULTS_JSON, "construct": TURTLE, "describe": TURTLE}
TRIG = """
PREFIX e: <http://e/>
GRAPH e:g { e:a e:p 1 . e:a e:q "grün"@de }
GRAPH e:h { e:b e:p 2 . e:b e:r e:a }
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def address():
    base = f"127.0.0.1:{free_port()}"
    program = Path(sys.executable).parent / "oxigraph"
    with subprocess.Popen(
        [program, "serve", "--union-default-graph", "--bind", base],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        load = urllib.request.Request(
            f"http://{base}/store",
            data=TRIG.encode(),
            headers={"Content-Type": "application/trig"},
            method="POST",
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(load).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://{base}/query"
        server.terminate()


@pytest.fixture
def remote(address):
    return RemoteEngine(address, Settings(query_seconds=2))


@pytest.fixture(scope="module")
def embedded():
    return EmbeddedEngine(parse(TRIG, RdfFormat.TRIG))


@contextmanager
def answering(*replies):
    """A server that gives one canned reply to each connection, the last one for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen = []

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                seen.append(connection.recv(65536))
                reply = replies[min(len(seen), len(replies)) - 1]
                if reply is None:
                    time.sleep(1)
                else:
                    connection.sendall(reply)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql", seen
    finally:
        listener.close()


def response(status, body=b"", media_type="application/sparql-results+json", length=None):
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nConnection: close\r\n"
    return f"{head}Content-Length: {length or len(body)}\r\n\r\n".encode() + body


TRUE = response("200 OK", b'{"head":{},"boolean":true}')


@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda chosen: chosen.label)
def test_results_are_those_of_the_embedded_engine(remote, embedded, chosen):
    query = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
    formats = {**FORMATS, "select": chosen}
    assert remote.answer(query, formats) == embedded.answer(query, formats)


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda chosen: chosen.label)
def test_rdf_is_that_of_the_embedded_engine(remote, embedded, chosen):
    formats = {**FORMATS, "describe": chosen}
    mine = remote.answer("DESCRIBE <http://e/a>", formats)
    theirs = embedded.answer("DESCRIBE <http://e/a>", formats)
    assert set(parse(mine.body, chosen.rdf)) == set(parse(theirs.body, chosen.rdf))
    assert mine.form == theirs.form


def test_own_queries_take_terms_and_need_no_prefixes(remote):
    thing = NamedNode("http://e/b")
    assert remote.select("SELECT ?o { $s <http://e/p> ?o }", {"s": thing}).rows == (
        {"o": Literal(2)},
    )
    assert remote.ask("ASK { ?s ?p ?o FILTER(?o = 2 || ?p = skos:broader) }")
    assert len(remote.construct("CONSTRUCT WHERE { $s ?p ?o }", {"s": thing})) == 2


def test_the_dataset_of_a_request_is_handed_on(remote):
    clause = DatasetClause(("http://e/g",), ("http://e/h",))
    for query, rows in (("SELECT * { ?s ?p ?o }", 2), ("SELECT * { GRAPH ?g { ?s ?p 2 } }", 1)):
        assert remote.answer(query, FORMATS, dataset=clause).body.count(b"\n") == rows + 1


def test_a_broken_query_is_explained_as_by_the_embedded_engine(remote):
    with pytest.raises(QuerySyntaxError, match="never closed") as caught:
        remote.answer("SELECT *\n{ ?s ?p ?o", FORMATS)
    assert caught.value.line == 2
    with pytest.raises(QuerySyntaxError) as caught:
        remote.answer("SELECT * { ?s ?p ?o } LIMIT x", FORMATS)
    assert "LIMIT" not in caught.value.message


def test_what_is_refused_never_leaves(remote):
    with pytest.raises(QueryRefused):
        remote.answer("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", FORMATS)


def test_limits_hold(remote):
    with pytest.raises(ResultTooLarge, match="bytes"):
        remote.answer("SELECT * { ?s ?p ?o }", FORMATS, limits=Limits(2, 20))


@pytest.mark.timed
def test_a_server_that_hangs_is_left_at_the_deadline():
    with answering(None) as (url, _):
        start = time.monotonic()
        with pytest.raises(QueryTimeout):
            RemoteEngine(url, Settings(query_seconds=0.3)).ask("ASK {}")
        assert time.monotonic() - start < 0.8


def test_a_lost_connection_is_tried_again():
    with answering(b"", TRUE) as (url, seen):
        assert RemoteEngine(url).ask("ASK {}")
        assert len(seen) == 2


def test_credentials_go_in_a_header_and_in_no_message():
    with answering(TRUE, response("401 Unauthorized")) as (url, seen):
        engine = RemoteEngine(url, credentials=Credentials("reader", "secret-word"))
        assert engine.ask("ASK {}")
        assert b"Authorization: Basic" in seen[0]
        with pytest.raises(EngineUnavailable, match="password") as caught:
            engine.ask("ASK {}")
        assert "secret-word" not in f"{caught.value} {caught.value.remedy}"
        assert url not in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "error", "says"),
    [
        (response("503 Busy"), EngineBusy, "too much to do"),
        (response("504 Late"), QueryTimeout, "stopped"),
        (response("500 Oh", b"Virtuoso 42000 Error\nmore"), EngineUnavailable, "42000 Error$"),
        (response("404 No"), EngineUnavailable, "failed"),
        (response("418 Teapot"), EngineUnavailable, "418"),
        (response("200 OK", b"<html>"), EngineUnavailable, "sent what is not"),
        (response("200 OK", b'{"head":', length=500), EngineUnavailable, "cannot be reached"),
    ],
    ids=["busy", "late", "error", "missing", "odd", "page", "cut"],
)
def test_every_failure_has_its_message(reply, error, says):
    with answering(reply) as (url, _), pytest.raises(error, match=says):
        RemoteEngine(url, Settings(query_seconds=2)).ask("ASK {}")


def rows(graph: str, count: str) -> bytes:
    """What a store that lies says of how many triples its graphs have."""
    row = f'{{"graph":{graph},"count":{count}}}'
    return f'{{"head":{{"vars":["graph","count"]}},"results":{{"bindings":[{row}]}}}}'.encode()


LIES = {
    "no JSON": b"<html>",
    "deep": b"[" * 100_000,
    "no object": b"[]",
    "no rows": b'{"results":{"bindings":7}}',
    "no dictionary": b'{"results":{"bindings":[7]}}',
    "endless": rows('{"type":"uri","value":"http://a/"}', '{"type":"literal","value":Infinity}'),
    "no number": rows('{"type":"uri","value":"http://a/"}', '{"type":"literal","value":NaN}'),
    "long": rows(
        '{"type":"uri","value":"http://a/"}', '{"type":"literal","value":%s}' % ("9" * 9999)
    ),
    "no IRI": rows('{"type":"uri","value":"a b"}', '{"type":"literal","value":"1"}'),
    "list": rows('{"type":"uri","value":[]}', '{"type":"literal","value":{}}'),
}


@pytest.mark.parametrize("lie", LIES)
def test_counts_that_are_none_are_said_to_be_none(lie):
    with answering(response("200 OK", LIES[lie])) as (url, _):
        store = GraphStore(Addresses(url, url, url, atomic=False))
        with pytest.raises(EngineUnavailable, match="does not answer a query as SPARQL asks for"):
            store.counts()
        with pytest.raises(EngineUnavailable, match="sent what is not RDF"):
            RemoteEngine(url, Settings(query_seconds=5)).counts()


def test_blank_nodes_stay_as_many_as_they_are():
    names = ["b1", "b-1", "b.1", "b_1", "b_2d_1", "1", "nodeID://b1", "é", "_", "-"]
    bindings = [{"x": {"type": "bnode", "value": name}} for name in names]
    body = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": bindings}}).encode()
    with answering(response("200 OK", body)) as (url, _):
        found = [row["x"] for row in RemoteEngine(url).select("SELECT ?x {}").rows]
    assert len({*found}) == len(names)
    labels = [name for name in names if name.isascii() and ":" not in name and name != "-"]
    body = "".join(f"_:{name} <http://e/p> _:{name} .\n" for name in labels).encode()
    with answering(response("200 OK", body, "application/n-triples")) as (url, _):
        triples = RemoteEngine(url).construct("CONSTRUCT { ?s ?p ?s } { ?s ?p ?s }")
    wanted = [found[names.index(name)] for name in labels]
    assert [triple.subject for triple in triples] == wanted
    assert [triple.object for triple in triples] == wanted


@pytest.mark.timed
def test_a_server_that_is_down_is_soon_left_alone():
    engine = RemoteEngine(f"http://127.0.0.1:{free_port()}/")
    for _ in range(3):
        with pytest.raises(EngineUnavailable):
            engine.ask("ASK {}")
    start = time.monotonic()
    with pytest.raises(EngineUnavailable, match="for a while"):
        engine.ask("ASK {}")
    assert time.monotonic() - start < 0.05


def test_a_breaker_closes_after_a_trial_that_succeeds(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(connection, "time", SimpleNamespace(monotonic=lambda: now[0]))
    breaker = Breaker()
    for _ in range(4):
        breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    now[0] = 5.1
    assert breaker.allows()
    assert not breaker.allows()
    breaker.succeeded()
    assert breaker.allows()


def test_the_version_differs_by_server():
    one, other = (RemoteEngine(url).version for url in ("http://a/", "http://b/"))
    assert len(one) == len(other) == 16
    assert one != other
