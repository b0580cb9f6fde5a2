"""The IRIs that somebody may mean who searches for an address, the likeliest first."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Final
from unicodedata import normalize
from urllib.parse import quote, unquote

from hsgraph.namespaces import BASE, DOCUMENTS, PATHS, expanded

_MOST: Final = 24
"""Spellings of one address that are looked for."""
_OUTSIDE: Final = " \t\r\n<>"
AROUND: Final = " \t\r\n<>\"'“”‘’«»`"
_AFTER: Final = ".,;:!?)" + AROUND
_PLACE: Final = re.compile(r"(?i)(https?)://([^/?#]*)")
_SCHEME: Final = re.compile("(?i)https?://")
_OTHER_SCHEME: Final = re.compile("http(s?)")
_LOOPBACK: Final = re.compile(r"(?i)(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?=/)")
_DESCRIBED: Final = re.compile(r"/describe\?(?:[^#]*&)?iri=([^&#]+)")
_SUFFIX: Final = re.compile(r"\.[a-z]{2,6}$")
_BARE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+[/#]\S*")
_NO_IRI: Final = re.compile(r"[\s<>\"{}|\\^`]")
_KEPT: Final = "/:?#[]@!$&'()*+,;=%~"
_site: Final[ContextVar[str]] = ContextVar("site", default="")


def served_at(address: str) -> None:
    """Take addresses that begin so for those of pages here from here on, in this thread."""
    _site.set(address)


def iris(text: str) -> list[str]:
    """A text that is an address, as it stands and spelt otherwise; none of any other text.

    What is given goes first: it is another thing than what it is like, where the graph has both.
    """
    address = text.strip(AROUND)
    path = _path(address)
    if shown := _DESCRIBED.match(path):
        address, path = expanded(unquote(shown[1])), ""
    bare = _BARE.fullmatch(address)
    if ":" not in address and not bare:
        return []
    whole = _PLACE.sub(lambda place: place[0].lower(), address)
    spellings = [f"http://{whole}", f"https://{whole}"] if bare else [whole]
    given = [text.lstrip(AROUND).rstrip(_OUTSIDE), spellings[0]]
    found = _about(path)
    if _PLACE.match(whole):
        spellings.append(_OTHER_SCHEME.sub(lambda s: "http" if s[1] else "https", whole, count=1))
    for whole in spellings:
        clean = whole.rstrip(_AFTER)
        found += _written(whole)
        for written in _written(clean) + _written(normalize("NFC", clean)):
            bare_end = written.rstrip("/#")
            found += [written, bare_end, bare_end + "/", bare_end + "#"]
    possible = [iri for iri in found if not _NO_IRI.search(iri)]
    return list(dict.fromkeys(given + possible))[:_MOST]


def _written(iri: str) -> list[str]:
    return [iri, unquote(iri), quote(unquote(iri), _KEPT), quote(iri, _KEPT)]


def _path(address: str) -> str:
    """The path of an address here, below the beginning of our IRIs or on one's own machine."""
    place = _SCHEME.sub("", address)
    for site in (_site.get(), BASE):
        start = _SCHEME.sub("", site).rstrip("/")
        if start and place.lower().startswith(start.lower() + "/"):
            return place[len(start) :]
    loopback = _LOOPBACK.match(place)
    return place[loopback.end() :] if loopback else ""


def _about(path: str) -> list[str]:
    """The IRIs of what the page at a path may be about, in whatever format."""
    page, _, name = path.partition("#")
    page = unquote(page.partition("?")[0].rstrip(_AFTER))
    if page.startswith("/id/"):
        page = page.removeprefix("/id")
    found = []
    for each in dict.fromkeys((page, _SUFFIX.sub("", page))):
        if name:
            found += _at(f"{each}#{unquote(name).rstrip(_AFTER)}")
        if not name or f"{each}#" not in dict(PATHS).values():
            found += _at(each)
    return found


def _at(path: str) -> list[str]:
    named = [iri for iri, shown in DOCUMENTS.items() if shown == path]
    return named + [
        namespace + path.removeprefix(start)
        for namespace, start in reversed(PATHS)
        if path.startswith(start) and path[len(start) :][:1] not in ("", "/", "\\")
    ]
