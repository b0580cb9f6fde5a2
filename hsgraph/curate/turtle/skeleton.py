"""A new programme's file: what must be said, and what can be, as comments to fill in."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from hsgraph.curate.shipped import shipped
from hsgraph.errors import BadRequest

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def check_slug(slug: str) -> None:
    """BadRequest for what cannot be the slug of a programme."""
    if not _SLUG.fullmatch(slug):
        raise BadRequest(
            f"{slug!r} cannot be the slug of a programme.",
            remedy="Use lower-case letters a to z, digits and single hyphens, the country first: "
            "serbia-southwest-sandzak.",
        )


def skeleton(slug: str, today: date) -> str:
    """The skeleton for a slug; BadRequest when it is none."""
    check_slug(slug)
    body = shipped("turtle/skeleton.ttl").replace("SLUG", slug).replace("TODAY", today.isoformat())
    return shipped("turtle/prefixes.ttl") + body
