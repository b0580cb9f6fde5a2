"""Where “Wrong or missing?” leads: the address that the settings give, filled with the page."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from hsgraph.errors import SettingsError

_ALLOWED: Final = re.compile(r"https?://[^\s/]|mailto:[^\s?]+@", re.IGNORECASE)
_PLACES: Final = re.compile(r"\{(\w*)\}")
_LONGEST: Final = 500
"""Characters of an address or title that are passed on: mail programs take no long addresses."""


def check_feedback(template: str) -> None:
    """Raise SettingsError for what is no web or mail address, or has unknown places to fill."""
    if not template:
        return
    if not _ALLOWED.match(template):
        raise SettingsError(
            f"feedback_url: {template!r} is neither https://… nor mailto:name@example.org",
            remedy="For example mailto:data@example.org?subject={title}&body={address}",
        )
    for name in _PLACES.findall(template):
        if name not in ("address", "title"):
            raise SettingsError(
                f"feedback_url: there is nothing to put for {{{name}}}",
                remedy="The places are {address} and {title}.",
            )


def feedback(template: str, address: str, title: str) -> str:
    """The address with the page's own address and title in it, percent-encoded."""
    told = {"address": address, "title": title}
    return _PLACES.sub(lambda found: quote(told[found[1]][:_LONGEST], safe=""), template)
