"""Every kind of page in a real browser: wide and narrow, light and dark, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request

PAGES = {
    "home": "",
    "quality": "quality",
    "findings": "quality/findings?severity=warning",
    "data-file": "graph/data/projects/serbia-southwest-sandzak",
    "project": "project/serbia-southwest-sandzak",
    "project-2": "project/bih-canton-10",
    "threat-type": "vocab/threat-type/unemployment",
    "intervention-type": "vocab/intervention-type/vocational-training",
    "dimension": "vocab/dimension/economic",
    "group": "vocab/population-group/youth",
    "agency": "organisation/undp",
    "partner": "organisation/serbia-national-ministries",
    "fund": "organisation/untfhs",
    "country": "place/serbia",
    "source": "source/untfhs-fact-sheet-serbia-sandzak",
    "threat": "threat/serbia-southwest-sandzak-unemployment",
    "intervention": "intervention/serbia-southwest-sandzak-legal-certificates",
    "budget": "budget/serbia-southwest-sandzak-total",
    "claim": "claim/serbia-southwest-sandzak-start",
    "evidence": "evidence/serbia-southwest-sandzak-s1-duration",
    "search": "search?q=unemployment",
    "programmes": "browse/project",
    "concepts": "browse/threat-type",
    "statements": "statements?of=project/serbia-southwest-sandzak",
    "not-found": "project/none",
}
MOST_BYTES = 100_000
WIDTHS = (320, 360, 1280, 3840)
AXE: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
"""Targets of 24 pixels are in WCAG 2.2, which axe does not ask for unless told."""
COLOURS: dict[str, Any] = {**AXE, "runOnly": ["color-contrast", "link-in-text-block"], "rules": {}}
"""What a theme changes."""


def barriers(page: Page, options: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    found = Axe().run(page, options=options).response["violations"]
    return [(v["id"], [n["target"] for n in v["nodes"][:3]]) for v in found]


@pytest.fixture(scope="module")
def scripted(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def unscripted(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_barrier_that_axe_knows_in_either_theme(scripted: Page, server: str, name: str) -> None:
    scripted.set_viewport_size({"width": 1280, "height": 900})
    scripted.emulate_media(color_scheme="light")
    scripted.goto(server + PAGES[name])
    assert barriers(scripted, AXE) == []
    scripted.emulate_media(color_scheme="dark")
    assert barriers(scripted, COLOURS) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small_quiet_and_asks_nobody_else(
    browser: Browser, server: str, name: str
) -> None:
    asked: list[Request] = []
    errors: list[str] = []
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.on("requestfinished", lambda request: asked.append(request))
        page.on("console", lambda message: errors.append(message.text))
        page.goto(server + PAGES[name])
        page.wait_for_load_state("networkidle")
        sizes = [request.sizes() for request in asked]
    assert all(request.url.startswith((server, "data:")) for request in asked)
    assert sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes) < MOST_BYTES
    expected = ["404"] if name == "not-found" else []
    assert [error for error in errors if not any(part in error for part in expected)] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_heading_and_its_landmarks(unscripted: Page, server: str, name: str) -> None:
    unscripted.goto(server + PAGES[name])
    for role in ("main", "banner", "contentinfo"):
        assert unscripted.get_by_role(role).count() == 1, role  # type: ignore[arg-type]
    assert unscripted.get_by_role("heading", level=1).count() == 1
    assert unscripted.get_by_role("navigation").count() >= 1


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_at_any_width(scripted: Page, server: str, name: str) -> None:
    scripted.goto(server + PAGES[name])
    for width in WIDTHS:
        scripted.set_viewport_size({"width": width, "height": 800})
        too_wide = scripted.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, width


def test_evidence_opens_without_a_script(unscripted: Page, server: str) -> None:
    unscripted.goto(server + PAGES["project"])
    mark = unscripted.locator("details.mark").first
    link = mark.locator("a").first
    assert not link.is_visible()
    mark.locator("summary").click()
    assert link.is_visible()


def test_evidence_opens_by_keyboard(scripted: Page, server: str) -> None:
    scripted.goto(server + PAGES["project"])
    mark = scripted.locator("details.mark").first
    mark.locator("summary").focus()
    scripted.keyboard.press("Enter")
    assert mark.locator("a").first.is_visible()


def test_the_first_tab_leads_to_the_content(scripted: Page, server: str) -> None:
    scripted.goto(server + PAGES["project"])
    scripted.keyboard.press("Tab")
    assert scripted.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_open_evidence_does_not_stick_out_on_a_phone(scripted: Page, server: str) -> None:
    scripted.set_viewport_size({"width": 320, "height": 800})
    scripted.goto(server + PAGES["project"])
    scripted.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    too_wide = scripted.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert too_wide <= 0


def test_searching_from_the_home_page_finds(unscripted: Page, server: str) -> None:
    unscripted.goto(server)
    unscripted.get_by_role("searchbox").fill("sandzak")
    unscripted.get_by_role("button", name="Search").click()
    assert unscripted.get_by_role("link", name="Sandžak", exact=True).count() >= 1
