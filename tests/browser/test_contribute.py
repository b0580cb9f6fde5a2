"""/contribute: the form makes a file in the browser that says what was typed and validates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
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
    page.fill("#slug", "peru-wells")
    page.fill("#source", "https://example.org/wells")
    path = "http://www.w3.org/2004/02/skos/core#prefLabel"
    programme = page.locator("shacl-form").first
    programme.locator(f"[data-path='{path}'] input").fill("Wells in Peru")
    page.click("text=Add budget")
    budget = page.locator("shacl-form").nth(1)
    budget.locator(f"[data-path='{path}'] input").fill("Total budget")
    budget.locator("[data-path$='amount'] input").fill("900000")
    budget.locator("[data-path$='#currency'] select").select_option(label="US dollar")
    budget.locator("[data-path$='budgetKind'] select").select_option(label="Total budget")
    for written in ("Wells in Peru", "900000", "currency:USD", "budget-kind:total"):
        expect(page.locator("#turtle")).to_contain_text(written)
    text = page.inner_text("#turtle")
    page.close()
    assert wrong == []
    assert "<https://w3id.org/hsgraph/id/project/peru-wells>" in text
    report = check_text(text.encode(), None, ROOT)
    assert [finding.message for finding in report.findings if finding.severity == "violation"] == []


def test_without_script_the_page_tells_the_other_ways(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/contribute")
    assert "hsgraph draft" in page.inner_text("main")
    page.close()
