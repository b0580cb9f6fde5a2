"""Pages over anybody's RDF file in a real browser: no barrier, nothing that sticks out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.barriers import barriers_in_either_theme, too_wide
from tests.serving import serving

PEOPLE = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix : <https://example.org/people/of-a-place-with-a-name-that-does-not-end/> .

:ada a foaf:Person ; foaf:name "Ada" ; foaf:knows :grace ; foaf:age 36 .
:grace a foaf:Person ; foaf:name "Grace" .
:club a foaf:Group ; foaf:member :ada , :grace .
"""
ADA = "https%3A//example.org/people/of-a-place-with-a-name-that-does-not-end/ada"
PAGES = {
    "home": "",
    "class": "things?class=http%3A//xmlns.com/foaf/0.1/Person",
    "thing": "describe?iri=" + ADA,
    "search": "search?q=ada",
    "quality": "quality",
    "data": "data",
    "query": "query",
}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a file about people."""
    folder = tmp_path_factory.mktemp("people")
    file = folder / "people-of-a-place-with-a-name-that-does-not-end.ttl"
    file.write_text(PEOPLE)
    with serving(folder, file, log_level="warning") as server:
        yield f"http://127.0.0.1:{server.port}/"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_and_fits_any_width(scripted: Page, people: str, name: str) -> None:
    answer = scripted.goto(people + PAGES[name])
    assert answer is not None
    assert answer.ok
    assert too_wide(scripted) == []
    assert barriers_in_either_theme(scripted) == {}
