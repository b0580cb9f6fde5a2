"""Counters that all workers share, in Prometheus' text form.

They live in one anonymous file in memory, made before anything is forked, so that they go on when
workers are replaced. Each process adds to a row of its own, and whichever worker is asked sums the
rows; the row of a process that has ended goes on to the next. The usual client library would need
a folder of files, an environment variable set before its import, and a clean-up of both.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from fcntl import LOCK_EX, LOCK_UN, lockf
from mmap import mmap
from threading import Lock
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
STATUSES: Final = (200, 303, 304, 400, 403, 404, 405, 406, 413, 414, 415, 500, 502, 503)
BUCKETS: Final = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0)
OTHER: Final = "other"
"""The route of requests that no route is for, and the status of rare ones."""
_CLASSES: Final = ("2xx", "3xx", "4xx", "5xx")
_PROCESSES: Final = 128
_ROUTES: Final = 128
_MICROSECONDS: Final = 1_000_000


def _answers(status: int | str) -> str:
    return f'hsgraph_answers_total{{status="{status}"}}'


CACHE_HITS: Final = 'hsgraph_cache_total{result="hit"}'
CACHE_MISSES: Final = 'hsgraph_cache_total{result="miss"}'
CACHE_EVICTIONS: Final = "hsgraph_cache_evictions_total"
QUERIES: Final = "hsgraph_queries_total"
SLOW: Final = "hsgraph_slow_queries_total"
CACHE_BYTES: Final = "hsgraph_cache_bytes"
IN_PROGRESS: Final = "hsgraph_requests_in_progress"
_GAUGES: Final = (CACHE_BYTES, IN_PROGRESS)
"""Values of living processes, summed."""
_HELP: Final = {
    "hsgraph_answers_total": "Answers by status",
    CACHE_EVICTIONS: "Answers that left the cache to make room",
    "hsgraph_cache_total": "Requests that the cache of answers could have served",
    QUERIES: "SPARQL queries from outside",
    SLOW: "Queries that took longer than the setting slow_seconds",
    CACHE_BYTES: "Bytes of finished answers that are kept",
    IN_PROGRESS: "Requests that the application is at work on",
}
_FIXED: Final = (
    *(_answers(status) for status in (*STATUSES, OTHER)),
    CACHE_HITS,
    CACHE_MISSES,
    CACHE_EVICTIONS,
    QUERIES,
    SLOW,
    *_GAUGES,
)
_OF_A_ROUTE: Final = len(_CLASSES) + len(BUCKETS) + 2
_OWNER: Final = 0
_WIDTH: Final = 1 + len(_FIXED) + _ROUTES * _OF_A_ROUTE
Gauge = tuple[str, str, float]


class Metrics:
    """Counts for all processes that are forked from the one that made it."""

    def __init__(self) -> None:
        self._file = os.memfd_create("hsgraph-metrics")
        os.ftruncate(self._file, _PROCESSES * _WIDTH * 8)
        self._cells = memoryview(mmap(self._file, 0)).cast("q")
        self._columns = {name: 1 + column for column, name in enumerate(_FIXED)}
        self._statuses = {status: self._columns[_answers(status)] for status in STATUSES}
        self._routes: dict[str, int] = {}
        self._lock = Lock()
        self._pid = 0
        self._start = 0
        self.name_routes(())

    def name_routes(self, templates: Iterable[str]) -> None:
        """Say which routes there are, before the first is counted; all processes say the same."""
        names = [OTHER, *sorted(set(templates))][:_ROUTES]
        first = 1 + len(_FIXED)
        self._routes = {name: first + number * _OF_A_ROUTE for number, name in enumerate(names)}

    def add(self, name: str, amount: int = 1) -> None:
        """Add to one of the values named above."""
        self._add(((self._columns[name], amount),))

    def answered(self, status: int, route: str = OTHER) -> None:
        """Count an answer by its status and its route."""
        self._add(self._of_answer(status, route))

    def hit(self, status: int, route: str) -> None:
        """Count an answer that was kept, in one go."""
        self._add(((self._columns[CACHE_HITS], 1), *self._of_answer(status, route)))

    def made(self, status: int, route: str, seconds: float) -> None:
        """Count an answer, and the time that it took to make."""
        self._add((*self._of_answer(status, route), *self._of_time(seconds, route)))

    def _of_answer(self, status: int, route: str) -> tuple[tuple[int, int], ...]:
        known = self._statuses.get(status, self._columns[_answers(OTHER)])
        column = self._routes.get(route, self._routes[OTHER]) + min(max(status // 100 - 2, 0), 3)
        return (known, 1), (column, 1)

    def _of_time(self, seconds: float, route: str) -> tuple[tuple[int, int], ...]:
        first = self._routes.get(route, self._routes[OTHER]) + len(_CLASSES)
        place = next((n for n, bound in enumerate(BUCKETS) if seconds <= bound), len(BUCKETS))
        microseconds = int(seconds * _MICROSECONDS)
        return (first + place, 1), (first + len(BUCKETS) + 1, microseconds)

    def value(self, name: str) -> int:
        """The sum over all processes."""
        column = self._columns[name]
        rows = range(_PROCESSES)
        if name in _GAUGES:
            rows_alive = [row for row in rows if _alive(self._cells[row * _WIDTH + _OWNER])]
            return sum(self._cells[row * _WIDTH + column] for row in rows_alive)
        return self._sum(column)

    def text(self, more: Iterable[tuple[str, str, Sequence[tuple[str, float]]]] = ()) -> str:
        """All values as Prometheus reads them, and more of them.

        `more` are names, texts of help, and samples: labels as text (or none) with a number. Names
        that end in `_total` are counters, others gauges.
        """
        lines: list[str] = []
        for family, about in _HELP.items():
            found = [name for name in _FIXED if name.partition("{")[0] == family]
            lines += _heading(family, about)
            lines += [f"{name} {self.value(name)}" for name in found]
        lines += self._route_lines()
        for name, about, samples in more:
            lines += _heading(name, about)
            lines += [f"{name}{labels} {_number(number)}" for labels, number in samples]
        return "\n".join(lines) + "\n"

    def _route_lines(self) -> list[str]:
        counts: list[str] = []
        times: list[str] = []
        for route, first in self._routes.items():
            cells = [self._sum(first + each) for each in range(_OF_A_ROUTE)]
            if not any(cells):
                continue
            for kind, count in zip(_CLASSES, cells, strict=False):
                if count:
                    labels = f'route="{route}",status="{kind}"'
                    counts.append(f"hsgraph_requests_total{{{labels}}} {count}")
            times += _histogram(route, cells[len(_CLASSES) :])
        about = "Requests by route and class of status, answered from the cache or not"
        return [
            *_heading("hsgraph_requests_total", about),
            *counts,
            "# HELP hsgraph_answer_seconds Time to make an answer that was not cached, by route",
            "# TYPE hsgraph_answer_seconds histogram",
            *times,
        ]

    def _sum(self, column: int) -> int:
        return sum(self._cells[row * _WIDTH + column] for row in range(_PROCESSES))

    def _add(self, amounts: Iterable[tuple[int, int]]) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._claim()
            for column, amount in amounts:
                self._cells[self._start + column] += amount

    def _claim(self) -> None:
        """Take a row that no living process has; what was counted in it stays."""
        lockf(self._file, LOCK_EX)
        try:
            rows = range(0, _PROCESSES * _WIDTH, _WIDTH)
            self._start = next((r for r in rows if not _alive(self._cells[r + _OWNER])), rows[-1])
            self._cells[self._start + _OWNER] = self._pid = os.getpid()
            for gauge in _GAUGES:
                self._cells[self._start + self._columns[gauge]] = 0
        finally:
            lockf(self._file, LOCK_UN)


def _alive(process: int) -> bool:
    if process == 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _histogram(route: str, cells: Sequence[int]) -> list[str]:
    lines, seen = [], 0
    for bound, count in zip((*BUCKETS, "+Inf"), cells, strict=False):
        seen += count
        labels = f'route="{route}",le="{bound}"'
        lines.append(f"hsgraph_answer_seconds_bucket{{{labels}}} {seen}")
    seconds = cells[-1] / _MICROSECONDS
    lines.append(f'hsgraph_answer_seconds_sum{{route="{route}"}} {_number(seconds)}')
    lines.append(f'hsgraph_answer_seconds_count{{route="{route}"}} {seen}')
    return lines


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if value else "0"


def _heading(name: str, about: str) -> tuple[str, str]:
    kind = "counter" if name.endswith("_total") else "gauge"
    return f"# HELP {name} {about}", f"# TYPE {name} {kind}"
