"""A real server, over the data of the protocol tests, spoken to over real HTTP."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

DATA = Path(__file__).parent / "kasei.trig"


@pytest.fixture(scope="session")
def protocol_server() -> Iterator[tuple[str, int]]:
    """Host and port of `hsgraph serve` over the graphs that the tests name."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hsgraph", "serve", str(DATA), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if "answers at" in line), "")
        assert line, "hsgraph serve ended before it answered"
        address = urlsplit(line.split()[-1])
        yield address.hostname or "", address.port or 0
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()
