"""Where links on pages lead: to the page about a thing, if this dataset says anything about it."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from hsgraph.server.http import addresses
from hsgraph.server.site import current

_href: Final = lru_cache(maxsize=20_000)(addresses.href)
"""Kept, since most links of a page stand on the one before it."""


def link(iri: str, prefix: str = "") -> str | None:
    """What a link to an IRI points to; None for what is shown as text.

    In anybody's data no IRI is of ours, so what is described here leads to `/describe`. In ours,
    IRIs of others lead to the others.
    """
    address = _href(iri, prefix)
    ours = address is not None and address != iri
    if not ours and not current().of_programmes:
        with suppress(ValueError):
            if current().has(NamedNode(iri)):
                return f"{prefix}/describe?iri={quote(iri, safe='')}"
    return address
