"""Serves small files of strangers, each as somebody's own data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.settings import Settings
from tests.cases.strangers import HEAD, Opened, Served


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Opens a Turtle text (after the usual prefixes), or bytes in a file of another name."""
    with ExitStack() as stack:

        def make(content: str | bytes, name: str = "a.ttl") -> KnowledgeGraph:
            folder = tmp_path_factory.mktemp("case")
            file = Path(folder / name)
            file.write_bytes(content if isinstance(content, bytes) else (HEAD + content).encode())
            settings = Settings(snapshots=folder / "var")
            return stack.enter_context(KnowledgeGraph.open(str(file), settings=settings))

        yield make


@pytest.fixture(scope="module")
def served(opened: Opened) -> Served:
    """A visitor of a site over such a file."""

    def make(content: str | bytes, name: str = "a.ttl") -> FlaskClient:
        graph = opened(content, name)
        return create_app(graph, graph.settings).test_client()

    return make
