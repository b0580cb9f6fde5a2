"""WSGI (PEP 3333): its types, and the environment of a request that came by ASGI."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
HEAD: Final = 65_536
"""Bytes of all headers of a request."""
HOST: Final = re.compile(
    rb"(?:(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?"
)
CONDITIONS: Final = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE")
"""Where in an environment it stands that a client has an answer, or wants a part of one."""


def malformed(scope: dict[str, Any]) -> tuple[int, str] | None:
    """What HTTP has a server refuse in the head of a request: the status and the reason."""
    headers = scope["headers"]
    if sum(len(name) + len(value) for name, value in headers) > HEAD:
        return 431, "The headers of a request have at most 64 KiB."
    hosts = [value.strip() for name, value in headers if name == b"host"]
    if len(hosts) != 1 or not (hosts[0] or scope["http_version"] != "1.1"):
        return 400, "A request has one Host header (RFC 9112, section 3.2)."
    if not HOST.fullmatch(hosts[0]):
        return 400, "The Host header is no host with a port (RFC 9110, section 7.2)."
    codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    if codings not in ([], [b"chunked"]):
        return 501, "A body comes as it is or chunked, in no other transfer coding."
    if not scope["method"].isupper():
        return 501, "The names of methods are in capitals (RFC 9110, section 9.1)."
    return None


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


def join(pieces: Iterator[bytes], least: int) -> bytes:
    """The next pieces of a body as one, of so many bytes or more; less at its end."""
    parts: list[bytes] = []
    length = 0
    for piece in pieces:
        parts.append(piece)
        length += len(piece)
        if length >= least:
            break
    return b"".join(parts)
