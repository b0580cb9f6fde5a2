"""What a process of ours asks of Linux: to end with its parent, and how memory is kept.

Everything here lasts for the life of the process that calls it, and does nothing elsewhere.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_M_TRIM_THRESHOLD: Final = -1
_M_TOP_PAD: Final = -2
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_libc: Final = ctypes.CDLL(None, use_errno=True)


def end_with_parent(parent: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when its parent is gone."""
    if sys.platform != "linux":
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def unwind_when_stopped() -> None:
    """Have SIGTERM end this process by SystemExit, so that it removes what it was writing.

    Only the first one: another would cut short what is done because of it.
    """

    def leave(number: int, frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def stop(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Tell a process of ours to end (SIGTERM), and kill it if it goes on after so many seconds."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def return_memory_soon() -> None:
    """Have the C library give back what large answers took, and share its arenas among threads."""
    with contextlib.suppress(AttributeError):
        _libc.mallopt(_M_ARENA_MAX, 2)
        _libc.mallopt(_M_MMAP_THRESHOLD, 262_144)
        _libc.mallopt(_M_TRIM_THRESHOLD, 131_072)


def reuse_memory() -> None:
    """Have the C library keep what a query took for the next one.

    By default it asks the kernel again for each query that takes more than a little, which took a
    third of the time of large ones.
    """
    with contextlib.suppress(AttributeError):
        _libc.mallopt(_M_TRIM_THRESHOLD, 1_000_000_000)
        _libc.mallopt(_M_TOP_PAD, 16_777_216)
        _libc.mallopt(_M_MMAP_THRESHOLD, 4_194_304)
