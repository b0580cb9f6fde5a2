"""Kinds of pages that no other browser test opens; how pages come up: steady, light, at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from tests.browser.barriers import barriers_in_either_theme, too_wide

OTHERS = {
    "nothing-found": "search?q=zzzzqq",
    "map-of-list": "browse/project?view=map",
    "time-of-list": "browse/project?view=time",
    "narrowed": "browse/project?country=serbia&threat=unemployment",
    "empty-list": "browse/project?country=serbia&country=kenya&year=none&budget=1-2",
    "values": "browse/project/values/threat",
    "list-as-query": "browse/project/query?country=serbia",
    "rules": "rules",
    "ontology": "ontology",
    "shapes": "shapes",
    "vocabularies": "vocab",
    "scheme": "vocab/threat-type",
    "data": "data",
    "changes": "data/changes",
    "fragments": "fragments",
    "list-in-french": "browse/project?country=serbia&lang=fr",
    "vocabulary-in-spanish": "vocab/threat-type?lang=es",
    "members": "things?class=https%3A//w3id.org/hsgraph/ontology%23Project",
    "validate": "validate",
    "links": "links?to=organisation/undp&by=https%3A//w3id.org/hsgraph/ontology%23implementedBy",
}
MOST_BYTES = 100_000
MOST_SHIFT = 0.05
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(e => { window.shifted += e.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
PAINTED = """() => new Promise(done => new PerformanceObserver(
  list => list.getEntriesByName("first-contentful-paint").forEach(done)
).observe({ type: "paint", buffered: true }))"""


@pytest.mark.parametrize("name", OTHERS)
def test_a_page_is_light_holds_still_fits_any_width_and_has_no_barrier(
    browser: Browser, server: str, name: str
) -> None:
    asked: list[Request] = []
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.add_init_script(WATCH_SHIFTS)
        page = context.new_page()
        page.on("requestfinished", lambda request: asked.append(request))
        answer = page.goto(server + OTHERS[name], wait_until="networkidle")
        assert answer is not None
        assert answer.ok
        sizes = [r.sizes() for r in asked if "/static/dist/" not in r.url or ".svg" in r.url]
        assert page.evaluate("window.shifted") < MOST_SHIFT
        assert [r.url for r in asked if not r.url.startswith((server, "data:"))] == []
        assert sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes) < MOST_BYTES
        assert too_wide(page) == []
        assert barriers_in_either_theme(page) == {}


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
