"""What every part of one application shares: the graph it serves, its settings, its release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeVar, cast

from flask import Flask, current_app, g, request
from pyoxigraph import NamedNode

from hsgraph import __version__, resources
from hsgraph.describe.dataset import programmes_are_in
from hsgraph.describe.values import is_described, per_version, values_of
from hsgraph.engine.protocol import Engine
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import DATASET, DCTERMS
from hsgraph.server.ops.metrics import Metrics
from hsgraph.server.ops.run_folder import RunFolder
from hsgraph.settings import Settings

_KEY: Final = "hsgraph"
_T = TypeVar("_T")
_LICENCE: Final = DCTERMS + "license"
_of_programmes: Final = per_version(4)(programmes_are_in)


@dataclass(frozen=True)
class Site:
    """One application: `release` changes when the program or its templates do."""

    graph: KnowledgeGraph
    settings: Settings
    release: str
    metrics: Metrics
    run_folder: RunFolder | None = None
    damage: str = ""
    """What of the snapshot is not as it was built; empty where all is."""

    @property
    def engine(self) -> Engine:
        return self.graph.engine

    @property
    def version(self) -> str:
        return self.graph.version

    @property
    def licence(self) -> str | None:
        return _licence(self.engine)

    @property
    def of_programmes(self) -> bool:
        """Whether the dataset served now is of programmes."""
        return _of_programmes(self.engine)

    @property
    def dataset(self) -> str:
        """The IRI of the dataset served: ours, or somebody's, which is described at `/data`."""
        return DATASET if _ours(self.engine) else f"{self.address()}data#dataset"

    def address(self) -> str:
        """The public address of this server, with a slash at the end.

        Where none is set it is the one asked, unless no address can have such a host.
        """
        if self.settings.base:
            return self.settings.base.rstrip("/") + "/"
        if request.host:
            return request.url_root
        host = "{SERVER_NAME}:{SERVER_PORT}".format_map(request.environ)
        return f"{request.scheme}://{host}{request.root_path}/"


def current() -> Site:
    """The site that this request began with: another may take its place meanwhile."""
    return cast(Site, g.get("site") or g.setdefault("site", current_app.extensions[_KEY]))


def once_a_version(read: Callable[[KnowledgeGraph], _T]) -> Callable[[], _T]:
    """What is read of the whole graph served: once for each version, in each reader's language."""
    found = per_version(2, by_reader=True)(read)
    return lambda: found(current().graph)


def serve_now(app: Flask, site: Site) -> None:
    """Have an application serve a site from its next request on."""
    app.extensions[_KEY] = site


def served_now(app: Flask) -> Site:
    """The site that the next request will be answered from."""
    return cast(Site, app.extensions[_KEY])


def release() -> str:
    """A digest of the program's version, its templates and what the browser gets."""
    digest = sha256(__version__.encode())
    for file in sorted(resources.web_dir().rglob("*")):
        if file.is_file() and "node_modules" not in file.parts:
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:8]


@per_version(4)
def _licence(engine: Engine) -> str | None:
    found = values_of(engine, [DATASET], [_LICENCE])[DATASET].get(_LICENCE, ())
    return next((each.value for each in found if isinstance(each, NamedNode)), None)


@per_version(4)
def _ours(engine: Engine) -> bool:
    """Whether it is our dataset: one of programmes that describes itself by our IRI."""
    return _of_programmes(engine) and is_described(engine, DATASET)
