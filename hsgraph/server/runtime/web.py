"""The web server: granian, by its public interface, with a worker of ours in each process.

Started by the parent as `python -m hsgraph.server.runtime.web FOLDER PARENT`; FOLDER holds the
settings and the status.
"""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.server import Server

from hsgraph import processes
from hsgraph.errors import HsgraphError
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import read_program
from hsgraph.server.http.wsgi import HEAD
from hsgraph.server.ops import logs
from hsgraph.server.ops.run_folder import RunFolder
from hsgraph.server.runtime.bridge import Bridge
from hsgraph.server.runtime.worker import ORPHANED, Worker
from hsgraph.settings import Settings


def main(folder: RunFolder, parent: int) -> None:
    """Serve until told to stop by SIGTERM, or until the parent is gone."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    processes.end_with_parent(parent, signal.SIGTERM)
    settings = folder.settings()
    logs.configure(settings.log_level, settings.log_format)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        endpoint = None
        if settings.endpoint:
            index = Path(tempfile.mkdtemp(prefix="hsgraph-"))
            endpoint = KnowledgeGraph.at(settings.endpoint, settings=settings, index=index)
    except HsgraphError as error:
        sys.exit(f"Error: {error.message}")
    server_process = os.getpid()
    read_program(settings.snapshots / ".templates")
    gc.freeze()

    def load_worker() -> Bridge:
        # Until it serves, a worker has the server's way with signals, by which it would not end.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        processes.end_with_parent(server_process, ORPHANED)
        return Worker(folder, settings, endpoint).asgi()

    run(settings, load_worker)
    if os.getppid() != parent:
        shutil.rmtree(folder.path, ignore_errors=True)


def run(settings: Settings, load_worker: Callable[[], Bridge]) -> None:
    """Serve what `load_worker` makes in each process, until SIGTERM."""
    Server(
        "hsgraph",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        workers=settings.workers,
        loop=Loops.uvloop,
        websockets=False,
        backlog=1024,
        backpressure=settings.connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(settings.header_seconds * 1000),
            max_buffer_size=HEAD,
        ),
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=max(1, int(settings.stop_seconds)),
    ).serve(target_loader=load_worker, wrap_loader=False)


if __name__ == "__main__":
    main(RunFolder(Path(sys.argv[1])), int(sys.argv[2]))
