"""Settings that are addresses: what cannot work, or would tell a password, is refused."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from hsgraph.errors import SettingsError

USER_VARIABLE: Final = "HSGRAPH_ENDPOINT_USER"
PASSWORD_VARIABLE: Final = "HSGRAPH_ENDPOINT_PASSWORD"  # noqa: S105 - a name, no password
_WITH_USER: Final = re.compile(r"https?:[/\\]*[^/\\?#]*@", re.IGNORECASE)


def check_addresses(value: object, schemes: tuple[str, ...], place: str) -> None:
    """SettingsError for an address that cannot work or tells a password; an empty text is none.

    Those that may be mailto: links have places to fill; to `base` and `endpoint` more is added.
    """
    filled = "mailto" in schemes
    for address in value if isinstance(value, tuple) else (value,) if value else ():
        if _WITH_USER.match(address):
            raise SettingsError(
                f"{place}: an address with a user or password would tell them to readers",
                remedy=f"Those of an endpoint go into {USER_VARIABLE} and {PASSWORD_VARIABLE}.",
            )
        if not _works(address, schemes, filled=filled):
            begins = ", ".join(f"{scheme}:" for scheme in schemes)
            raise SettingsError(f"{place}: {address!r} is no address that begins with {begins}")
        if not filled and not isinstance(value, tuple) and {*"?#"} & {*address}:
            raise SettingsError(
                f"{place}: {address!r} has a “?” or “#”, and more has to be added to it",
                remedy="Give the address without what begins with that.",
            )


def _works(address: str, schemes: tuple[str, ...], *, filled: bool) -> bool:
    """Whether an address has one of the schemes, a host, a port there can be, and is an IRI."""
    from pyoxigraph import NamedNode  # only here, since few commands have an address to check

    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if parts.port == 0 or not (filled or NamedNode(address)):
            return False
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return filled and re.match(r"[^\s?@]+@", parts.path) is not None
    return parts.scheme in schemes and host.split() == [host]
