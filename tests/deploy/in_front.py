"""Runs every test client of Flask over nginx: `HSGRAPH_TEST_FRONT=nginx pytest tests/http`.

A request goes over a socket to nginx, which has the lines of docs/operations.md, without TLS and
without the limit of requests a second; from there to the web server and the bridge of operators,
in this process, around the application of the test. What is asked of 127.0.0.1 is asked past nginx,
as operators do.
"""

from __future__ import annotations

import asyncio
import http.client
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from werkzeug.datastructures import Headers
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from hsgraph.server.http.cache import ONLY_KEPT, NotKept
from hsgraph.server.http.problems import refuse
from hsgraph.server.http.wsgi import HEAD, Environ
from hsgraph.server.runtime.address import reserve
from hsgraph.server.runtime.bridge import Bridge
from hsgraph.settings import load
from tests.deploy.front import Front, listens, nginx
from tests.serving import eventually

PLAIN = {
    "listen 443 ssl http2": "listen 443",
    "    ssl_certificate /etc/ssl/hsgraph.pem;\n    ssl_certificate_key /etc/ssl/hsgraph.key;": "",
    "rate=20r/s": "rate=10000r/s",
    "proxy_cache hsgraph_kept;": "",
}
"""Changes of the lines; tests look at what the application says, so nothing is kept before it."""
WITHIN = "http://127.0.0.1/"
"""The address by which operators ask on the server's machine, past nginx."""
_NUMBER = "X-Test-Application"
_AS_IT_IS = "%!$&'()*+,;=:@/?-._~[]{}|^`\\"
"""What browsers do not encode in a query."""


@contextmanager
def over_nginx(folder: Path) -> Iterator[None]:
    """While this lasts, all test clients ask over nginx."""
    applications: list[Any] = []
    ask_directly = Client.run_wsgi_app
    with _upstream(applications) as port, nginx(folder, port, PLAIN) as front:

        def ask(client: Client, environ: Environ, buffered: bool = False) -> Any:
            if environ["HTTP_HOST"] == urlsplit(WITHIN).netloc:
                return ask_directly(client, environ, buffered)
            application = client.application
            if application not in applications:
                applications.append(application)
            return _send(front, environ, applications.index(application))

        Client.run_wsgi_app = ask  # type: ignore[method-assign]
        try:
            yield
        finally:
            Client.run_wsgi_app = ask_directly  # type: ignore[method-assign]


def _send(front: Front, environ: Environ, number: int) -> tuple[list[bytes], str, Headers]:
    path = quote(environ["PATH_INFO"].encode("latin-1"))
    if environ.get("QUERY_STRING"):
        path += "?" + quote(environ["QUERY_STRING"].encode("latin-1"), safe=_AS_IT_IS)
    headers = {
        name[5:].replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=60)
    try:
        connection.request(
            environ["REQUEST_METHOD"], path, body or None, {**headers, _NUMBER: str(number)}
        )
        answer = connection.getresponse()
        fields = Headers([pair for pair in answer.getheaders() if pair[0] != "Connection"])
        return [answer.read()], f"{answer.status} {answer.reason}", fields
    finally:
        connection.close()


@contextmanager
def _upstream(applications: list[Any]) -> Iterator[int]:
    """The port of a web server in this process that runs any of the applications."""

    def dispatch(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get(ONLY_KEPT):
            raise NotKept
        number = int(environ.pop("HTTP_" + _NUMBER.upper().replace("-", "_")))
        inner = ProxyFix(applications[number], x_for=1, x_proto=1, x_host=1)
        return inner(environ, start_response)

    async def idle() -> None:
        await asyncio.Event().wait()

    port = reserve("127.0.0.1", 0)
    settings = load(environ={}, query_length=1_000_000)
    server = Server(
        Bridge(dispatch, refuse, settings, (), idle),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=HEAD),
        websockets=False,
        log_enabled=False,
    )
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert eventually(lambda: listens(port))
    try:
        yield port
    finally:
        loops[0].call_soon_threadsafe(server.stop)
        thread.join(20)
