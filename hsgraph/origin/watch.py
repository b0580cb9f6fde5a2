"""Notices that watched files have changed, once they have come to rest.

By looking at names, sizes and times of change: it needs no thread and works on every file system.
What a look costs sets how often there is one, so that it never takes more than a few percent.
"""

from __future__ import annotations

import time
from typing import Final

from hsgraph.origin.origin import Origin

_SHARE: Final = 30


class Watch:
    """Looks every `seconds` or less often; a change counts when two looks in a row are the same."""

    def __init__(self, origin: Origin, seconds: float) -> None:
        self._origin = origin
        self._seconds = seconds
        self._settled = self._last = origin.fingerprint()
        self.next_look = time.monotonic() + seconds

    def changed(self) -> bool:
        """Whether files have changed and rest again since this last said so."""
        start = time.monotonic()
        if start < self.next_look:
            return False
        found = self._origin.fingerprint()
        spent = time.monotonic() - start
        self.next_look = start + max(self._seconds, _SHARE * spent)
        rests, self._last = found == self._last, found
        if not rests or found == self._settled:
            return False
        self._settled = found
        return True
