"""Memory on large pages is the same memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from hsgraph.engine.runners.memory import held, own_regions, room_for, whole

MOVED = """
import hashlib, os
from hsgraph.engine.runners.memory import large_pages, own
held = [bytearray(os.urandom(3_000_001)) for _ in range(8)]
before = [hashlib.sha256(each).digest() for each in held]
child = os.fork()
for each in held:
    each[0:0] = b""
pages = large_pages()
assert len(pages) >= 8
for page in pages:
    own(page)
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


SHARED = """
import os
from hsgraph.engine.runners.memory import large_pages, own

def shared():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Shared_Dirty"))

held = [os.urandom(30_000_000) for _ in range(3)]
if os.fork():
    os._exit(os.waitstatus_to_exitcode(os.wait()[1]))
before = shared()
for page in large_pages():
    own(page)
os._exit(0 if before > 85_000 > 15_000 > shared() else 1)
"""


def test_a_forked_process_shares_little_after_it_has_taken_its_own_copies() -> None:
    assert subprocess.run([sys.executable, "-c", SHARED]).returncode == 0


def test_what_is_no_longer_there_is_left_alone() -> None:
    gone = "from hsgraph.engine.runners.memory import own; own(1 << 46); own(0)"
    assert subprocess.run([sys.executable, "-c", gone]).returncode == 0


def test_copies_are_taken_only_where_there_is_room() -> None:
    assert room_for(1, 1.0)
    assert not room_for(1_000_000, 0.4)
    assert not room_for(1, 0.0)
    assert 0 < held() < whole()
