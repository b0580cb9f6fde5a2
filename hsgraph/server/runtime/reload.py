"""Takes up newer data: builds them, starts their query host, has workers answer from them."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Final

from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.runners.query_host import QueryHost
from hsgraph.origin.builder import Builder, Outcome
from hsgraph.origin.origin import Origin, Watch
from hsgraph.server.ops.run_folder import RunFolder, Status
from hsgraph.settings import Settings

_IDLE: Final = 1.0
"""Seconds without a query after which a host of data before ends: a query that has made room for
others comes back within them."""
_log = logging.getLogger("hsgraph.server")


class Reload:
    """Goes on by one step whenever it is asked to; `host` is that of the data served now."""

    def __init__(
        self, folder: RunFolder, settings: Settings, origin: Origin | None, watch: bool
    ) -> None:
        self.host: QueryHost | None = None
        self._folder = folder
        self._settings = settings
        self._origin = origin
        self._watch = Watch(origin, settings.watch_seconds) if watch and origin else None
        self._wanted = False
        self._builder: Builder | None = None
        self._next: tuple[Snapshot, QueryHost] | None = None
        self._old: QueryHost | None = None
        self._last_used = 0.0

    def begin(self, snapshot: Snapshot) -> Status:
        """Start the host of the data that are served first, and say which they are."""
        self.host = QueryHost(snapshot, self._settings)
        folder = str(self.host.client.folder)
        return Status(since=time.time(), snapshot=str(snapshot.path), host=folder)

    def want(self) -> None:
        """Look for newer data as soon as nothing else goes on."""
        self._wanted = True

    def step(self) -> None:
        if self._watch is not None and self._watch.changed():
            self.want()
        if self._wanted and self._origin and not (self._builder or self._next or self._old):
            self._wanted = False
            self._builder = Builder(self._origin)
            self._folder.change(building=True)
        if self._builder and (outcome := self._builder.outcome()):
            self._builder = None
            self._take(outcome)
        if self._next is not None and self._next[1].answers():
            self._switch(*self._next)
        elif self._old is not None and not self._is_left():
            self._last_used = time.monotonic()
        elif self._old is not None and time.monotonic() - self._last_used > _IDLE:
            self._old.close()
            self._old = None

    def tell_to_stop(self) -> None:
        """Have a build that goes on end while other things do."""
        if self._builder is not None:
            self._builder.tell_to_stop()

    def stop(self) -> None:
        """End whatever goes on, and all hosts."""
        if self._builder is not None:
            self._builder.stop()
        for host in (self.host, self._old, self._next and self._next[1]):
            if host is not None:
                host.close()

    def _take(self, outcome: Outcome) -> None:
        """Start a host for what was built, or tell what is wrong with it."""
        good = not outcome.error
        status = self._folder.status()
        newer = good and str(Path(outcome.path).resolve()) != status.snapshot
        if not good:
            about = {"error": outcome.error, "seconds": outcome.seconds}
            _log.error("The build failed; the data before are served on.", extra={"facts": about})
            for place in outcome.places:
                _log.error(place)
        elif not newer:
            _log.info("Looked for newer data: nothing has changed.")
        self._folder.change(
            building=False,
            build_at=time.time(),
            build_seconds=outcome.seconds,
            builds=status.builds + good,
            failed_builds=status.failed_builds + (not good),
            error=outcome.error,
            places=outcome.places,
        )
        if newer:
            snapshot = Snapshot(outcome.path)
            self._next = (snapshot, QueryHost(snapshot, self._settings))

    def _switch(self, snapshot: Snapshot, host: QueryHost) -> None:
        """Have workers answer from newer data."""
        self._next, self._old, self.host = None, self.host, host
        self._last_used = time.monotonic()
        status = self._folder.status()
        self._folder.change(
            generation=status.generation + 1,
            snapshot=str(snapshot.path),
            host=str(host.client.folder),
            since=time.time(),
        )
        _log.info("Newer data are served.", extra={"facts": {"version": snapshot.version}})

    def _is_left(self) -> bool:
        """Whether no worker answers from the data before, and no query runs over them."""
        generation = self._folder.status().generation
        beats = self._folder.heartbeats()
        gone = all(beat.generation == generation for beat in beats)
        return gone and self._old is not None and self._old.is_idle()
