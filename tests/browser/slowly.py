"""Pages that arrive in pieces, as they do over a poor line or on a busy machine."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

PIECES = 16
PAUSE = 0.05
"""Longer than three frames: what has come is seen before more does."""
_NOT_OURS = {"transfer-encoding", "content-length", "connection"}


class _Slow(BaseHTTPRequestHandler):
    """Hands on what a server answers; a page in pieces, all else at once."""

    behind = ""

    def do_GET(self) -> None:
        connection = http.client.HTTPConnection(self.behind, timeout=60)
        wanted = self.headers.get("Accept", "*/*")
        connection.request(
            "GET", self.path, headers={"Accept": wanted, "Accept-Encoding": "identity"}
        )
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _NOT_OURS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        is_page = answer.headers.get_content_type() == "text/html"
        size = -(-len(body) // PIECES) if is_page else len(body)
        for start in range(0, len(body), size or 1):
            self.wfile.write(body[start : start + size])
            time.sleep(PAUSE if is_page else 0)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def slowly(server: str) -> Iterator[str]:
    """The address at which pages of a server arrive in pieces."""
    handler = type("Slow", (_Slow,), {"behind": urlsplit(server).netloc})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/"
        listening.shutdown()
