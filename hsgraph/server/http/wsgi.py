"""WSGI (PEP 3333): its types, and the environment of a request that came by ASGI."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
CONDITIONS: Final = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE")
"""Where in an environment it stands that a client has an answer, or wants a part of one."""


def environ_of(scope: dict[str, Any]) -> Environ:
    """The WSGI environment of an ASGI HTTP scope, without its body.

    Of header names with an underscore nothing is taken, since they would pose as others.
    """
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": "HTTP/1.1" if scope["http_version"] == "1.1" else "HTTP/1.0",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.input": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = _key(name)
        if not key:
            continue
        text = value.decode("latin-1").strip(" \t")
        if key in environ:
            text = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
        environ[key] = text
    return environ


def seen_past(environ: Environ, proxies: int) -> str:
    """The address of a client: that which the outermost of so many proxies of ours saw."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = forwarded[-proxies] if 0 < proxies <= len(forwarded) else environ["REMOTE_ADDR"]
    return str(seen).strip()


@lru_cache(maxsize=1024)
def _key(name: bytes) -> str:
    """The name of a header in the environment; empty for those that are left out.

    Offers to upgrade are (RFC 9110, 7.8): the application would take one for a WebSocket.
    """
    if b"_" in name or name.lower() in (b"transfer-encoding", b"upgrade"):
        return ""
    text = name.decode("latin-1").upper().replace("-", "_")
    return text if text in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + text
