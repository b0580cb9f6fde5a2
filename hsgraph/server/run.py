"""Starting the server: data loaded once, runners and workers forked from it, then granian.

Everything that workers share is made before they are forked, so that their memory is shared too.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import logging
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from hsgraph.engine.confine import die_with_parent
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.runners import Runners
from hsgraph.errors import SettingsError
from hsgraph.graph import KnowledgeGraph, Progress
from hsgraph.server import logs
from hsgraph.server.app import create_app
from hsgraph.server.cache import AnswerCache, Wsgi
from hsgraph.server.downloads import FILES
from hsgraph.server.site import Site
from hsgraph.settings import Settings

if TYPE_CHECKING:
    from hsgraph.build.snapshot import Snapshot

_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 10
_BACKLOG: Final = 1024
_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - addresses to recognise, not to bind
_log = logging.getLogger("hsgraph.server")


def serve(
    snapshot: Snapshot, settings: Settings, *, announce: Callable[[str], None] = print
) -> None:
    """Serve a snapshot until the process is told to stop (SIGINT or SIGTERM).

    `announce` is given one line when the server answers. Raises `SettingsError` when the address
    cannot be listened on.
    """
    settings = _prepared(settings)
    engine = EmbeddedEngine(
        snapshot, length=settings.query_length, allow_service=settings.allow_service
    )
    with Runners.start(engine, settings) as runners:
        graph = KnowledgeGraph(runners.engine(), snapshot=snapshot, settings=settings)
        _run(graph, settings, announce)


def serve_endpoint(
    settings: Settings,
    *,
    announce: Callable[[str], None] = print,
    progress: Progress | None = None,
) -> None:
    """Serve what the SPARQL endpoint of the settings holds, as `serve` does a snapshot.

    Raises besides: `EngineUnavailable` when the endpoint does not answer as it should.
    """
    settings = _prepared(settings)
    with tempfile.TemporaryDirectory(prefix="hsgraph-") as folder:
        graph = KnowledgeGraph.at(
            settings.endpoint, settings=settings, index=Path(folder), progress=progress
        )
        with graph:
            _run(graph, settings, announce)


def _prepared(settings: Settings) -> Settings:
    logs.configure(settings.log_level, settings.log_format)
    return replace(settings, port=reserve(settings.host, settings.port))


def _run(graph: KnowledgeGraph, settings: Settings, announce: Callable[[str], None]) -> None:
    wsgi = application(graph, settings)
    multiprocessing.set_start_method("fork", force=True)
    parent = os.getpid()

    def load() -> Wsgi:
        die_with_parent(parent, signal.SIGTERM)
        return wsgi

    _Server(settings, announce).serve(target_loader=load, wrap_loader=False)


def application(graph: KnowledgeGraph, settings: Settings) -> Wsgi:
    """The application with the cache of answers in front, as every worker runs it.

    Templates are compiled now: once, before workers are forked, not by the first reader of each.
    """
    app = create_app(graph, settings)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    site: Site = app.extensions["hsgraph"]
    version, limit = (lambda: graph.version), settings.cache_bytes
    return AnswerCache(app.wsgi_app, version, limit, site.metrics, passed=FILES)


def reserve(host: str, port: int) -> int:
    """The port to listen on, a free one for 0. Raises `SettingsError` if it cannot be had.

    Workers share their port by SO_REUSEPORT, with which a second server would start without an
    error and take half of the requests of the first; so it is tried without that first.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        raise _cannot_listen(host, port, error) from error


def _cannot_listen(host: str, port: int, error: OSError) -> SettingsError:
    if error.errno == errno.EADDRINUSE:
        return SettingsError(
            f"Port {port} of {host} is in use by another program.",
            remedy=f"Stop that program, or take another port: hsgraph serve --port {port + 1}",
        )
    if error.errno == errno.EACCES:
        return SettingsError(
            f"Port {port} needs rights that this user does not have.",
            remedy="Take a port above 1023: hsgraph serve --port 8080",
        )
    return SettingsError(
        f"Cannot listen on {host}: {error.strerror or error}.",
        remedy="Check the setting “host”; 127.0.0.1 is this machine, 0.0.0.0 every network.",
    )


class _Server(MPServer):
    """Granian's server of forked workers, which tells when it answers."""

    def __init__(self, settings: Settings, announce: Callable[[str], None]) -> None:
        super().__init__(
            "hsgraph",
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.workers,
            blocking_threads=settings.threads,
            backlog=_BACKLOG,
            websockets=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            workers_kill_timeout=_STOP_SECONDS,
        )
        self._settings = settings
        self._announce = announce

    def startup(self, *arguments: Any) -> None:
        """Start the workers, wait until one answers, and say so."""
        super().startup(*arguments)  # type: ignore[no-untyped-call]
        host, port = self._settings.host, self._settings.port
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and not self.main_loop_interrupt.is_set():
            if answers("127.0.0.1" if host in _EVERYWHERE else host, port):
                shown = f"[{host}]" if ":" in host else host
                self._announce(f"hsgraph answers at http://{shown}:{port}/")
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
