"""One worker of the web server: the application over the data that the parent process names.

When the parent names other data, the worker opens them and answers from them from then on; no
connection is touched. It says that it is alive by a file in the run folder, for the parent.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from hsgraph import processes
from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.runners.client import GuardedEngine, RunnerClient
from hsgraph.errors import SnapshotError
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.api.downloads import FILES
from hsgraph.server.app import create_app
from hsgraph.server.http.cache import AnswerCache
from hsgraph.server.http.problems import refusing
from hsgraph.server.http.wsgi import Wsgi
from hsgraph.server.ops.run_folder import RunFolder, Status
from hsgraph.server.runtime.bridge import Bridge
from hsgraph.server.site import Site, serve_now, served_now
from hsgraph.settings import Settings

QUERIES: Final = (
    *("/sparql", "/reconcile", "/validate", "/data/graph", "/fragments", "/ask", "/search"),
    *("/things", "/browse/project.", "/data/hsgraph.iati.xml"),
)
"""The first parts of the paths behind which strangers' work is done, in threads of its own: what
they ask themselves, and what is read of the whole graph for one answer."""
BEAT_SECONDS: Final = 0.25
_SWITCH_SECONDS: Final = 0.0005
"""After so long a thread lets another run: a small request waits for each of its steps while
another thread reads the words of questions or writes a page (Python's own 5 ms made 2 ms 10)."""
_OUTLIVES: Final = 60.0
"""The most seconds that a worker answers on when its web server is gone."""
ORPHANED: Final = signal.SIGUSR2
"""What the kernel tells a worker with when its web server is gone."""
_log = logging.getLogger("hsgraph.server")


def open_graph(status: Status, settings: Settings) -> KnowledgeGraph:
    """The graph that a status names: from disk, its queries from outside in the runners."""
    snapshot = Snapshot(status.snapshot)
    engine = EmbeddedEngine(snapshot, settings, from_disk=True)
    guarded = GuardedEngine(engine, RunnerClient(Path(status.host), settings))
    return KnowledgeGraph(guarded, snapshot=snapshot, settings=settings)


def wsgi(app: Flask, settings: Settings) -> Wsgi:
    """The application as every worker runs it: proxies, then the cache of answers, then Flask."""
    site = served_now(app)
    inner: Wsgi = AnswerCache(
        app.wsgi_app,
        lambda: served_now(app).version,
        settings.cache_bytes,
        site.metrics,
        FILES,
    )
    if count := settings.proxies:
        inner = ProxyFix(inner, x_for=count, x_proto=count, x_host=count)
    return inner


class Worker:
    """What the web server runs in each of its processes."""

    def __init__(
        self, folder: RunFolder, settings: Settings, endpoint: KnowledgeGraph | None = None
    ) -> None:
        """`endpoint` is the graph behind an endpoint, opened before workers were forked."""
        processes.return_memory_soon()
        self._folder = folder
        self._folder.beat(0)
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._settings = settings
        self._endpoint = endpoint
        self._status = self._folder.status()
        graph = endpoint or open_graph(self._status, settings)
        self._app = create_app(graph, settings, self._folder)
        gc.freeze()

    def asgi(self) -> Bridge:
        settings = self._settings
        below = urlsplit(settings.base).path.rstrip("/")
        queries = (*QUERIES, *(below + path for path in QUERIES))
        refuse = refusing(lambda: served_now(self._app))
        return Bridge(wsgi(self._app, settings), refuse, settings, queries, self._follow)

    async def _follow(self) -> None:
        """Say that this process is alive, and take up the data that the parent names."""
        checking = asyncio.ensure_future(asyncio.to_thread(self._settle))
        orphaned = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(ORPHANED, orphaned.set)
        ending = asyncio.ensure_future(self._outlive(orphaned))
        while not ending.done():
            with suppress(OSError, ValueError):
                self._folder.beat(self._status.generation)
                status = self._folder.status()
                if status.generation != self._status.generation and self._endpoint is None:
                    await asyncio.to_thread(self._take_up, status)
                    checking.cancel()
                    checking = asyncio.ensure_future(asyncio.to_thread(self._verify))
            await asyncio.sleep(BEAT_SECONDS)

    async def _outlive(self, orphaned: asyncio.Event) -> None:
        """When the web server is gone, answer on until the next one does."""
        await orphaned.wait()
        known = {beat.process for beat in self._folder.heartbeats()}
        end = time.monotonic() + _OUTLIVES
        while time.monotonic() < end:
            answering = {beat.process for beat in self._folder.heartbeats() if beat.generation}
            if answering - known:
                break
            await asyncio.sleep(BEAT_SECONDS)
        processes.accept_no_more()
        await asyncio.sleep(BEAT_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    def _settle(self) -> None:
        """Do what takes seconds, while pages are answered: read the words of questions, verify."""
        if self._endpoint is None:
            served_now(self._app).graph.asker.prepare()
            gc.freeze()
        self._verify()

    def _take_up(self, status: Status) -> None:
        try:
            graph = open_graph(status, self._settings)
            graph.asker.prepare()
        except SnapshotError:
            _log.exception("The new data cannot be opened; the data from before are served on.")
        else:
            serve_now(self._app, replace(served_now(self._app), graph=graph, damage=""))
        self._status = status

    def _verify(self) -> None:
        """Compare the files of the snapshot with their digests; /readyz says what differs."""
        site: Site = served_now(self._app)
        try:
            if site.graph.snapshot is not None:
                site.graph.snapshot.verify()
        except (SnapshotError, OSError) as error:
            _log.error("The snapshot that is served is not what was built: %s", error)
            serve_now(self._app, replace(site, damage=str(error)))
