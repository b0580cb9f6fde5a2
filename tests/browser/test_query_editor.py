"""The query editor in a real browser: run, change, share, complete; nothing from other hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.barriers import COLOURS, barriers

EXAMPLE = "query?example=programmes-by-dimension"
POINTS = "SELECT ?place ?lat ?long { ?place wgs84:lat ?lat ; wgs84:long ?long } LIMIT 20"
LINKS = "CONSTRUCT WHERE { ?one skos:broader ?other } LIMIT 20"
MOST_BYTES = 350_000
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield made
    made.close()


class Watched:
    """A page, and all that went wrong on it or was asked elsewhere."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.page: Page = context.new_page()
        self.server = server
        self.wrong: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._request)

    def open(self, path: str) -> Page:
        self.page.goto(self.server + path)
        expect(self.page.locator(".CodeMirror:visible")).to_be_visible()
        return self.page

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.server, "data:", "blob:")):
            self.wrong.append(request.url)


@pytest.fixture
def watched(context: BrowserContext, server: str) -> Iterator[Watched]:
    made = Watched(context, server)
    yield made
    assert made.wrong == []


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def write(page: Page, query: str) -> None:
    page.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", query)


def take(page: Page, text: str = "") -> None:
    """Take the first completion of all that was typed.

    CodeMirror fetches the list anew in the frame after a key, and takes nothing from an old one.
    """
    first = page.locator(".CodeMirror-hint").first
    expect(first).to_contain_text(text, timeout=30_000)
    page.evaluate(TWO_FRAMES)
    expect(first).to_contain_text(text)
    page.keyboard.press("Enter")


def test_an_example_is_run_changed_and_shared(
    watched: Watched, context: BrowserContext, server: str
) -> None:
    page = watched.open(EXAMPLE)
    run(page)
    rows = page.locator("table.answer tbody tr")
    expect(rows).to_have_count(7)
    assert rows.first.get_by_role("link").get_attribute("href").startswith("/vocab/dimension/")  # type: ignore[union-attr]
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("LIMIT 3")
    page.keyboard.press("Control+Enter")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(server + "query#query=")
    other = Watched(context, server)
    shared = other.open(link.removeprefix(server))
    expect(shared.locator("table.answer tbody tr")).to_have_count(3)
    assert other.wrong == []


def test_a_shared_link_opens_for_someone_who_was_never_here(browser: Browser, server: str) -> None:
    with browser.new_context() as fresh:
        page = fresh.new_page()
        page.goto(f"{server}query#query={quote('SELECT (1 AS ?one) {}')}")
        expect(page.locator("table.answer tbody tr")).to_have_count(1)


def test_whoever_comes_again_finds_the_example_where_it_was_left(watched: Watched) -> None:
    watched.open("query")
    for _ in range(2):
        page = watched.open("query?example=money-by-year")
        expect(page.locator(".CodeMirror-scroll:visible")).to_have_role("group")
    assert page.locator(".tabsList .tab").count() == 2


def test_the_editor_completes_concepts_by_their_label(watched: Watched) -> None:
    page = watched.open("query")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("jobless")
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT * { ?threat hs:threatT")
    take(page, "hs:threatType")
    text = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert "hs:threatType" in text


def test_numbers_make_a_chart_points_a_map_and_triples_a_graph(watched: Watched) -> None:
    page = watched.open(EXAMPLE)
    run(page)
    page.locator(".select_chart").click()
    expect(page.locator(".bars-chart rect")).to_have_count(7)
    write(page, POINTS)
    run(page)
    page.locator(".select_map").click()
    expect(page.locator(".spots circle")).to_have_count(20)
    write(page, LINKS)
    run(page)
    expect(page.locator(".diagram-canvas canvas").first).to_be_visible()


def test_a_mistake_in_a_query_is_told_in_words(context: BrowserContext, server: str) -> None:
    watched = Watched(context, server)
    page = watched.open("query")
    write(page, "SELECT * WHERE { ?s foo:bar ?o }")
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("foo:")


def test_hostile_answers_and_names_stay_text(watched: Watched) -> None:
    page = watched.open("query")
    page.on("dialog", lambda dialog: watched.wrong.append(dialog.message))
    image = "<img src=x onerror=alert(1)>"
    write(
        page,
        f'SELECT ?a ?b ?c {{ VALUES (?a ?b ?c) {{ ("{image}" <javascript:alert(1)> '
        f"<http://example.org/%3Cimg%20src=x%20onerror=alert(1)%3E>) }} }}",
    )
    run(page)
    expect(page.locator("table.answer tbody tr")).to_have_count(1)
    assert page.locator("table.answer img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    expect(page.locator("table.answer")).to_contain_text(image)


def test_code_to_take_along_and_keys_are_told(watched: Watched) -> None:
    page = watched.open(EXAMPLE)
    page.get_by_role("button", name="Code").click()
    dialog = page.get_by_role("dialog")
    for name in ("curl", "SPARQLWrapper", "pandas", "httr2"):
        expect(dialog).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog")).to_contain_text("Ctrl + Space")


def test_the_whole_answer_can_be_downloaded(watched: Watched) -> None:
    page = watched.open(EXAMPLE)
    choice = page.get_by_label("Download the whole answer as")
    choice.focus()
    with page.expect_download() as waiting:
        choice.select_option("text/csv")
    assert waiting.value.suggested_filename == "hsgraph-answer.csv"
    assert waiting.value.path().read_text().startswith("dimension,")


def in_either_theme(page: Page) -> list[tuple[str, list[Any]]]:
    """What axe finds on a page as it stands, in light, and of colours in dark."""
    page.emulate_media(color_scheme="light")
    light = barriers(page)
    page.emulate_media(color_scheme="dark")
    return light + barriers(page, COLOURS)


def test_no_view_dialog_or_menu_has_a_barrier_that_axe_knows(browser: Browser, server: str) -> None:
    with browser.new_context() as context:
        page = Watched(context, server).open(EXAMPLE)
        found = {"nothing yet": in_either_theme(page)}
        run(page)
        expect(page.locator("table.answer tbody tr")).to_have_count(7)
        found["table"] = in_either_theme(page)
        page.locator(".select_chart").click()
        found["chart"] = in_either_theme(page)
        page.locator(".select_response").click()
        expect(page.locator(".yasr_results .CodeMirror")).to_be_visible()
        found["response"] = in_either_theme(page)
        write(page, POINTS)
        run(page)
        page.locator(".select_map").click()
        expect(page.locator(".spots circle").first).to_be_visible()
        found["map"] = in_either_theme(page)
        write(page, LINKS)
        run(page)
        expect(page.locator(".diagram-canvas canvas").first).to_be_visible()
        found["graph"] = in_either_theme(page)
        write(page, "ASK {}")
        run(page)
        expect(page.locator(".yasr_results")).to_contain_text("rue")
        found["yes or no"] = in_either_theme(page)
        write(page, "SELECT * {")
        run(page)
        expect(page.get_by_role("alert")).to_be_visible()
        found["problem"] = in_either_theme(page)
        write(page, "SELECT * { ?threat hs:threatT")
        page.locator(".CodeMirror").first.click()
        page.keyboard.press("Control+End")
        page.keyboard.press("Control+Space")
        expect(page.locator(".CodeMirror-hint").first).to_be_visible()
        found["completions"] = in_either_theme(page)
        page.keyboard.press("Escape")
        for name in ("Code", "Keys"):
            page.get_by_role("button", name=name).click()
            expect(page.get_by_role("dialog")).to_be_visible()
            found[name] = in_either_theme(page)
            page.keyboard.press("Escape")
        assert {name: what for name, what in found.items() if what} == {}


def test_a_second_limit_is_told_with_the_line_of_the_first(
    context: BrowserContext, server: str
) -> None:
    page = Watched(context, server).open("query?example=programmes-of-agency")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("LIMIT 2")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("has a LIMIT already")
    text = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    line = text.split("\n").index("LIMIT 1000") + 1
    expect(page.get_by_role("alert")).to_contain_text(f"Line {line} has")
    write(page, "SELECT * { ?s ?p ?o }\nLIMIT 5\nORDER BY ?s")
    run(page)
    expect(page.get_by_role("alert")).to_contain_text(
        "ORDER BY must stand before the LIMIT in line 2"
    )


def test_a_graph_names_its_things_and_is_asked_for_once(watched: Watched) -> None:
    page = watched.open("query")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    write(page, LINKS)
    run(page)
    expect(page.locator(".diagram-canvas canvas").first).to_be_visible()
    labelled = [query for query in asked if "VALUES" in query]
    assert len(labelled) == 1


def test_the_query_page_with_all_its_scripts_stays_below_its_bound(
    browser: Browser, server: str
) -> None:
    asked: list[Request] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("requestfinished", lambda request: asked.append(request))
        page.goto(server + EXAMPLE, wait_until="networkidle")
        sizes = [request.sizes() for request in asked]
        assert sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes) < MOST_BYTES


def test_without_a_script_the_query_is_a_form(browser: Browser, server: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server + EXAMPLE)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Run").click()
        assert waiting.value.path().read_text().startswith("dimension,")


def test_the_query_page_does_not_stick_out(browser: Browser, server: str) -> None:
    with browser.new_context() as context:
        page = Watched(context, server).open(EXAMPLE)
        run(page)
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            too_wide = "document.documentElement.scrollWidth - innerWidth"
            assert page.evaluate(too_wide) <= 0, width


def typed(page: Page) -> str:
    text: str = page.evaluate(
        "() => document.querySelector('.yasqe .CodeMirror').CodeMirror.getValue()"
    )
    return text


@pytest.mark.parametrize("delay", [60, 300])
def test_a_completion_replaces_the_whole_word(watched: Watched, delay: int) -> None:
    """The lexer takes `count` off `country`; half a word must never stay."""
    page = watched.open("query")
    write(page, "SELECT * WHERE {\n\n}")
    page.evaluate(
        "() => { const c = document.querySelector('.yasqe .CodeMirror').CodeMirror;"
        " c.focus(); c.setCursor(1, 0) }"
    )
    page.keyboard.type("?p a hs:Project ; country", delay=delay)
    take(page)
    line = next(each for each in typed(page).splitlines() if "?p a" in each)
    assert "count<" not in line
    assert not re.search(r"\bcountr?y?\b(?=[<:])", line)
    assert re.search(r"; (<https?://[^>]+>|[\w-]+:[\w-]+)$", line), line


def test_a_completion_declares_its_prefix_once(watched: Watched) -> None:
    page = watched.open("query")
    write(page, "SELECT * WHERE {\n\n}")
    page.evaluate(
        "() => { const c = document.querySelector('.yasqe .CodeMirror').CodeMirror;"
        " c.focus(); c.setCursor(1, 0) }"
    )
    page.keyboard.type("?p hs:takesPl", delay=80)
    take(page)
    page.keyboard.type(" ?where ; a hs:Proj", delay=80)
    take(page)
    assert "hs:takesPlaceIn ?where ; a hs:Project" in typed(page)
    assert typed(page).count("PREFIX hs:") == 1


def test_classes_are_completed_from_this_graph_alone(watched: Watched) -> None:
    """YASQE's own completers ask another host; `watched` fails on the first request."""
    page = watched.open("query")
    write(page, "SELECT * WHERE {\n\n}")
    page.evaluate(
        "() => { const c = document.querySelector('.yasqe .CodeMirror').CodeMirror;"
        " c.focus(); c.setCursor(1, 0) }"
    )
    page.keyboard.type("?p a threat", delay=60)
    expect(page.locator(".CodeMirror-hint").first).to_be_visible()
    page.keyboard.press("Control+Space")
    page.keyboard.press("Escape")


def test_what_is_told_of_an_example_goes_when_the_query_is_another(watched: Watched) -> None:
    page = watched.open(EXAMPLE)
    told = page.locator("#example")
    expect(told).to_be_visible()
    page.get_by_role("button", name="New query").click()
    expect(told).to_be_hidden()
    assert "?subject" not in typed(page)
    page.locator(".tabsList [role=tab]").first.click()
    expect(told).to_be_visible()
    page.evaluate(
        "() => [...document.querySelectorAll('.yasqe .CodeMirror')]"
        ".forEach(e => e.CodeMirror.replaceRange('# mine', {line: 0, ch: 0}))"
    )
    expect(told).to_be_hidden()


def test_a_shared_query_has_no_description_of_an_example(watched: Watched) -> None:
    page = watched.open("query#query=" + quote("SELECT ?mine { ?mine a hs:Fund }"))
    expect(page.locator("table.answer")).to_be_visible()
    expect(page.locator("#example")).to_be_hidden()


def test_another_thing_in_a_field_is_put_into_the_query_and_asked_for(watched: Watched) -> None:
    page = watched.open("query?example=programmes-of-agency")
    page.wait_for_load_state("networkidle")
    page.locator("input[name=agency]").fill("UNICEF")
    page.keyboard.press("Tab")
    first = page.locator("table.answer tbody tr").first
    expect(first).to_be_visible()
    assert "<https://w3id.org/hsgraph/id/organisation/unicef>" in typed(page)
    assert "programmeLabel" not in page.locator("table.answer thead").inner_text()
    link = first.get_by_role("link").first
    assert "/project/" in str(link.get_attribute("href"))
    assert " " in link.inner_text(), "a programme is told by its label"
    page.get_by_label("As it was answered").check()
    expect(page.locator("table.answer thead")).to_contain_text("programmeLabel")


def test_properties_of_the_class_come_first_and_places_by_any_name(watched: Watched) -> None:
    page = watched.open("query")
    page.wait_for_load_state("networkidle")
    for begun, last, first in (
        ("SELECT * {\n ?threat a hs:Threat ; af", "f", "hs:affects"),
        ("SELECT * {\n ?p hs:takesPlaceIn Ken", "y", "place:kenya"),
        ("SELECT * {\n ?p hs:implementedBy UNICE", "F", "organisation:unicef"),
    ):
        write(page, begun)
        page.evaluate(
            "() => { const c = document.querySelector('.yasqe .CodeMirror').CodeMirror;"
            " c.focus(); c.setCursor(c.lineCount() - 1, 999) }"
        )
        page.keyboard.type(last)
        expect(page.locator(".CodeMirror-hint").first).to_contain_text(first)
        page.keyboard.press("Escape")


def test_the_axes_of_a_chart_stay_in_its_link(watched: Watched, browser: Browser) -> None:
    page = watched.open("query?example=money-by-year")
    run(page)
    page.locator(".select_chart").click()
    page.get_by_label("What the bars measure").select_option("programmes")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    with browser.new_context() as fresh:
        other = fresh.new_page()
        other.goto(page.evaluate("navigator.clipboard.readText()"))
        expect(other.locator(".bars-chart")).to_have_attribute(
            "aria-label", re.compile("^Bars of programmes by year")
        )


def test_rows_name_things_by_prefixes_before_the_terms_have_come(
    context: BrowserContext, server: str
) -> None:
    page = Watched(context, server).page
    page.route("**/completions.json", lambda route: None)
    page.goto(server + "query#query=" + quote("SELECT ?a { VALUES ?a { hs:Project } }"))
    expect(page.locator("table.answer tbody a")).to_have_text("hs:Project")


def test_sums_are_drawn_before_counts_and_what_has_none_is_said(watched: Watched) -> None:
    page = watched.open("query?example=money-by-year")
    run(page)
    page.locator(".select_chart").click()
    chart = page.locator(".bars-chart")
    expect(chart).to_have_attribute("aria-label", re.compile("^Bars of total by year"))
    expect(page.get_by_text("No total for")).to_be_visible()
    page.get_by_label("What the bars measure").select_option("programmes")
    expect(chart).to_have_attribute("aria-label", re.compile("^Bars of programmes by year"))


def test_the_editor_speaks_the_language_of_the_page(watched: Watched) -> None:
    page = watched.open(EXAMPLE + "&lang=fr")
    page.locator(".run").click()
    expect(page.locator(".yasr_response_chip")).to_contain_text("Résultats : 7")
    expect(page.get_by_role("button", name="Réponse du serveur")).to_be_visible()
    write(page, "ASK { ?s ?p ?o }")
    page.locator(".run").click()
    expect(page.locator(".booleanResult")).to_have_text("Vrai")
    expect(page.locator(".CodeMirror-scroll").first).to_have_attribute("tabindex", "0")
