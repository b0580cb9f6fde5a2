"""A real Chromium, started once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# Four browsers share two cores in a run of all tests: what a page does in a second may take ten.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def scripted(browser: Browser) -> Iterator[Page]:
    """A page for tests that only look at what they go to."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()
