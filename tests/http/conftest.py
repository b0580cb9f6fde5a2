"""A small graph behind a Flask test client, for tests of what goes over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.settings import load

SMALL = Path(__file__).parent / "small.trig"
MakeClient = Callable[..., FlaskClient]


@pytest.fixture(scope="session")
def tiny_graph() -> Iterator[KnowledgeGraph]:
    """A project with a few parts, a vocabulary, an ontology, and a graph of others."""
    quads = parse(path=str(SMALL), format=RdfFormat.TRIG)
    with KnowledgeGraph(EmbeddedEngine(quads), settings=load(environ={})) as graph:
        yield graph


@pytest.fixture(scope="session")
def tiny_app(tiny_graph: KnowledgeGraph) -> Flask:
    return create_app(tiny_graph, load(environ={}))


@pytest.fixture
def macros(tiny_app: Flask) -> Iterator[Any]:
    """The parts that the templates of pages share, as they are written for one request."""
    with tiny_app.test_request_context():
        given: dict[str, Any] = {}
        tiny_app.update_template_context(given)
        yield tiny_app.jinja_env.get_template("macros.html").make_module(given)


@pytest.fixture
def http(tiny_app: Flask) -> FlaskClient:
    return tiny_app.test_client()


@pytest.fixture
def http_with(tiny_graph: KnowledgeGraph) -> MakeClient:
    """Makes a client of an application with other settings."""

    def make(**settings: object) -> FlaskClient:
        return create_app(tiny_graph, load(environ={}, **settings)).test_client()

    return make
