"""Answers to what is no request or too large for one, which the application never sees."""

from __future__ import annotations

from typing import Final

LARGEST_HEAD: Final = 65_536
"""Bytes of request line and fields together."""
MOST_FIELDS: Final = 200
_TEXTS: Final = {
    400: ("Bad Request", "This is not a request of HTTP."),
    408: ("Request Timeout", "The request did not come in time."),
    431: (
        "Request Header Fields Too Large",
        f"A request may have {LARGEST_HEAD} bytes and {MOST_FIELDS} fields before its body.",
    ),
}


def refusal(status: int, date: bytes) -> bytes:
    """The whole answer, after which the connection ends; `date` is its header with the line end."""
    phrase, text = _TEXTS[status]
    return (
        f"HTTP/1.1 {status} {phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(text) + 1}\r\nConnection: close\r\n".encode()
        + date
        + f"\r\n{text}\n".encode()
    )
