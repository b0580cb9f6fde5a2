"""The embedded engine: a snapshot's quads in an in-memory Oxigraph store of this process."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, Store

from hsgraph.build.snapshot import Snapshot
from hsgraph.engine import store as stores
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Answer, DatasetClause, Engine, QueryForm, QueryResult, Request
from hsgraph.engine.sparql.diagnose import MARGIN, syntax_error, unanswerable
from hsgraph.engine.sparql.rewriting import rewritten, with_small_truths
from hsgraph.engine.writing import write
from hsgraph.errors import BadRequest, QuerySyntaxError
from hsgraph.namespaces import BASE, PREFIXES
from hsgraph.settings import Settings


class EmbeddedEngine(Engine):
    """Answers from a store of this process. The default graph is the merge of all graphs.

    `answer` bounds rows and bytes but cannot stop a long query: queries from outside go
    through `hsgraph.engine.runners`.
    """

    def __init__(
        self,
        source: Snapshot | Iterable[Quad],
        settings: Settings = Settings(),
        *,
        from_disk: bool = False,
    ) -> None:
        """Load the data into memory, or with `from_disk` open the store that lies beside them.

        The description that a snapshot has of itself joins the graph, but does not count for the
        version (16 hex digits of the SHA-256 of the data as sorted N-Quads), which it names; it
        repeats no triple of the data.
        """
        self.settings = settings
        if hasattr(source, "data"):
            data, metadata = source.data, getattr(source, "metadata", None)
            found = stores.on_disk(data) if from_disk else stores.filled(Store(), data, metadata)
            files = [path for path in (data, metadata) if path and found[1].in_order]
        else:
            found, files = stores.from_quads(source), []
        self._store, about = found
        self.version, self._merged = about.version, about.merged
        self.lookups = Lookups(self._store, merged=self._merged, files=files)

    def evaluate(self, request: Request) -> Answer:
        """The answer to a query that has been inspected.

        Raises QuerySyntaxError, BadRequest for a graph IRI that is none, and ResultTooLarge.
        """
        query, inspected = with_small_truths(request.query), request.inspected
        dataset = inspected.over(request.dataset)
        try:
            result = self.run(rewritten(query, total_order=request.total_order), dataset)
        except QuerySyntaxError:
            result = self.run(query, dataset)
        try:
            return write(result, _form(result, inspected.form), request.formats, request.limits)
        except (RuntimeError, OSError) as error:
            raise unanswerable(query, str(error)) from error

    def close(self) -> None:
        self._store = Store()
        self.lookups = Lookups(self._store, merged=False)

    def run(self, query: str, dataset: DatasetClause = DatasetClause()) -> QueryResult:
        """The result of a query over the dataset it names; none of ours names graphs with FROM."""
        store, scope = self._scope(dataset)
        try:
            with suppress(SyntaxError):
                # Most declare what they use, and reading our own takes a tenth of a small query.
                return store.query(query, base_iri=BASE, **scope)
            return store.query(query + MARGIN, base_iri=BASE, prefixes=PREFIXES, **scope)
        except SyntaxError as error:
            raise syntax_error(query, str(error)) from error
        except (RuntimeError, OSError) as error:
            raise unanswerable(query, str(error)) from error

    def _scope(self, dataset: DatasetClause) -> tuple[Store, dict[str, Any]]:
        """The store to ask and how, for the dataset a query or request names."""
        if dataset == DatasetClause():
            return self._store, {"use_default_graph_as_union": not self._merged}
        default = [_graph(iri) for iri in dict.fromkeys(dataset.default_graphs)]
        named = [_graph(iri) for iri in dict.fromkeys(dataset.named_graphs)]
        if len(default) < 2 or not self._merged:
            return self._store, {"default_graph": default, "named_graphs": named}
        merged = Store()
        for graph in default:
            merged.bulk_extend(
                stores.without_graphs(self._store.quads_for_pattern(None, None, None, graph))
            )
        for graph in named:
            merged.extend(self._store.quads_for_pattern(None, None, None, graph))
        return merged, {"default_graph": DefaultGraph(), "named_graphs": named}


def _graph(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadRequest(f"“{iri}” is not the IRI of a graph: {error}.") from error


def _form(result: QueryResult, found: QueryForm | None) -> QueryForm:
    if isinstance(result, QueryBoolean):
        return "ask"
    if isinstance(result, QuerySolutions):
        return "select"
    return "describe" if found == "describe" else "construct"
