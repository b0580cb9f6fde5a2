"""What the kernel holds a runner to: no socket, bounded memory and time, an end with its host.

Everything here is for Linux and lasts for the life of the process that calls it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from collections.abc import Sequence
from fcntl import F_DUPFD, F_GETFL, F_SETFL, F_SETOWN, fcntl
from pathlib import Path
from typing import Final

LISTENERS: Final = (3, 4)
"""The descriptors of the sockets that queries come in by; 0 to 2 are /dev/null, 5 waits for queries
and 6 is the connection of the one that is answered: there is none for more."""
SEALED: Final = 7
"""How many descriptors a runner over data in memory may have."""
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_libc: Final = ctypes.CDLL(None, use_errno=True)


def leave_network() -> bool:
    """Move into a network namespace without any interface, where the system lets us."""
    ways = (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    return any(_libc.unshare(flags) == 0 for flags in ways)


def keep_only(listeners: Sequence[int]) -> None:
    """Close every descriptor but two listeners, which become LISTENERS, and silenced streams."""
    silence()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    above = [fcntl(listener, F_DUPFD, SEALED) for listener in listeners]
    for found, kept in zip(above, LISTENERS, strict=True):
        os.dup2(found, kept)
    os.closerange(LISTENERS[-1] + 1, most)


def silence() -> None:
    """Lead the standard streams nowhere.

    The engine prints a stack trace when memory ends, which is no news to anybody.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)


def descriptors() -> int:
    """One more than the highest descriptor that is open."""
    return max(int(name) for name in os.listdir("/proc/self/fd")) + 1


def limit(memory: int, files: int) -> None:
    """Bound this process: memory on top of what is mapped, descriptors; no core, file, process."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    lower(resource.RLIMIT_AS, mapped + memory)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, 0)
    lower(resource.RLIMIT_NPROC, 0)
    lower(resource.RLIMIT_NOFILE, files)
    os.nice(5)


def arm(seconds: float) -> None:
    """Kill this process after so many seconds of the clock, or of the processor and a bit."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + int(seconds) + 2, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds)


def disarm() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)


def end_when_closed(connection: int) -> None:
    """Have the kernel end this process, in native code too, when the other side hangs up."""
    fcntl(connection, F_SETOWN, os.getpid())
    fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) | os.O_ASYNC)


def stay_when_closed(connection: int) -> None:
    """Undo `end_when_closed`."""
    fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) & ~os.O_ASYNC)


def most_memory() -> int:
    """The most bytes of memory that this process has held so far, shared ones included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def lower(which: int, most: int) -> None:
    """Hold this process to a limit of the system, or to the one it has if that is lower."""
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(which, (most, most))
