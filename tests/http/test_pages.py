"""Pages over HTTP: home, search, lists, and the page of every kind of thing."""

from __future__ import annotations

import html
import json
import re

import pytest
from flask.testing import FlaskClient

from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.settings import load

ENTITIES = (
    "/project/springs-youth",
    "/participation/springs-youth-labour-agency",
    "/threat/springs-youth-unemployment",
    "/intervention/springs-youth-workshops",
    "/objective/springs-youth-work",
    "/budget/springs-youth-total",
    "/interlinkage/springs-youth-unemployment-tension",
    "/situation/springs-youth-displacement",
    "/target/springs-youth-direct",
    "/application/springs-youth-people-centred",
    "/outcome/springs-youth-launch",
    "/claim/springs-youth-start",
    "/evidence/springs-youth-s1-duration",
    "/selector/springs-youth-s1-duration",
    "/organisation/labour-agency",
    "/organisation/municipality-of-springs",
    "/organisation/security-fund",
    "/identifier/labour-agency-iati",
    "/change/youth-bureau-renamed",
    "/place/northland",
    "/source/fact-sheet",
    "/vocab/threat-type/unemployment",
    "/vocab/intervention-type/vocational-training",
    "/vocab/population-group/young-people",
    "/vocab/dimension/political",
)
LISTS = (
    "/",
    "/search",
    "/search?q=youth",
    "/search?q=yuoth",
    "/browse/project",
    "/browse/project?about=organisation/labour-agency&about=place/northland",
    "/browse/organisation",
    "/browse/country",
    "/browse/claim",
    "/browse/threat-type",
    "/statements?of=project/springs-youth",
    "/links?to=project/springs-youth&by=hs:partOf",
)


@pytest.fixture(scope="module")
def small(small_graph: KnowledgeGraph) -> FlaskClient:
    return create_app(small_graph, load(environ={})).test_client()


@pytest.fixture(scope="module")
def answered() -> set[str]:
    """The addresses that were found to answer, so that each is asked once."""
    return set()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


def text(markup: str) -> str:
    """What a reader sees, with single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


@pytest.mark.parametrize("path", [*ENTITIES, *LISTS])
def test_every_page_has_one_heading_a_title_and_landmarks(small: FlaskClient, path: str) -> None:
    found = page(small, path)
    assert found.count("<h1") == 1
    for part in ("<title>", "<main", "<header", "<footer", "<nav", '<meta name="description"'):
        assert part in found
    assert "None" not in text(found)


@pytest.mark.parametrize("path", [*ENTITIES, *LISTS])
def test_no_page_links_to_a_page_that_is_not_there(
    small: FlaskClient, answered: set[str], path: str
) -> None:
    targets = {html.unescape(t) for t in re.findall(r'href="(/[^"#]*)', page(small, path))}
    for target in sorted(targets - answered):
        with small.get(target, headers={"Accept": "text/html,*/*;q=0.5"}) as answer:
            assert answer.status_code in (200, 303), target
    answered |= targets


@pytest.mark.parametrize("path", ENTITIES)
def test_an_entity_page_says_its_iri_version_and_formats(small: FlaskClient, path: str) -> None:
    found = page(small, path)
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', found, re.S)
    assert data is not None
    about = json.loads(data[1])["about"]["@id"]
    assert f'<link rel="canonical" href="{about}">' in found
    assert about in text(found)
    assert f'href="{path}.ttl"' in found


def test_a_project_page_tells_it_all(small: FlaskClient) -> None:
    seen = text(page(small, "/project/springs-youth"))
    for said in (
        "Young people of Springs",
        "Jeunes de Springs : travail et paix",
        "Oct 2012 – Sep 2014",
        "27 Jun 2012",
        "Northland",
        "Shared workshops for learning a trade",
        "More young people in work",
        "Sources disagree",
        "Also said: 2013",
        "Set aside",
        "inferred",
        "our reading",
        "Programmes like this one",
    ):
        assert said in seen, said


def test_how_sure_it_is_stands_above_the_facts_of_a_programme(small: FlaskClient) -> None:
    found = page(small, "/project/springs-youth")
    assert found.index(">Confidence<") < found.index(">Where<")


@pytest.mark.parametrize("path", ["/place/northland", "/organisation/labour-agency", "/"])
def test_programmes_on_pages_of_others_tell_their_sums(small: FlaskClient, path: str) -> None:
    found = page(small, path)
    assert 'title="US$ 1,200,000">US$ 1.2 m</span>' in found
    assert "total budget" in found


def test_evidence_is_one_click_away_without_a_script(small: FlaskClient) -> None:
    found = page(small, "/project/springs-youth")
    assert 'href="/evidence/springs-youth-s1-duration"' in found
    assert 'href="/source/fact-sheet"' in found


def test_numbers_on_the_home_page_lead_to_what_they_count(small: FlaskClient) -> None:
    places = r'href="(/browse/\w+|/explore/map)"><strong>([\d,]+)'
    counted = re.findall(places, page(small, "/"))
    assert len(counted) == 5
    for address, number in counted:
        told = f"work in {number} countries" if "map" in address else f"{number} in all"
        assert told in text(page(small, address))


@pytest.mark.parametrize(
    "path",
    [
        "/organisation/undp",
        "/vocab/population-group/youth",
        "/vocab/threat-type/unemployment",
        "/place/kenya",
    ],
)
def test_a_count_that_includes_what_is_narrower_leads_to_just_these(
    client: FlaskClient, path: str
) -> None:
    counts = re.findall(r'class="count" href="([^"]+)"[^>]*>(\d+)<', page(client, path))
    assert counts
    for address, number in counts[::7]:
        assert f"{number} in all" in text(page(client, html.unescape(address)))


def test_a_row_of_mere_numbers_does_not_repeat_the_answer_to_a_question(
    client: FlaskClient,
) -> None:
    told = page(client, "/ask?q=How+much+money+went+to+Liberia%3F")
    assert "contributions of the Fund" in text(told)
    assert "answer-table" not in told
    assert "answer-table" in page(client, "/ask?q=money+by+country")


def test_search_forgives_case_accents_and_slips(small: FlaskClient) -> None:
    for words in ("young people of springs", "SPRINGS", "sprinsg"):
        assert "/project/springs-youth" in page(small, f"/search?q={words}"), words


def test_search_says_what_to_do_when_nothing_is_found(small: FlaskClient) -> None:
    seen = text(page(small, "/search?q=zzzzzz"))
    assert "Nothing is called that" in seen
    assert "see all programmes" in seen


def test_a_list_has_no_page_past_its_last(small: FlaskClient) -> None:
    assert small.get("/browse/project?page=2").status_code == 404


def test_a_kind_that_is_not_there_is_not_found(small: FlaskClient) -> None:
    assert small.get("/browse/unicorn").status_code == 404


def test_the_quality_page_tells_what_is_missing_and_links_to_each_finding(
    client: FlaskClient,
) -> None:
    page = client.get("/quality").text
    assert "/quality/findings?severity=warning" in page
    assert "/quality/findings?check=Project-hasBudget" in page
    assert re.search(r"No start date yet.*?\d+</a> <span class=\"quiet\">of \d+", page, re.DOTALL)
    findings = client.get("/quality/findings?check=Project-hasBudget").text
    assert "data/projects/" in findings
    assert "Place-hasPoint" not in findings


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "fr",
            ("Pas encore de date de début", "cherchez-la dans les sources", ">Part</th>"),
        ),
        ("es", ("Todavía sin fecha de inicio", "búsquela en las fuentes", ">Proporción</th>")),
    ],
)
def test_the_quality_page_speaks_the_readers_language(
    client: FlaskClient, language: str, said: tuple[str, ...]
) -> None:
    page = client.get(f"/quality?lang={language}").text
    assert [words for words in said if words not in page] == []
    findings = client.get(f"/quality/findings?check=Project-hasStart&lang={language}").text
    assert said[1] in findings
    assert "No start date yet" not in page + findings


def test_shares_are_rounded_and_not_cut(client: FlaskClient) -> None:
    page = html.unescape(client.get("/quality").text)
    table = page.partition('id="coverage"')[2].partition("</table>")[0]
    whole = int(re.search(r"\(([\d,]+)\)", table)[1].replace(",", ""))  # type: ignore[index]
    rows = re.findall(r'<td class="number">([\d,]+)</td><td class="number">([^%]+) %</td>', table)
    assert len(rows) > 20
    for number, share in rows:
        count = int(number)
        near = round(100 * count / whole)
        assert share in (str(near), "< 1" if count else "", "> 99" if count < whole else "")


def test_findings_of_one_file_name_their_lines(client: FlaskClient) -> None:
    file = "data/projects/afghan-refugees-unhcr-2001.ttl"
    page = client.get(f"/quality/findings?file={file}").text
    assert re.search(re.escape(file) + r":\d+", page)


def test_findings_come_in_pages(client: FlaskClient) -> None:
    first, second = (client.get(f"/quality/findings?page={n}").text for n in (1, 2))
    assert first != second
    assert client.get("/quality/findings?page=99999").status_code == 404
    assert client.get("/quality/findings?severity=bad").status_code == 400


def test_a_programme_tells_the_gaps_in_its_file(client: FlaskClient) -> None:
    page = client.get("/project/afghan-refugees-unhcr-2001").text
    link = re.search(r'href="(/quality/findings\?file=[^"]+)"', page)
    assert link
    assert client.get(link[1]).status_code == 200


@pytest.mark.parametrize(
    ("form", "media_type", "start"),
    [
        ("bibtex", "application/x-bibtex", "@misc{hsgraph:serbia-southwest-sandzak,"),
        ("ris", "application/x-research-info-systems", "TY  - DATA\r\n"),
        ("text", "text/plain", "The editors of hsgraph (2026): “"),
    ],
)
def test_pages_can_be_cited_with_their_version(
    client: FlaskClient, form: str, media_type: str, start: str
) -> None:
    answer = client.get(f"/cite?of=project/serbia-southwest-sandzak&as={form}")
    version = client.application.extensions["hsgraph"].version
    assert answer.mimetype == media_type
    assert answer.text.startswith(start)
    assert version in answer.text
    assert "https://w3id.org/hsgraph/id/project/serbia-southwest-sandzak" in answer.text


def test_what_is_not_there_cannot_be_cited(client: FlaskClient) -> None:
    assert client.get("/cite?of=project/there-is-none").status_code == 404
    assert client.get("/cite?of=project/serbia-southwest-sandzak&as=docx").status_code == 400


def test_a_programme_offers_questions_about_itself(client: FlaskClient) -> None:
    page = client.get("/project/serbia-southwest-sandzak").text
    link = re.search(r'href="(/query\?example=[^"]+project/serbia-southwest-sandzak)"', page)
    assert link
    assert client.get(link[1].replace("&amp;", "&")).status_code == 200


def test_a_data_file_has_a_page_for_people_and_turtle_for_others(client: FlaskClient) -> None:
    path = "/graph/data/projects/serbia-southwest-sandzak"
    page = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.mimetype == "text/html"
    assert 'href="/project/serbia-southwest-sandzak"' in page.text
    assert client.get(path).mimetype == "text/turtle"


def test_an_inferred_graph_names_its_rule(client: FlaskClient) -> None:
    page = client.get("/graph/inferred/takes-place-up", headers={"Accept": "text/html"}).text
    assert 'href="/rules#takes-place-up"' in page


@pytest.mark.parametrize(
    ("address", "parameter"),
    [("/links?to=place/kenya", "by"), ("/links", "to"), ("/cite", "of"), ("/statements", "of")],
)
def test_an_address_without_a_parameter_names_it(
    small: FlaskClient, address: str, parameter: str
) -> None:
    answer = small.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert f"add ?{parameter}=" in answer.get_json()["detail"]
