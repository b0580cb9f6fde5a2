"""The web server: granian, by its public interface, with a worker of ours in each process.

Started by the parent as `python -m hsgraph.server.runtime.web FOLDER PARENT`; FOLDER holds the
settings and the status. A worker answers over the data that the parent names. When it names other
data, the worker opens them and answers from them from then on; no connection is touched. It says
that it is alive by a file in the run folder, for the parent.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.server import Server
from werkzeug.middleware.proxy_fix import ProxyFix

from hsgraph import processes
from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.runners.client import GuardedEngine, RunnerClient
from hsgraph.errors import HsgraphError, SnapshotError
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.api.downloads import FILES
from hsgraph.server.app import create_app, most_of_a_body, read_program
from hsgraph.server.http.cache import AnswerCache
from hsgraph.server.http.problems import refusing
from hsgraph.server.http.wsgi import HEAD, Wsgi
from hsgraph.server.ops import logs
from hsgraph.server.ops.metrics import Metrics
from hsgraph.server.ops.run_folder import RunFolder, Status
from hsgraph.server.runtime.bridge import Bounds, Bridge
from hsgraph.server.site import Site, serve_now, served_now
from hsgraph.settings import Settings

QUERIES: Final = (
    *("/sparql", "/reconcile", "/validate", "/data/graph", "/fragments", "/ask"),
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
_BODY_SHARE: Final = 4
"""A body may take so many times as long as a head."""
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
        self._app = create_app(graph, settings, Metrics(), self._folder)
        gc.freeze()

    def asgi(self) -> Bridge:
        settings = self._settings
        most = settings.runners + settings.queue + settings.threads
        bounds = Bounds(
            threads=settings.threads,
            query_threads=most,
            waiting=256,
            body=most_of_a_body(settings),
            body_seconds=_BODY_SHARE * settings.header_seconds,
            unsent=settings.unsent_bytes,
            share=max(1, (settings.runners + settings.queue) // (2 * settings.workers)),
            patience=settings.queue_seconds,
            proxies=settings.proxies,
            begun=most if self._endpoint else max(2, settings.runners),
        )
        below = urlsplit(settings.base).path.rstrip("/")
        queries = (*QUERIES, *(below + path for path in QUERIES))
        refuse = refusing(lambda: served_now(self._app))
        return Bridge(wsgi(self._app, settings), refuse, bounds, queries, self._follow)

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


def main(folder: RunFolder, parent: int) -> None:
    """Serve until told to stop by SIGTERM, or until the parent is gone."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    processes.end_with_parent(parent, signal.SIGTERM)
    settings = folder.settings()
    logs.configure(settings.log_level, settings.log_format)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        endpoint = None
        if settings.endpoint:
            index = Path(tempfile.mkdtemp(prefix="hsgraph-"))
            endpoint = KnowledgeGraph.at(settings.endpoint, settings=settings, index=index)
    except HsgraphError as error:
        sys.exit(f"Error: {error.message}")
    server_process = os.getpid()
    read_program(settings.snapshots / ".templates")
    gc.freeze()

    def load_worker() -> Bridge:
        # Until it serves, a worker has the server's way with signals, by which it would not end.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        processes.end_with_parent(server_process, ORPHANED)
        return Worker(folder, settings, endpoint).asgi()

    run(settings, load_worker)
    if os.getppid() != parent:
        shutil.rmtree(folder.path, ignore_errors=True)


def run(settings: Settings, load_worker: Callable[[], Bridge]) -> None:
    """Serve what `load_worker` makes in each process, until SIGTERM."""
    Server(
        "hsgraph",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        workers=settings.workers,
        loop=Loops.uvloop,
        websockets=False,
        backlog=1024,
        backpressure=settings.connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(settings.header_seconds * 1000),
            max_buffer_size=HEAD,
        ),
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=max(1, int(settings.stop_seconds)),
    ).serve(target_loader=load_worker, wrap_loader=False)


if __name__ == "__main__":
    main(RunFolder(Path(sys.argv[1])), int(sys.argv[2]))
