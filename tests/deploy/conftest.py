"""A server set up as docs/operations.md says, with nginx in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.front import Front, documented_settings, nginx
from tests.serving import Server, serving

SMALL = Path(__file__).parents[1] / "http" / "small.trig"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    data = folder / "small.trig"
    data.write_bytes(SMALL.read_bytes())
    with serving(folder, data, settings=documented_settings(folder)) as started:
        yield started


@pytest.fixture(scope="module")
def front(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with nginx(tmp_path_factory.mktemp("nginx"), server.port) as started:
        yield started
