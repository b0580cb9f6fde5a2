"""Counters that all workers share, in Prometheus' text form.

They live in one anonymous shared mapping, made before the workers are forked; each process adds
to a row of its own, and whichever worker is asked sums the rows. The usual client library would
need a folder of files, an environment variable set before its import, and a clean-up of both.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from ctypes import c_uint64
from mmap import mmap
from multiprocessing import get_context
from threading import Lock
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
STATUSES: Final = (200, 303, 304, 400, 403, 404, 405, 406, 413, 414, 415, 500, 502, 503)
BUCKETS: Final = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0)
_OTHER: Final = "other"
_PROCESSES: Final = 64
_MICROSECONDS: Final = 1_000_000


def _answers(status: int | str) -> str:
    return f'hsgraph_answers_total{{status="{status}"}}'


def _bucket(bound: float | str) -> str:
    return f'hsgraph_answer_seconds_bucket{{le="{bound}"}}'


CACHE_HITS: Final = 'hsgraph_cache_total{result="hit"}'
CACHE_MISSES: Final = 'hsgraph_cache_total{result="miss"}'
QUERIES: Final = "hsgraph_queries_total"
_SUM: Final = "hsgraph_answer_seconds_sum"
_HELP: Final = {
    "hsgraph_answers_total": ("counter", "Answers by status"),
    "hsgraph_answer_seconds": ("histogram", "Time to make an answer that was not cached"),
    "hsgraph_cache_total": ("counter", "Requests that the cache of answers could have served"),
    "hsgraph_queries_total": ("counter", "SPARQL queries from outside"),
}
_NAMES: Final = (
    *(_answers(status) for status in (*STATUSES, _OTHER)),
    *(_bucket(bound) for bound in (*BUCKETS, "+Inf")),
    _SUM,
    CACHE_HITS,
    CACHE_MISSES,
    QUERIES,
)
_COLUMNS: Final = {name: column for column, name in enumerate(_NAMES)}


class Metrics:
    """Counts for all processes that are forked from the one that made it."""

    def __init__(self) -> None:
        width = len(_NAMES)
        self._cells = memoryview(mmap(-1, _PROCESSES * width * 8)).cast("Q")
        self._next_row = get_context("fork").Value(c_uint64, 0)
        self._lock = Lock()
        self._pid = 0
        self._start = 0

    def add(self, name: str, amount: int = 1) -> None:
        """Add to one of the counters named above."""
        if self._pid != os.getpid():
            self._claim()
        with self._lock:
            self._cells[self._start + _COLUMNS[name]] += amount

    def answered(self, status: int) -> None:
        """Count an answer."""
        self.add(_answers(status if status in STATUSES else _OTHER))

    def took(self, seconds: float) -> None:
        """Count the time that an answer took to make."""
        for bound in BUCKETS:
            if seconds <= bound:
                self.add(_bucket(bound))
        self.add(_bucket("+Inf"))
        self.add(_SUM, int(seconds * _MICROSECONDS))

    def value(self, name: str) -> int:
        """The sum over all processes."""
        column, width = _COLUMNS[name], len(_NAMES)
        return sum(self._cells[row * width + column] for row in range(_PROCESSES))

    def text(self, gauges: Iterable[tuple[str, str, float]] = ()) -> str:
        """All counters, and the given gauges (name, help, value), as Prometheus reads them."""
        lines: list[str] = []
        family = ""
        for name in _NAMES:
            here = next(each for each in _HELP if name.startswith(each))
            if here != family:
                family = here
                lines += _heading(family, *_HELP[family])
            value = self.value(name)
            lines.append(f"{name} {value / _MICROSECONDS if name == _SUM else value}")
            if name == _SUM:
                lines.append(f"hsgraph_answer_seconds_count {self.value(_bucket('+Inf'))}")
        for name, about, number in gauges:
            lines += [*_heading(name, "gauge", about), f"{name} {number:g}"]
        return "\n".join(lines) + "\n"

    def _claim(self) -> None:
        """Take the next row; past the last one processes share rows, and counts may be lost."""
        with self._lock, self._next_row.get_lock():
            self._start = (self._next_row.value % _PROCESSES) * len(_NAMES)
            self._next_row.value += 1
            self._pid = os.getpid()


def _heading(name: str, kind: str, about: str) -> Sequence[str]:
    return f"# HELP {name} {about}", f"# TYPE {name} {kind}"
