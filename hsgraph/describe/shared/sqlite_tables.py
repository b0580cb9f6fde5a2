"""Reads an SQLite file of a snapshot: one connection for each thread, kept open."""

from __future__ import annotations

import os
import sqlite3
import threading
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
        kept: _Kept | None = getattr(self._local, "kept", None)
        if kept is None or kept.process != os.getpid():
            kept = self._local.kept = _Kept(self._address)
        return kept.connection

    def has(self, table: str) -> bool:
        """Whether there is such a table: snapshots of former releases lack some."""
        known = "SELECT 1 FROM sqlite_master WHERE name = ?"
        return self.open().execute(known, (table,)).fetchone() is not None


class _Kept:
    """Closed when its thread ends, or nobody wants the file any more."""

    def __init__(self, address: str) -> None:
        self.process = os.getpid()
        self.connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self.connection.execute(f"PRAGMA cache_size = -{_KILOBYTES}")
        self.connection.execute(f"PRAGMA mmap_size = {_MAPPED}")

    def __del__(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
