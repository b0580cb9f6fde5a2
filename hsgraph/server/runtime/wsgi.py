"""WSGI (PEP 3333): its types, and the environment of a request."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]
RawHeaders = Iterable[tuple[bytes, bytes]]


def base_environ(server: tuple[str, int | None] | None, client: tuple[str, int] | None) -> Environ:
    """What all WSGI environments of a connection have in common."""
    host, port = server or ("localhost", 80)
    address, number = client or ("", 0)
    return {
        "SCRIPT_NAME": "",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": address,
        "REMOTE_PORT": str(number),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def environ_of(
    base: Environ, method: str, path: bytes, query: bytes, version: str, headers: RawHeaders
) -> Environ:
    """The WSGI environment of a request without its body (PEP 3333).

    Of header names with an underscore nothing is taken, since they would pose as others.
    """
    environ = base.copy()
    environ["REQUEST_METHOD"] = method
    environ["PATH_INFO"] = (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1")
    environ["QUERY_STRING"] = query.decode("latin-1")
    environ["SERVER_PROTOCOL"] = "HTTP/" + version
    environ["wsgi.input"] = BytesIO()
    for name, value in headers:
        key = _key(name)
        if not key:
            continue
        text = value.decode("latin-1").strip(" \t")
        if key in environ:
            text = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
        environ[key] = text
    return environ


def length_of_body(headers: RawHeaders) -> int:
    """The length of the body that a request announces; 0 if it does not."""
    return next((int(value) for name, value in headers if name == b"content-length"), 0)


@lru_cache(maxsize=1024)
def _key(name: bytes) -> str:
    """The name of a header in the environment; empty for those that are left out."""
    if b"_" in name or name == b"transfer-encoding":
        return ""
    text = name.decode("latin-1").upper().replace("-", "_")
    return text if text in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + text
