"""Every client gets its answer from a server with default settings, whatever it offers or sends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.interop.programs import ASKING, READING
from tests.serving import serving

SMALL = Path(__file__).parents[1] / "http" / "small.trig"
FLOODS = "https://w3id.org/hsgraph/id/threat/valley-floods"
QUERY = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    'SELECT ?thing WHERE { ?thing skos:prefLabel "Floods"@en }'
)
LONG = f"{QUERY}\n# {'floods ' * 6000}"
"""More than fits into an address, or into one packet."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("site"), SMALL) as server:
        yield f"http://127.0.0.1:{server.port}/"


@pytest.mark.parametrize("name", ASKING)
def test_a_client_asks(site: str, name: str) -> None:
    assert ASKING[name].select(site + "sparql", QUERY, post=False) == [FLOODS]


@pytest.mark.parametrize("name", ASKING)
def test_a_client_sends_a_long_query(site: str, name: str) -> None:
    assert ASKING[name].select(site + "sparql", LONG, post=True) == [FLOODS]


@pytest.mark.parametrize("name", READING)
def test_a_client_reads_a_thing(site: str, name: str) -> None:
    found = READING[name].read(site + "id/threat/valley-floods")
    expected = Graph().parse(site + "threat/valley-floods.nt", format="nt")
    assert len(expected) > 3
    assert isomorphic(found, expected)
