"""A real Chromium, started once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without its own windows: a page there takes a fifth of the processor."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --always-sparkplug",
)
"""Scripts of a page run for a moment: compiled at once and not a second time, they take a fifth
less of the processor."""


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
        found = next(filter(None, map(shutil.which, PROGRAMS)), "")
        path = os.environ.get("CHROMIUM", found)
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()
