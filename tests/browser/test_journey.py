"""What staff do, from a misspelt place to a comparison: by pointer, keyboard, or no script."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

PROGRAMME = "project/serbia-southwest-sandzak"
TITLE = "Human security for vulnerable communities in south-west Serbia (Sandžak)"
SLIP = "sanjak"
CHOICES = (
    ("Agency", "World Health Organization"),
    ("Dimensions of human security", "Political security"),
    ("Region", "Asia"),
)
MOST_TABS = 400
SEEN = """element => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
    && box.bottom > 0 && box.top < innerHeight;
}"""


class Pointer:
    """Somebody with a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def use(self, target: Locator) -> None:
        """Press a control that stays on the page."""
        target.click()

    def follow(self, link: Locator) -> None:
        """Go where a link leads, and wait until that page is there."""
        address = urljoin(self.page.url, link.get_attribute("href"))
        self.use(link)
        self.page.wait_for_url(address)

    def go_to_filters(self) -> None:
        """They are there to be pressed."""

    def edit(self) -> None:
        """Put the cursor at the end of the query."""
        self.page.locator(".CodeMirror:visible").click()
        self.page.keyboard.press("Control+End")

    def find(self, text: str, title: str) -> None:
        """Type into the search box and take what has this title."""
        self.use(self.page.get_by_role("combobox").first)
        self.page.keyboard.type(text)
        option = self.page.get_by_role("option").filter(has_text=title)
        address = urljoin(self.page.url, option.get_attribute("data-address"))
        option.click()
        self.page.wait_for_url(address)


class Keyboard(Pointer):
    """Somebody with Tab, Enter and the arrow keys alone."""

    def use(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def go_to_filters(self) -> None:
        """They come after the list; a link before it leads to them."""
        self.use(self.page.locator("a.to-facets"))

    def reach(self, target: Locator) -> None:
        """Tab until the target has the focus, and see that it shows."""
        wanted = target.element_handle()
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                assert wanted.evaluate(SEEN), "the focus cannot be seen"
                return
        pytest.fail(f"{MOST_TABS} tabs do not reach {target}")

    def edit(self) -> None:
        editor = self.page.locator(".CodeMirror:visible")
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if editor.evaluate("element => element.contains(document.activeElement)"):
                assert editor.evaluate(SEEN), "the focus cannot be seen"
                self.page.keyboard.press("Control+End")
                return
        pytest.fail(f"{MOST_TABS} tabs do not reach the editor")

    def find(self, text: str, title: str) -> None:
        box = self.page.get_by_role("combobox").first
        self.reach(box)
        self.page.keyboard.type(text)
        option = self.page.get_by_role("option").filter(has_text=title)
        address = urljoin(self.page.url, option.get_attribute("data-address"))
        for _ in range(self.page.get_by_role("option").count()):
            self.page.keyboard.press("ArrowDown")
            if box.get_attribute("aria-activedescendant") == option.get_attribute("id"):
                break
        expect(option).to_have_attribute("aria-selected", "true")
        expect(box).to_be_focused()
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(address)


class Scriptless(Pointer):
    """Somebody whose browser runs no script."""

    def find(self, text: str, title: str) -> None:
        self.page.get_by_role("searchbox").first.fill(text)
        self.page.keyboard.press("Enter")
        self.follow(self.page.get_by_role("link", name=title, exact=True).first)


@pytest.fixture(params=[Pointer, Keyboard, Scriptless], ids=lambda way: way.__name__.lower())
def somebody(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Pointer]:
    """A person before an empty page; no page they see may complain on the console."""
    complaints: list[str] = []
    scripts = request.param is not Scriptless
    with browser.new_context(
        java_script_enabled=scripts,
        viewport={"width": 1280, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    ) as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield request.param(page)
    assert complaints == []


def tally(page: Page) -> int:
    """How many programmes the list says that it has."""
    return int(page.locator(".tally-line strong").inner_text().replace(",", ""))


def value(page: Page, facet: str, label: str) -> Locator:
    """The link of a facet's value."""
    part = page.get_by_role("region", name=facet, exact=True)
    return part.get_by_role("link", name=re.compile(rf"^{re.escape(label)} \d"))


def titles(page: Page) -> list[str]:
    return page.locator(".programmes-table tbody th a").all_inner_texts()


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def fact(page: Page, name: str) -> Locator:
    """What the fast facts say under a name."""
    term = page.locator("dt").get_by_text(name, exact=True)
    return page.locator(".facts > div").filter(has=term).locator("dd")


def test_a_misspelt_place_finds_its_programme(somebody: Pointer, server: str) -> None:
    somebody.page.goto(server)
    somebody.find(SLIP, TITLE)
    expect(heading(somebody.page)).to_have_text(TITLE)


def test_a_long_list_narrows_to_three_and_widens_again(somebody: Pointer, server: str) -> None:
    page = somebody.page
    page.goto(server)
    somebody.follow(page.get_by_role("navigation", name="Site").get_by_text("Programmes"))
    before, counts = tally(page), []
    assert before > 100
    for facet, label in CHOICES:
        link = value(page, facet, label)
        promised = int(link.locator(".count").inner_text())
        somebody.go_to_filters()
        somebody.follow(link)
        assert tally(page) == promised < before
        before = promised
        counts.append(promised)
    assert 1 <= len(titles(page)) == tally(page) <= 3
    address, listed = page.url, titles(page)
    page.reload()
    assert (page.url, titles(page)) == (address, listed)
    facet, label = CHOICES[-1]
    somebody.follow(page.get_by_role("link", name=f"Remove {facet}: {label}"))
    assert tally(page) == counts[-2]
    assert set(listed) < set(titles(page))
    page.goto(address)
    somebody.follow(page.locator(".programmes-table tbody th a").first)
    expect(heading(page)).to_have_text(listed[0])


def test_the_words_behind_a_budget_and_their_source_are_read(
    somebody: Pointer, server: str
) -> None:
    page = somebody.page
    page.goto(server + PROGRAMME)
    budget = fact(page, "How much").locator("li").first
    exact = budget.locator("a.money").inner_text()
    mark = budget.locator("details.mark").first
    expect(mark.locator("q")).to_be_hidden()
    somebody.use(mark.locator("summary"))
    expect(mark.locator("q")).to_be_visible()
    assert mark.locator("q").inner_text() == exact.removeprefix("US$ ")
    source = mark.get_by_role("link").first
    name = source.inner_text()
    somebody.follow(source)
    expect(heading(page)).to_have_text(name)
    expect(page.get_by_role("heading", name="What it supports")).to_be_visible()


def test_what_was_tried_elsewhere_against_a_threat_is_seen(somebody: Pointer, server: str) -> None:
    page = somebody.page
    page.goto(server + PROGRAMME)
    kind = page.locator("ol.folds").get_by_role("link", name="Unemployment and underemployment")
    somebody.follow(kind.first)
    expect(heading(page)).to_have_text("Unemployment and underemployment")
    tried = page.get_by_role("region", name="What has been tried against it")
    rows = tried.locator("tbody tr")
    assert rows.count() >= 3
    elsewhere = rows.first.locator("a[href^='/project/']").first
    name = elsewhere.inner_text()
    assert name != TITLE
    somebody.follow(elsewhere)
    expect(heading(page)).to_have_text(name)


def test_a_programme_is_compared_with_those_like_it(somebody: Pointer, server: str) -> None:
    page = somebody.page
    page.goto(server + PROGRAMME)
    somebody.follow(page.get_by_role("link", name="Compare it with the first of these"))
    columns = page.locator("table.compare thead th")
    assert TITLE in columns.first.inner_text()
    assert columns.count() >= 2
    assert page.locator("li.shared").count() > 3


def answer(page: Page) -> list[str]:
    """The rows of the answer that is seen."""
    return page.locator("table.answer:visible tbody tr").all_inner_texts()


@pytest.mark.parametrize("somebody", [Pointer, Keyboard], indirect=True)
def test_an_example_is_run_changed_and_shared_with_the_same_rows(
    somebody: Pointer, browser: Browser, server: str
) -> None:
    page = somebody.page
    page.goto(server + "query")
    somebody.follow(page.get_by_role("link", name="Programmes of an agency", exact=True))
    expect(page.locator(".CodeMirror:visible")).to_contain_text("prov:agent")
    somebody.use(page.get_by_role("button", name="Run", exact=True))
    rows = page.locator("table.answer:visible tbody tr")
    expect(rows.first).to_be_visible()
    before = answer(page)
    assert len(before) > 2
    somebody.edit()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    for _ in "1000":
        page.keyboard.press("Backspace")
    page.keyboard.type("2")
    page.keyboard.press("Control+Enter")
    expect(rows).to_have_count(2)
    after = answer(page)
    assert after == before[:2]
    page.keyboard.press("Escape")
    somebody.use(page.get_by_role("button", name="Copy link"))
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(server + "query#")
    with browser.new_context() as fresh:
        elsewhere = fresh.new_page()
        elsewhere.goto(link)
        expect(elsewhere.locator("table.answer tbody tr")).to_have_count(2)
        assert answer(elsewhere) == after


def taken(page: Page, name: str) -> bytes:
    """The file that a link of the list gives."""
    with page.expect_download() as waiting:
        page.locator(".exports").get_by_role("link", name=name, exact=True).click()
    return waiting.value.path().read_bytes()


@pytest.mark.parametrize("asked", ["", "?threat=economic-insecurity&agency=ilo"])
def test_an_exported_list_has_the_rows_of_the_page_and_no_formula(
    browser: Browser, server: str, asked: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(server + "browse/project" + asked)
        wanted, shown = tally(page), titles(page)
        rows = list(csv.reader(io.StringIO(taken(page, "CSV").decode("utf-8-sig"))))
        book = zipfile.ZipFile(io.BytesIO(taken(page, "Excel")))
    assert len(rows) == wanted + 1
    assert [row[0] for row in rows[1 : len(shown) + 1]] == shown
    assert [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))] == []
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == wanted + 1
    assert "<f>" not in sheet
