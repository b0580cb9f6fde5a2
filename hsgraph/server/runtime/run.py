"""Starting the server: sockets opened, shared memory made, and then the supervisor's loop."""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from jinja2 import FileSystemBytecodeCache

from hsgraph.graph import KnowledgeGraph
from hsgraph.server.api.downloads import FILES
from hsgraph.server.app import create_app
from hsgraph.server.http.cache import AnswerCache
from hsgraph.server.ops import logs
from hsgraph.server.ops.metrics import Metrics
from hsgraph.server.ops.shared_status import Board
from hsgraph.server.runtime.listeners import listen, reserve
from hsgraph.server.runtime.origin import Origin
from hsgraph.server.runtime.quick import QuickQueries
from hsgraph.server.runtime.supervisor import Supervisor
from hsgraph.server.runtime.watch import Watch
from hsgraph.server.site import Site
from hsgraph.settings import Settings

__all__ = ["answers", "application", "reserve", "serve"]

COMPILED: Final = ".templates"
_START_SECONDS: Final = 30.0
_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - addresses to recognise, not to bind


def serve(
    source: Path | str,
    settings: Settings,
    *,
    announce: Callable[[str], None] = print,
    origin: Origin | None = None,
    watch: bool = False,
) -> None:
    """Serve a snapshot folder, or an endpoint by its address, until told to stop.

    SIGTERM and SIGINT stop it. SIGHUP takes up the newest data of `origin`, built if need be, and
    so does a change of its files with `watch`. `announce` is given one line when the server
    answers. Raises `SettingsError` when the address cannot be listened on.
    """
    settings = replace(settings, port=reserve(settings.host, settings.port))
    logs.configure(settings.log_level, settings.log_format)
    multiprocessing.set_start_method("fork", force=True)
    board, metrics = Board(), Metrics()
    listeners = listen(settings.host, settings.port, settings.workers)

    watching = Watch(origin, settings.watch_seconds) if watch and origin else None
    with ExitStack() as stack:
        for listener in listeners:
            stack.enter_context(listener)
        compiled = kept(source) or stack.enter_context(
            tempfile.TemporaryDirectory(prefix="hsgraph-templates-")
        )

        def make(graph: KnowledgeGraph, settings: Settings) -> AnswerCache:
            return application(graph, settings, metrics, board, compiled)

        Supervisor(settings, listeners, make, board, origin, watching).serve(
            source, lambda: _announce(settings, announce)
        )


def application(
    graph: KnowledgeGraph,
    settings: Settings,
    metrics: Metrics | None = None,
    board: Board | None = None,
    compiled: str | None = None,
) -> AnswerCache:
    """The application with the cache of answers in front, as every worker runs it.

    Templates are compiled now, before workers are forked, not by the first reader of each; the
    folder `compiled` keeps them for the next generation, which is then there a second earlier.
    What it holds is checked against the template's text.
    """
    app = create_app(graph, settings, metrics, board)
    if compiled is not None:
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(compiled)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    site: Site = app.extensions["hsgraph"]
    version, limit = (lambda: graph.version), settings.cache_bytes
    inner = QuickQueries(app.wsgi_app, site)
    instant = graph.snapshot is not None
    return AnswerCache(inner, version, limit, site.metrics, FILES, instant=instant)


def kept(source: Path | str) -> str | None:
    """The folder for compiled templates beside the snapshots, from one start to the next.

    None for an endpoint, and where the folder cannot be made or written.
    """
    if isinstance(source, str):
        return None
    folder = source.resolve().parent / COMPILED
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return str(folder)
    except OSError:
        return None


def _announce(settings: Settings, announce: Callable[[str], None]) -> None:
    """Say that the server answers, once it does."""
    host, port = settings.host, settings.port
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if answers("127.0.0.1" if host in _EVERYWHERE else host, port):
            shown = f"[{host}]" if ":" in host else host
            announce(f"hsgraph answers at http://{shown}:{port}/")
            sys.stdout.flush()
            return
        time.sleep(0.02)


def answers(host: str, port: int) -> bool:
    """Whether a server answers there."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    return False
