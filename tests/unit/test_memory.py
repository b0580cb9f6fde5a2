"""Memory on large pages is the same memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from hsgraph.engine.memory import own_regions

MOVED = """
import hashlib, os
from hsgraph.engine.memory import use_large_pages
held = [bytearray(os.urandom(3_000_001)) for _ in range(8)]
before = [hashlib.sha256(each).digest() for each in held]
child = os.fork()
for each in held:
    each[0:0] = b""
use_large_pages()
assert before == [hashlib.sha256(each).digest() for each in held]
if child:
    assert os.waitpid(child, 0)[1] == 0
"""


def test_nothing_in_memory_changes_in_a_process_or_in_its_children() -> None:
    done = subprocess.run([sys.executable, "-c", MOVED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_only_whole_large_pages_of_own_memory_are_moved() -> None:
    maps = [line.split() for line in Path("/proc/self/maps").read_text().splitlines()]
    own = [
        tuple(int(end, 16) for end in line[0].split("-"))
        for line in maps
        if line[1] == "rw-p" and (len(line) == 5 or line[5] == "[heap]")
    ]
    for start, end in own_regions():
        assert start % (2 << 20) == end % (2 << 20) == 0
        if start < end:
            assert any(first <= start and end <= last for first, last in own)
