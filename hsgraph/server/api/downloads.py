"""Sends prepared files: whole, in ranges, packed or unpacked, with validator and digest.

The files lie packed. Who takes gzip gets them as they lie, to the byte; who does not gets them
unpacked on the way. `Range` (RFC 9110, 14) holds for the form that is sent: one range of bytes, to
GET; others are passed over.
"""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flask import Response, request, send_file
from werkzeug.datastructures import Headers
from werkzeug.exceptions import NotFound, PreconditionFailed
from werkzeug.http import parse_range_header, quote_etag

from hsgraph.build.snapshot import Download, Snapshot
from hsgraph.server.site import current

FILES: Final = ("/data/hsgraph.", "/data/tables/")
"""Parts of the addresses of files, which no cache in memory should hold."""
CACHE_CONTROL: Final = "public, max-age=60, stale-while-revalidate=600, no-transform"
GZIP: Final = "application/gzip"
_CHUNK: Final = 262_144
_WITH_CHARSET: Final = ("text/", "application/trig", "application/n-")


def snapshot() -> Snapshot:
    """The snapshot that is served. Raises `NotFound` where the graph is not one built here."""
    found = current().graph.snapshot
    if found is None:
        raise NotFound(
            "This server keeps no files of its graph: it answers for another endpoint. "
            "Ask /sparql for what you need."
        )
    return found


def file(name: str, *, packed: bool = False, of: Snapshot | None = None) -> Response:
    """A prepared file by its name.

    Raises `NotFound` with the names there are, and `PreconditionFailed` where another is wanted.
    """
    of = of or snapshot()
    found = of.download(name)
    if found is None:
        names = ", ".join(each.name for each in of.manifest.downloads if "/" not in each.name)
        raise NotFound(f"There is no file “{name}”; there are: {names or 'none for this graph'}.")
    download, path = found
    if request.method != "GET" or not _one_range(request.headers):
        request.environ.pop("HTTP_RANGE", None)
    response = _as_it_lies(download, path) if packed else _unpacked(download, path)
    if response.status_code == PreconditionFailed.code:
        response.close()
        raise PreconditionFailed
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Accept-Ranges"] = "bytes"
    if licence := current().licence:
        response.headers.add("Link", f'<{licence}>; rel="license"')
    return response


def _one_range(given: Headers) -> bool:
    """Whether one range of bytes is asked for, of no file that is only much the same."""
    asked = parse_range_header(given.get("Range"))
    weak = given.get("If-Range", "").startswith("W/")
    return asked is not None and asked.units == "bytes" and len(asked.ranges) == 1 and not weak


def _as_it_lies(download: Download, path: Path) -> Response:
    response = send_file(path, mimetype=GZIP, conditional=True, etag=download.packed_sha256)
    response.headers["Repr-Digest"] = _digest(download.packed_sha256)
    return response


def _unpacked(download: Download, path: Path) -> Response:
    content_type = download.media_type
    if content_type.startswith(_WITH_CHARSET):
        content_type += "; charset=utf-8"
    if request.accept_encodings["gzip"] and "Range" not in request.headers:
        response = send_file(path, conditional=True, etag=f"{download.sha256}-gzip")
        response.headers["Content-Type"] = content_type
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Repr-Digest"] = _digest(download.packed_sha256)
    else:
        response = Response(_chunks(path), content_type=content_type)
        response.headers["Content-Length"] = str(download.bytes)
        response.headers["ETag"] = quote_etag(download.sha256)
        response.headers["Repr-Digest"] = _digest(download.sha256)
        response.last_modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        response.make_conditional(request, accept_ranges=True, complete_length=download.bytes)
    response.vary.add("Accept-Encoding")
    return response


def _chunks(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _digest(sha256: str) -> str:
    """As RFC 9530 writes a digest."""
    return f"sha-256=:{b64encode(bytes.fromhex(sha256)).decode()}:"
