"""Whole answers, compressed by the coding that a client takes (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

import brotli  # type: ignore[import-untyped]
import zstandard
from werkzeug.http import parse_accept_header

from hsgraph.server.http.wsgi import Headers

_LONGEST: Final = 500
"""Characters of a header that are read: it names a few codings."""
_SMALL: Final = 300
"""Bytes below which compressing gains nothing."""
_COMPRESSIBLE: Final = (
    "text/",
    "application/json",
    "application/javascript",
    "application/n-",
    "application/trig",
    "application/xml",
)

CODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=10).compress(body),
    "br": partial(brotli.compress, quality=5),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}
"""The codings offered, the best first."""


def accepted(header: str) -> str:
    """The coding that an `Accept-Encoding` header likes best; empty for none and a long one."""
    return _best(header) if len(header) <= _LONGEST else ""


@lru_cache(maxsize=256)
def _best(header: str) -> str:
    weights = dict(parse_accept_header(header.lower()))
    anything = weights.get("*", 0)
    rated = {coding: weights.get(coding, anything) for coding in CODINGS}
    best = max(rated, key=lambda coding: rated[coding])
    return best if rated[best] > 0 and rated[best] >= weights.get("identity", 0) else ""


@dataclass(frozen=True, slots=True)
class Finished:
    """A whole answer; `headers` are without the request id."""

    status: str
    headers: Headers
    body: bytes
    etag: str
    route: str


def finish(
    status: str, headers: Headers, body: bytes, coding: str, fields: Mapping[str, str], route: str
) -> Finished:
    """The answer as it goes out: compressed if that helps, its validator naming the coding.

    `fields` are the headers by their names in small letters.
    """
    plain = [p for p in headers if p[0].lower() not in ("x-request-id", "date")]
    etag = fields.get("etag", "")
    kind = fields.get("content-type", "").partition(";")[0].strip().lower()
    text = kind.startswith(_COMPRESSIBLE) or kind.endswith(("+json", "+xml"))
    if "content-encoding" in fields or not text or len(body) < _SMALL:
        return Finished(status, plain, body, etag, route)
    vary = fields.get("vary", "")
    changed = {"Vary": f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"}
    if coding:
        body = CODINGS[coding](body)
        changed |= {"Content-Encoding": coding, "Content-Length": str(len(body))}
        if etag:
            changed["ETag"] = etag = f'{etag[:-1]}-{coding}"'
    names = {name.lower() for name in changed}
    rest = [pair for pair in plain if pair[0].lower() not in names]
    return Finished(status, [*rest, *changed.items()], body, etag, route)
