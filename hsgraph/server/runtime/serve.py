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
from dataclasses import replace
from pathlib import Path
from typing import Final

from hsgraph.build.snapshot import Snapshot
from hsgraph.engine import store
from hsgraph.engine.runners.query_host import QueryHost
from hsgraph.server.ops import logs
from hsgraph.server.ops.metrics import FOLDER_VARIABLE
from hsgraph.server.ops.run_folder import RunFolder, Status
from hsgraph.server.runtime.address import answers, reserve, shown
from hsgraph.server.runtime.builder import Builder, Outcome
from hsgraph.server.runtime.origin import Origin
from hsgraph.server.runtime.watch import Watch
from hsgraph.server.runtime.watchdog import Watchdog
from hsgraph.settings import Settings

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
_TICK: Final = 0.1
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
    answers. Raises `SettingsError` when the address cannot be listened on.
    """
    settings = replace(settings, port=reserve(settings.host, settings.port))
    logs.configure(settings.log_level, settings.log_format)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        with tempfile.TemporaryDirectory(prefix="hsgraph-run-") as folder:
            watching = Watch(origin, settings.watch_seconds) if watch and origin else None
            Parent(RunFolder(Path(folder)), settings, origin, watching).serve(source, announce)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Parent:
    """The loop over signals, children and the clock."""

    def __init__(
        self, folder: RunFolder, settings: Settings, origin: Origin | None, watch: Watch | None
    ) -> None:
        self._settings = settings
        self._origin = origin
        self._watch = watch
        self._folder = folder
        self._status = Status(since=time.time())
        self._watchdog = Watchdog(folder)
        self._host: QueryHost | None = None
        self._next: tuple[Snapshot, QueryHost] | None = None
        self._old: QueryHost | None = None
        self._builder: Builder | None = None
        self._again = False

    def serve(self, source: Path | str, announce: Callable[[str], None]) -> None:
        """Start, look after everything, and end everything."""
        self._folder.keep_settings(self._settings)
        if isinstance(source, Path):
            snapshot = Snapshot(source)
            store.prepare(snapshot.data, snapshot.metadata, snapshot.version)
            self._host = QueryHost(snapshot, self._settings)
            self._status = replace(self._status, snapshot=str(snapshot.path))
            self._status = replace(self._status, host=str(self._host.client.folder))
        self._folder.tell(self._status)
        self._web = self._start_web()
        try:
            if self._host is not None:
                self._host.wait()
            self._announce(announce)
            self._look_after()
        finally:
            self._stop()

    def _start_web(self) -> subprocess.Popen[bytes]:
        self._folder.counts.mkdir(exist_ok=True)
        return subprocess.Popen(  # noqa: S603 - this program
            [
                sys.executable,
                "-m",
                "hsgraph.server.runtime.web",
                str(self._folder.path),
                str(os.getpid()),
            ],
            stdin=subprocess.DEVNULL,
            env={**os.environ, FOLDER_VARIABLE: str(self._folder.counts)},
        )

    def _announce(self, announce: Callable[[str], None]) -> None:
        """Say that the server answers, once it does."""
        host, port = self._settings.host, self._settings.port
        end = time.monotonic() + _STARTING
        while time.monotonic() < end and not answers(host, port):
            if self._web.poll() is not None or self._signal(0.02):
                return
        announce(f"hsgraph answers at {shown(host, port)}")
        sys.stdout.flush()

    def _look_after(self) -> None:
        while not self._signal(_TICK):
            self._look_after_processes()
            self._look_after_builds()
            self._switch()

    def _signal(self, seconds: float) -> bool:
        """Wait so long for a signal; whether it says to stop."""
        happened = signal.sigtimedwait(_SIGNALS, seconds)
        if happened is not None and happened.si_signo == signal.SIGHUP:
            self._again = True
        return happened is not None and happened.si_signo in (signal.SIGTERM, signal.SIGINT)

    def _look_after_processes(self) -> None:
        if self._host is not None and (ended := self._host.revive()) is not None:
            _log.error("The query host had died (%s) and was started again.", ended)
            self._say(host_restarts=self._status.host_restarts + 1)
        if (ended := self._web.poll()) is not None:
            _log.error("The web server had died (%s) and was started again.", ended)
            self._web = self._start_web()
            self._say(web_restarts=self._status.web_restarts + 1)
        if lost := self._watchdog.lost():
            self._say(worker_restarts=self._status.worker_restarts + lost)

    def _look_after_builds(self) -> None:
        if self._watch is not None and self._watch.changed():
            self._again = True
        if self._again and self._origin and not (self._builder or self._next or self._old):
            self._again = False
            self._builder = Builder(self._origin)
            self._say(building=True)
        if self._builder and (outcome := self._builder.outcome()):
            self._builder = None
            self._take(outcome)

    def _take(self, outcome: Outcome) -> None:
        """Take up what was built, or tell what is wrong with it."""
        good = not outcome.error
        status = self._status
        self._say(
            building=False,
            build_ok=good,
            build_at=time.time(),
            build_seconds=outcome.seconds,
            builds=status.builds + good,
            failed_builds=status.failed_builds + (not good),
            error=outcome.error,
            places=outcome.places,
        )
        if not good:
            about = {"error": outcome.error, "seconds": outcome.seconds}
            _log.error("The build failed; the data before are served on.", extra={"facts": about})
            for place in outcome.places:
                _log.error(place)
        elif str(Path(outcome.path).resolve()) == status.snapshot:
            _log.info("Looked for newer data: nothing has changed.")
        else:
            snapshot = Snapshot(outcome.path)
            self._next = (snapshot, QueryHost(snapshot, self._settings))

    def _switch(self) -> None:
        """Have workers answer from newer data once runners do; then end the host of the old."""
        if self._next is not None and self._next[1].answers():
            snapshot, host = self._next
            self._next, self._old, self._host = None, self._host, host
            self._say(
                generation=self._status.generation + 1,
                snapshot=str(snapshot.path),
                host=str(host.client.folder),
                since=time.time(),
                reloads=self._status.reloads + 1,
            )
            _log.info("Newer data are served.", extra={"facts": {"version": snapshot.version}})
        elif (
            self._old is not None
            and self._watchdog.all_at(self._status.generation)
            and self._old.is_idle()
        ):
            self._old.close()
            self._old = None

    def _say(self, **changes: object) -> None:
        self._status = replace(self._status, **changes)  # type: ignore[arg-type]
        self._folder.tell(self._status)

    def _stop(self) -> None:
        """End the web server, which answers what was begun, and then all else."""
        self._web.terminate()
        try:
            self._web.wait(self._settings.stop_seconds + 2)
        except subprocess.TimeoutExpired:
            self._web.kill()
            self._web.wait()
        if self._builder is not None:
            self._builder.stop()
        for host in (self._host, self._old, self._next and self._next[1]):
            if host is not None:
                host.close()
