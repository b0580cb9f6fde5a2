"""Programs that people use get the data from a real server, by every way that there is."""

from __future__ import annotations

import gzip
import http.server
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from pyld import jsonld
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from SPARQLWrapper import JSON, SPARQLWrapper

import hsgraph
from hsgraph.graph import KnowledgeGraph
from tests.interop import comunica

BASE = "https://w3id.org/hsgraph/"
PROJECT = "project/serbia-southwest-sandzak"
HS = "PREFIX hs: <https://w3id.org/hsgraph/ontology#> "
IN_SERBIA = HS + (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?project ?label WHERE { "
    f"?project a hs:Project ; hs:takesPlaceIn <{BASE}id/place/serbia> ; skos:prefLabel ?label }}"
)
HOMEPAGES = HS + (
    "SELECT DISTINCT ?agency ?page WHERE { "
    f"<{BASE}id/{PROJECT}> hs:implementedBy ?agency . "
    "?agency <http://xmlns.com/foaf/0.1/homepage> ?page }"
)


@pytest.fixture(scope="session")
def rapper() -> str:
    found = shutil.which("rapper")
    if not found:
        pytest.fail("The tests need rapper: sudo apt-get install raptor2-utils")
    return found


@pytest.mark.parametrize("name", ["id/" + PROJECT, PROJECT, "vocab/threat-type/ethnic-tension"])
def test_rapper_reads_what_it_is_sent(rapper: str, server: str, name: str) -> None:
    run = subprocess.run(
        [rapper, "-q", "-g", "-o", "ntriples", server + name], capture_output=True, timeout=60
    )
    assert run.returncode == 0, run.stderr.decode()
    found = Graph().parse(data=run.stdout, format="nt")
    expected = Graph().parse(server + name.removeprefix("id/") + ".nt", format="nt")
    assert len(found) > 10
    assert isomorphic(found, expected)


@pytest.mark.parametrize(
    ("suffix", "parser"),
    [("ttl", "turtle"), ("rdf", "rdfxml"), ("nt", "ntriples"), ("trig", "trig")],
)
def test_rapper_reads_every_dump_it_knows(
    rapper: str, server: str, graph: KnowledgeGraph, suffix: str, parser: str
) -> None:
    run = subprocess.run(
        [rapper, "-q", "-c", "-i", parser, f"{server}data/hsgraph.{suffix}"],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", ["id/" + PROJECT, "data", "ontology", ".well-known/void"])
def test_rdflib_follows_an_address(server: str, name: str) -> None:
    assert len(Graph().parse(server + name)) > 50


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own
def test_rdflib_reads_the_same_from_every_format(server: str) -> None:
    graphs = [
        Graph().parse(f"{server}{PROJECT}.{suffix}", format=format)
        for suffix, format in (
            ("ttl", "turtle"),
            ("rdf", "xml"),
            ("jsonld", "json-ld"),
            ("nt", "nt"),
        )
    ]
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    assert (URIRef(f"{BASE}id/{PROJECT}"), None, None) in graphs[0]


def test_sparqlwrapper_asks(server: str) -> None:
    client = SPARQLWrapper(server + "sparql", returnFormat=JSON)
    client.setQuery(IN_SERBIA)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert f"{BASE}id/{PROJECT}" in [row["project"]["value"] for row in rows]


def test_pandas_reads_the_tables(server: str, graph: KnowledgeGraph) -> None:
    import pandas  # takes a second, in every process that collects tests

    projects = pandas.read_csv(server + "data/tables/project.csv", parse_dates=["start_date"])
    (row,) = graph.engine.select("SELECT (COUNT(?p) AS ?n) WHERE { ?p a hs:Project }").rows
    assert len(projects) == int(row["n"].value)
    serbia = projects.set_index("iri").loc[f"{BASE}id/{PROJECT}"]
    assert serbia.start_date.date().isoformat() == "2012-10-01"
    assert "Serbia" in serbia.takes_place_in_label.split("|")
    budgets = pandas.read_csv(server + "data/tables/budget.csv")
    merged = budgets.merge(projects, left_on="part_of", right_on="iri", suffixes=("", "_project"))
    assert len(merged) == len(budgets)
    assert merged.amount.dtype.kind == "f"


def test_pyld_reads_json_ld_as_it_is_sent(server: str) -> None:
    def load(url: str, options: dict[str, object]) -> dict[str, object]:
        request = urllib.request.Request(url, headers={"Accept": "application/ld+json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            kind, place = answer.headers["Content-Type"], answer.geturl()
            document = {"document": answer.read().decode(), "documentUrl": place}
            return {**document, "contentType": kind, "contextUrl": None}

    for name in ("id/" + PROJECT, "vocab/threat-type/ethnic-tension"):
        options = {"documentLoader": load, "format": "application/n-quads"}
        found = Graph().parse(data=jsonld.to_rdf(server + name, options), format="nt")
        expected = Graph().parse(server + name.removeprefix("id/") + ".nt", format="nt")
        assert len(expected) > 10
        assert isomorphic(found, expected)


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # reconciler's own
def test_reconciler_matches_a_column(server: str) -> None:
    """Names that have a candidate: it fails itself on others where NumPy is 2 or later."""
    import pandas
    from reconciler import reconcile

    column = pandas.Series(["UNICEF", "UNDP", "World Health Organization"])
    endpoint = server + "reconcile"
    found = reconcile(column, reconciliation_endpoint=endpoint)
    assert [iri.rpartition("/")[2] for iri in found.id] == ["unicef", "undp", "who"]
    assert found.match.all()
    kind = "https://w3id.org/hsgraph/ontology#Organisation"
    several = reconcile(column, type_id=kind, top_res="all", reconciliation_endpoint=endpoint)
    assert set(several.input_value) == set(column)
    assert len(several) > len(column)


def test_a_packed_dump_reads_as_the_graph(server: str, graph: KnowledgeGraph) -> None:
    with urllib.request.urlopen(server + "data/hsgraph.nt.gz", timeout=60) as answer:
        lines = gzip.decompress(answer.read()).splitlines()
    counted = (
        "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o }"
    )
    (row,) = graph.engine.select(counted + f" FILTER(?g != <{BASE}graph/metadata>) }} }}").rows
    assert len(lines) == int(row["n"].value)


def test_our_own_package_opens_an_endpoint_by_its_address(server: str) -> None:
    with hsgraph.open(server + "sparql") as remote:
        assert remote.query("SELECT ?p { ?p a hs:Project } LIMIT 2").rows
        assert remote.document(f"{BASE}id/{PROJECT}").triples
        found = remote.search("Sandžak", kinds=["project"]).results
        assert found[0].iri == f"{BASE}id/{PROJECT}"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", ["sparql", "fragments"])
def test_comunica_queries(server: str, way: str) -> None:
    found = comunica.ask(server + way, IN_SERBIA, package="@comunica/query-sparql")
    assert f"{BASE}id/{PROJECT}" in [row["project"] for row in found]


@pytest.mark.timeout(600)
def test_comunica_follows_links_from_one_programme(
    server: str, w3id: str, graph: KnowledgeGraph
) -> None:
    """From the document of one programme alone, over the documents of its agencies."""
    found = comunica.ask(
        f"{BASE}id/{PROJECT}",
        HOMEPAGES,
        package="@comunica/query-sparql-link-traversal",
        proxy=w3id,
    )
    expected = {(str(agency), str(page)) for agency, page in graph.query(HOMEPAGES)}
    assert len(expected) > 3
    assert {(row["agency"], row["page"]) for row in found} == expected


@pytest.fixture
def w3id(server: str) -> Iterator[str]:
    """The redirection service of our IRIs, in small: to this server; others lead nowhere."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            iri = self.path[1:]
            if not iri.startswith(BASE):
                self.send_error(404)
                return
            request = urllib.request.Request(server + iri.removeprefix(BASE))
            request.add_header("Accept", self.headers.get("Accept", "*/*"))
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    body, kind = answer.read(), answer.headers["Content-Type"]
            except urllib.error.HTTPError as error:
                self.send_error(error.code)
                return
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: the tests tell what matters."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as service:
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{service.server_port}/"
        service.shutdown()
        thread.join()
