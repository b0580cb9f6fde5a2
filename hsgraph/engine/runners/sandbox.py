"""What the kernel holds a runner to: no socket, bounded memory and time, an end with its host.

Everything here is for Linux and lasts for the life of the process that calls it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from collections.abc import Collection
from fcntl import F_DUPFD, fcntl
from pathlib import Path
from typing import Final

CONTROL: Final = 3
"""The descriptor of the socket to the host; 0 to 2 are /dev/null, 4 tells of this process's memory,
5 is the worker's connection, and 6 that of a client while there is one to attend to."""
_MEMORY: Final = 4
_KEPT: Final = 6
_CALLING_OUT: Final = 64
_PR_SET_PDEATHSIG: Final = 1
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_STATM: Final = "/proc/self/statm"
_libc: Final = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, number: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent is gone."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def leave_network() -> bool:
    """Move into a network namespace without any interface, where the system lets us."""
    ways = (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    return any(_libc.unshare(flags) == 0 for flags in ways)


def close_others(kept: Collection[int]) -> None:
    """Close every descriptor but these and the standard ones."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            with contextlib.suppress(OSError):
                os.close(int(name))


def keep_only(control: int) -> None:
    """Close every descriptor but the control socket; what is written to stderr is lost.

    The engine prints a stack trace when memory ends, which is no news to anybody.
    """
    null = os.open(os.devnull, os.O_RDWR)
    held = os.dup(control)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    held, told = (fcntl(each, F_DUPFD, _KEPT) for each in (held, os.open(_STATM, os.O_RDONLY)))
    os.dup2(held, CONTROL)
    os.dup2(told, _MEMORY)
    os.closerange(_MEMORY + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def limit(memory: int, *, may_call_out: bool) -> None:
    """Bound this process: memory on top of what is mapped, no core file, no file, no process.

    With one descriptor left for the worker's connection, no socket can be opened while a query
    runs. `let_in` allows for a client's; where some endpoint is allowed, `allow_call` can lift the
    limit for one query.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    pages = int(Path(_STATM).read_text().split()[0])
    space = pages * resource.getpagesize() + memory
    _set(resource.RLIMIT_AS, space, space)
    _set(resource.RLIMIT_CORE, 0, 0)
    _set(resource.RLIMIT_FSIZE, 0, 0)
    _set(resource.RLIMIT_NPROC, 0, 0)
    _set(resource.RLIMIT_NOFILE, _KEPT, _CALLING_OUT if may_call_out else _KEPT + 1)
    os.nice(5)


def let_in() -> None:
    """Let one more descriptor be received."""
    _set(resource.RLIMIT_NOFILE, _KEPT + 1, _CALLING_OUT)


def shut(received: Collection[int]) -> None:
    """Leave no place for a descriptor, now that these were received."""
    _set(resource.RLIMIT_NOFILE, _KEPT + len(received), _CALLING_OUT)


def allow_call() -> None:
    """Let this process open sockets again: for a query whose endpoints are all allowed."""
    _set(resource.RLIMIT_NOFILE, _CALLING_OUT, _CALLING_OUT)


def arm(seconds: float) -> None:
    """Kill this process after so many seconds of the clock, or of the processor and a bit."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + int(seconds) + 2, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds)


def disarm() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)


def memory() -> int:
    """The bytes of memory that this runner holds now, shared ones included."""
    return int(os.pread(_MEMORY, 100, 0).split()[1]) * resource.getpagesize()


def _set(which: int, soft: int, hard: int) -> None:
    most = resource.getrlimit(which)[1]
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(which, (soft, hard))
