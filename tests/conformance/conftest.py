"""Real servers, spoken to over real HTTP."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

DATA = Path(__file__).parent / "kasei.trig"
SMALL = Path(__file__).parent.parent / "http" / "small.trig"


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The address of `hsgraph serve` over a file."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hsgraph", "serve", str(data), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = next((line for line in process.stdout if "answers at" in line), "")
        assert line, "hsgraph serve ended before it answered"
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


@pytest.fixture(scope="session")
def protocol_server() -> Iterator[tuple[str, int]]:
    """Host and port of a server of the graphs that the protocol tests name."""
    with serving(DATA) as address:
        parts = urlsplit(address)
        yield parts.hostname or "", parts.port or 0


@pytest.fixture(scope="session")
def small_server() -> Iterator[str]:
    """The address of a server of a small project."""
    with serving(SMALL) as address:
        yield address
