"""Notices workers that died, and kills those that hang, so that the web server replaces them."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path
from typing import Final

from prometheus_client.multiprocess import mark_process_dead

from hsgraph.server.ops.run_folder import RunFolder

_HANGING: Final = 10.0
"""Seconds without a heartbeat after which a worker is taken to hang."""
_STARTING: Final = 60.0
"""The same of a worker that has not answered yet: it reads the data on a busy machine."""
_log = logging.getLogger("hsgraph.server")


def lost(folder: RunFolder) -> int:
    """How many workers of a server have died since this was last asked; those that hang are killed.

    Told by their heartbeats.
    """
    found = 0
    for beat in folder.heartbeats():
        if not _lives(beat.process):
            found += 1
            beat.file.unlink(missing_ok=True)
            mark_process_dead(beat.process, str(folder.counts))  # type: ignore[no-untyped-call]
            _log.error("Worker %s has died; another takes its place.", beat.process)
        elif beat.age > (_STARTING if beat.generation == 0 else _HANGING):
            _log.error("Worker %s hangs and is killed.", beat.process)
            os.kill(beat.process, signal.SIGKILL)
    return found


def _lives(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return ") Z " not in stat
