"""A programme's page as a story: short, drawn, reachable by keyboard, and a brief on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

LARGEST = "project/serbia-southwest-sandzak"
HIGHEST = 4000
MOST_STOPS = 300
STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, summary, [tabindex]"
  )]
  .filter(one => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden")
  .filter(one => one.getClientRects().length && one.checkVisibility()).length"""
TEXT_SIZE = """text => text.getBoundingClientRect().height /
  Math.max(1, text.querySelectorAll("tspan").length)"""
INSIDE = """links => links.filter(link => {
  const frame = link.ownerSVGElement.getBoundingClientRect();
  const box = link.getBoundingClientRect();
  const text = link.querySelector("text").getBoundingClientRect();
  const around = link.querySelector("rect").getBoundingClientRect();
  return box.left < frame.left - 1 || box.right > frame.right + 1 || text.right > around.right;
}).map(link => link.textContent)"""

ALONE = """marks => marks.filter(mark => {
  const before = mark.previousElementSibling;
  if (!before?.getClientRects().length || !mark.checkVisibility()) return false;
  if (getComputedStyle(mark.parentElement).display === "flex") return false;
  const last = [...before.getClientRects()].pop();
  return mark.querySelector("summary").getBoundingClientRect().top > last.bottom;
}).map(mark => mark.parentElement.textContent)"""


@pytest.fixture(params=[1280, 360])
def page(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    with browser.new_context(viewport={"width": request.param, "height": 740}) as context:
        opened = context.new_page()
        opened.goto(server + LARGEST)
        yield opened


def test_the_largest_programme_is_not_too_long_nor_full_of_stops(
    browser: Browser, server: str
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(server + LARGEST)
        assert page.evaluate("document.documentElement.scrollHeight") < HIGHEST
        assert page.evaluate(STOPS) < MOST_STOPS


def test_the_first_screen_says_where_when_who_for_whom_and_how_much(
    browser: Browser, server: str
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(server + LARGEST)
        names = page.locator(".first-facts dt")
        assert names.all_inner_texts() == [
            "Where", "When", "How much", "Who", "For whom", "What came of it",
        ]  # fmt: skip
        assert all((names.nth(n).bounding_box() or {"y": 9999})["y"] < 900 for n in range(6))


def test_the_chain_is_legible_and_whole_at_every_width(page: Page) -> None:
    drawn = page.locator("svg.chain-chart:visible")
    expect(drawn).to_have_count(1)
    sizes = drawn.locator("a text").evaluate_all(f"all => all.map({TEXT_SIZE})")
    assert min(sizes) >= 11
    assert drawn.locator("a").evaluate_all(INSIDE) == []


def test_a_box_of_the_chain_leads_to_its_words_and_opens_them(page: Page) -> None:
    box = page.locator("svg.chain-chart:visible a.intervention").nth(1)
    target = page.locator(box.get_attribute("href") or "none")
    expect(target.locator(".meta").first).to_be_hidden()
    box.click()
    expect(target.locator(".meta").first).to_be_visible()


def test_no_mark_stands_alone_on_a_line(page: Page) -> None:
    assert page.locator(".first-facts .mark, .lead .mark").count() > 10
    assert page.locator(".first-facts .mark, .lead .mark").evaluate_all(ALONE) == []


def test_the_key_opens_at_the_head_of_the_page(page: Page) -> None:
    key = page.locator(".key-marks")
    assert (key.bounding_box() or {"y": 9999})["y"] < 800
    key.locator("summary").click()
    expect(key).to_contain_text("our reading")


def test_the_citation_is_copied_and_without_a_script_is_a_page(
    browser: Browser, server: str
) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(server + LARGEST)
        page.get_by_text("Copy citation").click()
        expect(page.get_by_text("Copied")).to_be_visible()
        assert "version" in page.evaluate("navigator.clipboard.readText()")
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server + LARGEST)
        expect(page.get_by_role("button", name="Two-page brief")).to_be_hidden()
        page.get_by_text("Copy citation").click()
        assert "/cite?of=" in page.url


def test_on_paper_it_is_a_brief_of_two_pages_with_the_addresses_of_its_sources(
    browser: Browser, server: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(server + LARGEST)
        paper = page.pdf(format="A4")
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
        page.emulate_media(media="print")
        expect(page.locator(".sources .print-only").first).to_be_visible()
        expect(page.locator(".sources")).to_contain_text("https://docslib.org")
        expect(page.locator("svg.chain-chart.wide")).to_be_visible()


def test_the_header_leaves_a_phone_to_the_page(browser: Browser, server: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(server + LARGEST)
        assert (page.locator(".site-header").bounding_box() or {"height": 740})["height"] < 88


def test_evidence_opens_without_a_script(browser: Browser, server: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server + LARGEST)
        mark = page.locator("details.mark").first
        link = mark.locator("a").first
        assert not link.is_visible()
        mark.locator("summary").click()
        assert link.is_visible()


def test_evidence_opens_by_keyboard(page: Page) -> None:
    mark = page.locator("details.mark").first
    mark.locator("summary").focus()
    page.keyboard.press("Enter")
    assert mark.locator("a").first.is_visible()


def test_open_evidence_does_not_stick_out_on_a_phone(browser: Browser, server: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        page.goto(server + LARGEST)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
