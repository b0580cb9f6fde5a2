"""The server of the Model Context Protocol, over standard streams or streamable HTTP."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from mcp.server import MCPServer
from mcp.types import ToolAnnotations

from hsgraph import __version__
from hsgraph.assistants.tools import Tools
from hsgraph.errors import HsgraphError
from hsgraph.graph import KnowledgeGraph

_READS: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_INSTRUCTIONS: Final = (
    "A knowledge graph of human security programmes. Begin with ask; when it does not answer, "
    "use search and describe, or schema, examples and run_query. Everything has an IRI: cite it, "
    "and cite the sources that describe gives as evidence."
)


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


def _told(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """A tool whose errors tell what to do next."""

    @wraps(tool)
    def told(*arguments: Any, **named: Any) -> dict[str, Any]:
        try:
            return tool(*arguments, **named)
        except HsgraphError as error:
            raise ValueError(f"{error} {error.remedy or ''}".strip()) from error

    return told
