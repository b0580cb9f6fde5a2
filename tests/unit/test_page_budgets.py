"""Pages stay as they are when the data grows: nothing that many programmes share makes them slow.

The measure is what a page reads and asks, not the clock, which tells more of the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from hsgraph.browse.choice import Choice
from hsgraph.browse.sparql import narrowing
from hsgraph.build.index.aggregates import LINKS, LISTED, write_shared
from hsgraph.build.index.aggregates_reader import OF_ONE_PROGRAMME
from hsgraph.describe.entity.entity import ThingView
from hsgraph.describe.queries import query
from hsgraph.describe.shared.concept import SUPPORTS, SharedView
from hsgraph.describe.shared.prepared import SharedByTables
from hsgraph.describe.shared.programme_lists import SHOWN
from hsgraph.describe.values import row_count
from hsgraph.describe.view import entity_view
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.lookups import Lookups, Node, Term
from hsgraph.engine.protocol import Parameters, Solutions
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import GRAPH, HS, ID, VOCAB, WIDER
from hsgraph.resources import queries

OF_PROGRAMMES = (*OF_ONE_PROGRAMME, f"{ID}project/", f"{GRAPH}data/projects/")
COPIED = re.compile("(" + "|".join(map(re.escape, OF_PROGRAMMES)) + ")")
FEW, MANY = 30, 300
BUDGETS = {
    ID + "project/springs-youth": 1800,
    ID + "threat/springs-youth-tension": 70,
    ID + "organisation/security-fund": 1100,
    ID + "source/evaluation": 3300,
    VOCAB + "threat-type/group-tension": 900,
    VOCAB + "threat-type/economic-insecurity": 350,
    VOCAB + "role/funder": 520,
    VOCAB + "dimension/economic": 110,
}
"""How many statements a page may read among MANY programmes: what it reads now, and a few more."""
PAGES = tuple(BUDGETS)
ALLOWED = {"roles", "shape_properties", "supports"}
"""The queries that pages may ask where the tables are: none that goes through all programmes.

What they are about is named in them: some programmes, classes, or pieces of evidence.
"""


class CountedLookups(Lookups):
    """Counts the statements that look-ups give."""

    read = 0

    def about(self, subjects: Iterable[Node]) -> list[Quad]:
        found = super().about(subjects)
        self.read += len(found)
        return found

    def values(self, subject: Node, *predicates: NamedNode) -> dict[str, list[Term]]:
        found = super().values(subject, *predicates)
        self.read += sum(map(len, found.values()))
        return found

    def subjects(self, predicate: NamedNode, value: Node) -> list[Node]:
        found = super().subjects(predicate, value)
        self.read += len(found)
        return found

    def links(self, thing: NamedNode, most: int) -> list[Quad] | None:
        found = super().links(thing, most)
        self.read += most if found is None else len(found)
        return found


class Watched(EmbeddedEngine):
    """An engine that tells what pages read and ask; `tables` answer for all programmes."""

    def __init__(self, quads: list[Quad], folder: Path) -> None:
        super().__init__(quads)
        self.lookups = CountedLookups(self._store, merged=self._merged)
        self.asked: list[str] = []
        path = folder / "shared.sqlite"
        built = Store()  # A build counts before it says the same in wider terms.
        built.extend(quad for quad in quads if quad.graph_name.value not in WIDER)
        write_shared(built, path)
        self.tables = SharedByTables(self, path)

    @property
    def read(self) -> int:
        return self.lookups.read  # type: ignore[attr-defined,no-any-return]

    def select(self, query: str, parameters: Parameters = {}) -> Solutions:
        self.asked.append(query)
        return super().select(query, parameters)


def grown(graph: KnowledgeGraph, times: int, folder: Path) -> Watched:
    """An engine over the data with every programme and its parts `times` times over."""
    assert graph.snapshot is not None
    lines = graph.snapshot.data.read_text("utf-8").splitlines()
    ours = [line for line in lines if COPIED.search(line)]
    copies = [COPIED.sub(rf"\g<1>c{n}-", line) for n in range(1, times) for line in ours]
    return Watched(list(parse("\n".join([*lines, *copies]), RdfFormat.N_QUADS)), folder)


@pytest.fixture(scope="module")
def few(small_graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return grown(small_graph, FEW, tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="module")
def many(small_graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return grown(small_graph, MANY, tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="module")
def read(many: Watched) -> dict[str, int]:
    """What each page reads, in this order: what pages share is read by the first of them."""
    return {iri: reads(many, iri) for iri in PAGES}


def reads(engine: Watched, iri: str) -> int:
    before = engine.read
    entity_view(engine, iri, all_of_it=engine.tables)
    return engine.read - before


@pytest.mark.parametrize("iri", PAGES)
def test_a_page_reads_no_more_than_its_budget_among_many_programmes(
    read: dict[str, int], iri: str
) -> None:
    assert read[iri] <= BUDGETS[iri]


@pytest.mark.parametrize("iri", PAGES)
def test_a_page_asks_no_query_that_goes_through_all_programmes(many: Watched, iri: str) -> None:
    allowed = {query(name) for name in ALLOWED}
    many.asked.clear()
    entity_view(many, iri, all_of_it=many.tables)
    assert set(many.asked) <= allowed


@pytest.mark.parametrize("iri", PAGES)
def test_the_lists_of_a_page_have_an_end(many: Watched, iri: str) -> None:
    view = entity_view(many, iri, all_of_it=many.tables)
    if isinstance(view, ThingView | SharedView):
        assert all(len(link.things) <= LINKS for link in view.links)
    if isinstance(view, SharedView):
        assert len(view.programmes.lines) <= SHOWN
        assert all(len(facet.values) <= LISTED for facet in view.facets)
        assert len(view.supports) <= SUPPORTS


@pytest.mark.parametrize("iri", PAGES)
def test_tables_and_queries_agree_on_hubs(few: Watched, iri: str) -> None:
    assert entity_view(few, iri, all_of_it=few.tables) == entity_view(few, iri)


@pytest.mark.parametrize("iri", [iri for iri in PAGES if not iri.startswith(OF_PROGRAMMES)])
def test_all_programmes_of_a_thing_are_kept_as_the_query_finds_them(few: Watched, iri: str) -> None:
    members = few.tables.members(iri)
    rows = few.select(narrowing(Choice(about=(iri,)))).rows
    assert members is not None
    assert {few.tables.order(MANY)[member] for member in members} == {
        row["project"].value for row in rows
    }


def test_a_programme_has_to_do_with_itself_which_only_the_query_says(few: Watched) -> None:
    assert few.tables.members(PAGES[0]) is None


def test_what_points_to_a_hub_is_counted_beforehand(many: Watched) -> None:
    fund = ID + "organisation/security-fund"
    view = entity_view(many, fund, all_of_it=many.tables)
    assert isinstance(view, SharedView)
    assert MANY in {link.count for link in view.links}


def test_iati_reads_of_parts_only_what_it_can_hold(
    small_graph: KnowledgeGraph,
) -> None:
    engine, parts = small_graph.engine, f"?part <{HS}partOf> ?whole ; ?about ?value"
    programmes = [row["p"] for row in engine.select("SELECT ?p WHERE { ?p a hs:Project }").rows]
    read = engine.select(queries("hsgraph.iati.queries")("parts"), {"projects": programmes}).rows
    assert 0 < len(read) < row_count(engine, parts) / 3
