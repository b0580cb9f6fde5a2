"""The parent process of a server: builds, starts the query host and the web server, reloads.

It has no data and no threads. Whatever dies is started again; all end with it.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from hsgraph import processes
from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.runners.query_host import QueryHost
from hsgraph.errors import EngineUnavailable
from hsgraph.origin.origin import Origin
from hsgraph.server.ops import logs
from hsgraph.server.ops.metrics import FOLDER_VARIABLE
from hsgraph.server.ops.run_folder import RunFolder, Status
from hsgraph.server.runtime import watchdog
from hsgraph.server.runtime.address import answers, reserve, shown
from hsgraph.server.runtime.reload import Reload
from hsgraph.settings import Settings

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
_STARTING: Final = 120.0
_log = logging.getLogger("hsgraph.server")


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
    answers. Raises `SettingsError` when the address cannot be listened on, and EngineUnavailable
    when there is nothing to serve.
    """
    settings = replace(settings, port=reserve(settings.host, settings.port))
    logs.configure(settings.log_level, settings.log_format)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        with tempfile.TemporaryDirectory(prefix="hsgraph-run-") as folder:
            run_folder = RunFolder(Path(folder))
            reload = Reload(run_folder, settings, origin, watch)
            Parent(run_folder, settings, reload).serve(source, announce)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Parent:
    """The loop over signals, children and the clock."""

    def __init__(self, folder: RunFolder, settings: Settings, reload: Reload) -> None:
        self._folder = folder
        self._settings = settings
        self._reload = reload

    def serve(self, source: Path | str, announce: Callable[[str], None]) -> None:
        """Start, look after everything, and end everything."""
        self._folder.keep_settings(self._settings)
        over_data = isinstance(source, Path)
        status = self._reload.begin(Snapshot(source)) if over_data else Status(since=time.time())
        self._folder.tell(status)
        self._web = self._start_web()
        try:
            if self._reload.host is not None:
                self._reload.host.wait()
                self._tell_of_the_network(self._reload.host)
            told_to_stop = self._announce(announce)
            while not told_to_stop:
                self._revive()
                self._reload.step()
                told_to_stop = self._signal(0.1)
        finally:
            # the web server first, which answers what was begun
            self._reload.tell_to_stop()
            processes.stop(self._web, self._settings.stop_seconds + 2.0)
            self._reload.stop()

    def _start_web(self) -> subprocess.Popen[bytes]:
        self._folder.counts.mkdir(exist_ok=True)
        arguments = (str(self._folder.path), str(os.getpid()))
        return subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-m", "hsgraph.server.runtime.web", *arguments],
            stdin=subprocess.DEVNULL,
            env={**os.environ, FOLDER_VARIABLE: str(self._folder.counts)},
        )

    def _announce(self, announce: Callable[[str], None]) -> bool:
        """Tell when the server answers; whether a signal said to stop before that."""
        host, port = self._settings.host, self._settings.port
        end = time.monotonic() + _STARTING
        while time.monotonic() < end and not answers(host, port):
            if self._web.poll() is not None:
                raise EngineUnavailable("The web server ended before it answered.")
            if self._signal(0.02):
                return True
        announce(f"hsgraph answers at {shown(host, port)}")
        sys.stdout.flush()
        return False

    def _tell_of_the_network(self, host: QueryHost) -> None:
        """Warn where the system, or a setting, leaves queries a way to the network."""
        with suppress(EngineUnavailable):
            if not host.client.statistics()["isolated"]:
                _log.warning("Queries run in processes that are not cut off from the network.")

    def _signal(self, seconds: float) -> bool:
        """Wait so long for a signal; whether it says to stop."""
        happened = signal.sigtimedwait(_SIGNALS, seconds)
        if happened is not None and happened.si_signo == signal.SIGHUP:
            self._reload.want()
        return happened is not None and happened.si_signo in (signal.SIGTERM, signal.SIGINT)

    def _revive(self) -> None:
        """Start again what has died, and count it."""
        status = self._folder.status()
        host = self._reload.host
        if host is not None and (ended := host.revive()) is not None:
            _log.error("The query host had died (%s) and was started again.", ended)
            self._folder.change(host_restarts=status.host_restarts + 1)
        if (ended := self._web.poll()) is not None:
            _log.error("The web server had died (%s) and was started again.", ended)
            self._web = self._start_web()
            self._folder.change(web_restarts=status.web_restarts + 1)
        if died := watchdog.lost(self._folder):
            self._folder.change(worker_restarts=status.worker_restarts + died)
