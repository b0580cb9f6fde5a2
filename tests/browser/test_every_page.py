"""Every kind of page in a real browser: still as it arrives, light, fitting, without a barrier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import httpx
import pytest
from playwright.sync_api import Browser, CDPSession, Page, Request

from tests.browser.barriers import barriers_in_either_theme, too_wide
from tests.browser.slowly import slowly

SANDZAK = "serbia-southwest-sandzak"
PAGES = {
    "home": "",
    "about": "about",
    "help": "help",
    "quality": "quality",
    "findings": "quality/findings?severity=warning",
    "data-file": f"graph/data/projects/{SANDZAK}",
    "project": f"project/{SANDZAK}",
    "concept": "vocab/threat-type/unemployment",
    "dimension": "vocab/dimension/economic",
    "agency": "organisation/undp",
    "partner": "organisation/serbia-national-ministries",
    "country": "place/kenya",
    "source": "source/untfhs-fact-sheet-serbia-sandzak",
    "threat": f"threat/{SANDZAK}-unemployment",
    "intervention": f"intervention/{SANDZAK}-legal-certificates",
    "budget": f"budget/{SANDZAK}-total",
    "claim": f"claim/{SANDZAK}-start",
    "evidence": f"evidence/{SANDZAK}-s1-duration",
    "statements": f"statements?of=project/{SANDZAK}",
    "not-found": "project/none",
    "search": "search?q=unemployment",
    "nothing-found": "search?q=zzzzqq",
    "programmes": "browse/project",
    "narrowed": "browse/project?country=serbia&threat=unemployment",
    "empty-list": "browse/project?country=serbia&country=kenya&year=none&budget=1-2",
    "list-in-french": "browse/project?country=serbia&lang=fr",
    "map-of-list": "browse/project?view=map",
    "time-of-list": "browse/project?view=time",
    "values": "browse/project/values/threat",
    "list-as-query": "browse/project/query?country=serbia",
    "organisations": "browse/organisation",
    "places": "browse/place",
    "sources": "browse/source",
    "concepts": "browse/threat-type",
    "members": "things?class=https%3A//w3id.org/hsgraph/ontology%23Project",
    "links": "links?to=organisation/undp&by=https%3A//w3id.org/hsgraph/ontology%23implementedBy",
    "vocabularies": "vocab",
    "scheme": "vocab/threat-type",
    "vocabulary-in-spanish": "vocab/threat-type?lang=es",
    "ontology": "ontology",
    "shapes": "shapes",
    "rules": "rules",
    "data": "data",
    "changes": "data/changes",
    "fragments": "fragments",
    "validate": "validate",
    "contribute": "contribute",
    "query": "query",
    "answer": "ask?q=Which+programmes+work+in+Kenya%3F",
    "explore": "explore",
    "map": "explore/map",
    "time": "explore/time",
    "money": "explore/money",
    "left-out": "explore/money/left-out?what=others&by=year",
    "money-of-agencies": "explore/money?by=agency",
    "matrix": "explore/matrix",
    "opened": "explore/matrix?threat=economic-insecurity",
    "tried": "explore/matrix/tried?threat=unemployment&intervention=vocational-training",
    "network": "explore/network",
    "causes": "explore/causes",
    "said": "explore/causes/said?cause=unemployment&effect=economic-insecurity",
    "compare": f"explore/compare?p={SANDZAK}&p=bih-canton-10",
}
WIDE = (
    *("home", "programmes", "map-of-list", "time-of-list", "narrowed", "values", "list-as-query"),
    *("organisations", "project", "country", "matrix", "compare", "query", "contribute"),
    *("ontology", "scheme", "data", "changes", "fragments", "validate", "links"),
)
"""What is laid out in another way where there is room; a phone, where more moves, sees all."""
MOST_BYTES = 100_000
"""Of a page with its styles and pictures; what is bundled comes when it can be read."""
LANDMARKS = ("<main", "<h1", '<header class="site-header"', "<footer")
MOST_MOVED = 0.05
"""Half of what is called good: https://web.dev/articles/cls."""
COUNT = """
window.moves = [];
new PerformanceObserver(list => list.getEntries().forEach(entry => window.moves.push([
  entry.value, ...entry.sources.map(source => source.node?.outerHTML?.slice(0, 60))
]))).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def slow(server: str) -> Iterator[str]:
    with slowly(server) as address:
        yield address


@dataclass(frozen=True)
class Window:
    """A browser's window that counts what moves, with what its page asked for and told."""

    page: Page
    session: CDPSession
    asked: list[Request]
    told: list[str]


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[Window]:
    """One window for all pages: in one for each, a process would start and compile axe anew."""
    with browser.new_context() as context:
        context.add_init_script(COUNT)
        page = context.new_page()
        window = Window(page, context.new_cdp_session(page), [], [])
        page.on("request", lambda request: window.asked.append(request))
        page.on("console", lambda message: window.told.append(message.text))
        window.session.send("Network.enable")
        window.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        yield window


@pytest.fixture
def window(opened: Window) -> Window:
    """As wide as that of a phone, with nothing kept of the pages before."""
    everything = {"origin": "*", "storageTypes": "all"}
    opened.session.send("Storage.clearDataForOrigin", everything)
    opened.page.set_viewport_size({"width": 360, "height": 900})
    opened.page.emulate_media(color_scheme="null")
    opened.asked.clear()
    opened.told.clear()
    return opened


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_still_is_light_fits_any_width_and_has_no_barrier(
    window: Window, server: str, slow: str, name: str
) -> None:
    page, asked, errors = window.page, window.asked, window.told
    answer = page.goto(slow + PAGES[name], wait_until="networkidle")
    assert answer is not None
    assert answer.status == (404 if name == "not-found" else 200)
    moves = page.evaluate("window.moves")
    assert sum(move[0] for move in moves) < MOST_MOVED, moves
    assert [each.url for each in asked if not each.url.startswith((slow, "data:", "blob:"))] == []
    seen = {each.url for each in asked if not comes_later(each)}
    ours = [url.replace(slow, server) for url in seen if slow in url]
    assert sum(fetched(url).num_bytes_downloaded for url in ours) < MOST_BYTES
    without_script = fetched(server + PAGES[name]).text
    assert {sign: without_script.count(sign) for sign in LANDMARKS} == dict.fromkeys(LANDMARKS, 1)
    expected = ["404"] if name == "not-found" else []
    assert [error for error in errors if not any(part in error for part in expected)] == []
    for role in ("main", "banner", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role  # type: ignore[arg-type]
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("navigation").count() >= 1
    assert too_wide(page) == []
    assert barriers_in_either_theme(page) == {}


def comes_later(request: Request) -> bool:
    bundled = "/static/dist/" in request.url and request.resource_type == "script"
    return bundled or request.resource_type in ("fetch", "xhr")


@cache
def fetched(url: str) -> httpx.Response:
    """What comes over the line, compressed as browsers ask for it."""
    accepted = {"Accept": "text/html, */*", "Accept-Encoding": "br"}
    return httpx.get(url, headers=accepted, verify=False)  # reads no certificates for plain HTTP


@pytest.mark.parametrize("name", WIDE)
def test_a_page_holds_still_where_there_is_room(window: Window, slow: str, name: str) -> None:
    page = window.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(slow + PAGES[name], wait_until="networkidle")
    moves = page.evaluate("window.moves")
    assert sum(move[0] for move in moves) < MOST_MOVED, moves
