"""/contribute: the form makes a file in the browser that says what was typed and validates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from hsgraph.curate.checking import check_text

ROOT = Path(__file__).parents[2]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_what_is_typed_becomes_a_file_that_validates(browser: Browser, address: str) -> None:
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    page.goto(f"{address}/contribute")
    page.fill("#source", "https://example.org/wells")
    path = "http://www.w3.org/2004/02/skos/core#prefLabel"
    programme = page.locator("shacl-form").first
    programme.locator(f"[data-path='{path}'] input").fill("Wells in Peru")
    country = programme.locator("[data-path$='takesPlaceIn'] input").first
    country.fill("pérou")
    country.press("Tab")
    assert country.input_value() == "Peru"
    assert page.get_attribute("#slug", "placeholder") == "peru-wells"
    page.click("text=Add budget")
    budget = page.locator("shacl-form").nth(1)
    budget.locator(f"[data-path='{path}'] input").fill("Total budget")
    budget.locator("[data-path$='amount'] input").fill("900000")
    currency = budget.locator("[data-path$='#currency'] input")
    currency.fill("usd")
    currency.press("Tab")
    assert currency.input_value() == "US dollar"
    budget.locator("[data-path$='budgetKind'] input").fill("Total budget")
    budget.locator("[data-path$='budgetKind'] input").press("Tab")
    for written in ("Wells in Peru", "place:peru", "900000", "currency:USD", "budget-kind:total"):
        expect(page.locator("#turtle")).to_contain_text(written)
    text = page.inner_text("#turtle")
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found] == []
    assert programme.locator("[placeholder]:not([placeholder=''])").count() == 0
    page.close()
    assert wrong == []
    assert "project:peru-wells a hs:Project" in text
    report = check_text(text.encode(), None, ROOT)
    assert [finding.message for finding in report.findings if finding.severity == "violation"] == []


def test_without_script_the_page_tells_the_other_ways(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/contribute")
    assert "hsgraph draft" in page.inner_text("main")
    page.close()


def test_the_form_speaks_the_readers_language(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/contribute?lang=fr")
    programme = page.locator("shacl-form").first
    expect(programme.get_by_text("Noms autres et anciens, chacun avec sa langue.")).to_be_visible()
    country = programme.locator("[data-path$='takesPlaceIn'] input").first
    country.fill("peru")
    country.press("Tab")
    assert country.input_value() == "Pérou"
    expect(page.locator("#turtle")).to_contain_text("place:peru")
    page.close()
