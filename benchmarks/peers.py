"""The servers that are measured: ours and those one would pick instead, as their manuals say."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import servers
from benchmarks.servers import Server

OURS = "hsgraph"
FROM_DISK = "hsgraph from disk"
RDFLIB_VARIABLE = "HSGRAPH_BENCH_RDFLIB_ENDPOINT"
RDFLIB_MOST = 100_000
"""Quads up to which rdflib-endpoint is measured: above that one query takes minutes."""
BUFFERS_PER_GB = 85_000
"""What Virtuoso's own virtuoso.ini recommends for each gigabyte of free memory."""


Start = Callable[[Path, Path], AbstractContextManager[Server]]


@contextmanager
def ours(snapshot: Path, folder: Path, name: str = OURS, **settings: int) -> Iterator[Server]:
    """`hsgraph serve` over the snapshot, with the settings that operators are told."""
    port = servers.free_port()
    documented = documented_settings()
    host = documented["trusted_hosts"][0]
    own = {"port": port, "snapshots": str(folder), "log_level": "warning"}
    file = folder / "hsgraph.toml"
    chosen = {**documented, **settings, **own}
    file.write_text("\n".join(f"{each} = {json.dumps(value)}" for each, value in chosen.items()))
    command = [sys.executable, "-m", "hsgraph", "--settings", str(file), "serve", str(snapshot)]
    root = str(Path(__file__).resolve().parent.parent)
    start = time.perf_counter()
    with servers.running(command, folder, {**os.environ, "PYTHONPATH": root}) as process:
        servers.wait_for(f"http://127.0.0.1:{port}/readyz", process, folder)
        seconds = time.perf_counter() - start
        address = f"http://{host}:{port}"
        yield Server(
            name, f"{address}/sparql", "", process, folder, load_seconds=seconds, pages=address
        )


def documented_settings() -> dict[str, Any]:
    """The settings file that docs/operations.md has operators write."""
    text = (Path(__file__).resolve().parent.parent / "docs" / "operations.md").read_text("utf-8")
    return tomllib.loads(text.split("```toml\n", 1)[1].split("```", 1)[0])


@contextmanager
def oxigraph(snapshot: Path, folder: Path) -> Iterator[Server]:
    """Oxigraph's server in memory, as ours is."""
    with servers.oxigraph(folder) as server:
        seconds = _post(server.publish, snapshot)
        yield replace(server, load_seconds=seconds)


@contextmanager
def virtuoso(snapshot: Path, folder: Path) -> Iterator[Server]:
    """Virtuoso with its bulk loader and the buffers that its manual recommends."""
    gigabytes = max(1, (snapshot / "data.nq").stat().st_size // 1_000_000_000)
    buffers = BUFFERS_PER_GB * gigabytes
    with servers.virtuoso(folder, buffers=buffers, readable=snapshot) as server:
        start = time.perf_counter()
        servers.load_in_bulk(server, snapshot / "data.nq")
        seconds = time.perf_counter() - start
        yield replace(server, load_seconds=seconds)


@contextmanager
def fuseki(snapshot: Path, folder: Path) -> Iterator[Server]:
    """Fuseki over TDB2, loaded by one request."""
    jar = servers.fuseki_jar()
    assert jar is not None
    with servers.fuseki(jar, folder, heap="4g") as server:
        seconds = _post(server.publish, snapshot)
        yield replace(server, load_seconds=seconds)


@contextmanager
def rdflib_endpoint(snapshot: Path, folder: Path) -> Iterator[Server]:
    """rdflib-endpoint over rdflib's store in memory."""
    port = servers.free_port()
    program = rdflib_program()
    assert program is not None
    data = folder / "data.nq"
    shutil.copyfile(snapshot / "data.nq", data)
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(data)]
    start = time.perf_counter()
    with servers.running(command, folder) as process:
        address = f"http://127.0.0.1:{port}/"
        servers.wait_for(f"{address}?query=ASK%7B%7D", process, folder)
        seconds = time.perf_counter() - start
        yield Server("rdflib-endpoint", address, "", process, folder, load_seconds=seconds)


def rdflib_program() -> str | None:
    """Where rdflib-endpoint is: named by HSGRAPH_BENCH_RDFLIB_ENDPOINT, or on the path."""
    return os.environ.get(RDFLIB_VARIABLE) or shutil.which("rdflib-endpoint")


def available(quads: int) -> tuple[dict[str, Start], list[str]]:
    """The servers that are here, ours first, and why others are left out."""
    from_disk = partial(ours, name=FROM_DISK, memory_statements=0)
    starts: dict[str, Start] = {OURS: ours, FROM_DISK: from_disk, "Oxigraph": oxigraph}
    without = []
    if shutil.which("virtuoso-t"):
        starts["Virtuoso"] = virtuoso
    else:
        without.append(f"Virtuoso: {servers.APT}")
    if servers.fuseki_jar():
        starts["Fuseki"] = fuseki
    else:
        without.append(f"Fuseki: name its jar in {servers.FUSEKI_VARIABLE}")
    if quads > RDFLIB_MOST:
        without.append(f"rdflib-endpoint: measured up to {RDFLIB_MOST:,} quads only")
    elif rdflib_program():
        starts["rdflib-endpoint"] = rdflib_endpoint
    else:
        without.append(f"rdflib-endpoint: name its program in {RDFLIB_VARIABLE}")
    return starts, without


def _post(url: str, snapshot: Path) -> float:
    start = time.perf_counter()
    with (snapshot / "data.nq").open("rb") as body:
        length = str((snapshot / "data.nq").stat().st_size)
        headers = {"Content-Type": "application/n-quads", "Content-Length": length}
        request = urllib.request.Request(url, body, headers, method="POST")
        urllib.request.urlopen(request, timeout=7200).close()
    return time.perf_counter() - start
