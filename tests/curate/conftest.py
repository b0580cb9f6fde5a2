"""The graph that drafts look names up in, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsgraph.curate.known import Graph


@pytest.fixture(scope="session")
def known() -> Graph:
    return Graph(Path(__file__).parents[2])
