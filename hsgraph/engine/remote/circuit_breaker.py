"""Spares a failing remote engine, and whoever waits for it: after some failures, fail at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after `most` failures in a row, and lets one attempt through every `rest` seconds."""

    def __init__(self, most: int, rest: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._rest = rest
        self._clock = clock
        self._failures = 0
        self._until = 0.0
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether to try; an attempt let through while open counts as the trial."""
        with self._lock:
            if self._failures < self._most:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + self._rest
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._until = self._clock() + self._rest
