"""How a process takes memory from the kernel and gives it back.

Everything here is for Linux and does nothing elsewhere.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_TOP_PAD: Final = -2
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_MADV_POPULATE_WRITE: Final = 23
_MADV_COLLAPSE: Final = 25
_LARGE: Final = 2 << 20
"""Bytes of a large page."""
_MAPS: Final = Path("/proc/self/maps")
_STATM: Final = Path("/proc/self/statm")
_GROUPS: Final = Path("/sys/fs/cgroup")
_HEAP: Final = "[heap]"
_libc: Final = ctypes.CDLL(None, use_errno=True)


def return_memory() -> None:
    """Have the C library give back what large answers took, and share its pools among threads.

    By default it keeps a pool for each thread, and more in each the larger the answers were.
    """
    with contextlib.suppress(AttributeError):
        _libc.mallopt(_M_ARENA_MAX, 2)
        _libc.mallopt(_M_MMAP_THRESHOLD, 262_144)
        _libc.mallopt(_M_TRIM_THRESHOLD, 131_072)
        _libc.mallopt(_M_TOP_PAD, 131_072)


def keep_memory() -> None:
    """Have the C library keep what a query took for the next one, until `give_back`.

    By default it asks the kernel again for each query that takes more than a little, which took a
    third of the time of large ones.
    """
    with contextlib.suppress(AttributeError):
        _libc.mallopt(_M_TRIM_THRESHOLD, 1_000_000_000)
        _libc.mallopt(_M_TOP_PAD, 16_777_216)
        _libc.mallopt(_M_MMAP_THRESHOLD, 4_194_304)


def give_back() -> None:
    """Give the kernel all memory that is not in use."""
    with contextlib.suppress(AttributeError):
        _libc.malloc_trim(0)


def own(address: int) -> None:
    """Give this process its own copy of one of `large_pages`, in less than a millisecond.

    With all of them, a walk through the data finds the address of nearly everything in the
    processor's own table, and causes no fault: small queries took a quarter to two fifths less
    time. Kernels before Linux 6.1 copy to small pages, those before 5.14 decline.
    """
    with contextlib.suppress(AttributeError):
        # Older kernels move nothing where nothing was written since the fork.
        _advise(address, resource.getpagesize(), _MADV_POPULATE_WRITE)
        if not _advise(address, _LARGE, _MADV_COLLAPSE):
            _advise(address, _LARGE, _MADV_POPULATE_WRITE)


def large_pages() -> list[int]:
    """Where the memory of this process has room for pages of two megabytes: their addresses."""
    with contextlib.suppress(OSError):
        regions = list(own_regions())
        return [at for first, last in regions for at in range(first, last, _LARGE)]
    return []


def room_for(copies: int, share: float) -> bool:
    """Whether so many copies of what this process holds fit into a share of all memory."""
    with contextlib.suppress(OSError, ValueError):
        return copies * held() <= share * whole()
    return False


def held() -> int:
    """The bytes of memory that this process holds, shared ones included. Raises OSError."""
    return int(_STATM.read_text().split()[1]) * resource.getpagesize()


def whole() -> int:
    """The bytes of memory that this process and its children may hold: the machine's, or less.

    A container or a service may have a limit of its own (control groups, version 2).
    """
    bounds = [os.sysconf("SC_PHYS_PAGES") * resource.getpagesize()]
    with contextlib.suppress(OSError):
        group = Path("/proc/self/cgroup").read_text().partition("0::/")[2].strip()
        own = _GROUPS / group
        for folder in (own, *own.parents):
            with contextlib.suppress(OSError, ValueError):
                bounds.append(int((folder / "memory.max").read_text()))
    return min(bounds)


def _advise(address: int, length: int, advice: int) -> bool:
    """Tell the kernel about memory; says whether it did what it was told. What is no longer there
    it declines."""
    size = ctypes.c_size_t(length)
    return int(_libc.madvise(ctypes.c_void_p(address), size, ctypes.c_int(advice))) == 0


def own_regions() -> Iterator[tuple[int, int]]:
    """Where this process has memory of its own in which large pages have room: first, last."""
    for line in _MAPS.read_text().splitlines():
        addresses, permitted, _, _, _, *name = line.split(maxsplit=5)
        if permitted == "rw-p" and name in ([], [_HEAP]):
            first, last = (int(address, 16) for address in addresses.split("-"))
            yield -(-first // _LARGE) * _LARGE, last // _LARGE * _LARGE
