"""Compressing answers: which coding a client takes (RFC 9110, section 12.5.3), and doing it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import brotli  # type: ignore[import-untyped]
import zstandard

_ZSTD_LEVEL: Final = 10
_BROTLI_QUALITY: Final = 5
_GZIP_LEVEL: Final = 6
_SMALL: Final = 300
"""Bytes below which compressing gains nothing."""
_COMPRESSIBLE: Final = (
    "text/",
    "application/json",
    "application/javascript",
    "application/manifest+json",
    "application/n-",
    "application/trig",
    "application/xml",
    "image/svg+xml",
)
_STRUCTURED: Final = ("+json", "+xml")


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)


def _brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=_BROTLI_QUALITY)
    return compressed


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


CODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "zstd": _zstd,
    "br": _brotli,
    "gzip": _gzip,
}
"""The codings offered, the best first."""


@lru_cache(maxsize=256)
def accepted(header: str) -> str:
    """The coding that an `Accept-Encoding` header likes best; empty for none."""
    weights: dict[str, float] = {}
    for element in header.lower().split(","):
        name, _, rest = element.partition(";")
        weights[name.strip()] = _weight(rest)
    best, most = "", 0.0
    for coding in CODINGS:
        weight = weights.get(coding, weights.get("*", 0.0))
        if weight > most:
            best, most = coding, weight
    return best if most >= weights.get("identity", 0.0) else ""


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0


def worth_it(content_type: str, body: bytes) -> bool:
    """Whether a body of this type becomes smaller."""
    kind = content_type.partition(";")[0].strip().lower()
    text = kind.startswith(_COMPRESSIBLE) or kind.endswith(_STRUCTURED)
    return text and len(body) >= _SMALL
