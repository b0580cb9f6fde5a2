"""Reads an SQLite file of a snapshot: one connection for each thread, kept open."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

_KILOBYTES: Final = 256
"""Memory of a connection for pages of the file; the system keeps those that all threads read."""
_MAPPED: Final = 1 << 30


class Tables:
    """A file that no longer changes; safe in any thread and after a fork.

    To open it takes as long as ten answers, more with many tables.
    """

    def __init__(self, path: Path) -> None:
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()

    def open(self) -> sqlite3.Connection:
        """The connection of this thread and process; not to be closed."""
        process, connection = getattr(self._local, "kept", (0, None))
        if connection is None or process != os.getpid():
            connection = sqlite3.connect(
                self._address, uri=True, check_same_thread=False, factory=_Connection
            )
            connection.execute(f"PRAGMA cache_size = -{_KILOBYTES}")
            connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
            self._local.kept = os.getpid(), connection
        return connection


class _Connection(sqlite3.Connection):
    """Closed when its thread ends, or nobody wants the file any more."""

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # of one that could not be opened
            self.close()
