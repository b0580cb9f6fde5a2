"""A web server as operators run it around an application that tells what it was asked.

`python tests/http/bridged.py PORT`
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hsgraph.server.http.bounded import most_of_a_body
from hsgraph.server.http.cache import ONLY_KEPT, NotKept
from hsgraph.server.http.problems import refuse
from hsgraph.server.http.wsgi import Environ
from hsgraph.server.runtime import bridge
from hsgraph.server.runtime.web import run
from hsgraph.settings import Settings

HEADER_SECONDS = 1.0
BODY_SECONDS = 1.0
SETTINGS = Settings(
    workers=1,
    header_seconds=HEADER_SECONDS,
    stop_seconds=2,
    query_length=1,
    unsent_bytes=100_000_000,
)
MOST = most_of_a_body(SETTINGS)


def application(environ: Environ, start_response: Callable[..., Any]) -> Any:
    """Tells what it was asked; some paths have answers of special kinds."""
    path = environ["PATH_INFO"]
    if environ.get(ONLY_KEPT):
        if path != "/kept":
            raise NotKept
        start_response("200 OK", [("Content-Length", "4")])
        return [b"kept"]
    if path == "/slow":
        time.sleep(0.3)
    if int(environ.get("CONTENT_LENGTH") or 0) > MOST:
        start_response("413 CONTENT TOO LARGE", [("Content-Length", "5")])
        return [b"large"]
    if path == "/pieces":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return pieces(int(environ["QUERY_STRING"] or 3))
    if path == "/large":
        body = b"x" * int(environ["QUERY_STRING"])
    elif path == "/closed":
        body = json.dumps(CLOSED).encode()
    elif path == "/environ":
        told = {name: value for name, value in environ.items() if isinstance(value, str)}
        body = json.dumps(told).encode()
    else:
        body = path.encode("latin-1") + b" " + environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


CLOSED: list[int] = []


def pieces(count: int) -> Iterator[bytes]:
    """An answer that comes piece by piece, of unknown length."""
    try:
        for _ in range(count):
            yield b"x" * 100_000
    finally:
        CLOSED.append(count)


async def idle() -> None:
    """Nothing goes on beside requests."""
    await asyncio.Event().wait()


def main(port: int) -> None:
    """Serve until told to stop."""
    settings = replace(SETTINGS, port=port)
    bridge.BODY_SHARE = 1  # type: ignore[misc]
    run(settings, lambda: bridge.Bridge(application, refuse, settings, ("/slow",), idle))


if __name__ == "__main__":
    main(int(sys.argv[1]))
