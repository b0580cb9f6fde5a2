"""Exploring: the numbers, the map, the matrix, the network, causes and comparison."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.shared import listing
from hsgraph.errors import UnknownEntity
from hsgraph.explore import causes, matrix, money, network, timeline, worldmap
from hsgraph.explore.compare import compare
from hsgraph.explore.counts import Counts, counts
from hsgraph.explore.editor import terms
from hsgraph.explore.worldmap import World, world
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import HS, ID, VOCAB

UNEMPLOYMENT = VOCAB + "threat-type/unemployment"
ECONOMIC = VOCAB + "threat-type/economic-insecurity"


def built(graph: KnowledgeGraph) -> Counts:
    assert graph.snapshot is not None
    return counts(graph.engine, graph.snapshot.search)


@pytest.fixture
def outlines() -> World:
    drawn = world()
    assert drawn is not None, "the bundle is not built: make setup"
    return drawn


def test_an_index_holds_the_same_numbers_as_the_data(graph: KnowledgeGraph) -> None:
    assert counts(graph.engine, None) == built(graph)


def test_numbers_of_the_small_graph_are_those_one_counts_by_hand(
    small_graph: KnowledgeGraph,
) -> None:
    found = built(small_graph)
    assert sum(found.years.values()) == 1
    assert set(found.countries.values()) == {1}
    assert list(found.drives.values()) == [1]
    assert sorted(iri.removeprefix(ID) for iri in found.takes_part) == [
        "organisation/labour-agency",
        "organisation/municipality-of-springs",
        "organisation/youth-office",
    ]
    assert len(found.together) == 3
    assert not found.untried


def test_a_broader_type_counts_each_programme_once(graph: KnowledgeGraph) -> None:
    tried = built(graph).tried
    training = VOCAB + "intervention-type/vocational-training"
    narrow, broad = tried[UNEMPLOYMENT, training], tried[ECONOMIC, training]
    assert 0 < narrow <= broad
    assert max(tried.values()) <= sum(built(graph).years.values()) + 50


@pytest.mark.parametrize("most", [0, 1, 2, 5, 7, 86, 12_345])
def test_bands_cover_every_number_once(most: int) -> None:
    found = worldmap.bands(most)
    assert len(found) <= worldmap.SHADES
    numbers = [n for band in found for n in range(band.first, band.last + 1)]
    assert numbers == list(range(1, most + 1))
    assert [band.shade for band in found] == sorted({band.shade for band in found})


def test_points_lie_where_the_outlines_were_projected_to(root: Path, outlines: World) -> None:
    told = json.loads((root / "web/static/dist/world.json").read_text())["check"]
    for place, (x, y) in told.items():
        longitude, latitude = map(float, place.split(","))
        assert outlines.project(latitude, longitude) == pytest.approx((x, y), abs=1e-6)


def test_the_map_follows_the_usage_of_the_united_nations(outlines: World) -> None:
    def within(latitude: float, longitude: float, code: str) -> bool:
        (x, y), box = outlines.project(latitude, longitude), outlines.outlines[code]
        return box[0] <= x <= box[2] and box[1] <= y <= box[3]

    assert within(45.2, 34.1, "804")
    assert within(9.6, 45.6, "706")
    assert within(26.5, -13.5, "732")
    assert within(23.7, 121, "156")
    assert "158" not in outlines.outlines


def test_every_country_with_a_programme_has_a_place_on_the_map(graph: KnowledgeGraph) -> None:
    found = worldmap.world_map(graph.engine, built(graph))
    assert len(found.countries) > 100
    assert found.unmapped == ()


def test_countries_without_a_programme_are_told_beside_the_map(graph: KnowledgeGraph) -> None:
    found = worldmap.world_map(graph.engine, built(graph))
    assert {ref.label for ref in found.without} == {"Japan", "New Zealand"}
    assert len(found.countries) + len(found.without) == listing.count(graph.engine, "country")


def test_countries_come_with_the_most_programmes_first(graph: KnowledgeGraph) -> None:
    numbers = [c.programmes for c in worldmap.world_map(graph.engine, built(graph)).countries]
    assert numbers == sorted(numbers, reverse=True)


def test_years_without_programmes_keep_their_place(graph: KnowledgeGraph) -> None:
    years = [year.year for year in timeline.timeline(graph.engine, built(graph)).years]
    assert years == list(range(min(years), max(years) + 1))


def test_all_pages_of_the_time_line_hold_each_programme_once(graph: KnowledgeGraph) -> None:
    numbers = built(graph)
    first = timeline.timeline(graph.engine, numbers)
    pages = [timeline.timeline(graph.engine, numbers, n + 1) for n in range(first.pages)]
    shown = [line.ref.iri for page in pages for line in page.programmes]
    assert len(shown) == len(set(shown)) >= first.dated


@pytest.mark.parametrize(
    "span",
    [("2005", "2010"), ("0000", "2007"), ("2012", "9999"), ("2030", "2040"), ("2009", "2005")],
)
def test_the_time_line_of_some_years_holds_what_began_in_them(
    graph: KnowledgeGraph, span: tuple[str, str]
) -> None:
    numbers = built(graph)
    wanted = [each.iri for each in numbers.programmes if span[0] <= each.date[:4] <= span[1]]
    found = timeline.timeline(graph.engine, numbers, span=span)
    assert found.total == len(wanted)
    assert [line.ref.iri for line in found.programmes] == wanted[: timeline.PAGE]


def test_a_cell_leads_to_as_many_programmes_as_it_says(graph: KnowledgeGraph) -> None:
    numbers = built(graph)
    found = matrix.matrix(graph.engine, numbers, ECONOMIC)
    rows = zip(found.threats.heads, found.cells, strict=True)
    cells = [
        (row.ref.iri, column.ref.iri, cell.programmes)
        for row, line in rows
        for column, cell in zip(found.interventions.heads, line, strict=True)
        if 0 < cell.programmes <= 10
    ]
    assert len(cells) > 10
    for threat, intervention, number in cells[:12]:
        tried = matrix.answers(graph.engine, numbers, threat, intervention, page=1, size=50)
        assert len(tried.tried) == number == tried.total


def test_a_type_can_be_opened_and_closed_again(graph: KnowledgeGraph) -> None:
    top = matrix.matrix(graph.engine, built(graph))
    assert all(not head.whole for head in top.threats.heads)
    opened = matrix.matrix(graph.engine, built(graph), ECONOMIC).threats
    assert opened.heads[0].whole
    assert opened.opened is not None
    assert opened.opened.iri == ECONOMIC
    assert opened.above is None


def test_what_is_no_type_cannot_be_opened(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownEntity):
        matrix.matrix(graph.engine, built(graph), VOCAB + "dimension/food")


def test_a_network_of_one_holds_only_its_own_pairs(graph: KnowledgeGraph) -> None:
    undp = ID + "organisation/undp"
    found = network.network(graph.engine, built(graph), undp, 20)
    assert {pair.one.iri for pair in found.pairs} == {undp}
    assert len(found.nodes) - 1 == len(found.edges) == len(found.pairs) > 10


def test_a_network_leaves_out_no_pair_that_is_as_close_as_one_it_shows(
    graph: KnowledgeGraph,
) -> None:
    undp = ID + "organisation/undp"
    numbers = [n for pair, n in built(graph).together.items() if undp in pair]
    for most in (20, 40):
        shown = [
            p.programmes for p in network.network(graph.engine, built(graph), undp, most).pairs
        ]
        assert len(shown) == sum(n >= min(shown) for n in numbers) <= most


def test_causes_of_a_type_are_all_links_to_and_from_it_and_no_others(graph: KnowledgeGraph) -> None:
    numbers = built(graph)
    some = causes.between_types(graph.engine, numbers, UNEMPLOYMENT)
    of_it = {p: n for p, n in numbers.drives.items() if UNEMPLOYMENT in p and p[0] != p[1]}
    shown = {(link.source.iri, link.target.iri): link.programmes for link in some.links}
    assert shown == of_it
    assert some.total == len(some.drivers) + len(some.driven) == len(of_it)


def test_what_is_left_out_of_all_causes_is_counted_and_less_often_told(
    graph: KnowledgeGraph,
) -> None:
    numbers = built(graph)
    every = causes.between_types(graph.engine, numbers)
    assert len(every.links) == causes.MOST < every.total
    least = min(link.programmes for link in every.links)
    shown = {(link.source.iri, link.target.iri) for link in every.links}
    others = [n for p, n in numbers.drives.items() if p not in shown and p[0] != p[1]]
    assert len(others) == every.total - causes.MOST
    assert max(others) <= least


def test_each_band_of_a_drawing_joins_two_names_that_stand_in_it(graph: KnowledgeGraph) -> None:
    for about in ("", UNEMPLOYMENT):
        found = causes.between_types(graph.engine, built(graph), about)
        assert found.drawing is not None
        places = {(0, e.y) if e.left else (1, e.y) for e in found.drawing.ends}
        assert len(places) == len(found.drawing.ends)
        assert len(found.drawing.bands) == found.drawing.drawn > 5
        assert all(0 < end.y < found.drawing.height for end in found.drawing.ends)


def test_the_chain_of_a_programme_has_drivers_and_answers(small_graph: KnowledgeGraph) -> None:
    found = causes.of_programme(small_graph.engine, ID + "project/springs-youth")
    assert {link.how for link in found.links} == {"drives", "answers"}


def test_comparison_marks_what_is_shared_and_puts_it_first(graph: KnowledgeGraph) -> None:
    names = ("project/serbia-southwest-sandzak", "project/bih-canton-10")
    views = [view for n in names if isinstance(view := graph.describe(n), ProjectView)]
    rows = dict(compare(views))
    agencies = rows["UN agencies"]
    assert [entry.text for entry in agencies[0] if entry.shared == 2] == [
        entry.text for entry in agencies[1] if entry.shared == 2
    ]
    assert agencies[0][0].shared == 2
    assert {entry.shared for entry in rows["Country"][0]} == {1}


def test_comparing_a_programme_with_itself_shares_everything_it_names(
    small_graph: KnowledgeGraph,
) -> None:
    view = small_graph.describe("project/springs-youth")
    assert isinstance(view, ProjectView)
    entries = [e for _, cells in compare([view, view]) for cell in cells for e in cell if e.ref]
    assert entries
    assert {entry.shared for entry in entries} == {2}


def test_the_editor_completes_classes_properties_and_concepts(graph: KnowledgeGraph) -> None:
    found = {(term.kind, term.iri): term.label for term in terms(graph.engine)}
    assert found["class", HS + "Project"]
    assert found["property", HS + "mitigates"]
    assert found["concept", UNEMPLOYMENT] == "Unemployment and underemployment"
    assert len(found) < 5000


@pytest.mark.parametrize("by", money.BY)
def test_money_counts_each_programme_once_and_names_what_it_leaves_out(
    graph: KnowledgeGraph, by: str
) -> None:
    found = money.money(graph.engine, by)
    assert 0 < found.told < found.programmes
    assert 0 < found.others <= found.unstated
    assert all(bar.dollars <= found.dollars and bar.told <= bar.programmes for bar in found.bars)
    assert max(bar.share for bar in found.bars) == 100
    for what in money.LEFT_OUT:
        pages = (
            money.left_out(graph.engine, what, by, most=50, start=s) for s in (0, 50, 100, 150)
        )
        named = [iri for page in pages for iri in page]
        assert len(named) == len(set(named)) == getattr(found, what), what
