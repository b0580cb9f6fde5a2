"""What the addresses of pages ask for: the number of a page, the name of a thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import request

from hsgraph.errors import BadRequest
from hsgraph.names import resolve
from hsgraph.server.http import addresses
from hsgraph.server.site import current

LAST_PAGE: Final = 100_000
_OF_OTHERS: Final = ("utm_", "fbclid", "gclid")
"""Beginnings of what other sites add to the addresses that they link to."""


def page_number() -> int:
    """`?page=`, from 1. Raises BadRequest."""
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:7]) <= LAST_PAGE):
        raise BadRequest(f"“page” must be a number from 1 to {LAST_PAGE:,}.")
    return int(asked)


def only_known_parameters(known: Sequence[str]) -> None:
    """Raise BadRequest for a parameter that would be passed over, and so give a wrong list."""
    for name in request.args:
        if name not in known and not name.startswith(_OF_OTHERS):
            raise BadRequest(
                f"There is no parameter “{name[:60]}” here.",
                remedy=f"There is: {', '.join(known)}.",
            )


def thing_named(name: str) -> str:
    """The IRI that a parameter names: `project/…`, `vocab/…`, or an IRI. Raises BadRequest."""
    if not name:
        raise BadRequest("The address names no thing.")
    return addresses.named_node(resolve(current().engine, name)).value
