"""How pages come up: at once, in forced colours, on paper, at an address within them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
PAINTED = """() => new Promise(done => new PerformanceObserver(
  list => list.getEntriesByName("first-contentful-paint").forEach(done)
).observe({ type: "paint", buffered: true }))"""


@pytest.mark.parametrize("path", ["", "project/serbia-southwest-sandzak", "browse/project"])
def test_a_page_is_painted_before_any_script_arrives(
    browser: Browser, server: str, path: str
) -> None:
    held: list[Route] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/*.js*", lambda route: held.append(route))
        page.goto(server + path, wait_until="commit")
        page.evaluate(PAINTED)
        assert held
        assert page.get_by_role("heading", level=1).is_visible()
        for route in held:
            route.abort()


@pytest.mark.parametrize("path", ["", "project/serbia-southwest-sandzak", "browse/project"])
def test_wishes_for_own_colours_and_no_motion_are_kept(
    browser: Browser, server: str, path: str
) -> None:
    with browser.new_context(forced_colors="active", reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(server + path)
        page.keyboard.press("Tab")
        focus = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert focus != "none"
        assert page.evaluate("document.getAnimations().length") == 0
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        assert page.evaluate(TOO_WIDE) <= 0


def test_only_the_chosen_tab_is_underlined_in_forced_colours(browser: Browser, server: str) -> None:
    underlined = """links => links.filter(link => {
      const style = getComputedStyle(link);
      return style.borderBottomColor !== getComputedStyle(document.body).backgroundColor;
    }).map(link => link.textContent)"""
    with browser.new_context(forced_colors="active") as context:
        page = context.new_page()
        page.goto(server + "browse/project?view=map")
        assert page.locator(".switches .tabs").first.locator("a").evaluate_all(underlined) == [
            "Map"
        ]
        page.goto(server + "explore/matrix")
        chosen = page.locator(".ways a[aria-current]").all_inner_texts()
        assert page.locator(".ways a").evaluate_all(underlined) == chosen


def test_the_shades_of_the_matrix_are_printed_with_their_numbers(
    browser: Browser, server: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(server + "explore/matrix")
        page.emulate_media(media="print")
        dark = page.locator(".matrix td.b5").first
        assert dark.evaluate("cell => getComputedStyle(cell).printColorAdjust") == "exact"


def test_scripts_speak_the_language_of_the_page(browser: Browser, server: str) -> None:
    with browser.new_context(locale="es") as context:
        page = context.new_page()
        page.goto(server + "explore/time")
        assert page.get_by_role("button", name="Imagen en SVG").is_visible()


def test_rules_are_told_without_the_indentation_of_their_file(
    browser: Browser, server: str
) -> None:
    with browser.new_context(viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        page.goto(server + "rules")
        texts = page.locator("pre code").all_inner_texts()
        assert texts
        assert [text for text in texts if text[:1].isspace()] == []
        cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
        assert page.locator("pre").evaluate_all(cut) == 0


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(
    "address",
    ["ontology#Project", "ontology#takesPlaceIn", "shapes#acronym", "rules#takes-place-up"],
)
def test_an_address_within_definitions_opens_its_fold_and_print_opens_all(
    browser: Browser, server: str, address: str, scripts: bool
) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(server + address)
        part = page.locator(f"[id='{address.partition('#')[2]}']")
        expect(part).to_be_visible()
        expect(part).to_be_in_viewport()
        folded = page.locator("details.term:not([open]) a").first
        page.emulate_media(media="print")
        assert folded.evaluate("one => one.checkVisibility()")


def test_searching_from_the_home_page_finds_without_a_script(browser: Browser, server: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server)
        page.get_by_role("searchbox").fill("sandzak")
        page.get_by_role("button", name="Search").click()
        assert page.get_by_role("link", name="Sandžak", exact=True).count() >= 1


def test_the_first_tab_leads_to_the_content(scripted: Page, server: str) -> None:
    scripted.goto(server)
    scripted.keyboard.press("Tab")
    assert scripted.evaluate("document.activeElement.getAttribute('href')") == "#main"
