"""The version of a remote dataset: watched by counting its graphs now and then."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from hsgraph.errors import HsgraphError

_EVERY: Final = 30.0
_SHARE: Final = 20
"""Counting may take one twentieth of the time."""
_LONGEST: Final = 600
"""Seconds after which the version changes in any case: a change that leaves all counts as they
were is seen then."""
_log = logging.getLogger("hsgraph.engine")


class Version:
    """Changes when the number of triples in a graph does, and every ten minutes.

    Reading it never waits, but for the first time: counting goes on in a thread of its own. When
    to count is by a clock that nobody sets; the ten minutes are the same for all processes.
    """

    def __init__(self, name: str, count: Callable[[], Mapping[str, int]]) -> None:
        self._name = name
        self._count = count
        self._counted = ""
        self._next = 0.0
        self._lock = threading.Lock()

    def read(self) -> str:
        """Sixteen hexadecimal digits."""
        if time.monotonic() >= self._next and self._lock.acquire(blocking=False):
            if self._next:
                threading.Thread(target=self._poll, daemon=True).start()
            else:
                self._poll()
        return _digest(f"{self._name} {self._counted} {int(time.time() / _LONGEST)}")

    def _poll(self) -> None:
        start = time.monotonic()
        try:
            counts = self._count()
            self._counted = _digest(repr(sorted(counts.items())))
        except HsgraphError as error:
            _log.warning("The remote graphs could not be counted: %s", error.message)
        finally:
            end = time.monotonic()
            self._next = end + max(_EVERY, (end - start) * _SHARE)
            self._lock.release()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
