"""Pages that explore or tell, in a real browser: drawings, their links, comparing."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.barriers import CUT


def test_a_country_on_the_map_leads_to_its_programmes(browser: Browser, server: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(server + "explore/map")
        page.locator(".world a[href*='country=india'] use").click()
        page.wait_for_url("**/browse/project?country=india")


def test_what_drives_what_in_a_programme_is_a_diagram_that_can_be_hidden(
    browser: Browser, server: str
) -> None:
    errors: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text))
        page.goto(server + "explore/causes?of=project/serbia-southwest-sandzak")
        expect(page.locator(".diagram-canvas canvas").first).to_be_visible()
        page.get_by_role("button", name="Hide the diagram").click()
        expect(page.locator(".diagram-canvas")).to_have_count(0)
    assert errors == []


def test_programmes_are_compared_by_typing_their_places(browser: Browser, server: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server + "explore/compare")
        page.get_by_label("A programme").fill("sandzak")
        page.get_by_label("and another").fill("canton 10")
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("table.compare thead th")).to_have_count(2)
        assert page.locator("li.shared").count() > 5


def test_heads_of_a_comparison_stand_above_their_cells(browser: Browser, server: str) -> None:
    with closing(browser.new_page(viewport={"width": 1280, "height": 900})) as page:
        page.goto(server + "explore/compare?p=serbia-southwest-sandzak&p=egypt-upper-egypt")
        starts = page.evaluate(
            """() => {
              const column = (cell) => [...cell.parentNode.children].indexOf(cell);
              const text = (node) => { const range = document.createRange();
                range.selectNodeContents(node); return range.getClientRects()[0].left; };
              const at = (css) => [...document.querySelectorAll(css)].map(
                (node) => [column(node.closest("th, td")), Math.round(text(node))]);
              return [...at(".compare thead th > a:first-child"), ...at(".compare td li"),
                ...at(".compare td .empty")];
            }"""
        )
        by_column = {column: {x for c, x in starts if c == column} for column, _ in starts}
        assert set(by_column) == {1, 2}
        assert all(max(places) - min(places) <= 1 for places in by_column.values()), by_column


@pytest.mark.parametrize("way", ["map", "money", "causes", "matrix"])
def test_a_drawing_can_be_kept_as_a_picture(browser: Browser, server: str, way: str) -> None:
    with closing(browser.new_page(viewport={"width": 1280, "height": 900})) as page:
        page.goto(f"{server}explore/{way}")
        for form, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
            with page.expect_download() as kept:
                page.get_by_role("button", name=f"Picture as {form}").click()
            content = kept.value.path().read_bytes()
            assert content.startswith(start)
            assert len(content) > 3_000
            assert form != "SVG" or b"<use" not in content


WORDS = {
    "quality": 360,
    "explore/matrix": 360,
    "explore/causes": 360,
    "explore/causes?of=vocab/threat-type/unemployment": 360,
    "vocab/threat-type/unemployment": 1280,
}


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("path", WORDS)
def test_no_word_goes_on_in_the_next_line(
    browser: Browser, server: str, path: str, language: str
) -> None:
    with closing(browser.new_page(viewport={"width": WORDS[path], "height": 900})) as page:
        page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.evaluate(CUT) == []


def test_on_a_phone_all_years_are_seen_at_once_with_their_numbers(
    browser: Browser, server: str
) -> None:
    with closing(browser.new_page(viewport={"width": 360, "height": 900})) as page:
        page.goto(server + "explore/time")
        drawn = page.locator(".years-drawn")
        assert drawn.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        values = drawn.locator(".value")
        assert values.count() > 20
        assert all(each.is_visible() for each in values.all())
