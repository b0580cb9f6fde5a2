"""KnowledgeGraph, the public object: open a graph, then query, describe, search and validate it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hsgraph.build.index.aggregates import LINKS
from hsgraph.describe.documents.document import Document, document
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Answer, DatasetClause, Engine, Limits, QueryForm
from hsgraph.errors import HsgraphError
from hsgraph.formats import NTRIPLES, RESULTS_JSON, Format
from hsgraph.names import resolve
from hsgraph.result import Result
from hsgraph.settings import Settings, load

if TYPE_CHECKING:
    from hsgraph.ask.answer import Answer as PlainAnswer
    from hsgraph.ask.asker import Asker
    from hsgraph.build.check.report import Report
    from hsgraph.build.pipeline import Given
    from hsgraph.build.snapshot import Snapshot
    from hsgraph.describe.entity.entity import EntityView
    from hsgraph.describe.shared.aggregates import Shared
    from hsgraph.engine.runners.query_host import QueryHost
    from hsgraph.search.results import SearchResults
    from hsgraph.search.search import Search

PARSED: Final[Mapping[QueryForm, Format]] = {
    "select": RESULTS_JSON,
    "ask": RESULTS_JSON,
    "construct": NTRIPLES,
    "describe": NTRIPLES,
}
"""The formats that an answer is taken in to be read."""


class KnowledgeGraph:
    """A graph that answers; use it in a `with` block, or `close()` it.

    `engine` answers the queries; `snapshot` is what was built, and `None` over a remote engine.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        snapshot: Snapshot | None = None,
        settings: Settings | None = None,
        host: QueryHost | None = None,
        search: Search | None = None,
    ) -> None:
        """Raises SnapshotError for a snapshot of another release."""
        if snapshot is not None:
            snapshot.check_format()
        self.engine = engine
        self._search = search
        self.snapshot = snapshot
        self.settings = settings if settings is not None else load()
        self._host = host

    @classmethod
    def open(
        cls,
        source: Given = None,
        *,
        settings: Settings | None = None,
        guarded: bool = False,
    ) -> KnowledgeGraph:
        """Open a graph.

        `source` may be left out for the project's own data (built when its files changed), or
        name a snapshot, a project folder (with `ontology/` and `data/`), one or more RDF
        files, or the address of a SPARQL endpoint. A `guarded` graph answers queries in
        processes of their own, which end at the deadline.

        Raises `SourceError` and `ValidationFailed` when it must build and cannot, and
        `SnapshotError` when there is nothing to open.
        """
        settings = settings if settings is not None else load()
        if isinstance(source, str) and source.startswith(("http://", "https://")):
            return cls.at(source, settings=settings)
        from hsgraph.build.pipeline import find_snapshot

        return cls.of(find_snapshot(source, settings), settings=settings, guarded=guarded)

    @classmethod
    def of(
        cls, snapshot: Snapshot, *, settings: Settings | None = None, guarded: bool = False
    ) -> KnowledgeGraph:
        """Load a snapshot into memory; `guarded` as in `open`."""
        settings = settings if settings is not None else load()
        engine = EmbeddedEngine(snapshot, settings)
        if not guarded:
            return cls(engine, snapshot=snapshot, settings=settings)
        from hsgraph.engine.runners.client import GuardedEngine
        from hsgraph.engine.runners.query_host import QueryHost

        host = QueryHost(snapshot, settings)
        host.wait()
        guard = GuardedEngine(engine, host.client)
        return cls(guard, snapshot=snapshot, settings=settings, host=host)

    @classmethod
    def at(
        cls,
        address: str,
        *,
        settings: Settings | None = None,
        index: Path | None = None,
    ) -> KnowledgeGraph:
        """Ask the SPARQL endpoint at an address, with the credentials of the environment.

        With `index`, a folder, the endpoint's data are read once and a full-text index is made
        there, unless there are too many; without it a search is a query that looks for the text
        as it stands. Raises `EngineUnavailable`.
        """
        from hsgraph.engine.remote.connection import Credentials
        from hsgraph.engine.remote.engine import RemoteEngine
        from hsgraph.search.endpoint import open_endpoint_search

        settings = settings if settings is not None else load()
        engine = RemoteEngine(address, settings, Credentials.from_environment())
        engine.check()
        search = open_endpoint_search(engine, index) if index else None
        return cls(engine, settings=settings, search=search)

    @property
    def version(self) -> str:
        """The version of the data: the same files always have the same."""
        return self.engine.version

    def query(
        self,
        text: str,
        *,
        seconds: float | None = None,
        bytes: int | None = None,
    ) -> Result:
        """Answer a SPARQL query; the prefixes of the project need not be declared.

        The limits are those of the settings unless given. A graph that is not guarded has no
        deadline, and so refuses `seconds`. Raises `QuerySyntaxError`, `QueryRefused` (updates,
        SERVICE), `QueryTimeout`, `ResultTooLarge` and the like.
        """
        if seconds is not None and isinstance(self.engine, EmbeddedEngine):
            raise HsgraphError(
                "Nothing can stop a query of this graph at a deadline.",
                remedy="Open it so that queries run in processes of their own: "
                "hsgraph.open(…, guarded=True).",
            )
        most = Limits.of(self.settings)
        limits = Limits(
            most.seconds if seconds is None else seconds, most.bytes if bytes is None else bytes
        )
        return Result(self.answer(text, PARSED, limits=limits))

    def answer(
        self,
        text: str,
        formats: Mapping[QueryForm, Format],
        *,
        dataset: DatasetClause = DatasetClause(),
        limits: Limits | None = None,
    ) -> Answer:
        """Answer a SPARQL query as bytes in the format named for its form."""
        limits = limits or Limits.of(self.settings)
        return self.engine.answer(text, formats, dataset=dataset, limits=limits)

    def resolve(self, name: str) -> str:
        """The IRI of a thing by IRI, prefixed name, `kind/slug` or slug; see `hsgraph.names`."""
        return resolve(self.engine, name)

    def document(self, name: str, *, links: int = LINKS) -> Document:
        """What the RDF document about a thing holds. Raises `UnknownEntity`.

        Its statements stay when the graph is closed; read its labels before.
        """
        found = document(self.engine, self.resolve(name), links=links, counted=self.shared.links)
        assert found.naming is not None
        return found

    def describe(self, name: str) -> EntityView:
        """What the page about a thing shows, as plain text and tuples. Raises `UnknownEntity`."""
        from hsgraph.describe.view import entity_view

        return entity_view(self.engine, self.resolve(name), all_of_it=self.shared)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that a search can be narrowed to; empty over an endpoint, which takes any."""
        return self.index.kinds()

    def search(
        self,
        text: str,
        *,
        kinds: Sequence[str] = (),
        limit: int = 20,
        offset: int = 0,
        brief: bool = False,
    ) -> SearchResults:
        """Find things by their names and texts, best first; `brief` where no other page follows."""
        return self.index.search(text, kinds=kinds, limit=limit, offset=offset, brief=brief)

    def ask(self, question: str, *, other: int = 0) -> PlainAnswer:
        """Answer a question in plain words, in English, French or Spanish; see docs/ask.md.

        `other` takes the first, second … of the other readings.
        """
        return self.asker.ask(question, other=other)

    def validate(self) -> Report:
        """The report of the shapes over this graph, as it was built."""
        if self.snapshot is None:
            raise HsgraphError("Only a graph that was built here has a validation report.")
        return self.snapshot.report()

    def close(self) -> None:
        """Let go of memory and processes; closing again does nothing."""
        if self._host is not None:
            self._host.close()
        self.engine.close()

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<KnowledgeGraph {self.version}>"

    @cached_property
    def shared(self) -> Shared:
        """What pages say of all programmes: worked out with the snapshot, or asked."""
        from hsgraph.describe.shared.prepared import shared_of

        return shared_of(self.engine, self.snapshot.path if self.snapshot else None)

    @cached_property
    def asker(self) -> Asker:
        """What reads questions in plain words; it reads the words from the graph once."""
        from hsgraph.ask.asker import NAMES, Asker

        names = self.snapshot.path / NAMES if self.snapshot else None
        return Asker(self.engine, Limits.of(self.settings), names)

    @cached_property
    def index(self) -> Search:
        """What finds things by words."""
        from hsgraph.search.fulltext import IndexSearch
        from hsgraph.search.search import EngineSearch

        if self._search is not None:
            return self._search
        return IndexSearch(self.snapshot.search) if self.snapshot else EngineSearch(self.engine)
