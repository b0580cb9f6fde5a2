"""What a reader has begun to read does not move while the rest of the page arrives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.slowly import slowly

PAGES = [
    "",
    "browse/project",
    "browse/project?view=map",
    "browse/project?view=time",
    "browse/project?country=serbia&threat=unemployment",
    "browse/project/values/threat",
    "browse/project/values/agency",
    "browse/organisation",
    "browse/place",
    "browse/threat-type",
    "browse/source",
    "project/serbia-southwest-sandzak",
    "organisation/undp",
    "place/kenya",
    "source/untfhs-fact-sheet-serbia-sandzak",
    "vocab/threat-type",
    "vocab/threat-type/unemployment",
    "vocab/population-group/youth",
    "threat/serbia-southwest-sandzak-unemployment",
    "evidence/serbia-southwest-sandzak-s1-duration",
    "statements?of=project/serbia-southwest-sandzak",
    "explore",
    "explore/map",
    "explore/time",
    "explore/matrix",
    "explore/network",
    "explore/money",
    "explore/causes",
    "explore/compare?p=serbia-southwest-sandzak&p=bih-canton-10",
    "quality",
    "quality/findings?severity=warning",
    "query",
    "ask?q=Which+programmes+work+in+Kenya%3F",
    "search?q=food",
    "search?q=zzzzqq",
    "contribute",
    "data",
    "data/changes",
    "ontology",
    "shapes",
    "rules",
    "validate",
    "project/none",
]
BOTH = {
    "",
    "browse/project",
    "browse/project?view=map",
    "browse/organisation",
    "project/serbia-southwest-sandzak",
    "place/kenya",
    "explore/matrix",
    "explore/compare?p=serbia-southwest-sandzak&p=bih-canton-10",
    "query",
    "contribute",
    "ontology",
}
"""What is laid out in another way where there is room; a phone, where more moves, sees all."""
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


@pytest.mark.parametrize(
    ("path", "width"), [(p, 360) for p in PAGES] + [(p, 1280) for p in PAGES if p in BOTH]
)
def test_a_page_holds_still_while_it_arrives(
    browser: Browser, slow: str, path: str, width: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        context.add_init_script(COUNT)
        page = context.new_page()
        page.goto(f"{slow}/{path}", wait_until="networkidle")
        moves = page.evaluate("window.moves")
    assert sum(move[0] for move in moves) < MOST_MOVED, moves
