"""Every kind of page in a real browser: wide and narrow, light and dark, without a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.barriers import barriers_in_either_theme, too_wide

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
    "narrowed": "browse/project?country=kenya&country=uganda&from=2000",
    "organisations": "browse/organisation",
    "places": "browse/place",
    "concepts": "browse/threat-type",
    "statements": "statements?of=project/serbia-southwest-sandzak",
    "not-found": "project/none",
}
ALIKE = {"project-2", "group", "intervention-type", "fund", "narrowed"}
"""Pages of a kind that another is of; a list that is narrowed is looked at among other pages."""
MOST_BYTES = 100_000


@pytest.fixture(scope="module")
def unscripted(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ALIKE])
def test_no_barrier_that_axe_knows_and_nothing_sticks_out(
    scripted: Page, server: str, name: str
) -> None:
    scripted.goto(server + PAGES[name])
    assert too_wide(scripted) == []
    assert barriers_in_either_theme(scripted) == {}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small_quiet_asks_nobody_else_and_has_its_landmarks(
    browser: Browser, server: str, name: str
) -> None:
    asked: list[Request] = []
    errors: list[str] = []
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.on("requestfinished", lambda request: asked.append(request))
        page.on("console", lambda message: errors.append(message.text))
        page.goto(server + PAGES[name])
        sizes = [request.sizes() for request in asked]
        for role in ("main", "banner", "contentinfo"):
            assert page.get_by_role(role).count() == 1, role  # type: ignore[arg-type]
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.get_by_role("navigation").count() >= 1
    assert all(request.url.startswith((server, "data:")) for request in asked)
    assert sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes) < MOST_BYTES
    expected = ["404"] if name == "not-found" else []
    assert [error for error in errors if not any(part in error for part in expected)] == []


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
