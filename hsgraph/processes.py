"""What a process of ours asks of Linux: how it ends, and how memory is kept.

Everything here lasts for the life of the process that calls it, and does nothing elsewhere.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_M_TRIM_THRESHOLD: Final = -1
_M_TOP_PAD: Final = -2
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_SO_ATTACH_FILTER: Final = 26
_NO_SYN: Final = ((0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFF))
"""A filter for packets (BPF): one whose TCP flags have SYN is dropped, others are taken."""
_libc: Final = ctypes.CDLL(None, use_errno=True)


def end_with_parent(parent: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when its parent is gone."""
    if sys.platform != "linux":
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def accept_no_more() -> None:
    """Have no more connections begin here; those that began are accepted still.

    Where processes share a port by SO_REUSEPORT, each has a queue of its own, and what waits in it
    is lost when it is closed. Here it can be emptied first: who connects meanwhile sends the packet
    again after a second, and reaches another process. Does nothing where the kernel has no filters.
    """
    steps = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in _NO_SYN))
    program = struct.pack("HP", len(_NO_SYN), ctypes.addressof(steps))
    for number in os.listdir("/proc/self/fd") if sys.platform == "linux" else ():
        with (
            contextlib.suppress(OSError),
            socket.fromfd(int(number), socket.AF_INET, socket.SOCK_STREAM) as each,
        ):
            if each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                each.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


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
