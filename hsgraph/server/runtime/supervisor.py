"""The supervisor: owns the sockets, starts a generation for each snapshot, and swaps them.

    supervisor            no data, no threads
      ├── build           while one runs
      └── generation      one snapshot; for a moment two, while one takes over from the other
            ├── host of the runners, runners
            └── web server, web workers

The coming generation loads while the serving one serves; then the serving one stops accepting,
tells so, and only then the coming one accepts. Connections wait in the sockets meanwhile.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hsgraph.errors import SnapshotError
from hsgraph.server.ops.shared_status import Board
from hsgraph.server.runtime import generation
from hsgraph.server.runtime.builder import Builder, report
from hsgraph.server.runtime.child import NOBODY, Child, start
from hsgraph.server.runtime.origin import Origin
from hsgraph.server.runtime.watch import Watch
from hsgraph.settings import Settings

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
_HANDOVER: Final = 2.0
"""Seconds that the serving generation has to say that it no longer accepts."""
_SHORT_LIFE: Final = 10.0
_LONGEST_PAUSE: Final = 30.0
_BEYOND: Final = 2.0
_log = logging.getLogger("hsgraph.server")


class Supervisor:
    """The loop; `serve` returns when it was told to stop and everything has ended."""

    def __init__(
        self,
        settings: Settings,
        listeners: tuple[socket.socket, ...],
        application: generation.Application,
        board: Board,
        origin: Origin | None,
        watch: Watch | None,
    ) -> None:
        self._settings = settings
        self._listeners = listeners
        self._application = application
        self._board = board
        self._origin = origin
        self._watch = watch
        self._selector = selectors.DefaultSelector()
        self._serving: Child | None = None
        self._coming: Child | None = None
        self._leaving: Child | None = None
        self._builder: Builder | None = None
        self._next: Path | str | None = None
        self._asked = False
        self._stopping = False
        self._number = 0
        self._start_at = 0.0
        self._pause = 1.0
        self._announce: Callable[[], None] = lambda: None

    def serve(self, path: Path | str, announce: Callable[[], None]) -> None:
        """Serve a snapshot and those that follow it. Raises `SnapshotError` if the first cannot."""
        woken, wakes = os.pipe()
        for end in (woken, wakes):
            os.set_blocking(end, False)
        before = {number: signal.signal(number, lambda *_: None) for number in _SIGNALS}
        old = signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self._selector.register(woken, selectors.EVENT_READ, self._heed)
        self._next, self._announce = path, announce
        try:
            while not (self._stopping and not self._children()):
                self._advance()
                for key, _ in self._selector.select(self._patience()):
                    key.data(key.fileobj)
                self._bury()
        finally:
            for child in self._children():
                child.kill()
            signal.set_wakeup_fd(old)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.close()
            os.close(woken)
            os.close(wakes)

    def _children(self) -> list[Child]:
        return [each for each in (self._serving, self._coming, self._leaving) if each is not None]

    def _tell(self, **changes: Any) -> None:
        self._board.write(replace(self._board.read(), **changes))

    # Signals and time

    def _heed(self, woken: Any) -> None:
        with contextlib.suppress(BlockingIOError):
            for number in os.read(woken, 4096):
                if number in (signal.SIGTERM, signal.SIGINT):
                    self._stop()
                elif number == signal.SIGHUP:
                    _log.info("asked to reload")
                    self._asked = True

    def _patience(self) -> float:
        now = time.monotonic()
        until = [child.end_by - now for child in self._children()]
        if self._watch and not self._stopping:
            until.append(self._watch.next_look - now)
        if self._next is not None and self._coming is None and not self._stopping:
            until.append(self._start_at - now)
        return min(max(min(until, default=60.0), 0.0), 60.0)

    def _advance(self) -> None:
        """Do whatever is due: look for changes, build, start, and end what takes too long."""
        now = time.monotonic()
        if not self._stopping:
            if self._watch and self._watch.changed():
                self._asked = True
            if self._asked and self._builder is None:
                self._fetch()
            alone = self._coming is None and self._leaving is None
            if self._next is not None and alone and now >= self._start_at:
                self._start(self._next)
        for child in self._children():
            if now < child.end_by:
                continue
            if child is self._serving and not self._stopping:
                self._hand_over()
            else:
                _log.warning("processes that did not end in time were killed")
                child.kill()
                child.end_by = float("inf")

    def _stop(self) -> None:
        """Stop accepting, let what was begun be answered, and end."""
        if self._stopping:
            return
        self._stopping = True
        if self._builder is not None:
            self._builder.kill()
        for child in self._children():
            child.end_by = time.monotonic() + self._settings.stop_seconds + _BEYOND
            child.ask_to_stop()

    def _refuse(self) -> None:
        """Let new connections be refused: the other processes have closed the sockets as well.

        To shut them down instead would have the loops of workers spin on errors.
        """
        for listener in self._listeners:
            listener.close()

    # Builds

    def _fetch(self) -> None:
        self._asked = False
        if self._origin is None:
            self._next, self._start_at = (self._serving or self._coming or NOBODY).path, 0.0
            return
        self._builder = Builder(self._origin)
        self._selector.register(self._builder.output, selectors.EVENT_READ, self._built)
        self._tell(building=True)

    def _built(self, output: Any) -> None:
        assert self._builder is not None
        self._selector.unregister(output)
        outcome, self._builder = self._builder.outcome(), None
        if self._stopping:
            return
        state = self._board.read()
        told: dict[str, Any] = {"build_at": time.time(), "build_seconds": outcome.seconds}
        if outcome.path is None:
            told |= {"error": outcome.error, "places": outcome.places, "build_ok": False}
            told |= {"failed_builds": state.failed_builds + 1}
            report(outcome)
        else:
            told |= {"error": "", "places": (), "build_ok": True, "builds": state.builds + 1}
            self._take(outcome.path)
        self._tell(building=False, **told)

    def _take(self, path: Path) -> None:
        latest = self._next or (self._coming or self._serving or NOBODY).path
        if path == latest:
            _log.info("nothing has changed")
        else:
            self._next, self._start_at = path, 0.0

    # Generations

    def _start(self, path: Path | str) -> None:
        self._next = None
        self._number += 1
        child = start(self._number, path, self._settings, self._listeners, self._application)
        self._coming = child
        self._selector.register(child.control, selectors.EVENT_READ, self._hear)

    def _hear(self, control: Any) -> None:
        child = next(each for each in self._children() if each.control is control)
        try:
            message = control.recv(8192)
        except ConnectionError:
            message = b""
        if not message:
            self._selector.unregister(control)
        elif message == generation.READY and child is self._coming:
            child.ready = True
            if self._serving is None:
                self._hand_over()
            else:
                self._serving.end_by = time.monotonic() + _HANDOVER
                self._serving.tell(generation.RETIRE)
        elif message == generation.RETIRED and self._stopping:
            self._refuse()
        elif message == generation.RETIRED and child is self._serving:
            self._hand_over()
        elif message == generation.HOST_RESTARTED:
            self._tell(host_restarts=self._board.read().host_restarts + 1)
        elif message.startswith(generation.FAILED):
            self._failed(message.removeprefix(generation.FAILED).decode())

    def _hand_over(self) -> None:
        """Let the coming generation accept, now that the serving one does not any more."""
        child, before = self._coming, self._serving
        if before is not None:
            before.retired = True
            limit = self._settings.retire_seconds + self._settings.stop_seconds
            before.end_by = time.monotonic() + limit
            self._leaving = before
        self._serving, self._coming = child, None
        if child is None or not child.ready:
            return
        child.tell(generation.GO)
        state = self._board.read()
        version = _version(child.path)
        self._tell(
            generation=child.number,
            version=version,
            since=time.time(),
            reloads=state.reloads + (before is not None),
        )
        _log.info("serving", extra={"facts": {"version": version, "generation": child.number}})
        self._announce()
        self._announce = lambda: None

    def _failed(self, message: str) -> None:
        if self._serving is None and self._number == 1:
            self._stop()
            raise SnapshotError(f"The data cannot be served: {message}")
        facts = {"facts": {"error": message}}
        _log.error("The data cannot be served; the data from before is.", extra=facts)
        self._tell(build_ok=False, error=message, places=(), build_at=time.time())

    def _bury(self) -> None:
        for child in self._children():
            if not child.has_ended():
                continue
            with contextlib.suppress(KeyError):
                self._selector.unregister(child.control)
            child.control.close()
            child.kill_group()
            self._forget(child)

    def _forget(self, child: Child) -> None:
        """A generation has ended; if it should not have, start another from the same snapshot."""
        if child is self._leaving:
            self._leaving = None
        elif child is self._coming:
            self._coming = None
            if self._serving is None:
                self._again(child)
        else:
            self._serving = None
            if self._coming is not None and self._coming.ready:
                self._hand_over()
            else:
                self._again(child)

    def _again(self, child: Child) -> None:
        if self._stopping:
            return
        now = time.monotonic()
        lived = now - child.born > _SHORT_LIFE
        self._pause = 0.1 if lived else min(self._pause * 2, _LONGEST_PAUSE)
        self._start_at = now + self._pause
        self._next = self._next or child.path
        self._tell(restarts=self._board.read().restarts + 1)
        _log.error("The serving processes had ended; others are started.")


def _version(path: Path | str) -> str:
    from hsgraph.build.snapshot import Snapshot

    return "" if isinstance(path, str) else Snapshot(path).version
