"""The server of the Model Context Protocol, and its tools, which answer with plain values."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Final

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pyoxigraph import NamedNode

from hsgraph import __version__
from hsgraph.assistants.nested import nested
from hsgraph.describe.dataset import programmes_are_in
from hsgraph.describe.documents.document import document
from hsgraph.describe.values import texts
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Limits, Parameters
from hsgraph.errors import HsgraphError
from hsgraph.formats import NTRIPLES
from hsgraph.graph import PARSED, KnowledgeGraph
from hsgraph.namespaces import PREFIXES, compact
from hsgraph.questions import questions
from hsgraph.resources import queries

_query: Final = queries("hsgraph.assistants.queries")
_HAS_NODES: Final = "ASK { $thing ?property ?value FILTER(isBlank(?value)) }"
_SECONDS: Final = 10.0
_BYTES: Final = 2_000_000
_READS: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_INSTRUCTIONS: Final = (
    "A knowledge graph of human security programmes. Begin with ask; when it does not answer, "
    "use search and describe, or schema, examples and run_query. Everything has an IRI: cite it, "
    "and cite the sources that describe gives as evidence."
)
Result = dict[str, Any]


@dataclass(frozen=True)
class Tools:
    """Reads one graph; nothing here can change it."""

    graph: KnowledgeGraph

    def search(self, text: str, limit: int = 10, offset: int = 0) -> Result:
        """Find programmes, places, organisations, concepts and other things by their names.

        At most 50 at once, after the first `offset`; of `total`, only the best `listed` can be had.
        """
        limit, offset = max(1, min(limit, 50)), max(0, offset)
        return self.graph.search(text, limit=limit, offset=offset).as_json()

    def describe(self, thing: str) -> Result:
        """What is said of a thing (an IRI, `hs:Project`, `project/slug`), with its sources.

        A text in a language has its `language`. A value without an IRI is `_:1`, `_:2` …; what is
        said of it has it as `node`, with the property `inside` it or the place of an `item` in it.
        """
        iri = self.graph.resolve(thing)
        statements = self._rows("statements", {"thing": NamedNode(iri)})
        if self.graph.engine.ask(_HAS_NODES, {"thing": NamedNode(iri)}):
            statements += nested(document(self.graph.engine, iri, links=0))
        if not statements:
            raise HsgraphError(f"Nothing is said of {iri}.", remedy="Look for it with search.")
        evidence = self._rows("evidence", {"thing": NamedNode(iri)})
        for row in statements:
            for name in {"property", "inside"} & row.keys():
                row[name] = compact(row[name])
            if not row.get("language"):
                row.pop("language", None)
        return {"iri": iri, "statements": statements, "evidence": evidence}

    def ask(self, question: str, reading: int = 0) -> Result:
        """Answer a question in plain words, in English, French or Spanish.

        Tells how it was read, and the SPARQL query; `reading` takes one of the alternatives.
        """
        return self.graph.ask(question, other=reading).as_json()

    def schema(self) -> Result:
        """The prefixes, classes and properties, with what they mean and how often they occur."""
        return self._schema

    def examples(self) -> Result:
        """SPARQL queries that answer questions of the field, and questions in plain words."""
        asked = questions() if programmes_are_in(self.graph.engine) else ()
        listed = [{"title": q.title, "query": q.with_defaults} for q in asked]
        return {"questions": list(self.graph.asker.examples()), "queries": listed}

    def check_query(self, query: str) -> Result:
        """Whether a SPARQL query can be run here, and if not, why and what to do."""
        try:
            self._empty.answer(query, PARSED, limits=self._limits)
        except HsgraphError as error:
            return {"valid": False, "message": str(error), "remedy": error.remedy}
        return {"valid": True}

    def run_query(self, query: str) -> Result:
        """Run a SPARQL query that only reads; the usual prefixes need not be declared."""
        answer = self.graph.answer(query, PARSED, limits=self._limits)
        body = answer.body.decode()
        return {"statements": body} if answer.format is NTRIPLES else json.loads(body)

    @cached_property
    def _limits(self) -> Limits:
        return Limits(_SECONDS, _BYTES).within(Limits.of(self.graph.settings))

    @cached_property
    def _empty(self) -> EmbeddedEngine:
        return EmbeddedEngine([], self.graph.settings)

    @cached_property
    def _schema(self) -> Result:
        return {
            "prefixes": PREFIXES,
            "classes": self._rows("classes"),
            "properties": self._rows("properties"),
        }

    def _rows(self, name: str, parameters: Parameters = {}) -> list[dict[str, str]]:
        return [*texts(self.graph.engine, _query(name), parameters)]


def server(graph: KnowledgeGraph) -> MCPServer[Any]:
    """A server whose tools read a graph."""
    made: MCPServer[Any] = MCPServer(
        "hsgraph", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    tools = Tools(graph)
    for tool in (
        tools.search, tools.describe, tools.ask, tools.schema, tools.examples,
        tools.check_query, tools.run_query,
    ):  # fmt: skip
        made.tool(annotations=_READS)(_told(tool))
    return made


def serve(graph: KnowledgeGraph, address: tuple[str, int] | None) -> None:
    """Serve until the client leaves: on standard streams, or over HTTP at an address."""
    made = server(graph)
    if address is None:
        made.run("stdio")
    else:
        host, port = address
        made.run("streamable-http", host=host, port=port, stateless_http=True, json_response=True)


def _told(tool: Callable[..., Result]) -> Callable[..., Result]:
    """A tool whose errors tell what to do next: of others, the client is told nothing."""

    @wraps(tool)
    def told(*arguments: Any, **named: Any) -> Result:
        try:
            return tool(*arguments, **named)
        except HsgraphError as error:
            raise ToolError(f"{error} {error.remedy or ''}".strip()) from error

    return told
