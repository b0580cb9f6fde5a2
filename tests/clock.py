"""How long something takes of the processor, whatever else the process of the tests has to do."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Seconds:
    """What a measured block took of its own thread, in seconds; known when the block has ended."""

    taken = 0.0


@contextmanager
def measured() -> Iterator[Seconds]:
    """Measure a block without garbage collection.

    A collection walks every object of the tests of the same process, takes most of a second late in
    a run, and begins wherever the count of objects falls due.
    """
    seconds = Seconds()
    gc.disable()
    start = time.thread_time()
    try:
        yield seconds
    finally:
        seconds.taken = time.thread_time() - start
        gc.enable()
