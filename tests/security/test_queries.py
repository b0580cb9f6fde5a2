"""Hostile queries end by their deadline with the right error, reach no network, leave no trace."""

import socket
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from hsgraph.build.pipeline import build_files
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import DatasetClause, Limits, Request
from hsgraph.engine.runners.client import GuardedEngine
from hsgraph.engine.runners.query_host import QueryHost
from hsgraph.engine.sparql.guard import Inspected
from hsgraph.errors import (
    EngineUnavailable,
    HsgraphError,
    QueryOutOfMemory,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    ResultTooLarge,
    UpdateRefused,
)
from hsgraph.formats import RESULTS_JSON, TURTLE
from hsgraph.settings import Settings
from tests.clock import measured

pytestmark = pytest.mark.timed
FORMATS = {"select": RESULTS_JSON, "ask": RESULTS_JSON, "construct": TURTLE, "describe": TURTLE}
SECONDS = 0.4
LATE = SECONDS + 0.5
SOON = 0.2
"""The deadline of what would never end, however long it is given."""
PATIENT = 60.0
"""The deadline where something else ends a query, on a slow machine too."""
DEADLINE = Limits(SECONDS, 5_000_000)
SETTINGS = Settings(
    query_seconds=PATIENT,
    query_bytes=5_000_000,
    query_memory=100_000_000,
    queue_seconds=1.0,
)


def quads():
    """A ring with chords: every node reaches every other, so paths have much to do."""
    p, q, graph = (NamedNode(f"http://e/{name}") for name in ("p", "q", "g"))
    nodes = [NamedNode(f"http://e/{number}") for number in range(3000)]
    for number, node in enumerate(nodes):
        yield Quad(node, p, nodes[(number + 1) % 3000], graph)
        yield Quad(node, p, nodes[(number * 7 + 3) % 3000], graph)
        yield Quad(node, q, Literal("a" * (number % 50) + "b"), graph)


class Canary:
    """Listens on loopback and counts who comes."""

    def __init__(self):
        self.hits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/sparql"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.hits += 1
            connection.close()

    def close(self):
        self._socket.close()


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    file = folder / "data.nq"
    file.write_text("".join(f"{quad} .\n" for quad in quads()))
    return build_files([file], folder / "built")


@pytest.fixture(scope="module", params=[True, False], ids=["in memory", "from disk"])
def host(request, snapshot):
    most = 2_000_000 if request.param else 0
    with closing(QueryHost(snapshot, replace(SETTINGS, memory_statements=most))) as started:
        started.wait()
        yield started


@pytest.fixture
def guarded(host, snapshot):
    return GuardedEngine(EmbeddedEngine(snapshot), host.client)


@pytest.fixture(scope="module")
def canary(host):
    listening = Canary()
    socket.create_connection(("127.0.0.1", int(listening.url.split(":")[2].split("/")[0]))).close()
    until = time.monotonic() + 2
    while listening.hits == 0 and time.monotonic() < until:
        time.sleep(0.01)
    assert listening.hits == 1
    listening.hits = 0
    yield listening
    listening.close()


def processes(host):
    text = Path(f"/proc/{host.process.pid}/task/{host.process.pid}/children").read_text()
    return [int(pid) for pid in text.split()]


def resident(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


@pytest.fixture(autouse=True)
def nothing_is_left_behind(host):
    """After every attack: the host as small as before, as many runners as before, all idle."""
    before = resident(host.process.pid)
    yield
    until = time.monotonic() + 20
    while time.monotonic() < until:
        now = host.client.statistics()
        if (now["running"], now["waiting"], now["runners"]) == (0, 0, 2):
            break
        time.sleep(0.01)
    assert (now["running"], now["waiting"], now["runners"]) == (0, 0, 2)
    assert len(processes(host)) == 2
    assert resident(host.process.pid) - before < 8_000_000


CALLS = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { VALUES ?e { <URL> } SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { VALUES ?e { <URL> } SERVICE SILENT ?e { ?s ?p ?o } }",
    "SELECT * { BIND(IRI('URL') AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE SILENT <URL> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "SELECT * { ?s ?p ?o OPTIONAL { SERVICE <URL> { ?s ?p ?x } } }",
    "SELECT * { { ?s ?p 1 } UNION { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE SILENT <URL> { ?s ?p ?o } } }",
    "SELECT * { GRAPH <http://e/g> { SERVICE <URL> { ?s ?p ?o } } }",
    "ASK { SERVICE <URL> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "PREFIX e: <URL> SELECT * { SERVICE e: { ?s ?p ?o } }",
    "PREFIX e: <URL> SELECT * { ?s <http://e/p> ?o . SERVICESILENTe:{ ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c FILTER(?a<'x>')SERVICE<URL>{?s ?p ?o}FILTER('a'='a') }",
]


@pytest.mark.parametrize("query", CALLS)
def test_a_call_to_another_endpoint_is_refused_and_not_made(guarded, canary, query):
    with pytest.raises(QueryRefused, match="SERVICE"):
        guarded.answer(query.replace("URL", canary.url), FORMATS)
    assert canary.hits == 0


@pytest.mark.parametrize("query", CALLS)
def test_a_call_that_slipped_through_the_scan_finds_no_network(host, canary, query):
    """The second wall alone: what happens were the scan to miss one."""
    request = Request(
        query.replace("URL", canary.url),
        Inspected(None, DatasetClause()),
        FORMATS,
        DatasetClause(),
        Limits(SECONDS, 100_000),
    )
    try:
        answer = host.client.answer(request)
    except (EngineUnavailable, QueryTimeout, ResultTooLarge):
        answer = None
    assert answer is None or b"URL" not in answer.body
    assert canary.hits == 0


def test_the_canary_would_have_sung(canary):
    """What the walls hold back is real: the same engine without them makes the call."""
    before = canary.hits
    engine = EmbeddedEngine([], Settings(allow_service=(canary.url,)))
    with pytest.raises(HsgraphError):
        engine.answer(f"SELECT * {{ SERVICE <{canary.url}> {{ ?s ?p ?o }} }}", FORMATS)
    assert canary.hits > before
    canary.hits = 0


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <URL>",
        "LOAD SILENT <URL> INTO GRAPH <http://e/g>",
        "INSERT DATA { <http://e/a> <http://e/b> 1 }",
        "DELETE { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    ],
)
def test_updates_are_refused(guarded, canary, text):
    with pytest.raises(UpdateRefused):
        guarded.answer(text.replace("URL", canary.url), FORMATS)
    assert canary.hits == 0


def test_remote_and_local_graphs_are_names_and_are_never_fetched(guarded, canary):
    for graph in (canary.url, "file:///etc/passwd"):
        for clause in (f"FROM <{graph}>", f"FROM NAMED <{graph}>"):
            answer = guarded.answer(f"SELECT * {clause} {{ ?s ?p ?o }}", FORMATS)
            assert b'"bindings":[]' in answer.body
    assert canary.hits == 0


def doubling(expression, times=40):
    steps = " ".join(
        f"BIND({expression.replace('?v', f'?v{step}')} AS ?v{step + 1})" for step in range(times)
    )
    return f"SELECT (STRLEN(?v{times}) AS ?n) {{ BIND('aaaaaaaaaaaaaaaa' AS ?v0) {steps} }}"


ANY = "?{0} ?p{0} ?o{0}"
CROSS = " . ".join(ANY.format(name) for name in "abcde")
ENDLESS = {
    "cross join": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "cross join with a filter that never holds": (
        f"SELECT * {{ {CROSS} FILTER(STRLEN(CONCAT(STR(?a), STR(?b), STR(?c))) < 1) }}"
    ),
    "path of any predicate from anywhere to anywhere": (
        "SELECT (COUNT(*) AS ?n) { ?x (<http://e/p>|^<http://e/p>|!<http://e/z>)* ?y }"
    ),
    "nested paths": (
        "SELECT (COUNT(*) AS ?n) { ?x ((<http://e/p>*/^<http://e/p>*)*/<http://e/p>+)+ ?y }"
    ),
    "path of many steps, slow to parse": (
        "SELECT * { ?x <http://e/p>" + "/<http://e/p>" * 1500 + " ?y }"
    ),
    "optional upon optional": (
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"OPTIONAL {{ {ANY.format(name)} }}" for name in "abcde")
        + " }"
    ),
    "regular expression compiled anew for every row": (
        "SELECT ?o { ?s ?p ?o . ?x ?y ?z FILTER(REGEX(STR(?o), '((a{99}){99}){99}')) }"
    ),
    "distinct count of a cross join": f"SELECT (COUNT(DISTINCT ?o5) AS ?n) {{ {CROSS} }}",
}


@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_query_is_stopped_at_its_deadline(guarded, query):
    start = time.monotonic()
    with pytest.raises(QueryTimeout):
        guarded.answer(query, FORMATS, limits=replace(DEADLINE, seconds=SOON))
    assert SOON * 0.9 < time.monotonic() - start < SOON + 0.5


GREEDY = {
    "exists over a cross join": (
        "ASK { ?x ?y ?z FILTER NOT EXISTS { "
        + CROSS
        + " FILTER(?a = ?b && ?b = ?c && ?a != ?c) } FILTER(?x = ?y) }"
    ),
    "nested CONCAT": doubling("CONCAT(?v,?v)"),
    "nested REPLACE": doubling("REPLACE(?v, 'a', 'aa')"),
    "ORDER BY of a cross join": f"SELECT * {{ {CROSS} }} ORDER BY ?o5 ?o4 DESC(?a)",
    "GROUP BY of a cross join": (
        f"SELECT ?a ?b ?c (SAMPLE(?o2) AS ?x) {{ {CROSS} }} GROUP BY ?a ?b ?c"
    ),
    "GROUP_CONCAT of a cross join": (
        f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?b))) AS ?x) {{ {CROSS} }}"
    ),
    "DISTINCT of a cross join": f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {CROSS} }} }}",
}


@pytest.mark.parametrize("query", GREEDY.values(), ids=GREEDY)
def test_a_greedy_query_is_stopped_by_memory_or_deadline(guarded, query):
    start = time.monotonic()
    with pytest.raises((QueryOutOfMemory, QueryTimeout)):
        guarded.answer(query, FORMATS, limits=DEADLINE)
    assert time.monotonic() - start < LATE


def test_a_query_that_needs_too_much_memory_is_told_so(guarded):
    with pytest.raises(QueryOutOfMemory, match="more memory than one query may take"):
        guarded.answer(doubling("CONCAT(?v,?v)"), FORMATS)


HUGE = {
    "rows": f"SELECT * {{ {CROSS} }}",
    "triples": "CONSTRUCT { ?s <http://e/x> ?y } WHERE { ?s ?p ?o . ?y ?q ?z }",
    "bytes in one value": doubling("CONCAT(?v,?v)", 20).replace("STRLEN(?v20)", "?v20"),
}


@pytest.mark.parametrize("query", HUGE.values(), ids=HUGE)
def test_a_huge_result_is_refused_whole(guarded, query):
    with pytest.raises(ResultTooLarge):
        guarded.answer(query, FORMATS, limits=Limits(PATIENT, 200_000))


DEEP = {
    "operators": "SELECT (1" + "+1" * 40_000 + " AS ?x) {}",
    "unions": "SELECT * { {}" + "UNION{}" * 12_000 + " }",
    "negations": "SELECT * { FILTER(" + "!" * 30_000 + "true) }",
    "paths": "SELECT * { ?s " + "^" * 30_000 + "<http://e/p> ?o }",
    "alternatives": "SELECT * { ?s <p:>" + "|<p:>" * 15_000 + " ?o }",
}


@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP)
def test_a_query_too_deep_for_the_stack_takes_only_its_runner(guarded, query):
    with pytest.raises((QueryOutOfMemory, QueryTimeout, QuerySyntaxError)):
        guarded.answer(query, FORMATS, limits=DEADLINE)


@pytest.mark.parametrize("brackets", ["()", "{}", "[]"])
def test_ten_thousand_brackets_are_refused_before_they_are_parsed(guarded, brackets):
    query = "SELECT * { FILTER(" + brackets[0] * 10_000 + "1" + brackets[1] * 10_000 + ") }"
    with pytest.raises(QueryRefused, match="deep"):
        guarded.answer(query, FORMATS)


def test_ten_megabytes_of_query_are_refused_at_once(guarded):
    query = "SELECT * { ?s ?p '" + "x" * 10_000_000 + "' }"
    with measured() as seconds, pytest.raises(QueryTooLarge):
        guarded.answer(query, FORMATS)
    assert seconds.taken < 0.2


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(.*)*c"])
def test_a_regular_expression_cannot_explode(guarded, pattern):
    query = f"SELECT ?o {{ ?s <http://e/q> ?o FILTER(REGEX(?o, '{pattern}')) }}"
    assert guarded.answer(query, FORMATS).form == "select"


def test_many_attackers_at_once_leave_the_server_able_to_answer(guarded, host):
    outcomes = []

    def attack():
        try:
            guarded.answer(ENDLESS["cross join"], FORMATS, limits=DEADLINE)
        except HsgraphError as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=attack) for _ in range(30)]
    for thread in threads:
        thread.start()
    start = time.monotonic()
    assert host.client.statistics()["queries"] > 0
    assert guarded.ask("ASK { ?s ?p ?o }")
    assert time.monotonic() - start < 1
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == 30
    assert set(outcomes) == {"QueryTimeout", "EngineBusy"}
