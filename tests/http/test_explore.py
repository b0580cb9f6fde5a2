"""The pages that explore, over HTTP and without a script."""

from __future__ import annotations

import csv
import html
import re
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import HS
from hsgraph.server.app import create_app
from hsgraph.settings import load

PAGES = (
    "/explore",
    "/explore/map",
    "/explore/time",
    "/explore/time?page=2",
    "/explore/time?from=2004&to=2006",
    "/explore/money",
    "/explore/money?by=agency",
    "/explore/money?by=country",
    "/explore/money?by=dimension",
    "/explore/money/left-out?what=others&by=country",
    "/explore/matrix",
    "/explore/matrix?threat=economic-insecurity&intervention=economic-empowerment",
    "/explore/matrix/left-out",
    "/explore/matrix/tried?threat=unemployment&intervention=vocational-training",
    "/explore/network",
    "/explore/network?with=organisation/undp&most=20",
    "/explore/causes",
    "/explore/causes?of=vocab/threat-type/unemployment",
    "/explore/causes?of=project/serbia-southwest-sandzak",
    "/explore/causes/said?cause=unemployment&effect=economic-insecurity",
    "/explore/compare",
    "/explore/compare?p=serbia-southwest-sandzak",
    "/explore/compare?p=serbia-southwest-sandzak&p=bih-canton-10",
)
HTML = {"Accept": "text/html"}
MOST_BYTES = 100_000
MONEY = "/explore/money.csv?by=year"


@pytest.mark.parametrize("address", PAGES)
def test_each_way_to_explore_is_a_page_of_moderate_size(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    assert len(response.data) < MOST_BYTES


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_that_explores_answers(client: FlaskClient, address: str) -> None:
    links = re.findall(r'<a [^>]*?href="(/[^"#]*)', client.get(address).text)
    assert links
    for link in dict.fromkeys(links[:: max(1, len(links) // 25)]):
        answered = client.get(link.replace("&amp;", "&"))
        assert answered.status_code in (200, 303, 308), link


def test_the_table_beside_the_map_has_every_country_of_it(client: FlaskClient) -> None:
    page = client.get("/explore/map").text
    drawn = set(re.findall(r'country=([a-z-]+)" tabindex="-1"', page))
    listed = set(re.findall(r'class="count" href="/browse/project\?country=([a-z-]+)"', page))
    assert drawn
    assert drawn == listed


def test_a_number_on_the_map_is_the_length_of_the_list_behind_it(client: FlaskClient) -> None:
    page = client.get("/explore/map").text
    found = re.findall(r'href="(/browse/project\?country=[a-z-]+)" aria-label="(\d+) in', page)
    for address, number in found[:3] + found[-3:]:
        total = client.get(address, headers={"Accept": "text/html"}).text
        assert len(set(re.findall(r'href="(/project/[a-z0-9-]+)"', total))) == int(number)


def test_every_map_says_that_its_boundaries_are_no_endorsement(client: FlaskClient) -> None:
    for address in ("/", "/explore", "/explore/map"):
        assert "do not imply official endorsement" in client.get(address).text


def test_a_programme_to_compare_is_found_by_a_place_in_its_name(client: FlaskClient) -> None:
    page = client.get("/explore/compare?p=sandzak&p=bih-canton-10").text
    assert "/project/serbia-southwest-sandzak" in page
    assert "/project/bih-canton-10" in page


def test_a_name_that_finds_nothing_is_said_and_the_rest_compared(client: FlaskClient) -> None:
    page = client.get("/explore/compare?p=bih-canton-10&p=qqqqzzzz").text
    assert "No programme is called" in page
    assert "/project/bih-canton-10" in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/explore/compare?p=a&p=b&p=c&p=d&p=e", 400),
        ("/explore/time?page=0", 400),
        ("/explore/time?page=9999", 404),
        ("/explore/network?most=1000", 400),
        ("/explore/network?with=organisation/none", 404),
        ("/explore/matrix?threat=none", 404),
        ("/explore/matrix?threat=%22%3E%3Cscript%3E", 404),
        ("/explore/matrix/tried?threat=unemployment", 400),
        ("/explore/causes?of=organisation/undp", 400),
        ("/explore/money?by=moon", 400),
    ],
)
def test_what_cannot_be_explored_is_said(client: FlaskClient, address: str, status: int) -> None:
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert "<script>" not in response.text


def test_each_count_of_what_drives_what_opens_as_many_programmes(client: FlaskClient) -> None:
    page = html.unescape(client.get("/explore/causes").text)
    counts = re.findall(r'href="(/explore/causes/said\?[^"]+)"[^>]*>([\d,]+)</a>', page)
    assert len(counts) > 50
    for address, number in counts:
        behind = client.get(address).text
        assert len(re.findall(r'<a href="/project/[^"]+" class="title"', behind)) == int(number), (
            address
        )


def test_no_type_of_threat_drives_itself(client: FlaskClient) -> None:
    page = client.get("/explore/causes").text
    links = re.findall(r'<tr data-from="([^"]+)" data-to="([^"]+)"', page)
    assert links
    assert [link for link in links if link[0] == link[1]] == []
    pandemic = client.get("/vocab/threat-type/pandemic", headers={"Accept": "text/html"}).text
    drives = re.search(r'id="facet-drives".*?</section>', pandemic, re.DOTALL)
    assert drives is None or "/vocab/threat-type/pandemic" not in drives[0]


def test_behind_a_count_stand_the_words_and_how_it_is_known(client: FlaskClient) -> None:
    address = "/explore/causes/said?cause=unemployment&effect=economic-insecurity"
    page = client.get(address).text
    assert "The answer given to economic insecurity is legal and formal employment." in page
    assert re.search(r'<a class="tag" href="/ontology#Coded"><bdi>[^<]+</bdi>', page)
    assert 'href="/evidence/serbia-southwest-sandzak-s1-formal-employment"' in page
    assert client.get("/explore/causes/said?cause=unemployment").status_code == 400
    assert client.get("/explore/causes/said?cause=unemployment&effect=nothing").status_code == 404


def test_a_name_that_means_several_programmes_is_asked_about(client: FlaskClient) -> None:
    page = client.get("/explore/compare?p=egypt&p=bih-canton-10").text
    assert "Which do you mean?" in page
    choices = re.findall(r'<li><a href="(/explore/compare\?p=bih-canton-10&amp;p=[^"]+)"', page)
    assert len(choices) >= 2
    chosen = client.get(choices[0].replace("&amp;", "&")).text
    assert "Which do you mean?" not in chosen
    assert 'class="compare of-2"' in chosen


def test_why_no_fifth_programme_can_be_added_is_said(client: FlaskClient) -> None:
    four = "&p=".join(
        ["serbia-southwest-sandzak", "bih-canton-10", "kenya-turkana-border", "cuba-hiv-prevention"]
    )
    page = client.get(f"/explore/compare?p={four}").text
    assert "Leave one out to add another" in page
    assert '<form class="compare-form"' not in page


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/csv")
    return list(csv.DictReader(answer.text.splitlines()))


def test_sums_by_year_and_what_has_no_year_are_the_whole_sum(
    client: FlaskClient, graph: KnowledgeGraph
) -> None:
    every = {
        row["p"].value: Decimal(row["usd"].value)
        for row in graph.engine.select(
            f"SELECT ?p ?usd {{ ?p <{HS}fundContributionUSD> ?usd }}"
        ).rows
    }
    dated = {r["p"].value for r in graph.engine.select(f"SELECT ?p {{ ?p <{HS}year> ?y }}").rows}
    told = sum(Decimal(row["US dollars from the fund"]) for row in table(client, MONEY))
    assert told == sum(usd for programme, usd in every.items() if programme in dated) > 0
    page = re.sub(r"<[^>]+>", "", client.get("/explore/money").text)
    assert f"{len(set(every) - dated)} programmes with a contribution have no year" in page


def test_each_number_of_what_the_sums_leave_out_opens_as_many_programmes(
    client: FlaskClient,
) -> None:
    for by in ("year", "country"):
        page = client.get(f"/explore/money?by={by}").text
        found = re.findall(r'href="(/explore/money/left-out[^"]+)">([\d,]+)</a>', page)
        assert len(found) >= 2
        for address, number in found:
            behind = client.get(html.unescape(address)).text
            assert behind.count('<tr><th scope="row">') == int(number), address
    assert client.get("/explore/money/left-out?what=moon").status_code == 400
    assert client.get("/explore/money/left-out?what=unstated&page=99").status_code == 404


def test_the_matrix_counts_the_programmes_that_it_leaves_out_and_opens_them(
    client: FlaskClient,
) -> None:
    page = client.get("/explore/matrix").text
    told = re.search(r'href="/explore/matrix/left-out">(\d+) programmes</a>', page)
    assert told
    behind = client.get("/explore/matrix/left-out").text
    assert behind.count('<tr><th scope="row">') == int(told[1]) > 0
    assert client.get("/explore/matrix/left-out?page=99").status_code == 404


def test_a_time_line_of_some_years_holds_those_that_began_in_them(client: FlaskClient) -> None:
    page = client.get("/explore/time?from=2005&to=2006").text
    listed = re.search(r'<a href="(/browse/project\?year=2005-2006)">(\d+)</a> of', page)
    assert listed
    assert len(re.findall(r'<span class="gantt-name">', page)) == int(listed[2]) > 5
    behind = client.get(listed[1], headers={"Accept": "text/html"}).text
    assert f"<strong>{listed[2]}</strong> in all" in behind
    assert client.get("/explore/time?from=soon").status_code == 400


def test_the_table_of_a_time_line_has_the_years_that_its_page_shows(client: FlaskClient) -> None:
    page = client.get("/explore/time?from=2005&to=2006").text
    told = re.search(r'<a href="/browse/project\?year=2005-2006">(\d+)</a> of', page)
    address = re.search(r'href="(/explore/time.csv[^"]*)"', page)
    assert told
    assert address
    years = table(client, html.unescape(address[1]))
    assert [row["year"] for row in years] == ["2005", "2006"]
    assert sum(int(row["programmes"]) for row in years) == int(told[1])
    assert len(table(client, "/explore/time.csv?from=2010")) < len(
        table(client, "/explore/time.csv")
    )


def test_shared_money_is_said_to_count_in_full_for_each(client: FlaskClient) -> None:
    for by in ("agency", "country", "dimension"):
        assert "must not be added up" in client.get(f"/explore/money?by={by}").text
    assert "must not be added up" not in client.get("/explore/money?by=year").text


@pytest.mark.parametrize("way", ["map", "time", "money", "matrix", "network", "causes"])
def test_the_numbers_of_each_drawing_are_a_table_that_its_page_links_to(
    client: FlaskClient, way: str
) -> None:
    assert f'href="/explore/{way}.csv"' in client.get(f"/explore/{way}").text
    assert len(table(client, f"/explore/{way}.csv")) > 5
    assert 'class="finding"' in client.get(f"/explore/{way}").text


@pytest.mark.parametrize(("way", "what"), [("causes", "links"), ("network", "pairs")])
def test_all_that_a_drawing_is_chosen_from_is_in_its_table(
    client: FlaskClient, way: str, what: str
) -> None:
    total = re.search(rf"of ([\d,]+) {what}", client.get(f"/explore/{way}").text)
    assert total
    assert len(table(client, f"/explore/{way}.csv")) == int(total[1].replace(",", "")) > 100


@pytest.mark.parametrize(
    "address",
    [
        "/explore/matrix/tried?threat=economic-insecurity&intervention=economic-empowerment",
        "/explore/causes/said?cause=conflict&effect=conflict-displacement",
    ],
)
def test_all_programmes_behind_a_number_are_on_its_pages(
    graph: KnowledgeGraph, address: str
) -> None:
    client = create_app(graph, load(environ={}, page_size=7)).test_client()
    first = client.get(address).text
    total = int(re.findall(r'<p class="quiet">(\d+) programmes?; 7 of them here', first)[0])
    page, found = first, []
    while page:
        found += re.findall(r'<a href="/project/([^"]+)" class="title"', page)
        following = re.search(r'<a href="([^"]+)" rel="next"', page)
        page = client.get(html.unescape(following[1])).text if following else ""
    assert len(found) == len(set(found)) == total
    assert client.get(f"{address}&page=99").status_code == 404
    assert client.get(f"{address}&offset=50").status_code == 400


def title(page: str) -> str:
    return page.partition("<h1>")[2].partition("</h1>")[0] or page


@pytest.mark.parametrize("name", ["unemployment", "threat-type/unemployment"])
def test_a_type_is_named_by_its_slug_or_with_its_vocabulary(client: FlaskClient, name: str) -> None:
    whole = client.get("/explore/causes?of=vocab/threat-type/unemployment").text
    assert title(client.get(f"/explore/causes?of={name}").text) == title(whole)
    cell = "/explore/matrix/tried?intervention=vocational-training&threat="
    assert title(client.get(cell + name).text) == title(client.get(cell + "unemployment").text)
    assert client.get(cell + "dimension/economic").status_code == 404


def test_a_name_that_is_missed_is_what_to_search_for(client: FlaskClient) -> None:
    page = client.get("/explore/causes?of=threat-type/youth-unemploymnt", headers=HTML).text
    assert 'name="q" value="youth unemploymnt"' in page
    assert "/vocab/threat-type/youth-unemployment" in page
    french = html.unescape(client.get("/explore/causes?of=nothing-so&lang=fr", headers=HTML).text)
    assert "<bdi>«\xa0nothing-so\xa0» ne désigne rien dans ce graphe.</bdi>" in french
