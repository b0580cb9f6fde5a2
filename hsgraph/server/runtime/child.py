"""A generation as the supervisor sees it: a process that is started, told, asked and killed."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hsgraph.server.runtime import generation
from hsgraph.settings import Settings

_log = logging.getLogger("hsgraph.server")


@dataclass
class Child:
    """A running generation."""

    number: int
    path: Path | str
    process: int
    control: socket.socket
    born: float
    ready: bool = False
    retired: bool = False
    end_by: float = float("inf")

    def tell(self, message: bytes) -> None:
        """Say something that a generation listens to."""
        with contextlib.suppress(OSError):
            self.control.send(message)

    def ask_to_stop(self) -> None:
        """Have it answer what was begun, and end."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGTERM)

    def has_ended(self) -> bool:
        """Whether its first process has ended; what that left is collected."""
        with contextlib.suppress(ChildProcessError):
            return os.waitpid(self.process, os.WNOHANG) != (0, 0)
        return True

    def kill(self) -> None:
        """End all its processes at once."""
        self.kill_group()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self.process, signal.SIGKILL)

    def kill_group(self) -> None:
        """End those that it started, which may outlive it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process, signal.SIGKILL)


def start(
    number: int,
    path: Path | str,
    settings: Settings,
    listeners: tuple[socket.socket, ...],
    application: generation.Application,
) -> Child:
    """Fork a generation that loads a snapshot and then waits to be let in."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = os.fork()
    if process == 0:
        try:
            ours.close()
            generation.run(path, settings, listeners, theirs, application)
        except BaseException:
            _log.exception("The data could not be served.")
        finally:
            os._exit(1)
    theirs.close()
    return Child(number, path, process, ours, time.monotonic())


NOBODY: Final = Child(0, "", 0, socket.socket(socket.AF_UNIX), 0.0)
