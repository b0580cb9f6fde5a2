"""A page is thinned before axe looks at it: one fault among many things alike is still found."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.barriers import barriers_in_either_theme

ROW = '<li><a href="/{0}">Thing {0}</a> <input aria-label="Take {0}"> <b class="x">{0}</b></li>'
HEAD = "<style>.x {color: #222} .pale {color: #ddd}</style><title>t</title><h1>Things</h1>"


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        (">Thing 40</a>", "></a>", "link-name"),
        ('aria-label="Take 40"', 'aria-label=""', "label"),
        ('aria-label="Take 40"', "", "label"),
        ('class="x">40', 'class="pale">40', "color-contrast"),
        ("<b", '<b style="color: #ccc"', "color-contrast"),
        ("<b", "<img src=x><b", "image-alt"),
        ("<b", "<b role=nothing", "aria-roles"),
        ("<b", "<p><b aria-hidden=true><a href=x>y</a></b></p><b", "aria-hidden-focus"),
    ],
)
def test_one_fault_among_sixty_things_alike_is_found(
    scripted: Page, right: str, wrong: str, rule: str
) -> None:
    rows = [ROW.format(number) for number in range(60)]
    rows[40] = rows[40].replace(right, wrong)
    page = f"<!doctype html><html lang=en>{HEAD}<main><ul>{''.join(rows)}</ul></main></html>"
    _show(scripted, page)
    found = barriers_in_either_theme(scripted)
    assert rule in [name for name, _ in found["light"]]
    assert scripted.locator("li").count() < 10


def test_an_id_that_two_things_have_is_found(scripted: Page) -> None:
    rows = [f'<li id="{number % 50}">{number}</li>' for number in range(51)]
    _show(scripted, f"<html lang=en>{HEAD}<main><ul>{''.join(rows)}</ul></main></html>")
    assert barriers_in_either_theme(scripted)["ids"] == ["0"]


def test_colours_that_only_a_later_page_has_are_found(scripted: Page) -> None:
    """The things that both pages have are looked at once, unless their styles are others."""
    style = "<title>t</title><style>.x {color: #222} .pale {color: #ddd}</style>"
    shown = "<html lang=en>{0}<main><h1>T</h1><ul><li><b class=x>one</b></ul>{1}</main></html>"
    for head, more, wrong in (
        (style, "", []),
        (style, "<b class=pale>two</b>", ["color-contrast"]),
        (style, "<ol><li><b class=pale>two</b></ol>", ["color-contrast"]),
        (style.replace("#222", "#eee"), "", ["color-contrast"]),
    ):
        _show(scripted, shown.format(head, more))
        found = barriers_in_either_theme(scripted).get("light", [])
        assert [name for name, _ in found] == wrong, (head, more)
    _show(scripted, shown.format(style, ""))
    assert barriers_in_either_theme(scripted) == {}
    assert scripted.locator("li").count() == 0


def _show(page: Page, text: str) -> None:
    """Text as a page of its own: what was shown before may forbid styles in pages."""
    page.goto("about:blank")
    page.set_content(text)
