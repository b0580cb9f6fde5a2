"""In which order the files of tests run, and which process runs which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

LONGEST = (
    "engines/test_same_answers",
    "browser/test_every_page",
    "http/test_reload",
    "security/test_faults",
    "browser/test_query_editor",
    "engines/test_publish",
    "browser/test_journey",
    "security/test_crash_safety",
    "ask/test_hostile",
    "security/test_kills_under_attack",
    "deploy/test_nginx",
    "unit/test_cli",
    "security/test_hostile_load",
)
"""Files that take longest, which begin first, so that no process ends long after the others."""


class ByFile(LoadFileScheduling):
    """Gives each process a file at a time; Virtuoso's part of the longest counts as one.

    Every other process takes files from the end: those of the front wait for servers and browsers
    more than they compute, those of the end compute.
    """

    def _assign_work_unit(self, node: WorkerController) -> None:
        if self.nodes.index(node) % 2:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        slow = LONGEST[0] in file and nodeid.endswith("[virtuoso]")
        return f"{file}[virtuoso]" if slow else file
