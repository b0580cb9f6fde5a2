"""Lists over HTTP: facets, chips, views, exports of the whole list, and its query."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.settings import load

HTML = {"Accept": "text/html"}
LIST = "/browse/project"
THREE = LIST + "?region=africa&threat=displacement&group=women"


@pytest.fixture(scope="module")
def client(graph: KnowledgeGraph) -> FlaskClient:
    return create_app(graph, load(environ={})).test_client()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


def text(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


def total(client: FlaskClient, path: str) -> int:
    found = re.search(r"([\d,]+) in all", text(page(client, path)))
    return int(found[1].replace(",", "")) if found else 0


def listed(client: FlaskClient, path: str) -> list[str]:
    """The programmes of all pages of a list."""
    found: list[str] = []
    next_page: str | None = path
    while next_page:
        markup = page(client, next_page)
        table = markup[markup.index("<tbody>") : markup.index("</tbody>")]
        found += re.findall(r'<th scope="row">.*?<a href="/project/([^"]+)"', table)
        onward = re.search(r'href="([^"]+)" rel="next"', markup)
        next_page = html.unescape(onward[1]) if onward else None
    return found


def values(markup: str) -> list[tuple[str, int]]:
    """Addresses and counts of the values beside a list."""
    aside = markup[markup.index('<aside class="narrow"') :]
    found = re.findall(r'<a href="([^"]+)" rel="nofollow"[^>]*>.*?class="count">([\d,]+)<', aside)
    return [(html.unescape(address), int(count.replace(",", ""))) for address, count in found]


def test_every_page_of_a_list_comes_once_and_whole(client: FlaskClient) -> None:
    found = listed(client, LIST)
    assert len(found) == len(set(found)) == total(client, LIST)


def test_each_count_is_what_the_link_leads_to(client: FlaskClient) -> None:
    chosen = parse_qs(urlsplit(THREE).query)
    checked = 0
    for address, count in values(page(client, THREE)):
        asked = parse_qs(urlsplit(address).query)
        if len(asked) == len(chosen) + 1:
            assert total(client, address) == count, address
            checked += 1
    assert checked > 20


def test_values_of_one_facet_can_be_chosen_together(client: FlaskClient) -> None:
    both = total(client, LIST + "?country=kenya&country=uganda")
    assert both > total(client, LIST + "?country=kenya") > 0


def test_all_values_of_one_facet_can_be_asked_for_and_the_page_says_so(client: FlaskClient) -> None:
    asked = LIST + "?group=indigenous-peoples&group=women"
    either = page(client, asked)
    both = html.unescape(re.search(r'href="([^"]+)" rel="nofollow">All at once', either)[1])  # type: ignore[index]
    assert parse_qs(urlsplit(both).query)["all"] == ["group"]
    assert 0 < total(client, both) < total(client, asked)
    assert '<span class="quiet">or</span>' in either
    assert '<span class="quiet">and</span>' in page(client, both)


def test_years_are_a_range_by_a_form_that_keeps_the_rest(client: FlaskClient) -> None:
    markup = page(client, LIST + "?country=kenya&year=2010&from=2005&to=2008")
    assert 'name="from" value="2005"' in markup
    form = re.search(r'<form class="years-form".*?</form>', markup, re.S)
    assert form
    assert '<input type="hidden" name="country" value="kenya">' in form[0]
    assert "2005 to 2008" in text(markup)
    years = sum(total(client, f"{LIST}?year={year}") for year in range(2005, 2009))
    assert total(client, LIST + "?from=2005&to=2008") == years > 0
    assert client.get(LIST + "?from=soon").status_code == 400


def test_programmes_can_be_ticked_and_compared_without_a_script(client: FlaskClient) -> None:
    for path in (LIST, LIST + "?view=time", "/search?q=kenya"):
        markup = page(client, path)
        ticks = re.findall(r'type="checkbox" form="compare" name="p" value="([^"]+)"', markup)
        form = re.search(r'<form id="compare"[^>]* action="([^"]+)"', markup)
        assert len(ticks) > 1
        assert form
        compared = page(client, f"{form[1]}?p={ticks[0]}&p={ticks[1]}")
        assert all(f'href="/project/{slug}"' in compared for slug in ticks[:2])


def test_a_list_is_narrowed_from_all_to_few_in_three_clicks(client: FlaskClient) -> None:
    path = LIST
    for _ in range(3):
        fewer = sorted((c, a) for a, c in values(page(client, path)) if c >= 3)
        path = fewer[0][1]
    assert total(client, path) == 3


def test_chips_take_away_what_they_name(client: FlaskClient) -> None:
    markup = page(client, THREE)
    chips = re.findall(r'<a href="([^"]+)" rel="nofollow" aria-label="Remove ([^"]+)"', markup)
    assert len(chips) == 3
    for address, _ in chips:
        assert len(parse_qs(urlsplit(html.unescape(address)).query)) == 2


def test_words_narrow_and_can_be_taken_away(client: FlaskClient) -> None:
    markup = page(client, LIST + "?q=drinking+water&region=asia")
    assert "best match first" in markup
    assert 'href="/browse/project?region=asia"' in markup


def test_nothing_left_says_why_and_what_next(client: FlaskClient) -> None:
    seen = text(page(client, LIST + "?country=kenya&country=nowhere&agency=nobody"))
    assert "No programme has all of this" in seen
    assert "Remove" in seen


@pytest.mark.parametrize("view", ["table", "map", "time"])
def test_every_view_is_readable_without_a_script(client: FlaskClient, view: str) -> None:
    markup = page(client, f"{LIST}?region=asia&view={view}")
    assert markup.count("<h1") == 1
    assert "style=" not in markup
    assert "/project/" in markup or "country=" in markup


def test_a_map_has_a_list_beside_it(client: FlaskClient) -> None:
    markup = page(client, LIST + "?view=map&region=asia")
    marks = re.findall(
        r'<a href="[^"]+" rel="nofollow" aria-label="([^"]+): (\d+)"><circle', markup
    )
    assert marks
    for label, count in marks[:10]:
        assert re.search(rf"{re.escape(html.unescape(label))} {count}\b", text(markup))


@pytest.mark.parametrize(
    ("path", "indexed"),
    [
        (LIST, True),
        (LIST + "?country=kenya", True),
        (LIST + "?country=kenya&year=2010", False),
        (LIST + "?sort=title", False),
        (LIST + "?view=map", False),
        (LIST + "?page=2", False),
    ],
)
def test_only_shallow_lists_are_for_crawlers(client: FlaskClient, path: str, indexed: bool) -> None:
    assert ('name="robots" content="noindex"' in page(client, path)) is not indexed


@pytest.mark.parametrize(
    "query",
    ["sort=x", "view=x", "page=0", "page=²", "page=99", "&".join(f"year={n}" for n in range(60))],
)
def test_what_cannot_be_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{LIST}?{query}", headers=HTML).status_code in (400, 404)


def test_names_are_counted_before_any_is_looked_up(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(name: str) -> str:
        raise AssertionError(f"{name} was looked up")

    monkeypatch.setattr("hsgraph.graph.resolve", lambda engine, name: never(name))
    answer = client.get("/browse/project?" + "&".join(["about=http://x.org/a"] * 5))
    assert answer.status_code == 400
    assert "at most 4 times" in answer.text


def test_all_values_of_a_facet_have_a_page(client: FlaskClient) -> None:
    markup = page(client, LIST + "/values/threat?region=africa")
    assert "Urban poverty" in markup
    assert client.get(LIST + "/values/unicorn").status_code == 400


def test_an_export_holds_the_whole_list_in_its_order(client: FlaskClient) -> None:
    answer = client.get(LIST + ".csv?sort=title")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["iri"].rsplit("/", 1)[1] for row in rows] == listed(client, LIST + "?sort=title")


def test_a_list_tells_the_kind_of_each_sum(client: FlaskClient) -> None:
    """A total and what the Fund gives are different kinds, and stand in columns of their own."""
    markup = page(client, LIST + "?q=sandzak")
    row = re.search(
        r'<tr><th scope="row"><input[^>]*> <a href="/project/serbia-south.*?</tr>', markup, re.S
    )
    assert row
    total = re.search(r'data-key="Total budget".*?title="([^"]*)"', row[0])
    given = re.search(r'data-key="Fund contribution".*?title="([^"]*)"', row[0])
    assert total
    assert given
    rows = list(csv.DictReader(io.StringIO(client.get(LIST + ".csv?q=sandzak").text)))
    for shown, column in ((total, "total budget"), (given, "fund contribution")):
        said = rows[0][f"{column} in US dollars"]
        assert f"{float(said):,.0f}" in shown[1] if said else "No such sum" in shown[1]


def test_an_export_has_dates_as_precise_as_the_page(client: FlaskClient) -> None:
    rows = csv.DictReader(io.StringIO(client.get(LIST + ".csv").text))
    (row,) = (row for row in rows if row["iri"].endswith("/kenya-refugee-host-communities"))
    assert (row["start"], row["end"]) == ("2007-12", "2009-11")


def test_all_exports_hold_the_same_programmes(client: FlaskClient) -> None:
    wanted = sorted(listed(client, THREE))
    asked = THREE.removeprefix(LIST)
    told = json.loads(client.get(LIST + ".json" + asked).text)
    assert sorted(p["iri"].rsplit("/", 1)[1] for p in told["programmes"]) == wanted
    turtle = parse(client.get(LIST + ".ttl" + asked).data, format=RdfFormat.TURTLE)
    subjects = {quad.subject.value for quad in turtle if "/id/project/" in quad.subject.value}
    assert sorted(iri.rsplit("/", 1)[1] for iri in subjects) >= wanted
    assert client.get(LIST + ".xlsx" + asked).data[:2] == b"PK"
    assert client.get(LIST + ".pdf" + asked).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        "?region=africa&threat=displacement&group=women",
        "?country=kenya&country=none&sort=budget",
        "?budget=1000000-1500000&agency=undp&sort=title",
        "?year=2006&strategy=protection&sort=oldest",
        "?q=landmines",
        "?about=vocab/threat-type/unemployment&dimension=economic",
    ],
)
def test_the_query_gives_just_this_list(client: FlaskClient, asked: str) -> None:
    query = client.get(LIST + ".rq" + asked).text
    answer = client.post(
        "/sparql", data={"query": query}, headers={"Accept": "application/sparql-results+json"}
    )
    rows = answer.get_json()["results"]["bindings"]
    got = [row["project"]["value"].rsplit("/", 1)[1] for row in rows]
    wanted = listed(client, LIST + asked)
    assert (sorted(got) if "q=" in asked else got) == (sorted(wanted) if "q=" in asked else wanted)
    assert html.escape(query.strip(), quote=False)[:60] in page(client, LIST + "/query" + asked)


@pytest.mark.parametrize(("kind", "first"), [("organisation", "agency"), ("place", "country")])
def test_organisations_and_places_come_with_counts_that_lead_to_their_programmes(
    client: FlaskClient, kind: str, first: str
) -> None:
    markup = page(client, f"/browse/{kind}?type={first}")
    assert page(client, f"/browse/{kind}").count(html.escape(f"type={first}")) == 1
    found = re.findall(r'<a class="count" href="([^"]+)"[^>]*>([\d,]+)</a>', markup)
    assert len(found) > 20
    counts = [int(count.replace(",", "")) for _, count in found]
    assert counts == sorted(counts, reverse=True)
    for address, count in (found[0], found[-1]):
        assert total(client, html.unescape(address)) == int(count), address
    assert client.get(f"/browse/{kind}?type=unicorn").status_code == 400
    assert client.get(f"/browse/{kind}?sort=size").status_code == 400
    assert client.get(f"/browse/{kind}?colour=red").status_code == 400


def test_the_list_of_places_has_a_map(client: FlaskClient) -> None:
    assert "do not imply official endorsement" in page(client, "/browse/place")
    assert 'class="world"' not in page(client, "/browse/place?type=region")


def test_the_map_of_all_programmes_holds_every_circle_whole(client: FlaskClient) -> None:
    page = client.get("/browse/project?view=map", headers=HTML).text
    box = re.search(r'viewBox="([\d.]+) [\d.]+ ([\d.]+) [\d.]+" role="group"', page)
    assert box
    circles = re.findall(r'<circle cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)"', page)
    right = max(float(x) + float(radius) for x, radius in circles)
    assert len(circles) > 100
    assert right <= float(box[1]) + float(box[2])
    assert "outside this part of the map" not in page


def test_a_page_of_one_programme_lists_what_it_has_without_counts(client: FlaskClient) -> None:
    page = client.get("/place/serbia", headers=HTML).text
    assert "1 programme<" in page
    assert 'class="count"' not in page
    assert 'class="count"' in client.get("/place/kenya", headers=HTML).text


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/browse/claim", ": announcement date: "),
        ("/browse/evidence", "“"),
        (
            "/graph/data/projects/serbia-southwest-sandzak",
            "“October 2012 to September 2014”, UNTFHS",
        ),
    ],
)
def test_what_has_no_name_is_listed_by_what_it_says(
    client: FlaskClient, address: str, name: str
) -> None:
    page = client.get(address, headers=HTML).text
    named = re.findall(r'href="/(?:claim|evidence)/([^"]+)"[^>]*><bdi[^>]*>([^<]+)', page)
    assert len(named) > 20
    assert any(name in text for _, text in named)
    assert [slug for slug, text in named if text == slug] == []


def test_things_of_other_kinds_are_listed_simply(client: FlaskClient) -> None:
    for kind in ("organisation", "place", "threat-type", "source", "dimension"):
        assert total(client, f"/browse/{kind}") > 0


@pytest.mark.timeout(60)
@pytest.mark.parametrize("facet", ["threat", "intervention", "group"])
def test_the_query_for_what_is_not_stated_looks_through_the_graph_once(
    client: FlaskClient, graph: KnowledgeGraph, facet: str
) -> None:
    told = client.get(f"/browse/project.json?{facet}=none").get_json()
    assert len(graph.engine.select(told["sparql"]).rows) == told["total"]
