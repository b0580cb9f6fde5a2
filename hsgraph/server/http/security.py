"""The headers that every answer carries: what browsers may do with it, and who may read it."""

from __future__ import annotations

import os
import re
from itertools import count
from typing import Final
from uuid import uuid4

from flask import Flask, Response, g, request

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
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_RUN: Final = uuid4().hex[:8]
_NUMBERS: Final = count(1)


def request_id(given: str | None) -> str:
    """The id that the client or a proxy gave, if it is a plain one; otherwise a new one."""
    if given and _REQUEST_ID.fullmatch(given):
        return given
    return f"{_RUN}-{os.getpid():x}-{next(_NUMBERS):x}"


def protect(app: Flask) -> None:
    """Give every answer of the application, errors too, the headers above."""

    @app.before_request
    def _identify() -> None:
        g.request_id = request_id(request.headers.get("X-Request-Id"))

    @app.after_request
    def _add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = g.get("request_id") or request_id(None)
        if request.method == "OPTIONS":
            for name, value in PREFLIGHT.items():
                response.headers.setdefault(name, value)
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
        return response
