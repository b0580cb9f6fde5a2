"""What axe finds on a page, without looking at the same thing again and again.

Axe takes long over each element. Elements are of one kind when they and all that they are in have
the same names and attributes, up to labels, addresses and sizes; of each kind axe sees some. What
colours they have is looked at on the first page that has them: the later ones have the same styles.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

ALL: dict[str, Any] = {
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},
    "rules": {"target-size": {"enabled": True}},
}
"""Targets of 24 pixels are in WCAG 2.2, which axe does not ask for unless told.

Only an experimental rule, which is not asked, needs the styles read again.
"""
COLOURS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": ["color-contrast", "link-in-text-block"],
}
"""What a theme changes."""
FORMS: dict[str, Any] = {
    **ALL,
    "rules": {**ALL["rules"], **{name: {"enabled": False} for name in COLOURS["runOnly"]}},
}
"""What none changes."""
CUT = r"""() => {
  const cut = new Set();
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, within = text.parentElement;
    if (within.closest("svg, script, code, pre, .hidden") || !within.checkVisibility()) continue;
    if (getComputedStyle(within).writingMode !== "horizontal-tb") continue;
    for (const word of text.data.matchAll(/\p{L}{4,}/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const tops = [...range.getClientRects()].filter(r => r.width > 1).map(r => Math.round(r.top));
      if (new Set(tops).size > 1) cut.add(word[0]);
    }
  }
  return [...cut];
}"""
"""Words that go on in the next line; this browser has no rules of hyphenation."""
RUN = """options => axe.run(options).then(({violations}) => violations.map(
  each => [each.id, each.nodes.slice(0, 3).map(node => node.target)]
))"""
TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(each => each.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
THIN = r"""seen => {
  const KEPT = 3;
  const FREE = /^(id|href|title|value|name|for|src|datetime|aria-(label|.*by|controls)|data-.*)$/;
  const DRAWN = /^(d|[xyr][12]?|c[xy]|[rf][xy]|points|width|height|transform|viewBox)$/;
  const WHOLE = "tr, dl, select, label, a, button, summary, h1, h2, h3, h4, h5, h6, caption";
  const REFERRING = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"];
  const kindOf = new WeakMap(), times = new Map(seen.map(kind => [kind, KEPT]));
  const digest = text => {
    let one = 5381, other = 52711;
    for (let at = 0; at < text.length; at++) {
      one = Math.imul(one, 33) ^ text.charCodeAt(at);
      other = Math.imul(other, 31) + text.charCodeAt(at) | 0;
    }
    return `${one}:${other}`;
  };
  const attribute = ({name, value}, drawn) =>
    FREE.test(name) || (drawn && DRAWN.test(name)) ? name + !!value : name + "=" + value;
  const name = (one, above) => {
    const drawn = one.namespaceURI.endsWith("svg");
    const text = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const short = one.matches("a, button, summary") && Math.min(one.textContent.trim().length, 4);
    const said = [...one.attributes].map(each => attribute(each, drawn)).sort();
    const kind = digest(JSON.stringify([above, one.localName, said, text, short]));
    kindOf.set(one, kind);
    for (const child of one.children) name(child, kind);
  };
  const referred = new Set([...document.querySelectorAll(REFERRING.map(n => `[${n}]`).join())]
    .flatMap(one => REFERRING.flatMap(n => (one.getAttribute(n) ?? "").split(/\s+/))));
  const named = one => one.matches("label") || (one.id && referred.has(one.id));
  const known = one => times.get(kindOf.get(one)) >= KEPT && !named(one);
  const thin = (one, whole) => {
    for (const child of [...one.children]) {
      const all = [child, ...child.querySelectorAll("*")];
      if (!whole && all.every(known) && !child.querySelector("[rowspan]")) child.remove();
      else {
        times.set(kindOf.get(child), (times.get(kindOf.get(child)) ?? 0) + 1);
        thin(child, whole || named(child) || child.matches(WHOLE));
      }
    }
  };
  const styles = [...document.styleSheets].map(each => each.href ?? each.ownerNode.textContent);
  name(document.body, digest(styles.join()));
  thin(document.body, false);
  return [...times.keys()];
}"""
_right: set[str] = set()
"""The kinds of elements that had right colours on pages before."""


WIDTHS = (320, 360, 1280, 3840)


def too_wide(page: Page) -> list[int]:
    """The widths of windows that something of a page sticks out of."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
            found.append(width)
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def barriers(page: Page, options: dict[str, Any] = ALL) -> list[tuple[str, list[Any]]]:
    """What axe finds on a page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [(rule, places) for rule, places in page.evaluate(RUN, options)]


def barriers_in_either_theme(page: Page) -> dict[str, list[Any]]:
    """What axe finds in light, and of colours in dark, once a page has been thinned for good."""
    found = {"ids": page.evaluate(TWICE)}
    page.evaluate(THIN, [])
    page.emulate_media(color_scheme="light")
    forms = barriers(page, FORMS)
    kinds = page.evaluate(THIN, sorted(_right))
    found["light"] = forms + barriers(page, COLOURS)
    page.emulate_media(color_scheme="dark")
    found["dark"] = barriers(page, COLOURS)
    if not any(found.values()):
        _right.update(kinds)
    return {name: what for name, what in found.items() if what}
