"""Starts the server once more with a faster way to give out memory, where there is one.

A query's evaluation takes and returns small pieces of memory by the thousand. The C library can
keep more of them at hand, but reads how many only when a program starts; the allocator mimalloc,
where it is installed, is faster still.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_LIBRARIES: Final = ("libmimalloc.so.3", "libmimalloc.so.2", "libmimalloc.so")
_TUNABLES: Final = "glibc.malloc.tcache_count=500"
_CHOSEN: Final = ("LD_PRELOAD", "GLIBC_TUNABLES", "HSGRAPH_STARTED")
"""Variables that say that the choice has been made, by whoever runs the server or by us."""


def adopt() -> None:
    """Replace this process by one that has the environment of `environment`, once.

    Only where this process is the command: another program that calls it is left as it is.
    """
    program = Path(sys.argv[0])
    changed = environment(os.environ)
    command = "hsgraph" in (program.name, program.parent.name)
    if command and changed is not None and sys.platform == "linux":
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], changed)  # noqa: S606


def environment(given: Mapping[str, str]) -> dict[str, str] | None:
    """The environment to serve with; None where the one given is to be left as it is."""
    if any(name in given for name in _CHOSEN):
        return None
    for library in _LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            continue
        return {**given, "LD_PRELOAD": library, "HSGRAPH_STARTED": "1"}
    return {**given, "GLIBC_TUNABLES": _TUNABLES, "HSGRAPH_STARTED": "1"}
