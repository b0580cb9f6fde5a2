"""Numbers of programmes as the tables of a snapshot keep them: 32 bits each, little-endian."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable


def packed(numbers: Iterable[int]) -> bytes:
    """The bytes of some numbers."""
    found = array("I", numbers)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def unpacked(content: bytes) -> array[int]:
    """The numbers that the bytes are."""
    found = array("I")
    found.frombytes(content)
    if sys.byteorder == "big":
        found.byteswap()
    return found
