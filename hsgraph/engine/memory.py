"""How a process takes memory from the kernel and gives it back.

Everything here is for Linux and does nothing elsewhere.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_TOP_PAD: Final = -2
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_MADV_COLLAPSE: Final = 25
_LARGE: Final = 2 << 20
"""Bytes of a large page."""
_MAPS: Final = Path("/proc/self/maps")
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


def use_large_pages() -> None:
    """Have the kernel move what this process has in memory to pages of two megabytes.

    A walk through the data then finds the address of nearly everything in the processor's own
    table: small queries took a quarter to two fifths less time. Kernels before Linux 6.1 decline.
    """
    with contextlib.suppress(AttributeError, OSError):
        for start, end in own_regions():
            for address in range(start, end, _LARGE):
                _libc.madvise(
                    ctypes.c_void_p(address), ctypes.c_size_t(_LARGE), ctypes.c_int(_MADV_COLLAPSE)
                )


def own_regions() -> Iterator[tuple[int, int]]:
    """Where this process has memory of its own in which large pages have room: first, last."""
    for line in _MAPS.read_text().splitlines():
        addresses, permitted, _, _, _, *name = line.split(maxsplit=5)
        if permitted == "rw-p" and name in ([], [_HEAP]):
            first, last = (int(address, 16) for address in addresses.split("-"))
            yield -(-first // _LARGE) * _LARGE, last // _LARGE * _LARGE
