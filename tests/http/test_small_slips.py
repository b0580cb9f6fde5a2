"""Pages say what is so: plurals, dates, what is left out, what an address cannot ask for."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from hsgraph.build.index.words import fold
from hsgraph.describe.citation import Citation
from hsgraph.describe.words.wording import many

HTML = {"Accept": "text/html"}


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == status, answer.text[:300]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.mark.parametrize("path", ["/concept/threat-type/youth-unemployment", "/place/kenya"])
def test_what_is_left_out_of_a_count_is_not_said_to_be_rarer(
    client: FlaskClient, path: str
) -> None:
    page = text(client, path.replace("/concept", "/vocab"))
    assert "none of them more often" in page
    assert "less often" not in page


@pytest.mark.parametrize(
    ("path", "moment"), [("/place/kenya", "announced 2005"), ("/place/egypt", "announced 2013")]
)
def test_a_programme_without_period_is_dated_by_what_is_known(
    client: FlaskClient, path: str, moment: str
) -> None:
    page = text(client, path)
    assert moment in page
    assert "dates unknown" not in page


def test_accents_do_not_change_the_place_in_an_order(client: FlaskClient) -> None:
    page = client.get("/browse/project/values/country", headers=HTML).text
    names = re.findall(r'rel="nofollow"[^>]*><bdi>([^<]+)</bdi> <span class="count">', page)
    names = [html.unescape(name) for name in names if name != "not stated"]
    assert "Côte d’Ivoire" in names or "Côte d'Ivoire" in names
    assert names == sorted(names, key=fold)


@pytest.mark.parametrize("kind", ["organisation", "place", "country"])
def test_lists_of_things_pass_over_accents_too(client: FlaskClient, kind: str) -> None:
    page = client.get(f"/browse/{kind}?sort=name", headers=HTML).text
    listed = page[page.index('class="browse-list') :]
    found = re.findall(r"<li><span><a [^>]*><bdi[^>]*>([^<]+)</bdi>", listed)
    names = [html.unescape(name) for name in found]
    assert len(names) > 20
    assert names == sorted(names, key=fold)


def test_all_regions_are_listed_where_all_fit(client: FlaskClient) -> None:
    page = text(client, "/browse/project/values/region")
    assert "more can be found" not in page
    assert "are listed" not in page


def test_one_thing_that_narrows_is_not_one_of_several(client: FlaskClient) -> None:
    assert "Remove what narrows the list" in text(client, "/browse/project?q=asdfgh")
    both = text(client, "/browse/project?q=asdfgh&country=kenya")
    assert "Remove one of the 2 things that narrow the list" in both


def test_a_value_that_no_programme_lacks_is_not_offered(client: FlaskClient) -> None:
    assert not re.search(r"not stated\s+0", text(client, "/browse/project?region=none"))


@pytest.mark.parametrize(
    ("label", "plural"),
    [
        ("Claim", "Claims"),
        ("Agency", "Agencies"),
        ("Country or territory", "Countries or territories"),
        ("Place in a document", "Places in a document"),
        ("Application of a principle", "Applications of a principle"),
        ("Evidence", "Evidence"),
    ],
)
def test_classes_have_plurals(label: str, plural: str) -> None:
    assert many(label) == plural


@pytest.mark.parametrize(
    "path",
    [
        "/project/serbia-southwest-sandzak",
        "/project/bih-canton-10",
        "/vocab/threat-type/unemployment",
    ],
)
def test_nothing_but_marks_is_glued_to_a_description(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=HTML).text
    lead = page.partition('<div class="lead measure">')[2].partition("</div>")[0]
    assert re.fullmatch(r"<bdi[^>]*>[^<]+</bdi>(<details class=\"mark.*</details>)*", lead)


@pytest.mark.parametrize(
    ("kind", "title"),
    [("claim", "Claims"), ("source", "Sources"), ("organisation", "Organisations")],
)
def test_a_list_is_called_by_a_plural(client: FlaskClient, kind: str, title: str) -> None:
    assert f"<h1><bdi>{title}</bdi></h1>" in client.get(f"/browse/{kind}", headers=HTML).text


def test_a_citation_sets_quotation_marks_once() -> None:
    cited = Citation("“2,859,659” in a sheet", "hsgraph", "Makers", "2026-01-01", "v1", "https://x")
    assert "“‘2,859,659’ in a sheet”, in hsgraph" in cited.text()


def test_the_page_of_evidence_cites_it_so_too(client: FlaskClient) -> None:
    page = text(client, "/evidence/serbia-southwest-sandzak-s1-formal-employment")
    assert "““" not in page
    assert "“ “" not in page
    assert "“ ‘" in page


@pytest.mark.parametrize(
    "path",
    [
        "/browse/project?start=2015",
        "/browse/project.csv?start=2015",
        "/browse/project/values/country?start=2015",
        "/explore/matrix?threats=poverty",
        "/explore/compare?programme=egypt",
        "/explore/time?since=2010",
        "/explore/map.csv?country=kenya",
        "/query/agencies-in-programme-by-year?yaer=2010",
    ],
)
def test_a_parameter_there_is_not_is_refused(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 400
    assert "There is no parameter" in answer.text
    assert "There is:" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/explore/money?by=year&by=country",
        "/explore/money.csv?by=year&by=country",
        "/quality/findings?severity=info&severity=warning",
        "/browse/project?sort=title&sort=start",
    ],
)
def test_a_second_value_that_would_be_passed_over_is_refused(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 400
    assert "can be given only once" in answer.text


def test_values_that_all_count_may_be_repeated(client: FlaskClient) -> None:
    for path in (
        "/browse/project?country=kenya&country=cuba",
        "/search?q=a&kind=place&kind=project",
    ):
        assert client.get(path, headers=HTML).status_code == 200
    assert client.get("/explore/money?by=year&by=year", headers=HTML).status_code == 200


@pytest.mark.parametrize(
    "path", ["/browse/project", "/explore", "/project/serbia-southwest-sandzak", "/query", "/"]
)
def test_what_other_sites_add_to_links_does_no_harm(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?utm_source=letter&fbclid=x&_=1", headers=HTML).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=youth&kind=project&page=9",
        "/statements?of=project/serbia-southwest-sandzak&page=99",
        "/fragments?page=99999",
    ],
)
def test_a_page_past_the_last_is_not_there(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 404
    assert "there is no page" in answer.text


def test_programs_are_told_that_a_page_of_a_fragment_is_empty(client: FlaskClient) -> None:
    answer = client.get("/fragments?page=99999", headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200
    assert "hydra/core#totalItems" in answer.text
    assert "hydra/core#next" not in answer.text


def test_a_missing_address_names_what_is_near_and_nothing_that_is_far(client: FlaskClient) -> None:
    assert "Sandžak" in client.get("/place/sandjak", headers=HTML).text
    assert "Names that are near" not in client.get("/project/nothing-such", headers=HTML).text


def test_the_data_are_cited_alike_wherever_they_are(client: FlaskClient) -> None:
    cited = "The editors of hsgraph ("
    assert cited in client.get("/data", headers=HTML).text
    assert cited in client.get("/about", headers=HTML).text


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=a&format=json&limit=000000100000",
        "/search?q=a&format=json&offset=0000001000000",
        "/fragments?page=" + "9" * 5000,
        "/browse/source?page=0000001" + "0" * 30,
    ],
)
def test_a_number_beyond_its_bound_is_refused_however_it_is_written(
    client: FlaskClient, address: str
) -> None:
    assert client.get(address).status_code == 400


def test_a_year_has_no_thousands(client: FlaskClient) -> None:
    page = text(client, "/statements?of=project/afghanistan-school-infrastructure")
    assert "year 2006" in page
    assert "2,006" not in page


@pytest.mark.parametrize("path", ["/place/uganda", "/place/kenya"])
def test_programmes_without_a_start_have_their_place_by_the_day_that_dates_them(
    client: FlaskClient, path: str
) -> None:
    page = client.get(path, headers=HTML).text
    times = re.findall(r'class="programme-time">(.*?)</div>', page, re.DOTALL)
    years = [int(found[0]) for time in times if (found := re.findall(r"\b\d{4}\b", time))]
    assert len(years) > 3
    assert years == sorted(years, reverse=True)


def test_related_concepts_of_another_vocabulary_are_told_apart(client: FlaskClient) -> None:
    page = text(client, "/vocab/threat-type/child-labour")
    assert "Child protection Intervention types" in page
    assert "Child protection Key words" in page


def test_what_was_missed_is_the_address_and_not_its_language(client: FlaskClient) -> None:
    answer = client.get("/nowhere-at-all?lang=es", headers=HTML)
    assert 'value="nowhere at all"' in answer.text


def test_the_examples_of_questions_begin_with_those_in_the_readers_language(
    client: FlaskClient,
) -> None:
    page = client.get("/ask?lang=es", headers=HTML).text
    assert re.findall(r'<ul class="examples" lang="(\w+)"', page) == ["es", "en", "fr"]


def test_the_list_comes_before_what_narrows_it(client: FlaskClient) -> None:
    page = client.get("/browse/project", headers=HTML).text
    assert page.index('class="browse-main"') < page.index('id="narrow"')


def test_a_source_is_linked_by_its_address_not_by_the_end_of_it(client: FlaskClient) -> None:
    page = client.get("/source/united-nations-2002-01-3-million-grant-japan").text
    assert ">news.un.org/en/story/2002/01/25702</a>" in page
    assert ">25702<" not in page


def test_a_version_that_is_not_kept_is_told_in_the_readers_language(client: FlaskClient) -> None:
    page = client.get("/version/0000000000000000?lang=fr", headers={"Accept": "text/html"}).text
    assert "La version 0000000000000000 n’est pas conservée ici" in page


def test_the_picture_of_the_classes_sets_thousands_apart_as_its_reader_does(
    client: FlaskClient,
) -> None:
    picture = client.get("/ontology?lang=fr", headers={"Accept": "text/html"}).text
    assert not re.findall(r'<text class="much"[^>]*>\d+,\d+</text>', picture)
    assert re.findall(r'<text class="much"[^>]*>\d+\u202f\d+</text>', picture)


def test_french_sets_a_space_before_each_colon_of_a_claim(client: FlaskClient) -> None:
    listed = client.get("/browse/claim?lang=fr", headers={"Accept": "text/html"}).text
    assert "\u00a0: date d’annonce\u00a0: 30 oct. 2001" in listed


def test_the_time_line_leads_to_the_programmes_without_a_date(client: FlaskClient) -> None:
    told = text(client, "/explore/time")
    number = re.search(r"Without a date in the sources read so far: (\d+) \.", told)
    assert number
    assert f"{number[1]} in all" in text(client, "/browse/project?year=none")
    assert "Without a date" not in text(client, "/explore/time?from=2010&to=2012")
