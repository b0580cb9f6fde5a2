"""The page of evidence and claims: what is supported, by which words, and the way to them."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from hsgraph.describe.shared.stated import at_words


def test_evidence_says_what_it_supports_and_by_which_words(client: FlaskClient) -> None:
    page = client.get("/evidence/serbia-southwest-sandzak-s1-duration").text
    supported = page.partition('id="supported"')[2].partition("</section>")[0]
    assert supported.count("<li>") == 3
    assert "Oct" in supported
    assert "<mark><bdi>October 2012 to September 2014</bdi></mark>" in page


def test_evidence_without_an_address_says_so(client: FlaskClient) -> None:
    page = client.get("/evidence/serbia-southwest-sandzak-s1-duration").text
    assert "no public address of it is known" in page
    assert "open-document" not in page


def test_a_claim_opens_each_document_at_its_words(client: FlaskClient) -> None:
    page = client.get("/claim/afghanistan-urban-communities-title").text
    found = re.findall(r'class="open-document" href="([^"]+)"', page)
    documents = {html.unescape(address).partition("#")[0].rpartition("/")[2] for address in found}
    assert documents == {"0706.html", "rls_0706d.html"}
    assert page.count('class="words-there"') == 2


def test_the_page_of_a_source_opens_it_where_an_address_is_known(client: FlaskClient) -> None:
    page = client.get("/source/unct-serbia-full-proposal").text
    found = re.findall(r'class="open-document" href="([^"]+)"', page)
    assert [address.split("/")[2] for address in found] == ["docslib.org"]
    assert "No address is known" not in page


def test_the_page_of_a_source_without_an_address_says_why_it_has_none(client: FlaskClient) -> None:
    lead = client.get("/source/untfhs-fact-sheet-serbia-sandzak").text.partition("<aside")[0]
    assert "No address is known" in lead
    assert "came to the editors as a text file" in lead.lower()


def test_what_a_source_supports_begins_with_its_programme(client: FlaskClient) -> None:
    page = client.get("/source/untfhs-fact-sheet-serbia-sandzak").text
    things = re.findall(r'<th scope="row"[^>]*><a href="/([a-z]+)/', page)
    assert things[0] == "project"
    assert len(set(things)) > 5


@pytest.mark.parametrize(
    ("address", "words", "expected"),
    [
        ("https://a.org/x", "2,859,659", "https://a.org/x#:~:text=2%2C859%2C659"),
        ("https://a.org/x#p", "so-called & so", "https://a.org/x#p:~:text=so%2Dcalled%20%26%20so"),
        ("https://a.org/x", "", "https://a.org/x"),
        ("javascript:alert(1)", "words", ""),
        ("", "words", ""),
    ],
)
def test_a_text_fragment_is_encoded_so_that_no_sign_divides_it(
    address: str, words: str, expected: str
) -> None:
    assert at_words(address, words) == expected


@pytest.mark.parametrize(
    "address",
    [
        "/claim/sierra-leone-ex-combatants-approved-date-2",
        "/evidence/sierra-leone-ex-combatants-s3",
        "/source/united-nations-2002-01-3-million-grant-japan",
    ],
)
def test_a_date_that_was_set_aside_is_no_finer_than_its_source_says(
    client: FlaskClient, address: str
) -> None:
    page = client.get(address).text
    assert "Jan 2002" in page
    assert "1 Jan 2002" not in page


def test_what_sources_disagree_on_is_told_no_finer_than_they_say(client: FlaskClient) -> None:
    page = client.get("/quality").text
    assert "<bdi>Oct 2009</bdi>" in page
    assert "31 Oct 2009" not in page


def test_claims_call_a_date_known_to_the_month_by_its_month(client: FlaskClient) -> None:
    page = client.get("/claim/sierra-leone-ex-combatants-start-date").text
    assert ": start date: Jul 2002" in page
    assert "1 Jul 2002" not in page
    listed = client.get("/browse/claim?q=start+date+Sierra+Leone+combatants").text
    assert "1 Jul 2002" not in listed
