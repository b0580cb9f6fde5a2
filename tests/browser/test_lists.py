"""Lists in a real browser: ticks that outlive a page, values that are found by typing."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect


def test_programmes_ticked_on_several_pages_are_compared(browser: Browser, server: str) -> None:
    with closing(browser.new_page()) as page:
        page.goto(server + "browse/project?country=kenya")
        expect(page.locator("#compare")).to_be_hidden()
        page.locator(".pick").first.check()
        expect(page.get_by_role("button", name="Compare (1)")).to_be_disabled()
        page.goto(server + "browse/project?country=uganda")
        page.locator(".pick:not(:checked)").first.check()
        page.get_by_role("button", name="Compare (2)").click()
        expect(page.locator("table.compare thead th")).to_have_count(2)


@pytest.mark.parametrize("width", [641, 800, 961, 1280])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_table_of_programmes_fits_beside_what_narrows_it(
    browser: Browser, server: str, width: int, language: str
) -> None:
    with closing(browser.new_page(viewport={"width": width, "height": 900})) as page:
        page.goto(f"{server}browse/project?lang={language}")
        over = "one => one.scrollWidth - one.clientWidth"
        assert page.locator(".scroll:has(.programmes-table)").evaluate(over) <= 0


def test_all_values_open_beside_the_list_and_are_found_by_typing(
    browser: Browser, server: str
) -> None:
    with closing(browser.new_page()) as page:
        page.goto(server + "browse/project")
        facet = page.locator("section[aria-labelledby=facet-country]")
        facet.get_by_role("link", name="All values of").click()
        facet.get_by_role("searchbox").fill("turkiye")
        expect(facet.locator("li:visible")).to_have_count(1)
        facet.locator("li:visible a").click()
        page.wait_for_url("**/browse/project?country=*")
