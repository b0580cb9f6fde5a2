"""The headers that every answer carries: what browsers may do with it, and who may read it."""

from __future__ import annotations

import os
import re
from itertools import count
from typing import Final
from uuid import uuid4

from hsgraph.server.http.wsgi import Environ, Headers

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Language, Content-Location, ETag, Link, Location, Retry-After, X-Request-Id"
    ),
}
"""Reading is open to pages of every origin: nothing here is private, and there are no cookies."""
PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, X-Request-Id"
    ),
    "Access-Control-Max-Age": "86400",
}
REQUEST_ID: Final = "hsgraph.request_id"
"""Where in the WSGI environment the id of a request stands."""
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_RUN: Final = uuid4().hex[:8]
_NUMBERS: Final = count(1)


def request_id(given: str | None) -> str:
    """The id that the client or a proxy gave, if it is a plain one; otherwise a new one."""
    if given and _REQUEST_ID.fullmatch(given):
        return given
    return f"{_RUN}-{os.getpid():x}-{next(_NUMBERS):x}"


def completed(environ: Environ, headers: Headers) -> Headers:
    """The headers of an answer with those that all have, and the id of its request."""
    names = {name.lower() for name, _ in headers}
    added = [pair for pair in HEADERS.items() if pair[0].lower() not in names]
    if environ["REQUEST_METHOD"] == "OPTIONS":
        added += PREFLIGHT.items()
        added.append(("Access-Control-Allow-Methods", dict(headers).get("Allow", "GET")))
    return [*headers, *added, ("X-Request-Id", environ[REQUEST_ID])]
