"""The IRIs that somebody may mean who searches for an address, the likeliest first."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize
from urllib.parse import quote, unquote

from hsgraph.namespaces import BASE, ID

_AROUND: Final = " \t\r\n<>\"'“”‘’«»`"
_AFTER: Final = ".,;:!?)"
_PLACE: Final = re.compile(r"(?i)(https?)://([^/?#]*)")
_OTHER_SCHEME: Final = re.compile("http(s?)")
_OF_PAGE: Final = re.compile(r"https?://[^?#]*/describe\?(?:[^#]*&)?iri=([^&#]+)")
_OF_THING: Final = re.compile(
    r"https?://[^?#]*?/(?:id/)?((vocab/)?[\w-]+/[\w-]+)(?:\.[a-z]+)?(?:[?#].*)?", re.IGNORECASE
)
"""The page about a thing of ours, on whatever host, in any format."""
_BARE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+[/#]\S*")
_KEPT: Final = "/:?#[]@!$&'()*+,;=%~"


def iris(text: str) -> list[str]:
    """A text that is an address, as it stands and spelt otherwise; none of any other text."""
    address = text.strip(_AROUND)
    if shown := _OF_PAGE.match(address):
        address = unquote(shown[1])
    bare = _BARE.fullmatch(address)
    if ":" not in address and not bare:
        return []
    whole = _PLACE.sub(lambda place: place[0].lower(), address)
    spellings = [f"http://{whole}", f"https://{whole}"] if bare else [whole]
    if _PLACE.match(whole):
        spellings.append(_OTHER_SCHEME.sub(lambda s: "http" if s[1] else "https", whole, count=1))
    found: list[str] = []
    for whole in spellings:
        for one in (whole, whole.rstrip(_AFTER + _AROUND), normalize("NFC", whole)):
            for written in (one, unquote(one), quote(unquote(one), _KEPT), quote(one, _KEPT)):
                bare_end = written.rstrip("/#")
                found += [written, bare_end, bare_end + "/", bare_end + "#"]
    if page := _OF_THING.fullmatch(address):
        found.append((BASE if page[2] else ID) + page[1])
    return list(dict.fromkeys(found))
