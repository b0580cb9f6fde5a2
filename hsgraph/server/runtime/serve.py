"""The parent process of a server: builds, starts the query host and the web server, reloads.

It has no data and no threads. Whatever dies is started again; all end with it.
"""

from __future__ import annotations

import errno
import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from hsgraph import processes
from hsgraph.build.snapshot import Snapshot
from hsgraph.errors import EngineUnavailable, SettingsError
from hsgraph.origin.origin import Origin
from hsgraph.server.ops import logs
from hsgraph.server.ops.metrics import FOLDER_VARIABLE
from hsgraph.server.ops.run_folder import RunFolder, Status, lost
from hsgraph.server.runtime.reload import Reload
from hsgraph.settings import Settings

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
_STARTING: Final = 120.0
_log = logging.getLogger("hsgraph.server")
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
        shown = f"[{host}]" if ":" in host else host
        announce(f"hsgraph answers at http://{shown}:{port}/")
        sys.stdout.flush()
        return False

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
        if died := lost(self._folder):
            self._folder.change(worker_restarts=status.worker_restarts + died)


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


def answers(host: str, port: int) -> bool:
    reached = "127.0.0.1" if host in _EVERYWHERE else host
    connection = http.client.HTTPConnection(reached, port, timeout=2)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    return False


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
